"""Bar lines and the numbers of variant endings, read from their signs.

Sources: ABC standard 2.1, sections 4.8 and 4.9. Programs are asked to be liberal: any run of `|`, `:`, `[|` and
`|]` is brought to the nearest canonical form.
"""

from __future__ import annotations

from .source import Span
from .tune import NO_MARKS, BarLine

_BAR_LINES: dict[str, tuple[str, int, int] | None] = {}


def read_bar_line(text: str, span: Span) -> BarLine | None:
    """A run of bar line signs in canonical form (section 4.8); None for a colon that repeats nothing."""
    reading = _BAR_LINES.get(text)
    if reading is None:
        reading = _BAR_LINES[text] = _normalise(text)
        if len(_BAR_LINES) > 512:
            _BAR_LINES.clear()
    if reading is None:
        return None
    return BarLine(reading[0], reading[1], reading[2], NO_MARKS, span)


def _normalise(text: str) -> tuple[str, int, int] | None:
    core = text.strip(":")
    ends, starts = len(text) - len(text.lstrip(":")), len(text) - len(text.rstrip(":"))
    if not core:
        if len(text) < 2:
            return None
        ends, starts = (len(text) + 1) // 2, len(text) // 2
        return ":" * ends + ("|" if len(text) > 2 else "") + ":" * starts, ends, starts
    inner = core.count(":")
    if inner and not ends:
        if core.startswith("[|]:"):
            ends = 1
        else:
            starts = max(starts, 1)
    if ends > 9 or starts > 9:
        return None
    if "[|]" in core:
        shape = "[|]"
    elif core.startswith("."):
        shape = ".|"
    elif "]" in core:
        shape = "|]"
    elif core.startswith("[|"):
        shape = "[|"
    else:
        shape = "|" if core.count("|") == 1 else "||"
    if ends and starts:
        return ("::" if ends == starts == 1 else ":" * ends + "|" + ":" * starts), ends, starts
    if ends:
        return ":" * ends + ("|]" if shape == "|]" else "[|]" if shape == "[|]" else "|"), ends, 0
    if starts:
        return ("[|" if shape == "[|" else "[|]" if shape == "[|]" else "|") + ":" * starts, 0, starts
    return shape, 0, 0


def read_ending_numbers(text: str) -> tuple[int, ...]:
    """`1,3` or `1-3,5` to numbers; empty where there is none, or too many."""
    numbers: list[int] = []
    for part in text.replace(".", ",").split(","):
        low, _, high = part.partition("-")
        if len(low) > 3 or len(high) > 3 or not low:
            return ()
        numbers.extend(range(int(low), int(high or low) + 1))
    return tuple(numbers) if numbers and 0 not in numbers and len(numbers) <= 100 else ()
