"""Engines behind an address: what they say is streamed, held to valid ABC, and what goes wrong is said."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from abcllm.backends import Sampling, get_backend
from abcllm.backends.openai import OpenAIBackend
from abcllm.conversation import Conversation, Message
from abcllm.errors import BackendError, ContextFull, GenerationStopped, ModelNotFound, UsageError
from abcllm.reply import read_reply
from abcllm.request import Request

ASKED = Conversation((Message("system", "You compose."), Message("user", "A reel?")))
PLAIN = Sampling(guided=False)
HEADER = "X:1\nM:4/4\nL:1/4\nK:D\n"


class Server(ThreadingHTTPServer):
    """Answers with what `answer` makes of a request's body: pieces to stream, or a status and a text."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.answer: Callable[[dict[str, Any]], list[str] | tuple[int, str]] = lambda _: ["Hello", ", you."]
        self.asked: list[tuple[dict[str, str], dict[str, Any]]] = []
        self.models = ["folk-7b", "other"]
        self.breaks_off = self.ends_early = self.whole = False
        self.pause_s = 0.0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/v1"


class Handler(BaseHTTPRequestHandler):
    server: Server

    def do_GET(self) -> None:
        if self.path == "/v1/models":
            self._send(200, {"data": [{"id": name} for name in self.server.models]})
        else:
            self._send(404, {"error": "no such page"})

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.asked.append((dict(self.headers.items()), body))
        time.sleep(self.server.pause_s)
        answer = self.server.answer(body)
        if isinstance(answer, tuple):
            self._send(answer[0], answer[1])
        elif self.server.whole:
            self._send(200, {"choices": [{"message": {"content": "".join(answer)}, "finish_reason": "stop"}]})
        else:
            self._stream(answer)

    def _stream(self, pieces: list[str]) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream; charset=utf-8")
        if self.server.breaks_off:
            self.send_header("Content-Length", "100000")
        self.end_headers()
        try:
            self.wfile.write(b": a comment\n\n")
            for piece in pieces:
                self._event({"choices": [{"delta": {"content": piece}, "finish_reason": None}]})
            if not (self.server.breaks_off or self.server.ends_early):
                self._event({"choices": [{"delta": {}, "finish_reason": "stop"}]})
                self._event({"choices": [], "usage": {"completion_tokens": len(pieces)}})
                self.wfile.write(b"data: [DONE]\n\n")
        except BrokenPipeError:  # whoever asked has heard enough
            self.close_connection = True

    def _event(self, event: dict[str, Any]) -> None:
        self.wfile.write(b"data: " + json.dumps(event).encode() + b"\n\n")

    def _send(self, status: int, answer: object) -> None:
        content = answer.encode() if isinstance(answer, str) else json.dumps(answer).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format: str, *args: Any) -> None:
        """Silent."""


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    for name in ("OPENAI_API_KEY", "OPENAI_BASE_URL"):
        monkeypatch.delenv(name, raising=False)
    with Server() as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def test_an_answer_is_streamed(server: Server) -> None:
    engine = get_backend(f"openai:{server.url}")
    sampling = Sampling(temperature=0.5, top_p=0.9, seed=7, max_tokens=99, guided=False)
    assert list(engine.generate(ASKED, sampling)) == ["Hello", ", you."]
    ((headers, body),) = server.asked
    assert "Authorization" not in headers
    assert body == {
        "model": "folk-7b",
        "messages": [{"role": "system", "content": "You compose."}, {"role": "user", "content": "A reel?"}],
        "temperature": 0.5, "top_p": 0.9, "max_tokens": 99, "seed": 7, "stream": True,
    }  # fmt: skip


