"""The plan of a corpus: a TOML file that says which sources, which tasks, how much of each, and how it is split.

Values may hold `${NAME}` and `${NAME:-default}` from the environment. Folders are relative to the plan, those that the
environment names to the folder where one is. All that is wrong with a plan is said at once.
"""

from __future__ import annotations

import json
import os
import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields, replace
from hashlib import blake2b
from pathlib import Path
from typing import Any

from ..errors import ConfigError, FileError, UnknownName
from ..files import read_bytes
from ..licences import LicenceClass
from ..sources import get_source
from ..tasks import LANGUAGES, get_task, task_names

__all__ = ["FORMS", "Plan", "SourceOrder", "read_plan"]

FORMS = ("xtuner", "messages", "sound", "text", "arrow")
TEXTS = ("canonical", "source")
VARIABLE = re.compile(r"\$\{(\w+)(?::-([^}]*))?\}")


@dataclass(frozen=True, slots=True)
class SourceOrder:
    """One source of a plan: the data set, its folder, and what the plan says of it.

    `label` is its name in the corpus. `licence` replaces that of the card, for folders whose licence only the user
    knows. `optional`: where the folder or the data set's files are absent, it is passed over. `consent`: the user has
    the right that the card asks for. `transcribe`: records with a MIDI file and no tune get the tune that is written
    from it. `text` is `canonical` (tunes rewritten in one spelling) or `source` (as they stand). `fields` are the ABC
    fields that its canonical tunes keep, where they are not those of the plan. `weight` multiplies the shares of all
    tasks; `tasks` are the only ones that this source serves, where any are named.
    """

    name: str
    folder: str
    label: str = ""
    licence: str = ""
    optional: bool = False
    consent: bool = False
    text: str = "canonical"
    fields: str = ""
    transcribe: bool = True
    weight: float = 1.0
    tasks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Plan:
    """A corpus to be built. `pretrain` and `sft` say how many conversations of a task a record gives on average.

    `licence` is the least free class that is taken. `fields` are the ABC fields that canonical tunes keep;
    `bars_per_line` lays them out anew, with so many bars to a line and one unit note length (0: as their authors did).
    With `count_aloud`, answers in the training split count down the bars to come (`analysis.counting`).
    `keys` is in how many other keys a tune stands in the training split. `valid` and `test` are shares of tune
    families.
    `dedupe` drops the same melody or text when it comes again; `families` splits by family (false: by record).
    `check` false takes tunes unread (they are then neither repaired, deduplicated nor kept together).
    """

    name: str
    sources: tuple[SourceOrder, ...]
    pretrain: Mapping[str, float] = field(default_factory=dict)
    sft: Mapping[str, float] = field(default_factory=dict)
    seed: int = 0
    licence: str = "unknown"
    languages: Mapping[str, float] = field(default_factory=lambda: {"en": 1.0})
    forms: tuple[str, ...] = ("xtuner", "messages")
    fields: str = "TCORMLQKPVWU"
    bars_per_line: int = 0
    count_aloud: bool = False
    check: bool = True
    dedupe: bool = True
    families: bool = True
    valid: float = 0.0
    test: float = 0.0
    keys: int = 0
    evaluation: tuple[str, ...] = ()
    max_rejects: str = "20%"
    shard_rows: int = 2000

    @property
    def licence_class(self) -> LicenceClass:
        return LicenceClass.read(self.licence)

    @property
    def digest(self) -> str:
        """A hash of all that decides what is built."""
        return blake2b(json.dumps(asdict(self), sort_keys=True).encode(), digest_size=8).hexdigest()

    def agreed(self, labels: Sequence[str]) -> Plan:
        """The plan with the user's consent to the sources of these labels. Raises `UnknownName`."""
        known = [order.label for order in self.sources]
        for label in labels:
            if label not in known:
                raise UnknownName("source of the plan", label, known)
        orders = [replace(order, consent=order.consent or order.label in labels) for order in self.sources]
        return replace(self, sources=tuple(orders))

    def too_many(self, rejects: int, rows: int) -> bool:
        """True where more rows were rejected than the plan allows."""
        limit = self.max_rejects
        return rejects > (float(limit[:-1]) / 100 * rows if limit.endswith("%") else int(limit))


def read_plan(path: str | Path, **changes: Any) -> Plan:
    """The plan of a file, with values of it replaced by `changes`. Raises `ConfigError` with all that is wrong."""
    path = Path(path)
    try:
        table = tomllib.loads(read_bytes(path).decode("utf-8"))
    except FileError as fault:
        raise ConfigError([str(fault)]) from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as fault:
        raise ConfigError([f"{path}: not TOML: {fault}"]) from None
    reader = _Reader(path)
    plan = reader.plan(reader.filled(table, "") | {name: value for name, value in changes.items() if value is not None})
    if plan is None or reader.problems:
        raise ConfigError(reader.problems)
    return plan


