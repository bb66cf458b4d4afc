"""What is said of a fault: where, what is there, what was expected, what to do.

Codes are a letter for the place and three digits, and are never reused: `T` text, `H` header fields, `N` notes
and their neighbours, `R` rhythm and bars, `S` bar lines, repeats and endings, `V` voices, `D` decorations and
directives, `W` words, `A` answers of models. The catalogue of all codes is `catalogue.py`.
"""

from __future__ import annotations

from dataclasses import field

from .catalogue import CATALOGUE, Severity
from .nodes import node
from .source import NO_SPAN, Source, Span

__all__ = ["Diagnostic", "Findings", "Fix", "Severity", "apply_fixes"]


@node
class Fix:
    """A safe change: replace the characters of `span` by `replacement`."""

    span: Span
    replacement: str


@node
class Diagnostic:
    """One fault. `line` and `column` count from 1; `bar` and `voice` say where a player would look."""

    code: str
    severity: Severity
    message: str
    line: int
    column: int
    end_line: int
    end_column: int
    hint: str = ""
    bar: int | None = None
    voice: str = ""
    fix: Fix | None = None
    span: Span = field(default=NO_SPAN, compare=False, repr=False)

    def render(self, source: Source) -> str:
        """Three or four lines for a person: place and message, the text with carets under it, the hint."""
        head = f"{source.name}:{self.line}:{self.column}: {self.severity} {self.code}: {self.message}"
        text = source.line(self.line)
        first = self.column - 1
        last = max(self.end_column - 1 if self.end_line == self.line else len(text), first + 1)
        left = max(0, first - 60)
        shown, ellipsis = text[left : left + 100].replace("\t", " "), "..." if left else ""
        carets = " " * (first - left + len(ellipsis)) + "^" * (min(last, left + 100) - first)
        lines = [head, f"    {ellipsis}{shown}", f"    {carets}"]
        if self.hint:
            lines.append(f"    hint: {self.hint}")
        return "\n".join(lines)

    def as_dict(self) -> dict[str, object]:
        """A JSON-ready form."""
        return {
            "code": self.code,
            "severity": str(self.severity),
            "message": self.message,
            "line": self.line,
            "column": self.column,
            "end_line": self.end_line,
            "end_column": self.end_column,
            "hint": self.hint,
            "bar": self.bar,
            "voice": self.voice,
            "fix": None if self.fix is None else {"span": list(self.fix.span), "replacement": self.fix.replacement},
        }


class Findings:
    """Collects diagnostics for one source; `report` finds the place and the catalogue's severity."""

    __slots__ = ("diagnostics", "source")

    def __init__(self, source: Source) -> None:
        self.source = source
        self.diagnostics: list[Diagnostic] = []

    def report(
        self,
        code: str,
        span: Span | tuple[int, int],
        message: str,
        hint: str = "",
        *,
        bar: int | None = None,
        voice: str = "",
        fix: Fix | None = None,
    ) -> None:
        start, end = span
        line, column = self.source.position(start)
        end_line, end_column = self.source.position(max(start, end))
        rule = CATALOGUE[code]
        self.diagnostics.append(
            Diagnostic(
                code,
                rule.severity,
                message,
                line,
                column,
                end_line,
                end_column,
                hint or rule.hint,
                bar,
                voice,
                fix,
                Span(start, end),
            )
        )

    def take(self, before: int | None = None) -> list[Diagnostic]:
        """Hand over what was found in front of an offset (None: everything), and forget it."""
        if before is None:
            taken, self.diagnostics = self.diagnostics, []
            return taken
        taken = [diagnostic for diagnostic in self.diagnostics if diagnostic.span.start < before]
        self.diagnostics = [diagnostic for diagnostic in self.diagnostics if diagnostic.span.start >= before]
        return taken


def apply_fixes(text: str, diagnostics: tuple[Diagnostic, ...]) -> tuple[str, int]:
    """Apply all fixes that do not overlap; returns the new text and how many were applied."""
    fixes = sorted((d.fix for d in diagnostics if d.fix is not None), key=lambda fix: fix.span)
    parts: list[str] = []
    at = applied = 0
    for fix in fixes:
        if fix.span.start >= at:
            parts += [text[at : fix.span.start], fix.replacement]
            at = fix.span.end
            applied += 1
    parts.append(text[at:])
    return "".join(parts), applied
