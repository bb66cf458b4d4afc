"""Decorations: the names of the standard, their shorthand letters, and what users define with U:.

Source: ABC standard 2.1, sections 4.14 to 4.16.
"""

from __future__ import annotations

import re
from difflib import get_close_matches
from functools import lru_cache
from typing import Final

NAMES: Final = frozenset(
    """trill trill( trill) lowermordent uppermordent mordent pralltriller roll turn turnx invertedturn invertedturnx
    arpeggio > accent emphasis fermata invertedfermata tenuto staccato 0 1 2 3 4 5 + plus snap slide wedge upbow
    downbow open thumb breath pppp ppp pp p mp mf f ff fff ffff sfz crescendo( <( crescendo) <) diminuendo( >(
    diminuendo) >) segno coda D.S. D.C. dacoda dacapo fine shortphrase mediumphrase longphrase editorial courtesy
    marcato ^ // / /// //// arpeggio trem1 trem2 trem3 trem4 slur ped ped-up 8va( 8va) 8vb( 8vb) 15ma( 15ma) 15mb(
    15mb) D.S.alcoda D.S.alfine D.C.alcoda D.C.alfine dot beambr1 beambr2 invisible cresc dim repeatbar
    rbstop fff~ xstem style=normal style=rhythm style=harmonic style=x style=triangle
    <(( >(( cross ~( ~) -( -) glissando( glissando) gmark head-black cacc pedal( pedal)""".split()  # noqa: SIM905
)

DEFAULT_SYMBOLS: Final = {
    ".": "staccato",
    "~": "roll",
    "H": "fermata",
    "L": "accent",
    "M": "lowermordent",
    "O": "coda",
    "P": "uppermordent",
    "S": "segno",
    "T": "trill",
    "u": "upbow",
    "v": "downbow",
    "J": "slide",
}
SHORTHAND_OF: Final = {name: symbol for symbol, name in reversed(DEFAULT_SYMBOLS.items())}
# Ways of writing the same decoration, and the name that is kept.
ALIASES: Final = {
    ">": "accent",
    "emphasis": "accent",
    "plus": "+",
    "<(": "crescendo(",
    "<)": "crescendo)",
    ">(": "diminuendo(",
    ">)": "diminuendo)",
    "mordent": "lowermordent",
    "pralltriller": "uppermordent",
}
NOTHING: Final = ("", "nil", "none")

DEFINITION: Final = re.compile(r"\s*([.~H-Wh-w])\s*=\s*(.*?)\s*$")


def canonical(name: str) -> str:
    """The name kept for a decoration: `!>!` and `!emphasis!` are `accent`."""
    return ALIASES.get(name, name)


@lru_cache(maxsize=256)
def suggest(name: str) -> str:
    """A hint at the decoration that was likely meant, or an empty text."""
    near = get_close_matches(name, NAMES, 1, 0.7)
    return f"did you mean !{near[0]}! ?" if near else ""


def parse_definition(text: str) -> tuple[str, str] | None:
    """The text of a U: field to (symbol, what it stands for); None where it cannot be read.

    What it stands for is a decoration's name, an annotation or chord symbol with its quotation marks, or empty.
    """
    match = DEFINITION.match(text)
    if match is None:
        return None
    symbol, meaning = match.groups()
    if meaning.startswith('"'):
        return (symbol, meaning) if meaning.endswith('"') and len(meaning) > 1 else None
    name = meaning.strip("!+") if len(meaning) > 1 else meaning
    return symbol, "" if name in NOTHING else canonical(name)
