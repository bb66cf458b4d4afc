"""The engine without a model: facts of the metadata, put into the questions and answers of `prompts/template.toml`."""

from __future__ import annotations

import json
import re
import tomllib
from functools import cache
from importlib.resources import files
from random import Random
from typing import Any

from ..errors import DataError, UsageError
from .asking import Request
from .facts import Facts, read_facts

__all__ = ["Template"]

SENTENCE_END = re.compile(r"(?<=[.!?])\s+")


class Template:
    """Answers from rules and wordings: the same request, the same answer, and nothing in it that is not known."""

    @property
    def name(self) -> str:
        return f"template {_wordings()['version']}"

    def answer(self, request: Request) -> str:
        """As many pairs as the family wants and the facts give. Raises `DataError` where they give none.

        Its wordings are English; another language raises `UsageError`.
        """
        if request.language != "en":
            raise UsageError(f"the template engine writes English only, not {request.language!r}; ask an endpoint")
        wordings = _wordings()
        record, family = request.record, request.family
        random = Random(f"{request.seed}/{family.name}/{record.source}/{record.id}")
        facts = read_facts(request.metadata)
        facts |= _described(facts, str(request.metadata.get("caption", "")), random)
        if "chords" in facts:
            facts["chord_count"] = facts["chords"]
        names = [name for name in wordings["families"][family.name] if name in facts]
        if not names:
            raise DataError(f"nothing is known that {family.name} could ask about")
        chosen = random.sample(names, min(family.count, len(names)))
        pairs = []
        for name in chosen:
            wording = wordings["pairs"][name]
            piece = _piece(random)
            pairs.append({side: _say(wording[key], facts[name] | piece, random)
                          for side, key in (("question", "ask"), ("answer", "answer"))})  # fmt: skip
        return json.dumps(pairs, ensure_ascii=False)


def _described(facts: Facts, caption: str, random: Random) -> Facts:
    """Facts for descriptions: the caption, and sentences about what is known besides."""
    told = [caption] if caption else []
    for name, wordings in _wordings()["sentences"].items():
        if name in facts and not (caption and name == "aspects"):
            told.append(_say(wordings, facts[name] | _piece(random), random))
    if not told:
        return {}
    description = " ".join(told)
    sentences = SENTENCE_END.split(description)
    found = {"describe": {"description": description}}
    if len(sentences) > 1:
        found |= {"describe_briefly": {"first": sentences[0]}, "stands_out": {"last": sentences[-1]}}
    return found


def _piece(random: Random) -> dict[str, str]:
    piece = random.choice(_wordings()["piece"])
    return {"piece": piece, "Piece": piece[:1].upper() + piece[1:]}


def _say(alternatives: list[str], values: dict[str, str], random: Random) -> str:
    said = random.choice(alternatives).format_map(values)
    return said[:1].upper() + said[1:]


@cache
def _wordings() -> dict[str, Any]:
    return tomllib.loads(files(__package__).joinpath("prompts", "template.toml").read_text(encoding="utf-8"))
