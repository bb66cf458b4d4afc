"""One conversation with a composer: what was said, the tune that is there, and the ones before it."""

from __future__ import annotations

import tempfile
from collections.abc import Generator, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from secrets import randbelow
from typing import NamedTuple, TypeAlias
from warnings import catch_warnings, simplefilter

import numpy as np

from ..analysis.control_codes import irishman_codes
from ..backends import Backend, Sampling
from ..backends.forms import read_form
from ..backends.titles import make_title
from ..conversation import Conversation, Message
from ..errors import AbcllmError, UsageError
from ..formats import save
from ..library import Library
from ..notation import Tune
from ..player import find_player, play_file
from ..request import (
    Ask,
    Change,
    Compose,
    Extend,
    Find,
    Harmonise,
    Help,
    Instruction,
    Keep,
    Open,
    Play,
    Quit,
    Recall,
    Recast,
    Remode,
    Rename,
    Repair,
    Request,
    Rescale,
    Reseed,
    Resemble,
    Retry,
    Rewrite,
    Save,
    Show,
    Steps,
    Switch,
    Thanks,
    Transpose,
    Unclear,
    Undo,
    read_request,
)
from .answers import answer, summarize
from .commands import HELP, read_slash
from .drafting import Drafter
from .editing import COMPOSED, Edit, edit
from .languages import Language, find_language, translate
from .naming import save_tune
from .recasting import imitate
from .theory import THEORY, answer_theory
from .version import Version, request_of

__all__ = ["Coded", "Piece", "Session", "Wish", "draw_seed"]

MOST_CITED = 4
EVERY_FORMAT = ("abc", "mid", "pdf", "wav", "musicxml", "svg", "png", "json")


class Coded(NamedTuple):
    """A tune is asked for by the control codes in `text`, which give the bars of each section."""

    text: str
    form: tuple[int, ...]


Wish: TypeAlias = Instruction | Coded


class Piece(NamedTuple):
    """A piece of an answer: ABC text where `music` is true, else talk; an `aside` is said in passing."""

    text: str
    music: bool = False
    aside: bool = False


def draw_seed() -> int:
    """A seed that is short enough to be typed again."""
    return randbelow(1_000_000)


