"""Chord symbols: what the text over a note names, as root, kind, bass and pitches.

Source: ABC standard 2.1, section 4.18: a root, `#` or `b`, a type (`m`, `min`, `maj`, `dim`, `aug`, `+`, `sus`, `7`,
`9`, ...) and perhaps a bass after a slash. Spellings that players use beside them are read too (`m7b5`, `add9`, `M7`),
and so are minor chords and basses in small letters, sharp with `+` (`em`, `D/f+`). Several chords may stand in one
symbol, as `G(Em)`.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache
from typing import Final

from .nodes import node
from .theory import SEMITONE_OF_STEP, SIGN_TEXT

# Semitones over the root; the names of the kinds are those of MusicXML.
INTERVALS: Final[dict[str, tuple[int, ...]]] = {
    "major": (0, 4, 7),
    "minor": (0, 3, 7),
    "augmented": (0, 4, 8),
    "diminished": (0, 3, 6),
    "power": (0, 7),
    "suspended-second": (0, 2, 7),
    "suspended-fourth": (0, 5, 7),
    "major-sixth": (0, 4, 7, 9),
    "minor-sixth": (0, 3, 7, 9),
    "dominant": (0, 4, 7, 10),
    "major-seventh": (0, 4, 7, 11),
    "minor-seventh": (0, 3, 7, 10),
    "major-minor": (0, 3, 7, 11),
    "augmented-seventh": (0, 4, 8, 10),
    "half-diminished": (0, 3, 6, 10),
    "diminished-seventh": (0, 3, 6, 9),
    "dominant-ninth": (0, 4, 7, 10, 14),
    "major-ninth": (0, 4, 7, 11, 14),
    "minor-ninth": (0, 3, 7, 10, 14),
    "dominant-11th": (0, 7, 10, 14, 17),
    "major-11th": (0, 7, 11, 14, 17),
    "minor-11th": (0, 3, 7, 10, 14, 17),
    "dominant-13th": (0, 4, 7, 10, 14, 21),
    "major-13th": (0, 4, 7, 11, 14, 21),
    "minor-13th": (0, 3, 7, 10, 14, 21),
}
_SPELLINGS: Final = {
    "major": "|maj|M|major",
    "minor": "m|min|mi|-|minor",
    "augmented": "aug|+|+5|a",
    "diminished": "dim|o|°|mb5|d",
    "power": "5|no3",
    "suspended-second": "sus2|2",
    "suspended-fourth": "sus|sus4|4",
    "major-sixth": "6|maj6|M6|add6",
    "minor-sixth": "m6|min6|-6",
    "dominant": "7|dom7|dom",
    "major-seventh": "maj7|M7|Maj7|ma7|Δ|Δ7|j7",
    "minor-seventh": "m7|min7|mi7|-7",
    "major-minor": "mM7|mmaj7|minmaj7|-M7",
    "augmented-seventh": "aug7|+7|7+|7#5|7+5",
    "half-diminished": "m7b5|min7b5|-7b5|m7-5|ø|ø7",
    "diminished-seventh": "dim7|o7|°7",
    "dominant-ninth": "9",
    "major-ninth": "maj9|M9",
    "minor-ninth": "m9|min9|-9",
    "dominant-11th": "11",
    "major-11th": "maj11|M11",
    "minor-11th": "m11|min11",
    "dominant-13th": "13",
    "major-13th": "maj13|M13",
    "minor-13th": "m13|min13",
}
KIND_OF: Final = {spelling: kind for kind, spellings in _SPELLINGS.items() for spelling in spellings.split("|")}
SEMITONES_OF_DEGREE: Final = {2: 2, 3: 4, 4: 5, 5: 7, 6: 9, 7: 10, 9: 14, 11: 17, 13: 21}

SYMBOL: Final = re.compile(r"([A-G]|[a-g](?=[#b]?m))([#b]{0,2})([^/]*?)\s*(?:/\s*([A-Ga-g])([#b]{0,2}|\+{1,2}))?$")
DEGREE: Final = re.compile(r"(add|no|omit)?([#b+-]?)(13|11|9|7|6|5|4|3|2)$")
EXTRA: Final = re.compile(r"(?:add|no|omit)?[#b+-]?(?:13|11|9|7|6|5|4|3|2)$")
BETWEEN: Final = re.compile(r"(\s+|\((?=[A-Ga-g])|(?<=[^(])\)$)")
SILENT: Final = frozenset(("N.C.", "NC", "N.C", "n.c.", "no chord"))


@node
class Degree:
    """One change to a kind: `action` is add, alter or subtract; `alter` is in semitones against the usual degree."""

    number: int
    alter: int = 0
    action: str = "add"


# Names that are no kind with degrees added.
COMPOUNDS: Final = {
    "7sus4": ("suspended-fourth", (Degree(7),)),
    "7sus": ("suspended-fourth", (Degree(7),)),
    "9sus4": ("suspended-fourth", (Degree(7), Degree(9))),
    "7sus2": ("suspended-second", (Degree(7),)),
    "69": ("major-sixth", (Degree(9),)),
    "m69": ("minor-sixth", (Degree(9),)),
}


@node
class ChordSymbol:
    """A chord symbol that was understood. `root` and `bass` are letters with signs, `suffix` is as it was written."""

    root: str
    kind: str
    suffix: str = ""
    bass: str = ""
    degrees: tuple[Degree, ...] = ()

    @property
    def pitch_classes(self) -> tuple[int, ...]:
        """The notes of the chord upwards from the root, 0 is C; a bass of its own is not among them.

        >>> parse_chord_symbol("Am7/G").pitch_classes
        (9, 0, 4, 7)
        """
        base = pitch_class(self.root)
        return tuple((base + interval) % 12 for interval in self.intervals)

    @property
    def intervals(self) -> tuple[int, ...]:
        """Semitones of its notes over the root, upwards."""
        intervals = set(INTERVALS[self.kind])
        for degree in self.degrees:
            plain = SEMITONES_OF_DEGREE[degree.number]
            if degree.action != "add":
                intervals -= {plain, plain - 1} if degree.number in (3, 7) else {plain}
            if degree.action != "subtract":
                intervals.add(plain + degree.alter)
        return tuple(sorted(intervals))

    @property
    def bass_pitch_class(self) -> int:
        """The lowest note: the bass after the slash, else the root."""
        return pitch_class(self.bass or self.root)


def pitch_class(name: str) -> int:
    """0 to 11 of a note's name: `Bb` is 10."""
    return (SEMITONE_OF_STEP[name[0]] + name.count("#") - name.count("b")) % 12


