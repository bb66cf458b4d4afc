"""Rules over a finished tune, and `check`: everything that is to be said of a text.

The reader reports what it meets while it reads; a rule looks at the whole tune afterwards. To add one, write a
function here that takes a `Tune` and its `Findings`, name it in `RULES`, and give its code an entry in
`catalogue.py` with a bad and a good example. Rules warn and inform; errors are the reader's.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from fractions import Fraction
from typing import Final

from .diagnostics import Diagnostic, Findings, Fix
from .harmony import names_chord
from .parser import TunebookReader, in_order
from .source import Source, Span
from .tune import NO_MARKS, Bar, Chord, Ending, Field, MultiRest, Note, Rest, Spacer, Tune

SCORE_WORD: Final = re.compile(r"[^\s(){}\[\]|*+]+")
MIDI_RANGES: Final = {"program": (0, 127), "bassprog": (0, 127), "chordprog": (0, 127), "channel": (1, 16)}


def check(text: str | Source, name: str = "<text>") -> tuple[Diagnostic, ...]:
    """All that is wrong, or worth knowing, of a text: what its reader reports and what the rules find, in order.

    >>> [str(d.severity) + " " + d.code for d in check("X:1\\nL:1/4\\nM:4/4\\nK:C\\nC D E F|C D E|C4|]\\n")]
    ['error R202']
    """
    return tuple(diagnostic for _, diagnostics in iter_check(text, name) for diagnostic in diagnostics)


def iter_check(text: str | Source, name: str = "<text>") -> Iterator[tuple[Tune | None, tuple[Diagnostic, ...]]]:
    """Tune after tune with what is to be said of it, in the memory of two tunes.

    What stands between tunes is said with the tune before it. A text without any tune gives one pair of None and
    the reason.
    """
    reader = TunebookReader(text if isinstance(text, Source) else Source(text, name))
    findings = reader.findings
    before: Tune | None = None
    for tune in reader.tunes():
        for rule in RULES:
            rule(tune, findings)
        if before is not None:
            yield before, in_order(findings.take(tune.span.start))
        before = tune
    rest = in_order(findings.take())
    if before is not None or rest:
        yield before, rest


def score_names_voices(tune: Tune, findings: Findings) -> None:
    """V404, V405: the voices of `%%score` and those of the tune are the same."""
    named: set[str] = set()
    here = {voice.id for voice in tune.voices}
    score: Field | None = None
    for item in tune.fields:
        word, _, rest = item.text.partition(" ")
        if item.name not in ("%%", "I") or word not in ("score", "staves") or not rest:
            continue
        score = item
        for match in SCORE_WORD.finditer(rest):
            voice = match.group()
            if voice not in here and voice not in named:
                findings.report(
                    "V404", _place(findings, item.span, voice), f"%%{word} names voice {voice}, which has no V:"
                )
            named.add(voice)
    if score is None or not named & here:
        return
    for missing in (voice for voice in tune.voices if voice.id not in named and _sounds(voice.bars)):
        findings.report(
            "V405", score.span, f"voice {missing.id} is not among those of %%{score.text}", voice=missing.id
        )


def _sounds(bars: tuple[Bar, ...]) -> bool:
    return any(bar.duration for bar in bars)


def voices_repeat_alike(tune: Tune, findings: Findings) -> None:
    """V406: repeats and variant endings stand at the same places in all voices."""
    if len(tune.voices) == 1:
        return
    first, *others = [voice for voice in tune.voices if _sounds(voice.bars)] or tune.voices
    end, model = _repeats(first.bars)
    for voice in others:
        own_end, repeats = _repeats(voice.bars)
        if own_end != end or repeats.keys() == model.keys():
            continue
        place = min(repeats.keys() ^ model.keys())
        holder, other = (voice, first) if place in repeats else (first, voice)
        span = (repeats | model)[place]
        sign = findings.source.slice(span).strip()
        findings.report("V406", span, f"voice {holder.id} has {sign} here, voice {other.id} has not", voice=holder.id)


def _repeats(bars: tuple[Bar, ...]) -> tuple[Fraction, dict[tuple[Fraction, str], Span]]:
    """How long the bars last, and where (time and kind) repeats begin and end and which endings begin.

    A `|:` at the very start says nothing, since a section without one begins there as well.
    """
    at = Fraction(0)
    places: dict[tuple[Fraction, str], Span] = {}
    for bar in bars:
        if at and bar.left is not None and bar.left.starts:
            places[at, "|:"] = bar.left.span
        for item in bar.items:
            if isinstance(item, Ending):
                places[at, f"[{item.text}"] = item.span
        at += bar.duration
        if bar.right is not None:
            if bar.right.ends:
                places[at, ":|"] = bar.right.span
            if at and bar.right.starts:
                places[at, "|:"] = bar.right.span
    return at, places


def chord_symbols_name_chords(tune: Tune, findings: Findings) -> None:
    """D503: a text in quotes that names no chord is an annotation, and begins with its place."""
    said: set[str] = set()
    for voice in tune.voices:
        for bar in voice.bars:
            for item in bar.items:
                if isinstance(item, MARKED) and item.marks is not NO_MARKS:
                    for text in item.marks.chord_symbols:
                        _judge_chord_symbol(text, item.span, findings, said)
            if bar.right is not None:
                for text in bar.right.marks.chord_symbols:
                    _judge_chord_symbol(text, bar.right.span, findings, said)


def _judge_chord_symbol(text: str, span: Span, findings: Findings, said: set[str]) -> None:
    if text in said or names_chord(text):
        return
    said.add(text)
    source = findings.source.text
    line = source.rfind("\n", 0, span.start) + 1
    at = source.rfind(f'"{text}"', line, span.end)
    place, fix = span, None
    if at != -1:
        place = Span(at, at + len(text) + 2)
        fix = Fix(place, f'"^{text}"')
    findings.report("D503", place, f'"{text}" names no chord', fix=fix)


def midi_numbers_exist(tune: Tune, findings: Findings) -> None:
    """D504: programs run from 0 to 127, channels from 1 to 16."""
    for item in tune.fields:
        _judge_directive(item, findings)
    for voice in tune.voices:
        for bar in voice.bars:
            for thing in bar.items:
                if isinstance(thing, Field):
                    _judge_directive(thing, findings)


def _judge_directive(item: Field, findings: Findings) -> None:
    if item.name not in ("%%", "I") or not item.text.startswith("MIDI"):
        return
    words = item.text.split()
    if len(words) < 3 or words[1] not in MIDI_RANGES:
        return
    low, high = MIDI_RANGES[words[1]]
    number = words[-1] if words[1] == "program" else words[2]
    if not re.fullmatch(r"-?\d{1,9}", number) or not low <= int(number) <= high:
        place = _place(findings, item.span, number)
        findings.report("D504", place, f"{words[1]} {number}: {words[1]}s are numbered from {low} to {high}")


def _place(findings: Findings, span: Span, word: str) -> Span:
    """Where a word stands in what a field's span covers."""
    at = findings.source.text.rfind(word, span.start, span.end)
    return Span(at, at + len(word)) if at != -1 else span


MARKED: Final = (Note, Chord, Rest, MultiRest, Spacer)
RULES: Final[tuple[Callable[[Tune, Findings], None], ...]] = (
    score_names_voices,
    voices_repeat_alike,
    chord_symbols_name_chords,
    midi_numbers_exist,
)
