"""What groups the notes inside a bar: tuplets, and beams where no space stands between short notes."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from ..notation.tune import Chord, Grace, Item, LineBreak, Note, Rest, Tuplet
from .note_values import NoteValue, spell_duration

__all__ = ["Planned", "beam_flags", "plan"]


class Planned:
    """A note, chord or rest with its place in the bar and what groups it with its neighbours.

    `beams` has one word for each beam, the outermost first: begin, continue, end, forward hook or backward hook.
    `tuplet` is start, stop, both (a tuplet of one), or empty; `bracket` says that the tuplet needs one.
    """

    __slots__ = ("beams", "bracket", "item", "onset", "ratio", "tuplet", "values")

    def __init__(self, item: Note | Chord | Rest, onset: Fraction) -> None:
        self.item = item
        self.onset = onset
        self.values: tuple[NoteValue, ...] = spell_duration(item.written)
        self.ratio = (1, 1)
        self.tuplet = ""
        self.bracket = False
        self.beams: tuple[str, ...] = ()

    @property
    def flags(self) -> int:
        """Beams that its value asks for; 0 for rests and for what takes several values."""
        return 0 if isinstance(self.item, Rest) or len(self.values) != 1 else self.values[0].flags


def plan(items: Sequence[Item]) -> dict[int, Planned]:
    """The timed items of one bar (or overlay), by their index in `items`."""
    planned: dict[int, Planned] = {}
    tuplets: list[list[Planned]] = []
    now = Fraction(0)
    left = 0
    ratio = (1, 1)
    for index, item in enumerate(items):
        if isinstance(item, Tuplet):
            left, ratio = item.r, (item.p, item.q)
            tuplets.append([])
        elif isinstance(item, Note | Chord | Rest):
            this = planned[index] = Planned(item, now)
            now += item.duration
            if left:
                left -= 1
                this.ratio = ratio
                tuplets[-1].append(this)
    groups = _find_beams(items, planned)
    group_of = {id(member): number for number, group in enumerate(groups) for member in group}
    for tuplet in filter(None, tuplets):
        if len(tuplet) == 1:
            tuplet[0].tuplet = "both"
        else:
            tuplet[0].tuplet, tuplet[-1].tuplet = "start", "stop"
        tuplet[0].bracket = not _is_under_a_beam(tuplet, group_of)
    return planned


def _is_under_a_beam(tuplet: Sequence[Planned], group_of: dict[int, int]) -> bool:
    """True where a beam shows which notes belong to a tuplet: it goes from the first to the last, over rests too."""
    first = group_of.get(id(tuplet[0]))
    notes = [member for member in tuplet if not isinstance(member.item, Rest)]
    return first is not None and id(tuplet[-1]) in group_of and all(group_of.get(id(note)) == first for note in notes)


def _find_beams(items: Sequence[Item], planned: dict[int, Planned]) -> list[list[Planned]]:
    groups: list[list[Planned]] = []
    group: list[Planned] = []
    for index, this in planned.items():
        joined = this.item.joined and not _new_line(items, index)
        if not this.flags:
            if not (isinstance(this.item, Rest) and joined and this.values[0].flags and group):
                groups.append(group)
                group = []
        elif joined and group:
            group.append(this)
        else:
            groups.append(group)
            group = [this]
    groups.append(group)
    groups = [group for group in groups if len(group) > 1]
    for group in groups:
        for this, beams in zip(group, beam_flags([member.flags for member in group]), strict=True):
            this.beams = beams
    return groups


def _new_line(items: Sequence[Item], index: int) -> bool:
    """True where a line of the text ends before this item (grace notes may stand between)."""
    index -= 1
    while index >= 0 and isinstance(items[index], Grace):
        index -= 1
    return index >= 0 and isinstance(items[index], LineBreak)


def beam_flags(flags: Sequence[int]) -> list[tuple[str, ...]]:
    """The beams of a group of notes that need so many each.

    >>> beam_flags([1, 2, 2])
    [('begin',), ('continue', 'begin'), ('end', 'end')]
    """
    beams: list[tuple[str, ...]] = []
    for index, count in enumerate(flags):
        words = []
        for level in range(1, count + 1):
            before = index > 0 and flags[index - 1] >= level
            after = index + 1 < len(flags) and flags[index + 1] >= level
            if before and after:
                words.append("continue")
            elif before:
                words.append("end")
            elif after:
                words.append("begin")
            else:
                words.append("forward hook" if index == 0 else "backward hook")
        beams.append(tuple(words))
    return beams
