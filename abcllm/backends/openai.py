"""Any engine behind an OpenAI-compatible address: vLLM, LMDeploy, llama.cpp, SGLang, or one far away.

`openai:URL` asks the first model there, `openai:URL#MODEL` one by name, `openai:MODEL` at the address in
`OPENAI_BASE_URL`; a key is taken from `OPENAI_API_KEY` and sent to that address alone. The standard library speaks
all that is needed: one POST, and lines that come as they are chosen (server-sent events).
"""

from __future__ import annotations

import json
import os
import socket
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from http.client import HTTPException, HTTPResponse
from typing import Any, Final
from urllib.error import HTTPError, URLError
from urllib.request import Request as HttpRequest
from urllib.request import urlopen

from ..conversation import Conversation
from ..errors import BackendError, ContextFull, GenerationStopped, ModelNotFound, UsageError
from . import Sampling
from .resampling import TextBackend

__all__ = ["OpenAIBackend"]

URL_VARIABLE: Final = "OPENAI_BASE_URL"
KEY_VARIABLE: Final = "OPENAI_API_KEY"
TIMEOUT_S: Final = 120.0
LONGEST_LINE: Final = 4_000_000
LONGEST_FAULT: Final = 300
STREAMS: Final = 16
GOING_ON: Final = {"continue_final_message": True, "add_generation_prompt": False}
"""What vLLM and SGLang want to hear to go on with the last message; llama.cpp does so by itself."""


class OpenAIBackend(TextBackend):
    """Answers with the model `model` at `url`. Raises `UsageError` where no address is named, and `BackendError`."""

    name = "openai"

    def __init__(self, where: str = "", *, timeout_s: float = TIMEOUT_S) -> None:
        url, _, model = where.partition("#") if "://" in where else ("", "", where)
        self.url = (url or os.environ.get(URL_VARIABLE, "")).rstrip("/")
        self.timeout_s = timeout_s
        if not self.url.startswith(("http://", "https://")):
            raise UsageError(
                f"no address of an endpoint: say openai:http://HOST:PORT/v1, or set {URL_VARIABLE}"
                + (f", which is {self.url!r}" if self.url else "")
            )
        self.model = model or self._first_model()

    def generate_all(
        self, conversations: Sequence[Conversation], sampling: Sampling, streams: int = STREAMS
    ) -> list[str]:
        """The answers to many conversations, `streams` of which are asked for at a time."""
        with ThreadPoolExecutor(streams) as pool:
            return list(pool.map(lambda conversation: "".join(self.generate(conversation, sampling)), conversations))

    def models(self) -> list[str]:
        """The names of the models at the address. Raises `BackendError`."""
        with closing(self._open("models", None)) as response:
            found = _read_json(response.read(LONGEST_LINE), self.name)
        rows = found.get("data")
        if not isinstance(rows, list):
            raise BackendError(f"{self.url}/models lists no models", backend=self.name)
        return [str(row["id"]) for row in rows if isinstance(row, dict) and "id" in row]

    def _first_model(self) -> str:
        models = self.models()
        if not models:
            raise ModelNotFound(f"{self.url} has no model", backend=self.name)
        return models[0]

    def go_on(self, conversation: Conversation, sampling: Sampling, said: str, trial: int) -> Iterator[str]:
        messages = [{"role": message.role, "content": message.text} for message in conversation.messages]
        if said:
            messages.append({"role": "assistant", "content": said})
        body = {
            "model": self.model,
            "messages": messages,
            "temperature": sampling.temperature,
            "top_p": sampling.top_p,
            "max_tokens": sampling.max_tokens,
            "seed": sampling.seed + trial,
            "stream": True,
            **(GOING_ON if said else {}),
        }
        with closing(self._open("chat/completions", body)) as response:
            yield from self._read(response)

    def _open(self, path: str, body: dict[str, Any] | None) -> HTTPResponse:
        """The response to a request that was accepted."""
        headers = {"Accept": "text/event-stream, application/json", "Content-Type": "application/json"}
        data = None if body is None else json.dumps(body).encode()
        http = HttpRequest(f"{self.url}/{path}", data, headers)
        if key := os.environ.get(KEY_VARIABLE):
            http.add_unredirected_header("Authorization", f"Bearer {key}")
        try:
            response: HTTPResponse = urlopen(http, timeout=self.timeout_s)
        except HTTPError as fault:
            with fault:
                said = _fault_words(fault.read(LONGEST_LINE))
            if fault.code in (400, 422) and body and GOING_ON.items() <= body.items() and _is_unknown(said):
                return self._open(path, {name: value for name, value in body.items() if name not in GOING_ON})
            raise self._refusal(fault.code, said, path) from None
        except (URLError, HTTPException, OSError) as fault:
            reason = getattr(fault, "reason", fault)
            if isinstance(reason, socket.timeout):
                raise BackendError(f"{self.url} did not answer in {self.timeout_s:g} s", backend=self.name) from None
            raise BackendError(f"nobody answers at {self.url} ({reason}); is it running?", backend=self.name) from None
        return response

    def _refusal(self, status: int, said: str, path: str) -> BackendError:
        """What to raise for a status that is no success."""
        if status in (401, 403):
            hint = "its key is not accepted" if os.environ.get(KEY_VARIABLE) else "it wants a key"
            return BackendError(f"{self.url} answers {status} {said}: {hint}; set {KEY_VARIABLE}", backend=self.name)
        if status == 404 and path != "models":
            models = ", ".join(self.models())
            return ModelNotFound(f"{self.url} has no model {self.model!r}; it has {models}", backend=self.name)
        if status == 404:
            return BackendError(f"{self.url} is no OpenAI-compatible address; does it end in /v1?", backend=self.name)
        if status in (400, 413) and "context" in said.lower():
            return ContextFull(f"{self.url} answers {status}: {said}", backend=self.name)
        return BackendError(f"{self.url} answers {status}: {said}", backend=self.name)

    def _read(self, response: HTTPResponse) -> Iterator[str]:
        """The pieces of an answer as they come. Raises `GenerationStopped` where it breaks off."""
        if "text/event-stream" not in response.headers.get("Content-Type", ""):
            text, _ = _choice(_read_json(response.read(LONGEST_LINE), self.name), "message", self.name)
            yield text
            return
        ended = False
        try:
            while line := response.readline(LONGEST_LINE):
                field, _, value = line.strip().partition(b":")
                if field != b"data":
                    continue
                if value.strip() == b"[DONE]":
                    return
                text, finished = _choice(_read_json(value, self.name), "delta", self.name)
                ended = ended or finished
                if text:
                    yield text
        except (HTTPException, OSError) as fault:
            raise GenerationStopped(f"{self.url} broke off its answer: {fault}", backend=self.name) from None
        if not ended:
            raise GenerationStopped(f"{self.url} ended its answer before it was whole", backend=self.name)


