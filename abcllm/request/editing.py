"""Changes of the tune that is there, as people ask for them: `make bar 5 busier`, `go on for 8 bars`, `add chords`."""

from __future__ import annotations

import re
from fractions import Fraction
from typing import Final

from .changing import NO_TUNE, NO_TUNE_HINT
from .instructions import (
    MAX_BARS,
    Extend,
    Harmonise,
    How,
    Instruction,
    Keep,
    Recast,
    Remode,
    Repair,
    Request,
    Rescale,
    Rewrite,
    Stretch,
    Unclear,
)
from .phrases import NUMBER, match_phrase, read_number
from .rhythms import find_rhythm, usual_rhythm

__all__ = ["read_edit", "read_stretch"]

_ORDINALS: Final = {
    word: number
    for number, words in enumerate(
        ("first 1st a", "second 2nd b", "third 3rd c", "fourth 4th d", "fifth 5th e", "sixth 6th f"), 1
    )
    for word in words.split()
} | {"last": -1, "final": -1, "other": 2}
_ORDINAL: Final = "|".join(_ORDINALS)
_PART: Final = re.compile(
    rf"(?:the )?(?:(?P<ordinal>{_ORDINAL})[ -](?:part|section|half|strain|turn)"
    rf"|(?:part|section) (?P<name>[a-f]|{NUMBER}))",
    re.IGNORECASE,
)
_BARS: Final = re.compile(
    rf"(?:the )?(?:bars?|measures?) (?:number )?(?P<first>{NUMBER})"
    rf"(?: ?(?:-|to|and|until|through|till) ?(?:bar |measure )?(?P<last>{NUMBER}))?",
    re.IGNORECASE,
)
_NTH_BAR: Final = re.compile(rf"(?:the )?(?P<ordinal>{_ORDINAL}) (?:bar|measure)", re.IGNORECASE)
_END: Final = re.compile(
    rf"(?:the )?(?:(?P<side>first|last|final) (?P<count>{NUMBER}|few) (?:bars|measures)"
    r"|(?P<place>ending|end|close|beginning|opening|start))",
    re.IGNORECASE,
)
_WHOLE: Final = "[<it>|everything|all|all of it|the whole tune|the whole thing]"
_PREPOSITION: Final = re.compile(r"^(?:of|on|in|at|for) ", re.IGNORECASE)
_DEGREE: Final = re.compile(r"\b(?:a (?:little )?bit|a little|slightly|somewhat|much|even|rather) ", re.IGNORECASE)
FEW: Final = 2
USUAL_BARS: Final = 8

_BUSIER: Final = (
    "(busier|denser|more lively|livelier|more interesting|more ornate|more elaborate|richer|more notes|more complex"
    "|more complicated)"
)
_SIMPLER: Final = "(simpler|easier|plainer|sparser|calmer|less busy|fewer notes|more simple|less dense|easier to play)"
_HOW: Final[tuple[tuple[How, tuple[str, ...]], ...]] = (
    (
        "busier",
        (
            f"(make|have|write|play) <rest> {_BUSIER}",
            f"{_BUSIER} [in] <rest>",
            "(decorate|ornament|embellish|liven up|enrich|elaborate) <rest>",
            "(add|put|give) more notes (to|in|into) <rest>",
        ),
    ),
    (
        "simpler",
        (
            f"(make|have|write|play) <rest> {_SIMPLER}",
            f"{_SIMPLER} [in] <rest>",
            "(simplify|thin out) <rest>",
        ),
    ),
    (
        "varied",
        (
            "(vary|make a variation of|write a variation of|make a variation on|write a variation on) <rest>",
            "(make|write|give me|do|play) [me] (a variation|another variation|some variation) [(of|on) <rest>]",
            "[a] variation [(of|on) <rest>]",
            "variations",
        ),
    ),
    (
        "anew",
        (
            "(rewrite|re-write|change|redo|recompose|rework|replace|rephrase|alter|try) <rest> [again|anew]",
            "(write|compose|make|do) <rest> (again|anew|differently|different)",
            "(another|a new|a different|a better) (version of|take on|idea for) <rest>",
            "[give me|write|try] (another|a new|a different|a better) <rest>",
        ),
    ),
)  # fmt: skip

