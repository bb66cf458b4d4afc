"""Answers in the forms that models write, each with the tunes that are meant and with what is said of it.

`*.toml` hold `[[reply]]`: `name`, `text`, `tunes` (those of `tunes.abc`, by X:) or `abc`, and what is kept of a
reading: `said` (place and code of every diagnostic) and `prose`. `loose` names what a form cannot carry (a title).
`tools/regolden zoo` reads them all again and shows what changed in `said` and `prose`.
"""

from __future__ import annotations

import json
import tomllib
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from abcllm.notation import Tune, parse
from abcllm.reply import Reply, read_reply

__all__ = ["FILES", "Case", "as_meant", "read_again", "read_cases", "write_cases"]

FOLDER = Path(__file__).parent
FILES = sorted(FOLDER.glob("*.toml"))
TUNES = {tune.number: tune for tune in parse((FOLDER / "tunes.abc").read_text(encoding="utf-8")).tunes}


@dataclass(frozen=True)
class Case:
    """One answer; `tunes` and `abc` say what is meant, `said` and `prose` what was read when it was last looked at."""

    name: str
    text: str = ""
    tunes: tuple[int, ...] = ()
    abc: str = ""
    loose: tuple[str, ...] = ()
    said: tuple[str, ...] = ()
    prose: str = ""

    @property
    def meant(self) -> list[Tune]:
        """The tunes that a musician would find in the answer."""
        return [*parse(self.abc).tunes] if self.abc else [TUNES[number] for number in self.tunes]


def as_meant(tune: Tune, loose: tuple[str, ...]) -> dict[str, object]:
    """What must be equal in a tune that was read and in the one that was meant."""
    whole = {
        "title": tune.title,
        "meter": tune.meter,
        "unit length": tune.unit_length,
        "key": tune.key,
        "music": [[bar.items for bar in voice.bars] for voice in tune.voices],
    }
    return {name: value for name, value in whole.items() if name not in loose}


def said_of(reply: Reply) -> tuple[str, ...]:
    """Place and code of each diagnostic."""
    return tuple(f"{one.line}:{one.column} {one.code}" for one in reply.diagnostics)


def read_again(case: Case) -> Case:
    """The case with what is read now."""
    reply = read_reply(case.text)
    return replace(case, said=said_of(reply), prose=reply.prose)


def read_cases(path: Path) -> list[Case]:
    """The cases of a file."""
    rows: list[dict[str, Any]] = tomllib.loads(path.read_text(encoding="utf-8"))["reply"]
    return [Case(**{name: tuple(v) if isinstance(v, list) else v for name, v in row.items()}) for row in rows]


def write_cases(cases: list[Case]) -> str:
    """The text of a file of cases."""
    return "\n".join(
        "[[reply]]\n"
        + "".join(
            f"{name} = {_value(getattr(case, name))}\n" for name in Case.__dataclass_fields__ if getattr(case, name)
        )
        for case in cases
    )


def _value(value: object) -> str:
    """A value as TOML writes it: texts of several lines as they are where nothing in them would be lost."""
    if isinstance(value, str) and "\n" in value and value.replace("\n", "").isprintable() and "'''" not in f"{value}''":
        return f"'''\n{value}'''"
    if isinstance(value, tuple):
        return "[" + ", ".join(_value(one) for one in value) + "]"
    return json.dumps(value).replace("\x7f", "\\u007f")