class _Reader:
    """Reads the tables of one file and gathers what is wrong with them."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.problems: list[str] = []

    def say(self, key: str, what: str) -> None:
        self.problems.append(f"{self.path}: {key}: {what}")

    def filled(self, value: Any, key: str) -> Any:
        """The value with variables of the environment put in."""
        if isinstance(value, dict):
            return {name: self.filled(one, f"{key}.{name}".lstrip(".")) for name, one in value.items()}
        if isinstance(value, list):
            return [self.filled(one, key) for one in value]
        if not isinstance(value, str):
            return value

        def fill(found: re.Match[str]) -> str:
            name, default = found.groups()
            if name not in os.environ and default is None:
                self.say(key, f"the environment has no {name}; set it, or write ${{{name}:-default}}")
            value = os.environ.get(name)
            if value is None:
                return str(default or "")
            is_path = key.rpartition(".")[2] in ("folder", "evaluation")
            return os.path.abspath(os.path.expanduser(value)) if value and is_path else value

        return VARIABLE.sub(fill, value)

    def plan(self, table: dict[str, Any]) -> Plan | None:
        table = dict(table)
        orders = table.pop("source", [])
        table |= {"sources": tuple(filter(None, map(self.order, range(1, len(orders) + 1), orders)))}
        labels: set[str] = set()
        for at, order in enumerate(table["sources"], 1):
            if order.label in labels:
                self.say(f"source {at}", f'there is a source {order.label!r} already; name this one with as = "NAME"')
            labels.add(order.label)
        if not orders:
            self.say("source", "name at least one [[source]]")
        table.setdefault("name", self.path.stem)
        for name in ("forms", "evaluation"):
            if isinstance(table.get(name), list):
                table[name] = tuple(table[name])
        if isinstance(table.get("evaluation"), tuple):
            named = filter(None, table["evaluation"])  # a variable may be empty
            table["evaluation"] = tuple(str((self.path.parent / one).absolute()) for one in named)
        self.check_keys("the plan", table, Plan)
        for stage in ("pretrain", "sft"):
            for task, share in dict(table.get(stage, {})).items():
                self.check_task(stage, task, share)
        if not table.get("pretrain") and not table.get("sft"):
            self.say("pretrain, sft", "name at least one task")
        for language in table.get("languages", {}):
            if language not in LANGUAGES:
                self.say(f"languages.{language}", f"there are {', '.join(LANGUAGES)}")
        for form in table.get("forms", ()):
            if form not in FORMS:
                self.say("forms", f"there is no form {form!r}; there are {', '.join(FORMS)}")
        for name in ("valid", "test"):
            if not 0 <= table.get(name, 0) < 0.5:
                self.say(name, "a share from 0 to 0.5")
        if not 0 <= table.get("keys", 0) <= 14:
            self.say("keys", "a whole number from 0 to 14")
        if not re.fullmatch(r"\d+|\d+(\.\d+)?%", str(table.get("max_rejects", "0"))):
            self.say("max_rejects", 'a number of rows, or a share of them ("5%")')
        if not 0 <= table.get("bars_per_line", 0) <= 64:
            self.say("bars_per_line", "a whole number from 0 to 64")
        table["max_rejects"] = str(table.get("max_rejects", "20%"))
        try:
            LicenceClass.read(table.get("licence", "unknown"))
        except UnknownName as fault:
            self.say("licence", str(fault))
        return None if self.problems else Plan(**table)

    def order(self, at: int, table: dict[str, Any]) -> SourceOrder | None:
        key = f"source {at}"
        table = dict(table)
        if "as" in table:
            table["label"] = table.pop("as")
        before = len(self.problems)
        if isinstance(table.get("tasks"), list):
            table["tasks"] = tuple(table["tasks"])
        self.check_keys(key, table, SourceOrder)
        for task in table.get("tasks", ()):
            if task not in task_names():
                self.say(f"{key}: tasks", f"no task is called {task!r}")
        name = table.get("name")
        if not isinstance(name, str):
            self.say(key, 'says no "name"')
            return None
        try:
            get_source(name)
        except UnknownName as fault:
            self.say(key, str(fault))
        if table.get("text", TEXTS[0]) not in TEXTS:
            self.say(f"{key}: text", f"{' or '.join(TEXTS)}")
        table["label"] = table.get("label") or name
        table["folder"] = str((self.path.parent / table.get("folder", ".")).resolve())
        return None if len(self.problems) > before else SourceOrder(**table)

    def check_keys(self, key: str, table: Mapping[str, Any], kind: type[Plan | SourceOrder]) -> None:
        known = {one.name: one for one in fields(kind)}
        for name, value in table.items():
            if name not in known:
                self.say(f"{key}: {name}", f"no such key; there are {', '.join(sorted(known))}")
                continue
            wanted = _TYPES[str(known[name].type).split("[")[0]]
            if not isinstance(value, wanted) or (isinstance(value, bool) and bool not in wanted):
                self.say(f"{key}: {name}", f"{value!r} is not {' or '.join(one.__name__ for one in wanted)}")

    def check_task(self, stage: str, task: str, share: Any) -> None:
        try:
            kind = get_task(task).KIND
        except UnknownName as fault:
            self.say(f"{stage}.{task}", str(fault))
            return
        if kind != stage:
            self.say(f"{stage}.{task}", f"this task belongs under [{kind}]")
        if isinstance(share, bool) or not isinstance(share, int | float) or not 0 <= share <= 100:
            self.say(f"{stage}.{task}", "how many conversations a record gives on average, from 0 to 100")


_TYPES: dict[str, tuple[type, ...]] = {
    "str": (str,),
    "int": (int,),
    "float": (int, float),
    "bool": (bool,),
    "Mapping": (dict,),
    "tuple": (tuple,),
}