class Session:
    """Answers what is said to it. Tunes come from `backend`; everything else is computed, and said to be.

    `seed` makes the whole conversation repeatable; `folder` is where files without a place of their own are saved,
    `library` what tunes are taken from.
    `history` are the tunes so far, the current one last; `failures` the faults that were answered with words;
    `is_shown` says that the tune was asked to be shown, in whatever ways there are.
    """

    def __init__(
        self,
        backend: Backend,
        *,
        seed: int | None = None,
        sampling: Sampling | None = None,
        folder: str | Path = ".",
        library: Library | None = None,
    ) -> None:
        self.backend = backend
        self.sampling = sampling or backend.usual
        self.folder = Path(folder)
        self.library = library
        self.seed = draw_seed() if seed is None else seed
        self.composed = 0
        self.conversation = Conversation((), {"backend": backend.name, "seed": self.seed})
        self.history: list[Version] = []
        self.failures: list[AbcllmError] = []
        self.last: tuple[Edit | Compose | Resemble | Coded, Version | None] | None = None
        self.ended = False
        self.is_shown = False

    @property
    def version(self) -> Version | None:
        """The current tune with all that belongs to it."""
        return self.history[-1] if self.history else None

    @property
    def tune(self) -> Tune | None:
        """The current tune."""
        return self.history[-1].tune if self.history else None

    @property
    def request(self) -> Request | None:
        """What the current tune was asked to be, later changes included."""
        return self.history[-1].request if self.history else None

    @property
    def language(self) -> Language:
        """That of the last message which has one."""
        said = (message.text for message in reversed(self.conversation.messages) if message.role == "user")
        return next(filter(None, map(find_language, said)), "en")

    def send(self, text: str) -> Iterator[str]:
        """The answer to a message, in pieces as they come."""
        for piece in self.answer(text):
            yield piece.text

    def answer(self, text: str) -> Generator[Piece]:
        """The answer to a message, in pieces that know whether they are music.

        An answer that is broken off leaves the tune before in its place.
        """
        text = text.encode("utf-8", "replace").decode()  # bytes that were no text
        instruction: Wish | None = None
        if text.lstrip().startswith("/"):
            instruction = read_slash(text, self.request)
        elif form := read_form(text):
            instruction = Coded(text, form)
        if instruction is None:
            instruction = read_request(text, self.request)
        said: list[str] = []
        self.conversation = self.conversation.add("user", text)
        try:
            for piece in self._answer(instruction):
                piece = self.word(piece)
                said.append(piece.text)
                yield piece
        finally:
            self.conversation = self.conversation.add("assistant", "".join(said))

    def word(self, piece: Piece) -> Piece:
        """A piece in the language that is spoken; music is the same in all."""
        return piece if piece.music else piece._replace(text=translate(piece.text, self.language))

    def _answer(self, instruction: Wish) -> Iterator[Piece]:
        try:
            yield from self._carry_out(instruction)
        except AbcllmError as fault:
            self.failures.append(fault)
            yield Piece(f"I cannot: {fault}\n")

    def _carry_out(self, instruction: Wish) -> Iterator[Piece]:
        match instruction:
            case Coded():
                yield from self._compose_form(instruction)
            case Steps(steps):
                for step in steps:
                    yield from self._carry_out(step)
            case Compose():
                yield from self._compose(instruction)
            case (
                Rewrite() | Extend() | Keep() | Harmonise() | Recast() | Remode() | Rescale() | Repair()
                | Change() | Rename() | Transpose()
            ):  # fmt: skip
                yield from self._edit(instruction, self._current())
            case Find(name):
                yield from self._find(name)
            case Resemble():
                yield from self._resemble(instruction)
            case Retry():
                yield from self._retry()
            case Switch() | Open() | Recall():
                raise UsageError("that is not possible here, only in a conversation of one's own: abcllm chat")
            case Save():
                yield from self._save(instruction)
            case Play():
                yield from self._play()
            case Show():
                yield from self._show()
            case Undo():
                yield from self._undo()
            case Ask(kind, about) if kind in THEORY:
                yield Piece(f"{answer_theory(kind, about)}\n")
            case Ask(kind):
                yield from self._ask(kind)
            case Reseed(seed):
                if seed is not None:
                    self.seed, self.composed = seed, 0
                yield Piece(f"The seed of the next tune is {self._next_seed()}.\n")
            case Unclear(text, hint):
                self.failures.append(UsageError(text))
                yield Piece(f"{text}\n{hint}\n")
            case Help():
                yield Piece(HELP[self.language])
            case Thanks():
                yield Piece("With pleasure.\n")
            case Quit():
                self.ended = True
                yield Piece("Goodbye.\n")

    # -- composing -----------------------------------------------------------------------------------------

    def _compose(self, wish: Compose) -> Iterator[Piece]:
        for remark in wish.remarks:
            yield Piece(f"({remark})\n", aside=True)
        if wish.passed_over:
            yield Piece(f"(not understood, and passed over: {', '.join(wish.passed_over)})\n", aside=True)
        asked = wish.request
        seed = self._next_seed() if asked.seed is None else asked.seed + asked.variant
        request = replace(asked, seed=seed, variant=0)
        text = yield from _stream(self.backend.compose(request, replace(self.sampling, seed=seed)))
        if asked.seed is None:
            self.composed += 1
        version = Version.read(text, asked)
        self.history.append(version)
        self.last = (wish, None)
        yield Piece(f"\n{summarize(version.tune)} Seed {seed}.\n")
        yield from _tell(version)

    def _compose_form(self, wish: Coded) -> Iterator[Piece]:
        """A tune that control codes ask for, by the composer in their own words."""
        seed = self._next_seed()
        asked = Conversation((Message("user", wish.text),))
        text = yield from _stream(self.backend.generate(asked, replace(self.sampling, seed=seed)))
        self.composed += 1
        version = Version.read(text)
        self.history.append(version)
        self.last = (wish, None)
        yield Piece(f"\n{summarize(version.tune)} Seed {seed}.\n")
        codes = irishman_codes(version.source.text)
        if codes is None or codes.bars != wish.form:
            found = " ".join(map(str, codes.bars)) if codes else "none"
            yield Piece(f"B: is {found}, not {' '.join(map(str, wish.form))} as asked.\n")
        yield from _tell(version)

    def _next_seed(self) -> int:
        return self.seed + self.composed

    # -- what is computed ----------------------------------------------------------------------------------

    def _current(self) -> Version:
        if not self.history:
            raise UsageError('there is no tune yet; ask for one: "a 16-bar jig in D"')
        return self.history[-1]

    def _edit(self, wish: Edit, version: Version) -> Iterator[Piece]:
        """Take the changed tune as the current one, and show it."""
        for remark in wish.remarks if isinstance(wish, Transpose) else ():
            yield Piece(f"({remark})\n", aside=True)
        seed = self._next_seed()
        edited = edit(wish, version, self._drafter(seed))
        self.composed += edited.composed
        self.last = (wish, version)
        how = f"by the composer, seed {seed}" if edited.composed else "computed, not composed"
        yield from self._take(edited.abc, edited.request, f"{edited.what}: {how}", version)

    def _take(self, abc: str, request: Request, origin: str, before: Version | None = None) -> Iterator[Piece]:
        """Make a text the current tune, and show it; what was wrong with the one before is not said again."""
        version = Version.read(abc, request)
        self.history.append(version)
        yield Piece(version.source.text, music=True)
        yield Piece(f"\n{summarize(version.tune)}\n({origin})\n")
        yield from _tell(version, before)

    def _drafter(self, seed: int) -> Drafter:
        """What draws versions of a tune that were not there before."""
        avoided = frozenset(version.source.text for version in self.history)
        return Drafter(self.backend, replace(self.sampling, seed=seed), avoided)

    def _find(self, name: str) -> Iterator[Piece]:
        """Take a tune of the library as the current one, or tell what its notes say."""
        library = self._library()
        found, passages = library.find(name), library.find_passages(name)
        if not found and not passages:
            raise UsageError(f'nothing in the library is called "{name}", and its notes do not speak of it')
        if found:
            yield from self._take(found[0].abc, request_of(found[0].tune()), f"from the library: {found[0]}")
        if len(found) > 1:
            yield Piece(f"(there is also: {', '.join(map(str, found[1:MOST_CITED]))})\n", aside=True)
        for passage in passages[:MOST_CITED]:
            yield Piece(f"({passage})\n", aside=True)

    def _resemble(self, wish: Resemble) -> Iterator[Piece]:
        """Write a tune after one of the library; without a name, after the one that is most like the current tune."""
        library = self._library()
        current = None if wish.name else self._current()
        found = library.nearest(current.tune, current.source.text) if current else library.find(wish.name)
        if not found:
            called = "like this one" if current else f'called "{wish.name}"'
            raise UsageError(f"no tune in the library is {called}")
        yield Piece(f"(after {found[0]}{', the nearest by its melody' if current else ''})\n", aside=True)
        tune, seed = found[0].tune(), self._next_seed()
        asked = request_of(tune)
        draft = imitate(tune, asked, make_title(np.random.default_rng(seed), asked.rhythm), self._drafter(seed))
        self.composed += 1
        self.last = (wish, None)
        asked = replace(request_of(draft.tune), title="")
        yield from self._take(draft.text, asked, f"on notes of {found[0]}: by the composer, seed {seed}")

    def _library(self) -> Library:
        if self.library is None:
            raise UsageError("there is no library; begin with one: --library FOLDER")
        return self.library

    def _retry(self) -> Iterator[Piece]:
        if self.last is None:
            raise UsageError('there is nothing yet that could be tried again; ask for a tune: "a 16-bar jig in D"')
        wish, version = self.last
        match wish:
            case Compose(request):
                yield from self._compose(Compose(replace(request, variant=request.variant + 1)))
            case Resemble():
                yield from self._resemble(wish)
            case Coded():
                yield from self._compose_form(wish)
            case _ if version is not None and isinstance(wish, COMPOSED):
                yield from self._edit(wish, version)
            case _:
                raise UsageError("what was done last is computed, and would come out the same")

    def _save(self, wish: Save) -> Iterator[Piece]:
        version = self._current()
        saving = self.save_as(EVERY_FORMAT if wish.format == "all" else (wish.format,), wish.path, version)
        warned: set[str] = set()
        while True:
            with catch_warnings(record=True) as caught:  # what a file cannot have, as letters that no font has
                simplefilter("always")
                path = next(saving, None)
            for message in sorted({str(warning.message) for warning in caught} - warned):
                warned.add(message)
                yield Piece(f"({message})\n", aside=True)
            if path is None:
                return
            yield Piece(f"saved {path}\n")

    def save_as(self, formats: Sequence[str], path: str = "", version: Version | None = None) -> Iterator[Path]:
        """Save the tune, see `save_tune`. Raises `UsageError` where there is none."""
        return save_tune((version or self._current()).tune, self.folder, formats, path)

    def _play(self) -> Iterator[Piece]:
        version = self._current()
        player = find_player()
        yield Piece(f"(playing {version.tune.title or 'the tune'}; Ctrl-C stops it)\n")
        with tempfile.TemporaryDirectory() as folder:
            (path,) = save(version.tune, Path(folder, "tune.wav"))
            play_file(player, path)

    def _show(self) -> Iterator[Piece]:
        version = self._current()
        self.is_shown = True
        text = version.source.text
        yield Piece(text if text.endswith("\n") else f"{text}\n", music=True)
        yield Piece(f"\n{summarize(version.tune)}\n")

    def _undo(self) -> Iterator[Piece]:
        self._current()
        self.history.pop()
        if self.history:
            yield Piece(f"Back to {summarize(self.history[-1].tune)}\n")
        else:
            yield Piece("That was the first tune; now there is none.\n")

    def _ask(self, kind: str) -> Iterator[Piece]:
        if kind == "seed":
            yield Piece(f"The seed of the next tune is {self._next_seed()}.\n")
            return
        version = self._current()
        yield Piece(f"{answer(kind, version.tune, version.faults, version.source)}\n")


def _stream(answer: Iterator[str]) -> Generator[Piece, None, str]:
    """The music as it comes, on a line of its own; gives all of it."""
    text = ""
    for piece in answer:
        text += piece
        yield Piece(piece, music=True)
    if not text.endswith("\n"):
        yield Piece("\n", music=True)
    return text


def _tell(version: Version, before: Version | None = None) -> Iterator[Piece]:
    """What was done to read a tune, and what is wrong with it that was not before."""
    if version.repairs:
        repairs = "; ".join(f"{one.code} ({one.message})" for one in version.repairs)
        yield Piece(f"(read with repairs: {repairs})\n", aside=True)
    for line in version.complaints_after(before):
        yield Piece(f"{line}\n")
