"""The interface that programs know: `/v1/models` and `/v1/chat/completions`, whole and as server-sent events."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Generator, Mapping
from contextlib import closing
from itertools import islice
from secrets import token_hex
from time import time
from typing import Annotated, Any, Literal, Self

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, Response
from pydantic import BaseModel, Field, model_validator

from ..backends import Backend, Sampling
from ..chat.session import draw_seed
from ..conversation import Conversation, Message
from ..errors import AbcllmError, UnknownName
from .answering import answer, check_can_go_on, has_begun
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

    Where temperature and top_p are left out, the model chooses as is usual with it. A last message of the assistant has
    begun the answer: what follows on it is given. `continue_final_message` says the same, and is held to it.
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
    continue_final_message: bool | None = None

    @model_validator(mode="after")
    def _agree_on_the_last(self) -> Self:
        is_own = self.messages[-1].role == "assistant"
        if self.continue_final_message is True and not is_own:
            raise ValueError(
                "continue_final_message: the last message is not the assistant's; there is none to go on with"
            )
        if self.continue_final_message is False and is_own:
            raise ValueError(
                "continue_final_message: the last message is the assistant's and would be gone on with; "
                "for a new answer, end with a message of the user"
            )
        return self

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
        """The answer to the last message, or what follows on it where it is the assistant's."""
        name = wish.model or next(iter(backends))
        if name not in backends:
            raise UnknownName("model", name, list(backends))
        limits.check_text("the conversation", *(message.text for message in wish.messages))
        backend, conversation = backends[name], wish.conversation
        if has_begun(conversation):
            check_can_go_on(backend)
        client = request.client.host if request.client else ""
        said = await room.stream(client, _pieces(backend, conversation, wish.sampling(backend)))
        head = {"id": f"chatcmpl-{token_hex(12)}", "created": int(time()), "model": name}
        if wish.stream:
            return AnswerStream(said, _events(said, head))
        try:
            text = "".join([piece async for slice_ in said for piece in slice_])
        finally:
            said.close()
        choice = {"index": 0, "message": {"role": "assistant", "content": text}, "finish_reason": "stop"}
        return JSONResponse({**head, "object": "chat.completion", "choices": [choice]})

    return router


def _pieces(backend: Backend, conversation: Conversation, sampling: Sampling) -> Generator[str]:
    """The answer, begun when its first piece is wanted; as many as there may be, whatever the engine calls a token."""
    pieces = answer(backend, conversation, sampling)
    if isinstance(pieces, Generator):
        with closing(pieces):
            yield from islice(pieces, sampling.max_tokens)
    else:
        yield from islice(pieces, sampling.max_tokens)


def _model(name: str, created: int) -> dict[str, Any]:
    return {"id": name, "object": "model", "created": created, "owned_by": "abcllm"}


async def _events(said: Answer[str], head: dict[str, Any]) -> AsyncIterator[str]:
    def event(delta: dict[str, str], reason: str | None = None) -> str:
        choice = {"index": 0, "delta": delta, "finish_reason": reason}
        row = {**head, "object": "chat.completion.chunk", "choices": [choice]}
        return f"data: {json.dumps(row, ensure_ascii=False)}\n\n"

    yield event({"role": "assistant", "content": ""})
    try:
        async for slice_ in said:
            yield event({"content": "".join(slice_)})
    except AbcllmError as fault:
        yield f"data: {json.dumps(describe_fault(status_of(fault), str(fault)), ensure_ascii=False)}\n\n"
    else:
        yield event({}, "stop")
    yield "data: [DONE]\n\n"
