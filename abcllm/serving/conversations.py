"""Paths for conversations: begun, read again, gone on with, a tune of them changed by hand."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Callable, Generator
from typing import Any

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import Response
from pydantic import BaseModel

from ..backends import Backend
from ..chat.answers import summarize
from ..chat.version import Version
from ..errors import AbcllmError
from ..notation import Severity
from ..reply import read_reply
from .faults import status_of
from .music import list_facts
from .settings import Limits
from .shelf import Shelf
from .workroom import Answer, AnswerStream, Workroom

__all__ = ["Kept", "Said", "conversations"]

Event = dict[str, Any]


class Said(BaseModel):
    """A message. With `abc` it is about that text, where it differs from the latest tune."""

    text: str
    abc: str = ""


class Kept(BaseModel):
    """A tune changed by hand, to be kept as the latest."""

    abc: str


def conversations(backend: Backend, shelf: Shelf, composing: Workroom, quick: Workroom, limits: Limits) -> APIRouter:
    """The paths; `backend` composes, `shelf` keeps. One thing is done with a conversation at a time."""
    router = APIRouter(prefix="/conversations", tags=["conversations"])
    busy: dict[str, object] = {}

    def take(number: str) -> Callable[[], None]:
        """Have a conversation to oneself until what is returned is called. Raises `HTTPException` 409."""
        if number in busy:
            message = "this conversation is being answered; wait until that is done"
            raise HTTPException(409, message, {"Retry-After": "2"})
        ticket = busy[number] = object()

        def release() -> None:
            if busy.get(number) is ticket:
                del busy[number]

        return release

    @router.post("")
    async def begin() -> Event:
        """A new conversation."""
        return {"id": shelf.new_number(), "messages": [], "versions": []}

    @router.get("/{number}")
    async def reopen(number: str, request: Request) -> Event:
        """All that was said, and all tunes."""
        return await quick.run(_client(request), _show, shelf, number, backend)

    @router.post("/{number}/versions")
    async def keep(number: str, kept: Kept, request: Request) -> Event:
        """A tune changed by hand becomes the latest."""
        limits.check_text("the tune", kept.abc)
        release = take(number)
        try:
            return await quick.run(_client(request), _keep, shelf, number, backend, kept.abc)
        finally:
            release()

    @router.post("/{number}/messages", response_class=Response)
    async def say(number: str, said: Said, request: Request) -> Response:
        """An answer in server-sent events: `piece`s, then `repairs`, `versions`, `wish`es and `done`; or a `fault`."""
        limits.check_text("the message with its tune", said.text, said.abc)
        release = take(number)
        pieces = _answer(shelf, number, backend, said, release)
        answer = await composing.stream(_client(request), pieces, release)
        return AnswerStream(answer, _events(answer))

    return router


def _answer(shelf: Shelf, number: str, backend: Backend, said: Said, release: Callable[[], None]) -> Generator[Event]:
    """The answer in events; what there is of it is kept when it ends, and when it is broken off.

    `release` is called before the last event, for whoever has that may go on at once.
    """
    visit = shelf.open(number, backend)
    before = list(visit.history)
    if said.abc and (visit.version is None or visit.version.source.text != said.abc):
        visit.take(said.abc)
        yield _news(before, visit.history)
        before = list(visit.history)
    music: list[str] = []
    try:
        for piece in visit.answer(said.text):
            music += [piece.text] * piece.music
            yield {"type": "piece", "text": piece.text, "music": piece.music}
    finally:
        shelf.save(number, visit)
    if repairs := read_reply("".join(music)).repairs:
        yield {"type": "repairs", "repairs": [repair.as_dict() for repair in repairs]}
    if visit.history != before:
        yield _news(before, visit.history)
    for wish in visit.wishes:
        yield {"type": "wish", "what": wish}
    release()
    yield {"type": "done"}


def _news(before: list[Version], after: list[Version]) -> Event:
    """How the tunes have changed: the first `keep` are as they were, then come `versions`."""
    keep = next((at for at, (old, new) in enumerate(zip(before, after, strict=False)) if old is not new), None)
    keep = min(len(before), len(after)) if keep is None else keep
    return {"type": "versions", "keep": keep, "versions": [_plain(version) for version in after[keep:]]}


def _keep(shelf: Shelf, number: str, backend: Backend, abc: str) -> Event:
    visit = shelf.open(number, backend)
    before = list(visit.history)
    visit.take(abc)
    shelf.save(number, visit)
    return _news(before, visit.history)


def _show(shelf: Shelf, number: str, backend: Backend) -> Event:
    visit = shelf.open(number, backend)
    return {
        "id": number,
        "messages": [{"role": message.role, "text": message.text} for message in visit.conversation.messages],
        "versions": [_plain(version) for version in visit.history],
    }


def _plain(version: Version) -> Event:
    errors = sum(fault.severity is Severity.ERROR for fault in version.faults)
    return {
        "abc": version.source.text,
        "summary": summarize(version.tune),
        "facts": list_facts(version.tune),
        "errors": errors,
    }


async def _events(answer: Answer[Event]) -> AsyncIterator[str]:
    try:
        async for slice_ in answer:
            for event in slice_:
                yield f"data: {json.dumps(event, ensure_ascii=False)}\n\n"
    except AbcllmError as fault:
        told = {"type": "fault", "status": status_of(fault), "message": str(fault)}
        yield f"data: {json.dumps(told, ensure_ascii=False)}\n\n"


def _client(request: Request) -> str:
    return request.client.host if request.client else ""