_ADDING: Final = "(add|write|compose|make|append|give me|give it|give) [me]"
_SECTION: Final = "[second|third|fourth|new|further|next|b|c|d] (part|section|strain|half|turn)"
_PART_MORE: Final = (
    f"{_ADDING} [a|an|another|one more|the|its] {_SECTION} [(to|for) <it>]",
    "(add|write) (part|section) (b|c|d|two|2|three|3)",
)
_GOING_ON: Final = "(continue|go on|carry on|extend|lengthen|finish|keep going|complete)"
_MORE: Final = (
    f"{_GOING_ON} [with] [<it>] [(for|by|with) <number> [more] (bars|measures)]",
    f"{_GOING_ON} [<it>] <number> [more] (bars|measures)",
    f"{_ADDING} [another] <number> [more|further] (bars|measures) [to <it>|at the end]",
    "<number> more (bars|measures)",
)
_ONLY: Final = (
    "(keep|leave|give me|take) [only|just] <rest> [only|alone]",
    "(only|just) <rest>",
    "(cut|shorten|trim|reduce) [<it>] [down] to <rest>",
    "(cut|drop|leave out|remove|delete) everything (after|but|except) <rest>",
)
_TO_LENGTH: Final = "(cut|shorten|trim|reduce) [<it>] [down] to <number> (bars|measures)"
_HARMONY: Final = "[guitar|piano|fitting] (chords|chord symbols|harmony|harmonies|an accompaniment|accompaniment)"
_CHORDS: Final = (
    "(harmonise|harmonize|accompany|reharmonise|reharmonize) [<it>] [again|anew]",
    f"(harmonise|harmonize) [<it>] with [some] {_HARMONY}",
    f"(add|put|write|give me|give it|with|set|find) [me] [some|the|new|other] {_HARMONY} [(to|for|over|on|under) <it>]",
)
_MENDING: Final = (
    "(repair|fix|correct|mend) [<it>|the faults|the mistakes|the errors|all faults|everything|its faults]",
    "put [<it>] right",
)
_TURNING: Final = "(turn|make|change|convert|recast|rewrite|write|put|set|arrange|play|switch|move)"
_KIND: Final = (
    f"{_TURNING} [<it>] (into|to|as|in the style of|like) [a|an] <rest>",
    "make <it> [a|an] <rest>",
    "[more] (in the style of|in the manner of) [a|an|the] <rest>",
    "[<it>] [but] as if it were [a|an] <rest>",
)
_IN_METER: Final = f"{_TURNING} <it> (in|into|to) <rest>"
_MODE: Final = {
    mode: f"{_TURNING} [<it>] [to|into|in|sound] [the] [parallel] ({mode}|a {mode} key) [key|mode]"
    for mode in ("minor", "major", "dorian", "mixolydian", "phrygian", "lydian")
}
_ALL_NOTES: Final = "[all|the|all the] [note] (lengths|length|values|durations|notes|note values) [of <it>]"
_SCALED: Final = (
    (Fraction(2), f"(double|augment|twice) {_ALL_NOTES}", "(make|write) [all|the|all the] notes twice as long"),
    (Fraction(1, 2), f"(halve|half|diminish) {_ALL_NOTES}", "(make|write) [all|the|all the] notes half as long"),
)


def read_stretch(text: str) -> Stretch | None:
    """The bars that a whole text names, or None.

    >>> read_stretch("bars 5-8"), read_stretch("the second part"), read_stretch("the last two bars")
    (Stretch(first=5, last=8, part=0), Stretch(first=0, last=0, part=2), Stretch(first=-2, last=-1, part=0))
    """
    plain = _PREPOSITION.sub("", text.strip())
    if not plain or match_phrase(plain, _WHOLE):
        return Stretch()
    if match := _BARS.fullmatch(plain):
        first = read_number(match["first"])
        return Stretch(first, read_number(match["last"]) if match["last"] else first) if first else None
    if match := _PART.fullmatch(plain):
        return Stretch(part=_ORDINALS.get((match["ordinal"] or match["name"]).lower()) or read_number(match["name"]))
    if match := _NTH_BAR.fullmatch(plain):
        number = _ORDINALS[match["ordinal"].lower()]
        return Stretch(number, number)
    if match := _END.fullmatch(plain):
        count = FEW if match["place"] or match["count"].lower() == "few" else read_number(match["count"])
        at_end = (match["side"] or match["place"]).lower() in ("last", "final", "ending", "end", "close")
        return Stretch(-count, -1) if at_end else Stretch(1, count)
    return None


def read_edit(text: str, previous: Request | None) -> Instruction | None:
    """The change of the tune that a whole text asks for, or None."""
    edit = _read(text)
    if edit is None or isinstance(edit, Unclear):
        return edit
    return edit if previous is not None else Unclear(NO_TUNE, NO_TUNE_HINT)


def _read(text: str) -> Instruction | None:
    if match_phrase(text, *_CHORDS):
        return Harmonise()
    if match_phrase(text, *_MENDING):
        return Repair()
    if match_phrase(text, *_PART_MORE):
        return Extend()
    if match := match_phrase(text, *_MORE):
        bars = read_number(match["number"]) if match.groupdict().get("number") else USUAL_BARS
        return Extend(bars) if 1 <= bars <= MAX_BARS else _unlikely(f"I add 1 to {MAX_BARS} bars, not {bars}.")
    for factor, *templates in _SCALED:
        if match_phrase(text, *templates):
            return Rescale(factor)
    for mode, template in _MODE.items():
        if match_phrase(text, template):
            return Remode(mode)
    for template in _KIND:
        match = match_phrase(text, template)
        if match and (rhythm := find_rhythm(match["rest"])):
            return Recast(rhythm)
    if (match := match_phrase(text, _IN_METER)) and (rhythm := usual_rhythm(match["rest"].removesuffix(" time"))):
        return Recast(rhythm)
    for how, phrases in _HOW:
        if (where := _stretch_in(_DEGREE.sub("", text), phrases)) is not None and (how != "anew" or where != Stretch()):
            return _checked(Rewrite(how, where))
    where = _stretch_in(text, _ONLY)
    if match := match_phrase(text, _TO_LENGTH):
        where = Stretch(1, read_number(match["number"]))
    return None if where is None or where == Stretch() else _checked(Keep(where))


def _stretch_in(text: str, templates: tuple[str, ...]) -> Stretch | None:
    """The bars that stand where a template says `<rest>`; the whole tune where it leaves them out."""
    for template in templates:
        if (match := match_phrase(text, template)) is not None:
            where = read_stretch(match.groupdict().get("rest") or "")
            if where is not None:
                return where
    return None


def _checked(edit: Rewrite | Keep) -> Rewrite | Keep | Unclear:
    where = edit.where
    if where.first > 0 and not where.first <= where.last <= MAX_BARS:
        return _unlikely(f"No tune of mine has {where}.")
    return edit


def _unlikely(text: str) -> Unclear:
    return Unclear(text, 'Try: "make bar 5 busier", "rewrite bars 5-8", "continue for 8 bars".')
