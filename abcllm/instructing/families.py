"""Families of instructions: what a model is told to ask about a recording, each in a file of `prompts/`.

`mir`, `captioning` and `reasoning` are the three kinds of LLark (Gardner et al. 2024), `caption_style` and
`open_questions` the two of MusicQA (Liu et al. 2024). The words are this project's own. `prompts/frame.toml` has what
all share: who speaks, what the fields mean, what must not be said, the form of the answer.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Final

from ..errors import UnknownName

__all__ = ["FAMILIES", "Family", "get_family"]

FAMILIES: Final = ("mir", "captioning", "reasoning", "caption_style", "open_questions")


@dataclass(frozen=True, slots=True)
class Family:
    """One kind of questions: `task` says which, `count` how many are wanted at most."""

    name: str
    task: str
    count: int

    def instructions(self, metadata: Mapping[str, Any], language: str = "en") -> str:
        """What the model is told before it is given the metadata: only the fields that are there are explained.

        Raises `UnknownName` for a language in which no one is asked to write.
        """
        frame = _read("frame")
        if language not in frame["languages"]:
            raise UnknownName("language of instructions", language, [*frame["languages"]])
        fields = [f"- {name}: {meaning}" for name, meaning in frame["fields"].items() if name in metadata]
        told = (frame["role"], "\n".join((frame["fields_are"], *fields)), self.task, frame["rules"],
                frame["languages"][language], frame["form"])  # fmt: skip
        return "\n\n".join(part.strip() for part in told).replace("COUNT", str(self.count))


@cache
def get_family(name: str) -> Family:
    """The family called `name`. Raises `UnknownName`."""
    if name not in FAMILIES:
        raise UnknownName("instruction family", name, FAMILIES)
    table = _read(name)
    return Family(name, table["task"], table["count"])


@cache
def _read(name: str) -> dict[str, Any]:
    return tomllib.loads(files(__package__).joinpath("prompts", f"{name}.toml").read_text(encoding="utf-8"))
