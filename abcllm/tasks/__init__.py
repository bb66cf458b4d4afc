"""Musical tasks: one module per task, which makes its conversations and grades answers to them.

A task module has `VERSION`, `KIND` ("pretrain" or "sft"), `build(record, seed, language)`, which makes a conversation
from a record or says by None that this record does not serve, and `grade(conversation, reply)`, which compares an
answer with the conversation's own last message. What is asked is always derived from the music by the same function
that grades, so that training and evaluation cannot drift apart, and the reference answer has full marks.

`VERSION` is raised whenever the same record and seed give another conversation, or the same answer another grade.
"""

from __future__ import annotations

from typing import Literal, Protocol, TypeAlias, cast

from .. import registry
from ..conversation import Conversation
from ..record import Record

__all__ = ["LANGUAGES", "TASKS", "Language", "Task", "get_task", "task_names"]

GROUP = "abcllm.tasks"

Language: TypeAlias = Literal["en", "zh"]
LANGUAGES: tuple[Language, ...] = ("en", "zh")

TASKS = {
    "bach_style": "abcllm.tasks.bach_style",
    "caption": "abcllm.tasks.caption",
    "chords_to_tune": "abcllm.tasks.chords_to_tune",
    "codes_to_tune": "abcllm.tasks.codes_to_tune",
    "comment": "abcllm.tasks.comment",
    "compose": "abcllm.tasks.compose",
    "continue_tune": "abcllm.tasks.continue_tune",
    "control_codes": "abcllm.tasks.control_codes",
    "describe": "abcllm.tasks.describe",
    "dialogue": "abcllm.tasks.dialogue",
    "find_bars": "abcllm.tasks.find_bars",
    "find_chords": "abcllm.tasks.find_chords",
    "find_form": "abcllm.tasks.find_form",
    "find_key": "abcllm.tasks.find_key",
    "find_metre": "abcllm.tasks.find_metre",
    "find_motif": "abcllm.tasks.find_motif",
    "find_style": "abcllm.tasks.find_style",
    "find_voices": "abcllm.tasks.find_voices",
    "form_to_tune": "abcllm.tasks.form_to_tune",
    "harmonise": "abcllm.tasks.harmonise",
    "lyrics_to_tune": "abcllm.tasks.lyrics_to_tune",
    "melody_to_tune": "abcllm.tasks.melody_to_tune",
    "mood_to_tune": "abcllm.tasks.mood_to_tune",
    "motif_form_to_tune": "abcllm.tasks.motif_form_to_tune",
    "motif_to_tune": "abcllm.tasks.motif_to_tune",
    "refine": "abcllm.tasks.refine",
    "repair": "abcllm.tasks.repair",
    "sound_events": "abcllm.tasks.sound_events",
    "speech": "abcllm.tasks.speech",
    "style_to_tune": "abcllm.tasks.style_to_tune",
    "theory": "abcllm.tasks.theory",
    "transcribe": "abcllm.tasks.transcribe",
    "transpose_tune": "abcllm.tasks.transpose_tune",
    "tune": "abcllm.tasks.tune",
    "vary": "abcllm.tasks.vary",
}


class Task(Protocol):
    """What a module of a task offers."""

    VERSION: int
    KIND: Literal["pretrain", "sft"]

    @staticmethod
    def build(record: Record, seed: int, language: Language = "en") -> Conversation | None:
        """The conversation of this task for a record; the same for the same arguments. None: it does not serve."""

    @staticmethod
    def grade(conversation: Conversation, reply: str) -> dict[str, float]:
        """Scores in [0, 1] by name, 1 is best; `conversation` ends with the reference answer."""


def task_names() -> list[str]:
    """The names of all tasks, those of other packages included."""
    return registry.names(TASKS, GROUP)


def get_task(name: str) -> Task:
    """The task called `name`. Raises `UnknownName`."""
    return cast(Task, registry.resolve("task", TASKS, name, GROUP))