@lru_cache(maxsize=4096)
def parse_chord_symbol(text: str) -> ChordSymbol | None:
    """The chord that a text names; None where it names none, as do `N.C.` and words.

    >>> parse_chord_symbol("F#m7b5")
    ChordSymbol(root='F#', kind='half-diminished', suffix='m7b5', bass='', degrees=())
    >>> parse_chord_symbol("D/F#").bass
    'F#'
    """
    plain = text.strip().replace("♯", "#").replace("♭", "b").replace("♮", "")
    if plain.startswith("(") and plain.endswith(")"):
        plain = plain[1:-1].strip()
    match = SYMBOL.match(plain.replace("6/9", "69"))
    if match is None:
        return None
    letter, sign, suffix, bass, bass_sign = match.groups()
    found = _kind_and_degrees(re.sub(r"[\s(),]", "", suffix))
    if found is None:
        return None
    low = (bass or "").upper() + (bass_sign or "").replace("+", "#")
    return ChordSymbol(letter.upper() + sign, found[0], suffix.strip(" ,"), low, found[1])


def is_silent(text: str) -> bool:
    """True where the players of chords are told to rest (`N.C.`)."""
    return text.strip() in SILENT


@lru_cache(maxsize=4096)
def names_chord(text: str) -> bool:
    """Whether a text in quotes is a chord symbol: it names a chord, or several, or says that there is none.

    >>> names_chord("C7(b9)"), names_chord("G(Em)"), names_chord("N.C."), names_chord("Fine")
    (True, True, True, False)
    """
    return is_silent(text) or parse_chord_symbol(text) is not None or _split(text) is not None


def respell_chords(text: str, respell: Callable[[str, int], tuple[str, int]]) -> str:
    """The same chords on other roots: `respell` gives the new letter and sign of each root and bass.

    A text that names no chord stays as it is.

    >>> respell_chords("D7/f+ (Em)", lambda step, alter: ("G" if step == "F" else "E" if step == "D" else "F", alter))
    'E7/g+ (Fm)'
    """
    pieces = _split(text)
    if pieces is None:
        return text
    return "".join(piece if index % 2 else _respelled(piece, respell) for index, piece in enumerate(pieces))


def _split(text: str) -> list[str] | None:
    """The chords of a text, at even places and perhaps empty, and what stands between them; None for other words."""
    if len(text) > 100:
        return None
    if _match(text):
        return [text]
    pieces = BETWEEN.split(text)
    chords = [piece for piece in pieces[::2] if piece]
    return pieces if chords and all(map(_match, chords)) else None


def _match(piece: str) -> re.Match[str] | None:
    match = SYMBOL.match(piece.replace("♯", "#").replace("♭", "b").replace("6/9", "69"))
    return match if match and _kind_and_degrees(re.sub(r"[\s(),]", "", match.group(3))) else None


def _respelled(piece: str, respell: Callable[[str, int], tuple[str, int]]) -> str:
    match = _match(piece)
    if match is None:
        return piece
    letter, sign, suffix, bass, bass_sign = match.groups()
    named = _name(letter, sign, "#", respell) + suffix
    if bass:
        sharp = "+" if bass_sign.startswith("+") or (bass.islower() and "#" not in bass_sign) else "#"
        named += match.string[match.end(3) : match.start(4)] + _name(bass, bass_sign, sharp, respell)
    if "♯" in piece or "♭" in piece:
        named = named.replace("#", "♯").replace("b", "♭")
    return named.replace("69", "6/9") if "6/9" in piece else named


def _name(letter: str, sign: str, sharp: str, respell: Callable[[str, int], tuple[str, int]]) -> str:
    step, alter = respell(letter.upper(), len(sign) if "b" not in sign else -len(sign))
    return (step if letter.isupper() else step.lower()) + SIGN_TEXT.get(alter, "#" * alter or "b" * -alter).replace(
        "#", sharp
    )


def _kind_and_degrees(body: str) -> tuple[str, tuple[Degree, ...]] | None:
    """The longest kind that the text begins with, and the degrees after it."""
    if body in COMPOUNDS:
        return COMPOUNDS[body]
    degrees: list[Degree] = []
    while body not in KIND_OF:
        match = EXTRA.search(body)
        if match is None:
            return None
        degree = _degree(match.group())
        if degree is None:
            return None
        degrees.insert(0, degree)
        body = body[: match.start()]
    return KIND_OF[body], tuple(degrees)


def _degree(text: str) -> Degree | None:
    match = DEGREE.match(text)
    if match is None:
        return None
    word, sign, digits = match.groups()
    number, alter = int(digits), {"#": 1, "+": 1, "b": -1, "-": -1}.get(sign, 0)
    if word in ("no", "omit"):
        return Degree(number, 0, "subtract")
    return Degree(number, alter, "alter" if alter and number == 5 else "add")
