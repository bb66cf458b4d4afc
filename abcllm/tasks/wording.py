"""Wordings: how a request or an answer is said, grown from the small grammars in `prompts/`.

A grammar is a TOML table a language: rules by name, each a list of alternatives. `{name}` in an alternative is the
value of that name where one is given, else a random alternative of the rule. Rules of `prompts/shared.toml` are there
for all. Spaces are tidied, and an English sentence begins with a capital letter.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from random import Random

from ..errors import ConfigError

__all__ = ["Wording", "wording"]

SLOT = re.compile(r"\{(\w+)\}")
KEPT = re.compile("\0(\\w+)\0")
BEGINNING = re.compile(r"(?:\A|[.?!]\s+)[a-z]")
DEEPEST = 12


class Wording:
    """The grammar of one task in one language."""

    def __init__(self, name: str, language: str, rules: dict[str, list[str]]) -> None:
        self.name = name
        self.language = language
        self.rules = rules

    def say(self, rule: str, random: Random, **values: object) -> str:
        """One wording of the rule, with the values as they are. Raises `ConfigError` where the grammar lacks a rule."""
        said = _tidy(self._expand(self._choose(rule, random), random, values, 0), self.language)
        return KEPT.sub(lambda found: str(values[found.group(1)]), said)

    def count(self, rule: str, *values: str) -> int:
        """How many wordings the rule has; `values` are names that stand for one thing each."""
        total = 0
        for alternative in self._rule(rule):
            ways = 1
            for name in SLOT.findall(alternative):
                ways *= 1 if name in values or name not in self.rules else self.count(name, *values)
            total += ways
        return total

    def _expand(self, text: str, random: Random, values: Mapping[str, object], depth: int) -> str:
        """The text with rules carried out; names that have a value are marked, for that value must not be tidied."""
        if depth > DEEPEST:
            raise ConfigError([f"prompts/{self.name}.toml: a rule of [{self.language}] leads back to itself"])

        def expand(found: re.Match[str]) -> str:
            name = found.group(1)
            if name in values:
                return f"\0{name}\0"
            return self._expand(self._choose(name, random), random, values, depth + 1)

        return SLOT.sub(expand, text)

    def _choose(self, name: str, random: Random) -> str:
        return random.choice(self._rule(name))

    def _rule(self, name: str) -> list[str]:
        if name not in self.rules:
            raise ConfigError([f"prompts/{self.name}.toml: [{self.language}] has no rule {name!r}"])
        return self.rules[name]


@cache
def wording(name: str, language: str) -> Wording:
    """The grammar `prompts/NAME.toml` in a language, with the shared rules. Raises `ConfigError`."""
    rules: dict[str, list[str]] = {}
    for file in ("shared", name):
        tables = tomllib.loads(files(__package__).joinpath("prompts", f"{file}.toml").read_text(encoding="utf-8"))
        rules |= tables.get(language, {})
    return Wording(name, language, rules)


def _tidy(text: str, language: str) -> str:
    """Single spaces, none before a full stop, and a capital letter where an English sentence begins."""
    lines = []
    for line in text.split("\n"):
        line = re.sub(r"[ \t]+", " ", line).strip()
        line = re.sub(r" ([,.;:?!])(?=\s|$)", r"\1", line)
        lines.append(line)
    said = "\n".join(lines)
    return BEGINNING.sub(lambda found: found.group().upper(), said) if language == "en" else said
