"""Paths for tunes: `/check`, `/render`, `/score`, `/convert`, `/read`."""

from __future__ import annotations

from typing import Annotated, Any
from urllib.parse import quote

from fastapi import APIRouter, Form, Request, UploadFile
from fastapi.responses import Response
from pydantic import BaseModel, Field

from ..notation import write
from .music import MEDIA_TYPES, File, check_text, convert_file, follow, read_file, read_tune, render
from .settings import Limits
from .workroom import Workroom

__all__ = ["Followed", "Text", "Wanted", "scores"]

QUICK_CHARACTERS = 10_000
FILES: dict[int | str, dict[str, Any]] = {
    200: {"content": {media.partition(";")[0]: {} for media in MEDIA_TYPES.values()}}
}


class Text(BaseModel):
    """ABC text."""

    abc: str


class Wanted(Text):
    """A tune of a text, as a file of a format: svg, pdf, png, midi, wav, mp3, musicxml, json, abc."""

    format: str = "svg"
    tune: Annotated[int, Field(ge=0)] | None = None


class Followed(Text):
    """A tune of a text, as a score for a screen; `narrow` for a phone."""

    narrow: bool = False


def scores(quick: Workroom, slow: Workroom, limits: Limits) -> APIRouter:
    """The paths. A tune is checked in the `quick` room, so that it waits for no score, no sound and no whole book."""
    router = APIRouter(tags=["tunes"])

    @router.post("/check")
    async def check(text: Text, request: Request) -> dict[str, Any]:
        """Every fault of a text with its line, column, reason and remedy, and the tunes in it."""
        room = quick if len(text.abc) <= QUICK_CHARACTERS else slow
        return await room.run(_client(request), check_text, text.abc, limits)

    @router.post("/render", response_class=Response, responses=FILES)
    async def render_(wanted: Wanted, request: Request) -> Response:
        """A tune printed, or made heard."""
        return _download(await slow.run(_client(request), _render, wanted, limits))

    @router.post("/score")
    async def score(wanted: Followed, request: Request) -> dict[str, Any]:
        """A tune engraved, with the time at which each note is heard."""
        return await slow.run(_client(request), _follow, wanted, limits)

    @router.post("/convert", response_class=Response, responses=FILES)
    async def convert(
        request: Request, file: UploadFile, to: Annotated[str, Form()] = "abc", key: Annotated[str, Form()] = ""
    ) -> Response:
        """A file of ABC, MIDI or MusicXML in another format, transposed where a key is given."""
        data, name = await file.read(), file.filename or ""
        return _download(await slow.run(_client(request), convert_file, data, name, to, key, limits))

    @router.post("/read")
    async def read(request: Request, file: UploadFile) -> dict[str, str]:
        """A file of ABC, MIDI or MusicXML as ABC text. MIDI is transcribed."""
        data, name = await file.read(), file.filename or ""
        return {"abc": await slow.run(_client(request), _read, data, name, limits)}

    return router


def _client(request: Request) -> str:
    return request.client.host if request.client else ""


def _render(wanted: Wanted, limits: Limits) -> File:
    return render(read_tune(wanted.abc, limits, wanted.tune), wanted.format, limits)


def _follow(wanted: Followed, limits: Limits) -> dict[str, Any]:
    return follow(read_tune(wanted.abc, limits), limits, narrow=wanted.narrow)


def _read(data: bytes, name: str, limits: Limits) -> str:
    return write(read_file(data, name, limits).tunes[0])


def _download(file: File) -> Response:
    name = f"attachment; filename*=UTF-8''{quote(file.name)}"
    return Response(file.data, media_type=file.media_type, headers={"Content-Disposition": name})
