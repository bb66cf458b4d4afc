"""Changes of the tune that is there: what can be computed is computed, the rest is written by the composer."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import Final, NamedTuple, TypeAlias

from ..analysis.sections import count_bars
from ..errors import UsageError
from ..notation import Severity, Tune, write
from ..request import (
    Change,
    Extend,
    Harmonise,
    Keep,
    Recast,
    Remode,
    Rename,
    Repair,
    Request,
    Rescale,
    Rewrite,
    Transpose,
    key_words,
)
from .changes import keep_bars, scale_lengths, set_mode, set_tempo, set_title
from .drafting import Drafter
from .harmonising import harmonise
from .mending import apply_safe_fixes, mend
from .recasting import recast, request_for
from .rewriting import extend, rewrite
from .stretches import find_stretch, name_bars
from .version import Version

__all__ = ["COMPOSED", "Edit", "Edited", "edit"]

Edit: TypeAlias = Rewrite | Extend | Keep | Harmonise | Recast | Remode | Rescale | Repair | Change | Rename | Transpose
COMPOSED: Final = (Rewrite, Extend, Harmonise, Recast, Repair)
"""What a composer may have a part in, and so the seed."""
HOW: Final = {"anew": "written anew", "busier": "made busier", "simpler": "made simpler", "varied": "varied"}


class Edited(NamedTuple):
    """A tune that was changed: its text, what it is now asked to be, what was done, and whether it was composed."""

    abc: str
    request: Request
    what: str
    composed: bool = False


def edit(wish: Edit, version: Version, drafter: Drafter) -> Edited:
    """Carry out a change. Raises `UsageError` and `BackendError` where that is impossible."""
    tune, request = version.tune, version.request
    if isinstance(wish, COMPOSED) and not isinstance(wish, Repair) and _errors(version):
        raise UsageError('the tune has faults, and what I write must fit what is there; say: "repair it"')
    match wish:
        case Rewrite(how, where):
            places = find_stretch(tune, where)
            draft = rewrite(tune, places, how, request, drafter)
            return Edited(draft.text, request, f"{name_bars(tune, places)} {HOW[how]}, {_rest(tune, places)}", True)
        case Extend(bars):
            draft = extend(tune, bars, request, drafter)
            added = count_bars(draft.tune) - count_bars(tune)
            what = f"{added} bar{'s' * (added != 1)} added, the others as they were"
            return Edited(draft.text, replace(request, bars=count_bars(draft.tune)), what, True)
        case Harmonise():
            return Edited(harmonise(tune, drafter).text, request, "chords added, every note as it was", True)
        case Recast(rhythm):
            asked = request_for(request, rhythm)
            draft = recast(tune, asked, drafter)
            what = f"a {rhythm} on the same strong notes"
            return Edited(draft.text, replace(asked, bars=count_bars(draft.tune)), what, True)
        case Repair(is_computed):
            return _repair(version, drafter, is_computed)
        case _:
            changed, request, what = _compute(wish, tune, request)
            return Edited(write(changed), request, what)


def _compute(
    wish: Keep | Remode | Rescale | Change | Rename | Transpose, tune: Tune, request: Request
) -> tuple[Tune, Request, str]:
    match wish:
        case Keep(where):
            places = find_stretch(tune, where)
            kept = keep_bars(tune, places)
            return kept, replace(request, bars=count_bars(kept)), f"only {name_bars(tune, places)} kept"
        case Remode(mode):
            if mode == tune.key.mode:
                raise UsageError(f"the tune is in {key_words(tune.key)} already")
            moved = set_mode(tune, mode)
            chords = "; its chords are left out, for they do not fit any more" if '"' in write(tune) else ""
            return moved, replace(request, key=moved.key), f"{key_words(moved.key)} instead of {tune.key.mode}{chords}"
        case Rescale(factor):
            scaled = scale_lengths(tune, factor)
            tempo_qpm = request.tempo_qpm * float(factor)
            size = {Fraction(2): "twice", Fraction(1, 2): "half"}.get(factor, f"{factor} times")
            what = f"notes written {size} as long, in {scaled.meter}; it sounds as before"
            return scaled, replace(request, meter=scaled.meter, tempo_qpm=tempo_qpm), what
        case Change(tempo_qpm):
            return set_tempo(tune, tempo_qpm), replace(request, tempo_qpm=tempo_qpm), "tempo set"
        case Rename(title):
            return set_title(tune, title), request, "title set"
        case Transpose():
            return _transpose(wish, tune, request)


def _transpose(wish: Transpose, tune: Tune, request: Request) -> tuple[Tune, Request, str]:
    from ..notation.transforms import transpose

    if wish.key is not None and wish.key == replace(tune.key, clef=wish.key.clef):
        raise UsageError(f"the tune is in {key_words(tune.key)} already")
    moved = transpose(tune, key=wish.key.name) if wish.key else transpose(tune, semitones=wish.semitones)
    what = f"transposed from {key_words(tune.key)}"
    if wish.semitones and wish.semitones % 12 == 0:
        octaves = abs(wish.semitones) // 12
        what = f"{'an octave' if octaves == 1 else f'{octaves} octaves'} {'up' if wish.semitones > 0 else 'down'}"
    return moved, replace(request, key=moved.key), what


def _repair(version: Version, drafter: Drafter, is_computed: bool) -> Edited:
    text, fixed = apply_safe_fixes(version.source.text)
    mended = Version.read(text, version.request)
    errors = _errors(mended)
    told = f"fixed: {'; '.join(fixed)}" if fixed else ""
    if errors and not is_computed:
        draft = mend(text, drafter)
        what = "; ".join(filter(None, (told, "put right, as near to the text as could be")))
        return Edited(draft.text, _counted_anew(version, draft.tune), what, True)
    if not fixed:
        raise UsageError(
            "there is no safe fix for what is wrong; say: repair it"
            if errors
            else "no fault was found that could be put right"
        )
    return Edited(text, _counted_anew(version, mended.tune), told)


def _counted_anew(version: Version, mended: Tune) -> Request:
    """What was asked for; where it was as long as the tune with its faults, as long as the tune without them."""
    request = version.request
    return replace(request, bars=count_bars(mended)) if request.bars == count_bars(version.tune) else request


def _errors(version: Version) -> bool:
    return any(fault.severity is Severity.ERROR for fault in version.faults)


def _rest(tune: Tune, places: range) -> str:
    return "the others as they were" if len(places) < len(tune.voices[0].bars) else "all of it"
