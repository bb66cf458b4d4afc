"""Adding up verdicts: a line for one text, tables by file and by code for many."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from ..notation import CATALOGUE
from .verdict import Verdict

__all__ = ["Summary"]

COLUMNS = ("tunes", "valid", "error", "warning", "info")


@dataclass
class Summary:
    """Counts by file and by code, in the order in which files came."""

    files: dict[str, Counter[str]] = field(default_factory=dict)
    codes: Counter[str] = field(default_factory=Counter)
    applied: int = 0

    def add(self, verdict: Verdict) -> None:
        counts = self.files.setdefault(verdict.path, Counter())
        counts.update(tunes=verdict.tunes, valid=verdict.valid, **verdict.severities)
        self.codes.update(verdict.codes)
        self.applied += verdict.applied

    @property
    def totals(self) -> Counter[str]:
        return sum(self.files.values(), Counter())

    def sentence(self) -> str:
        """The whole in one line."""
        totals = self.totals
        faults = [_count(totals[name], name) for name in ("error", "warning", "info") if totals[name]]
        said = f"{_count(totals['tunes'], 'tune')}, {totals['valid']:,} valid: {', '.join(faults) or 'no faults'}"
        return f"{said}; {_count(self.applied, 'fix')} applied" if self.applied else said

    def tables(self) -> str:
        """What was found, by file (where there are several) and by code, for a person."""
        blocks = []
        if len(self.files) > 1:
            rows = [(path, *(f"{counts[name]:,}" for name in COLUMNS)) for path, counts in self.files.items()]
            totals = self.totals
            rows.append((f"{len(self.files):,} files", *(f"{totals[name]:,}" for name in COLUMNS)))
            blocks.append(_table(("", "tunes", "valid", "errors", "warnings", "infos"), rows))
        if self.codes:
            rows = [
                (f"{code} {CATALOGUE[code].severity}: {CATALOGUE[code].title}", f"{times:,}")
                for code, times in self.codes.most_common()
            ]
            blocks.append(_table(("", "times"), rows))
        return "\n".join(blocks)

    def as_dict(self) -> dict[str, object]:
        """A JSON-ready form."""
        return {
            "totals": {name: self.totals[name] for name in COLUMNS},
            "files": {path: {name: counts[name] for name in COLUMNS} for path, counts in self.files.items()},
            "codes": dict(self.codes.most_common()),
            "fixes_applied": self.applied,
        }


def _count(number: int, thing: str) -> str:
    plural = thing + ("es" if thing.endswith("x") else "s")
    return f"{number:,} {thing if number == 1 else plural}"


def _table(head: tuple[str, ...], rows: list[tuple[str, ...]]) -> str:
    widths = [max(len(row[column]) for row in (head, *rows)) for column in range(len(head))]
    lines = []
    for first, *others in (head, *rows):
        cells = [cell.rjust(width) for cell, width in zip(others, widths[1:], strict=True)]
        lines.append("  ".join([first.ljust(widths[0]), *cells]).rstrip())
    return "\n".join(lines) + "\n"
