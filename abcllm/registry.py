"""Names to things, loaded when they are used.

A registry is a dict of strings, `{"midi": "abcllm.formats.midi:write_midi"}`: nothing is imported until a name is
asked for. Other packages join through entry points of a group named as the registry is
(`[project.entry-points."abcllm.formats"]`); a name that abcllm has itself always means its own.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib import import_module
from typing import Any

from .errors import UnknownName

__all__ = ["load", "names", "resolve"]


def load(target: str) -> Any:
    """The thing that `"module:attribute"` names, or the module where there is no attribute.

    >>> load("fractions:Fraction")("1/8")
    Fraction(1, 8)
    """
    module, _, attribute = target.partition(":")
    found = import_module(module)
    return getattr(found, attribute) if attribute else found


def names(entries: Mapping[str, str], group: str = "") -> list[str]:
    """All names, those of other packages included."""
    return sorted({*entries, *_entry_points(group)})


def resolve(kind: str, entries: Mapping[str, str], name: str, group: str = "") -> Any:
    """The thing called `name`. Raises `UnknownName`, which says what else could have been meant."""
    target = entries.get(name) or _entry_points(group).get(name)
    if target is None:
        raise UnknownName(kind, name, names(entries, group))
    return load(target)


@cache
def _entry_points(group: str) -> dict[str, str]:
    if not group:
        return {}
    from importlib.metadata import entry_points

    return {point.name: point.value for point in entry_points(group=group)}
