"""Tools for assistants, by the Model Context Protocol: compose, check, render, convert, transpose.

Nothing is read from or written to this machine's files: tunes come and go as text, pictures and sound as content.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Literal
from urllib.parse import quote

from mcp.server.mcpserver import MCPServer
from mcp.server.mcpserver.exceptions import ToolError
from mcp_types import AudioContent, BlobResourceContents, EmbeddedResource, ImageContent, TextContent

from .. import __version__
from ..backends import Backend
from ..chat.session import draw_seed
from ..errors import AbcllmError, UsageError
from ..notation import write
from ..notation.transforms import transpose as transpose_tune
from .music import File, check_text, convert_file, read_tune
from .music import render as render_tune
from .settings import Limits
from .visit import Visit

__all__ = ["build_assistant"]

INSTRUCTIONS = "Tunes are ABC notation. Check what you write or change with the tool check before you show it."
Content = AudioContent | EmbeddedResource | ImageContent | TextContent


def build_assistant(backend: Backend, limits: Limits) -> MCPServer[Any]:
    """The server, with `backend` as the composer."""
    server: MCPServer[Any] = MCPServer("abcllm", version=__version__, instructions=INSTRUCTIONS, log_level="WARNING")

    @server.tool()
    def compose(request: str, seed: int | None = None, temperature: float | None = None) -> str:
        """Compose a tune: "a 16-bar jig in D", "a slow waltz in A minor". The answer is ABC, and what is said of it."""
        with _told():
            visit = Visit(backend, seed=draw_seed() if seed is None else seed)
            visit.sampling = backend.choosing(temperature=temperature)
            return "".join(visit.send(request))

    @server.tool()
    def check(abc: str) -> dict[str, Any]:
        """Every fault of ABC text with its line, column, reason and remedy, and the tunes in it."""
        with _told():
            return check_text(abc, limits)

    @server.tool(structured_output=False)
    def render(abc: str, format: Literal["png", "svg", "pdf", "mp3", "midi"] = "png") -> Content:
        """The first tune of ABC text engraved (png, svg, pdf) or made heard (mp3, midi)."""
        with _told():
            return _content(render_tune(read_tune(abc, limits), format, limits))

    @server.tool(structured_output=False)
    def convert(
        content: str, source: Literal["abc", "musicxml", "midi"], target: Literal["abc", "musicxml", "midi", "json"]
    ) -> Content:
        """A tune in another format. MIDI, both ways, is base64."""
        with _told():
            data = _decoded(content) if source == "midi" else content.encode()
            return _content(convert_file(data, f"tune.{source}", target, "", limits))

    @server.tool()
    def transpose(abc: str, key: str = "", semitones: int = 0) -> str:
        """The first tune of ABC text in another key ("G", "Em"), or so many semitones higher (below 0: lower)."""
        with _told():
            tune = read_tune(abc, limits)
            return write(transpose_tune(tune, key=key) if key else transpose_tune(tune, semitones=semitones))

    return server


@contextmanager
def _told() -> Iterator[None]:
    """What cannot be done is told to the assistant in our words."""
    try:
        yield
    except AbcllmError as fault:
        raise ToolError(str(fault)) from fault


def _decoded(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except binascii.Error as fault:
        raise UsageError(f"the MIDI file is not base64: {fault}") from None


def _content(file: File) -> Content:
    kind = file.media_type.partition(";")[0]
    if kind.startswith("text/") or kind.endswith(("xml", "json")):
        return TextContent(type="text", text=file.data.decode())
    data = base64.b64encode(file.data).decode()
    if kind.startswith("image/"):
        return ImageContent(type="image", data=data, mime_type=kind)
    if kind == "audio/mpeg":
        return AudioContent(type="audio", data=data, mime_type=kind)
    blob = BlobResourceContents(uri=f"abcllm:///{quote(file.name)}", mime_type=kind, blob=data)
    return EmbeddedResource(type="resource", resource=blob)
