"""Records that tests of tasks are given."""

from __future__ import annotations

from abcllm.conversation import Conversation
from abcllm.record import Place, Record
from abcllm.tasks import Language, get_task

HEADER = "X:1\nT:The Test\nR:reel\nM:4/4\nL:1/8\nK:D\n"
REEL = HEADER + "|:A2FA dAFA|B2GB dBGB|A2FA dAFA|E2EF E4:|\n|:fefd BdBd|gfed cABc|fefd BdBd|cABc d4:|\n"


def record(abc: str, id: str = "1", audio: str = "") -> Record:
    return Record(id, "own", "CC0-1.0", Place("own.abc", 1), abc=abc, audio=audio)


def ask(task: str, abc: str = REEL, seed: int = 0, language: Language = "en", id: str = "1") -> Conversation:
    """The conversation of a task about a tune that serves."""
    talk = get_task(task).build(record(abc, id), seed, language)
    assert talk is not None
    return talk


def scores(task: str, talk: Conversation, reply: str) -> dict[str, float]:
    return get_task(task).grade(talk, reply)


def serves(task: str, abc: str) -> bool:
    return get_task(task).build(record(abc), 0, "en") is not None
