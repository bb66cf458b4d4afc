"""A composer that is quick and always the same, and one that is slow to answer."""

from __future__ import annotations

from collections.abc import Iterator
from copy import copy
from pathlib import Path
from random import Random

import pytest

from abcllm.backends import Backend, Sampling
from abcllm.backends.guiding import Guide
from abcllm.chat import Session
from abcllm.conversation import Conversation
from abcllm.request import Request


class Drone(Backend):
    """One note a bar, the tonic: what is asked for and nothing more. `asked` are the requests it was given."""

    name = "drone"

    def __init__(self) -> None:
        self.asked: list[Request] = []

    def generate(self, conversation: Conversation, sampling: Sampling) -> Iterator[str]:
        yield from self.compose(Request(), sampling)

    def compose(self, request: Request, sampling: Sampling) -> Iterator[str]:
        self.asked.append(request)
        yield f"X:1\nT:{request.title or f'Drone {sampling.seed}'}\nR:{request.rhythm}\nM:{request.meter}\nL:1/8\n"
        yield f"Q:1/4={request.tempo_qpm:g}\nK:{request.key}\n"
        for bar in range(request.bars):
            yield f"{request.key.tonic[0]}{sum(request.meter.beats) * 8 // request.meter.unit}"
            yield "|]\n" if bar == request.bars - 1 else "|"


class Fiddler(Drone):
    """Writes whatever the guide lets through, by the dice: what a composer may ever say in the places it is given."""

    name = "fiddler"
    PIECES = (*"ABabcdefg23/|:[]\n ()1", *(f'"{chord}"' for chord in ("D", "G", "A", "A7", "Em")))

    def write_held(self, conversation: Conversation, guide: Guide, sampling: Sampling) -> Iterator[str]:
        random = Random(sampling.seed)
        for _ in range(20):
            trial = copy(guide)
            for _ in range(500):
                pieces = random.sample(self.PIECES, len(self.PIECES))
                if trial.is_finished or not any(trial.offer(piece.encode()) for piece in pieces):
                    break
            if trial.is_finished:
                yield trial.text[len(guide.text) :]
                return


@pytest.fixture
def fiddler() -> Fiddler:
    return Fiddler()


@pytest.fixture
def drone() -> Drone:
    return Drone()


@pytest.fixture
def session(drone: Drone, tmp_path: Path) -> Session:
    """A conversation with the drone, whose files go to a folder of their own."""
    return Session(drone, seed=7, folder=tmp_path)


def say(session: Session, text: str) -> str:
    """The whole answer."""
    return "".join(session.send(text))
