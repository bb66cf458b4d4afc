"""HTML to words."""

from __future__ import annotations

from html.parser import HTMLParser

__all__ = ["plain_text"]


def plain_text(markup: str) -> str:
    """The words of HTML, spaces made single.

    >>> plain_text("<p>Songs by <b>Nicky</b>&nbsp;Cook</p><p>Colchester</p>")
    'Songs by Nicky Cook Colchester'
    """
    reader = _Words()
    reader.feed(markup)
    reader.close()
    return " ".join("".join(reader.words).split())


class _Words(HTMLParser):
    """Gathers the text between tags; what stands in scripts and styles is no text."""

    SILENT = frozenset({"script", "style"})
    JOINING = frozenset({"a", "b", "em", "i", "span", "strong", "u"})

    def __init__(self) -> None:
        super().__init__()
        self.words: list[str] = []
        self.silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.silent += tag in self.SILENT
        self.words += [] if tag in self.JOINING else [" "]

    def handle_endtag(self, tag: str) -> None:
        self.silent -= tag in self.SILENT and self.silent > 0

    def handle_data(self, data: str) -> None:
        if not self.silent:
            self.words.append(data)
