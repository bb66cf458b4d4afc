"""The interface that programs know: `/v1/models` and `/v1/chat/completions`, whole and as server-sent events."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Generator, Iterator, Mapping
from contextlib import closing
from itertools import islice
from secrets import token_hex
from time import time
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, Response
from pydantic import BaseModel, Field

from ..backends import Backend, Sampling
from ..chat.session import draw_seed
from ..conversation import Conversation, Message
from ..errors import AbcllmError, UnknownName
from .faults import describe_fault, status_of
from .settings import Limits
from .workroom import Answer, AnswerStream, Workroom

__all__ = ["ChatMessage", "ChatRequest", "TextPart", "completions"]

MOST_MESSAGES = 1000


class TextPart(BaseModel):
    """A piece of a message; only text is read."""

    type: Literal["text"]
    text: str


class ChatMessage(BaseModel):
    """What one of the two said."""

    role: Literal["system", "developer", "user", "assistant"]
    content: str | list[TextPart]

    @property
    def text(self) -> str:
        """All that was said."""
        return self.content if isinstance(self.content, str) else "".join(part.text for part in self.content)


class ChatRequest(BaseModel):
    """As in OpenAI's interface; what is not named here is passed over. `guided` holds tunes to valid ABC.

    Where temperature and top_p are left out, the model chooses as is usual with it.
    """

    model: str = ""
    messages: Annotated[list[ChatMessage], Field(min_length=1, max_length=MOST_MESSAGES)]
    stream: bool = False
    n: Literal[1] = 1
    temperature: Annotated[float, Field(ge=0, le=10)] | None = None
    top_p: Annotated[float, Field(gt=0, le=1)] | None = None
    seed: Annotated[int, Field(ge=0)] | None = None
    max_tokens: Annotated[int, Field(ge=1)] | None = None
    max_completion_tokens: Annotated[int, Field(ge=1)] | None = None
    guided: bool = True

    @property
    def conversation(self) -> Conversation:
        """What was said so far."""
        role = {"developer": "system"}
        return Conversation(tuple(Message(role.get(m.role, m.role), m.text) for m in self.messages))  # type: ignore[arg-type]

    def sampling(self, backend: Backend) -> Sampling:
        """How that engine is to choose."""
        return backend.choosing(
            temperature=self.temperature,
            top_p=self.top_p,
            seed=draw_seed() if self.seed is None else self.seed,
            max_tokens=self.max_completion_tokens or self.max_tokens,
            guided=self.guided,
        )


def completions(backends: Mapping[str, Backend], room: Workroom, limits: Limits) -> APIRouter:
    """The two paths, answered by `backends`; the first where none is named."""
    router = APIRouter(prefix="/v1", tags=["OpenAI"])
    started = int(time())

    @router.get("/models")
    async def list_models() -> dict[str, Any]:
        """The models that answer here."""
        return {"object": "list", "data": [_model(name, started) for name in backends]}

    @router.get("/models/{name:path}")
    async def show_model(name: str) -> dict[str, Any]:
        """One of them."""
        if name not in backends:
            raise UnknownName("model", name, list(backends))
        return _model(name, started)

    @router.post("/chat/completions", response_model=None)
    async def complete(wish: ChatRequest, request: Request) -> Response:
        """The answer to the last message."""
        name = wish.model or next(iter(backends))
        if name not in backends:
            raise UnknownName("model", name, list(backends))
        limits.check_text("the conversation", *(message.text for message in wish.messages))
        sampling = wish.sampling(backends[name])
        pieces = _pieces(backends[name].generate(wish.conversation, sampling), sampling.max_tokens)
        client = request.client.host if request.client else ""
        answer = await room.stream(client, pieces)
        head = {"id": f"chatcmpl-{token_hex(12)}", "created": int(time()), "model": name}
        if wish.stream:
            return AnswerStream(answer, _events(answer, head))
        try:
            text = "".join([piece async for slice_ in answer for piece in slice_])
        finally:
            answer.close()
        choice = {"index": 0, "message": {"role": "assistant", "content": text}, "finish_reason": "stop"}
        return JSONResponse({**head, "object": "chat.completion", "choices": [choice]})

    return router


def _pieces(answer: Iterator[str], most: int) -> Generator[str]:
    """At most so many pieces, whatever the engine counts as a token."""
    if isinstance(answer, Generator):
        with closing(answer):
            yield from islice(answer, most)
    else:
        yield from islice(answer, most)


def _model(name: str, created: int) -> dict[str, Any]:
    return {"id": name, "object": "model", "created": created, "owned_by": "abcllm"}


async def _events(answer: Answer[str], head: dict[str, Any]) -> AsyncIterator[str]:
    def event(delta: dict[str, str], reason: str | None = None) -> str:
        choice = {"index": 0, "delta": delta, "finish_reason": reason}
        row = {**head, "object": "chat.completion.chunk", "choices": [choice]}
        return f"data: {json.dumps(row, ensure_ascii=False)}\n\n"

    yield event({"role": "assistant", "content": ""})
    try:
        async for slice_ in answer:
            yield event({"content": "".join(slice_)})
    except AbcllmError as fault:
        yield f"data: {json.dumps(describe_fault(status_of(fault), str(fault)), ensure_ascii=False)}\n\n"
    else:
        yield event({}, "stop")
    yield "data: [DONE]\n\n"
