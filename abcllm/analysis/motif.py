"""The motif of a section: the row of note groups that comes back most often, and of those the longest.

Source: Yuan et al., ChatMusician (2024), appendix D.0.2: bar lines, chord symbols, annotations, decorations and grace
notes are dropped, all rows of 2 to 9 tokens of a section are counted (overlapping ones too), and the motif is the row
with the highest count, then the longest; of several that are left, the first.

A token is what the published rows show: a group of notes that are written together (`G2BG`, `d>ef>d`, `(3(Ace)`), slurs
and ties included. Lengths are in the unit of the tune's header, whatever `L:` stands in between. Two things differ from
the paper: sections are those of the music (`find_sections`), and a section in which nothing comes back has no motif,
where the paper's program gives its first nine tokens.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from typing import Final, NamedTuple

from ..notation.tune import NO_MARKS, Bar, Chord, Item, Marks, MultiRest, Note, Rest, Tune, Tuplet
from ..notation.writer import TuneWriter, VoiceWriter
from .form import find_letters
from .sections import Section, find_sections, notes_of

__all__ = ["Group", "Motif", "find_motif", "find_motifs", "list_motifs", "motifs_by_letter", "note_groups"]

SHORTEST: Final = 2
LONGEST: Final = 9


class Group(NamedTuple):
    """Notes that are written together, as text and as what they are."""

    text: str
    items: tuple[Item, ...]


class Motif(NamedTuple):
    """Groups of notes that come back so many `times` in a section."""

    groups: tuple[Group, ...]
    times: int

    @property
    def notes(self) -> tuple[tuple[int, Fraction], ...]:
        """Pitch (MIDI number) and length of all that sounds, as where it stands first."""
        items = tuple(item for group in self.groups for item in group.items)
        return tuple(notes_of((Bar(0, items, Fraction(0)),)))

    def __str__(self) -> str:
        return " ".join(group.text for group in self.groups)


def find_motifs(tune: Tune) -> tuple[Motif | None, ...]:
    """The motif of each section of the first voice, None for a section in which nothing comes back.

    >>> from abcllm.notation import parse
    >>> tune = parse("X:1\\nL:1/8\\nM:2/4\\nK:G\\nG2BG A2cA|B2d2|G2BG A2cA|d4|]gfed|c4|]\\n").tunes[0]
    >>> [str(motif) for motif in find_motifs(tune)]
    ['G2BG A2cA', 'None']
    """
    return tuple(find_motif(note_groups(tune, section)) for section in find_sections(tune))


def motifs_by_letter(tune: Tune) -> dict[str, Motif]:
    """The motif of the first section of each letter (`find_letters`), where it has one."""
    found: dict[str, Motif] = {}
    seen: set[str] = set()
    for letter, motif in zip(find_letters(tune), find_motifs(tune), strict=False):
        if letter not in seen and motif is not None:
            found[letter] = motif
        seen.add(letter)
    return found


def list_motifs(tune: Tune, motifs: Mapping[str, Motif]) -> str:
    """Motifs by name, one a line, below the fields that say what they mean."""
    header = [f"L:{tune.unit_length}", f"M:{tune.meter}", f"K:{tune.key}"]
    return "\n".join([*header, *(f"{name}: {motif}" for name, motif in motifs.items())])


def find_motif(groups: Sequence[Group]) -> Motif | None:
    """The row of 2 to 9 groups with the highest count, then the longest, then the first; None where all stand once.

    A row comes back where its text does: whether an accidental of the bar still holds is not asked.
    """
    texts = [group.text for group in groups]
    counts = Counter(
        tuple(texts[start : start + size])
        for size in range(SHORTEST, LONGEST + 1)
        for start in range(len(texts) - size + 1)
    )
    if not counts:
        return None
    found, count = max(counts.items(), key=lambda entry: (entry[1], len(entry[0])))
    if count == 1:
        return None
    start = next(at for at in range(len(texts)) if tuple(texts[at : at + len(found)]) == found)
    return Motif(tuple(groups[start : start + len(found)]), count)


def note_groups(tune: Tune, section: Section) -> tuple[Group, ...]:
    """The music of a section without bar lines, marks and grace notes, cut where a space or a bar line stands."""
    writer = TuneWriter(tune)
    return tuple(group for bar in section.bars for group in _groups(bar, VoiceWriter(writer, tune.voices[0])))


def _groups(bar: Bar, writer: VoiceWriter) -> Iterator[Group]:
    gathered: list[Item] = []
    after_tuplet = False
    for item in bar.items:
        if not isinstance(item, Note | Chord | Rest | MultiRest | Tuplet):
            continue
        joined = after_tuplet or (not isinstance(item, MultiRest) and item.joined)
        if gathered and not joined:
            yield Group(_written(writer), tuple(gathered))
            gathered = []
        bare = _bare(item)
        writer.item(bare)
        gathered.append(bare)
        after_tuplet = isinstance(item, Tuplet)
    if gathered:
        yield Group(_written(writer), tuple(gathered))


def _written(writer: VoiceWriter) -> str:
    """What the writer wrote since it was asked last."""
    text = "".join(writer.parts).strip()
    writer.parts.clear()
    return text


def _bare(item: Note | Chord | Rest | MultiRest | Tuplet) -> Note | Chord | Rest | MultiRest | Tuplet:
    """The item with its slurs, and without all else that hangs on it."""
    if isinstance(item, Tuplet) or item.marks is NO_MARKS:
        return item
    return replace(item, marks=Marks(opens=item.marks.opens, closes=item.marks.closes))