def test_the_environment_names_address_and_key(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_BASE_URL", f"{server.url}/")
    monkeypatch.setenv("OPENAI_API_KEY", "secret")
    assert "".join(get_backend("openai:other").generate(ASKED, PLAIN)) == "Hello, you."
    ((headers, body),) = server.asked
    assert (headers["Authorization"], body["model"]) == ("Bearer secret", "other")


def test_a_server_that_does_not_stream(server: Server) -> None:
    server.whole = True
    assert list(OpenAIBackend(server.url).generate(ASKED, PLAIN)) == ["Hello, you."]


def test_many_at_once(server: Server) -> None:
    server.answer = lambda body: [body["messages"][-1]["content"]]
    asked = [Conversation((Message("user", str(number)),)) for number in range(8)]
    assert OpenAIBackend(server.url).generate_all(asked, PLAIN, 4) == [str(number) for number in range(8)]


def test_a_tune_is_held_to_exact_bars(server: Server) -> None:
    """The first bars that come are too long; the engine is asked to go on from the last one that is right."""

    def answer(body: dict[str, Any]) -> list[str]:
        said = body["messages"][-1]["content"] if body["messages"][-1]["role"] == "assistant" else ""
        if not said:
            return ["Here: \n", HEADER, "D E F G|", "A B c d e|"]
        assert said == f"Here: \n{HEADER}D E F G|"
        assert body["continue_final_message"]
        return ["A B c d e|"] if body["seed"] < 3 else ["A B c", " d|", "d4|]\n", "\nEnjoy!"]

    server.answer = answer
    text = "".join(OpenAIBackend(server.url).generate(ASKED, Sampling()))
    assert text == f"Here: \n{HEADER}D E F G|A B c d|d4|]\n\nEnjoy!"
    assert [body["seed"] for _, body in server.asked] == [0, 1, 2, 3]


def test_an_engine_that_never_learns_is_ended(server: Server) -> None:
    server.answer = lambda body: [HEADER, "D E F G|"] if body["seed"] == 0 else ["k" * 9]
    text = "".join(OpenAIBackend(server.url).generate(ASKED, Sampling()))
    assert text.startswith(f"{HEADER}D E F G|")
    assert read_reply(text).valid
    assert len(server.asked) < 12


def test_an_endpoint_that_cannot_be_told_to_go_on(server: Server) -> None:
    def answer(body: dict[str, Any]) -> list[str] | tuple[int, str]:
        if "continue_final_message" in body:
            return 400, json.dumps({"error": {"message": "Unrecognized request argument: continue_final_message"}})
        return [f"{HEADER}D E F G|A8|"] if body["messages"][-1]["role"] == "user" else ["A4|]\n"]

    server.answer = answer
    assert "".join(OpenAIBackend(server.url).generate(ASKED, Sampling())) == f"{HEADER}D E F G|A4|]\n"


@pytest.mark.parametrize("guided", [True, False])
def test_a_tune_that_is_asked_for_begins_with_its_header(server: Server, guided: bool) -> None:
    """The header is given; guided, the answer ends when it has the bars that were asked for."""

    def answer(body: dict[str, Any]) -> list[str]:
        asked, begun = body["messages"]
        assert asked["content"].startswith("Compose a 4-bar jig in D and 6/8 in ABC notation.")
        assert begun["role"] == "assistant"
        return ["D3 F3|A3 d3|", "f3 d3|D6|]\n", "And so on: d6|\n"]

    server.answer = answer
    request = replace(Request.for_rhythm("jig"), bars=4)
    text = "".join(OpenAIBackend(server.url).compose(request, Sampling(guided=guided)))
    (tune,) = read_reply(text).tunes
    assert (str(tune.key), str(tune.meter), tune.rhythm) == ("D", "6/8", "jig")
    assert text.endswith("K:D\nD3 F3|A3 d3|f3 d3|D6|]\n" + ("" if guided else "And so on: d6|\n"))


def test_words_are_left_alone(server: Server) -> None:
    server.answer = lambda _: ["D has two ", "sharps: 好", "。"]
    assert "".join(OpenAIBackend(server.url).generate(ASKED, Sampling())) == "D has two sharps: 好。"


@pytest.mark.parametrize(
    ("status", "said", "kind", "message"),
    [
        (401, '{"error": {"message": "bad key"}}', BackendError, "401 bad key: it wants a key; set OPENAI_API_KEY"),
        (404, "{}", ModelNotFound, "has no model 'folk-7b'; it has folk-7b, other"),
        (400, '{"message": "maximum context length is 2048"}', ContextFull, "maximum context length"),
        (429, "slow down", BackendError, "answers 429: slow down"),
        (500, "<html>oops", BackendError, "answers 500: <html>oops"),
    ],
)
def test_what_is_refused(server: Server, status: int, said: str, kind: type[BackendError], message: str) -> None:
    server.answer = lambda _: (status, said)
    engine = OpenAIBackend(server.url)
    with pytest.raises(kind, match=message) as raised:
        list(engine.generate(ASKED, PLAIN))
    assert raised.value.backend == "openai"


def test_a_stream_that_breaks_off(server: Server) -> None:
    engine = OpenAIBackend(server.url)
    server.breaks_off = True
    with pytest.raises(GenerationStopped, match=r"broke off|before it was whole"):
        list(engine.generate(ASKED, PLAIN))
    server.breaks_off, server.ends_early = False, True
    pieces = engine.generate(ASKED, PLAIN)
    assert next(pieces) == "Hello"
    with pytest.raises(GenerationStopped, match="before it was whole"):
        list(pieces)


def test_an_endpoint_that_says_nothing(server: Server) -> None:
    engine = OpenAIBackend(server.url, timeout_s=0.2)
    server.pause_s = 1.0
    with pytest.raises(BackendError, match=r"did not answer in 0\.2 s"):
        list(engine.generate(ASKED, PLAIN))


def test_nobody_there(server: Server) -> None:
    engine = OpenAIBackend(f"{server.url}#folk-7b")
    server.shutdown()
    server.server_close()
    with pytest.raises(BackendError, match="nobody answers at http://127"):
        list(engine.generate(ASKED, PLAIN))


@pytest.mark.parametrize("body", ["<html>", "[]", "{}", '{"choices": [{"message": 1}]}', '{"error": "gone mad"}'])
def test_what_is_no_answer(server: Server, body: str) -> None:
    server.answer = lambda _: (200, body)
    with pytest.raises(BackendError, match="the endpoint"):
        list(OpenAIBackend(server.url).generate(ASKED, PLAIN))


def test_an_address_without_models(server: Server) -> None:
    server.models = []
    with pytest.raises(ModelNotFound, match="has no model"):
        OpenAIBackend(server.url)
    with pytest.raises(BackendError, match="does it end in /v1"):
        OpenAIBackend(server.url.removesuffix("/v1"))


@pytest.mark.parametrize("where", ["", "folk-7b", "file:///etc/passwd", "ftp://127.0.0.1/v1#m"])
def test_what_is_no_address(server: Server, where: str) -> None:
    with pytest.raises(UsageError, match="no address of an endpoint"):
        OpenAIBackend(where)