def _read_json(data: bytes, name: str) -> dict[str, Any]:
    try:
        found = json.loads(data)
    except (ValueError, RecursionError):
        raise BackendError(f"the endpoint's answer is no JSON: {data[:60]!r}", backend=name) from None
    if not isinstance(found, dict):
        raise BackendError(f"the endpoint's answer is no JSON object: {data[:60]!r}", backend=name)
    if "error" in found:
        raise BackendError(f"the endpoint says: {_fault_words(data)}", backend=name)
    return found


def _choice(found: dict[str, Any], part: str, name: str) -> tuple[str, bool]:
    """The text of the first choice, and whether it is its last piece."""
    choices = found.get("choices")
    if choices == []:  # the last event may only count what was used
        return "", False
    try:
        choice = found["choices"][0]
        text = choice[part].get("content") or ""
        finished = choice.get("finish_reason") is not None
    except (LookupError, TypeError, AttributeError):
        raise BackendError(f"the endpoint's answer has no choice with a {part}", backend=name) from None
    if not isinstance(text, str):
        raise BackendError("the endpoint's answer is no text", backend=name)
    return text, finished


def _fault_words(data: bytes) -> str:
    """What an endpoint says went wrong, from JSON or as it stands."""
    text = data.decode("utf-8", "replace").strip()
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return text[:LONGEST_FAULT]
    said = found.get("error", found) if isinstance(found, dict) else found
    said = said.get("message", said) if isinstance(said, dict) else said
    return str(said)[:LONGEST_FAULT]


def _is_unknown(said: str) -> bool:
    """Whether an endpoint does not know what `GOING_ON` names."""
    return any(name in said for name in GOING_ON) or "unrecognized" in said.lower() or "extra" in said.lower()
