"""A chat model behind an address: what passes is waited for, what does not is said."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from abcllm.errors import BackendError, DataError, UsageError
from abcllm.instructing import Endpoint, Request, Summary, generate, get_family
from abcllm.instructing import endpoint as module
from abcllm.record import Place, Record

TRACK = Record("2", "fma", "MIT", Place("t.csv", 4), tags={"genre": "Folk"})
REQUEST = Request(TRACK, get_family("mir"), {"track.genre_top": "Folk"}, seed=5)
PAIRS = json.dumps([{"question": "Which style?", "answer": "Folk."}])


class Server(ThreadingHTTPServer):
    """Answers each request with the next of `replies`: a status, a body, headers."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.replies: list[tuple[int, Any, dict[str, str]]] = []
        self.asked: list[tuple[str, dict[str, str], dict[str, Any]]] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/v1"

    def say(self, text: str | None, finish_reason: str = "stop") -> None:
        choice = {"message": {"role": "assistant", "content": text}, "finish_reason": finish_reason}
        self.replies.append((200, {"choices": [choice]}, {}))


class Handler(BaseHTTPRequestHandler):
    server: Server

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.asked.append((self.path, dict(self.headers.items()), body))
        status, reply, headers = self.server.replies.pop(0)
        content = json.dumps(reply).encode() if not isinstance(reply, bytes) else reply
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def do_GET(self) -> None:
        self.server.asked.append((self.path, dict(self.headers.items()), {}))
        self.send_error(404)

    def log_message(self, format: str, *args: Any) -> None:
        """Silent."""


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    with Server() as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield server
        server.shutdown()
        thread.join()


@pytest.fixture
def pauses(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The pauses that are made, which take no time."""
    made: list[float] = []
    monkeypatch.setattr(module.time, "sleep", made.append)
    return made


def test_what_is_sent(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MY_KEY", "secret")
    server.say(PAIRS)
    assert Endpoint(server.url, "folk-7b", key_variable="MY_KEY", temperature=0.2).answer(REQUEST) == PAIRS
    ((path, headers, body),) = server.asked
    assert path == "/v1/chat/completions"
    assert headers["Authorization"] == "Bearer secret"
    assert (body["model"], body["temperature"], body["seed"], body["max_tokens"]) == ("folk-7b", 0.2, 5, 4096)
    system, user = body["messages"]
    assert system == {"role": "system", "content": REQUEST.instructions}
    assert user == {"role": "user", "content": '{"track.genre_top": "Folk"}'}


def test_without_a_key_none_is_sent(server: Server) -> None:
    server.say(PAIRS)
    Endpoint(f"{server.url}/", "m").answer(REQUEST)
    path, headers, _ = server.asked[0]
    assert path == "/v1/chat/completions"
    assert "Authorization" not in headers


def test_what_passes_is_waited_for(server: Server, pauses: list[float]) -> None:
    server.replies += [(429, {}, {"Retry-After": "7"}), (503, {}, {}), (500, {}, {"Retry-After": "Fri, 31 Dec 1999"}),
                       (429, {}, {"Retry-After": "86400"})]  # fmt: skip
    server.say(PAIRS)
    assert Endpoint(server.url, "m", pause_s=0.5).answer(REQUEST) == PAIRS
    assert pauses == [7, 1, 2, 60]


def test_what_does_not_pass_is_given_up(server: Server, pauses: list[float]) -> None:
    server.replies += [(503, b"busy", {})] * 3
    with pytest.raises(BackendError, match=r"did not answer 3 times; at last: 503 busy"):
        Endpoint(server.url, "m", attempts=3).answer(REQUEST)
    assert pauses == [1, 2]


def test_a_key_is_not_taken_along_to_another_address(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "secret")
    server.replies.append((302, b"", {"Location": f"{server.url}/elsewhere"}))
    with pytest.raises(BackendError, match="answers 404"):
        Endpoint(server.url, "m").answer(REQUEST)
    (_, first, _), (path, then, _) = server.asked
    assert (path, first.get("Authorization")) == ("/v1/elsewhere", "Bearer secret")
    assert "Authorization" not in then


@pytest.mark.parametrize("status", [401, 403, 404])
def test_what_no_other_question_would_mend_ends_the_work(server: Server, pauses: list[float], status: int) -> None:
    server.replies.append((status, {"error": "no"}, {}))
    with pytest.raises(BackendError, match=f"answers {status}") as raised:
        Endpoint(server.url, "m").answer(REQUEST)
    assert raised.value.backend == "endpoint m 0.7"
    assert not pauses


@pytest.mark.parametrize("status", [400, 413, 422])
def test_what_concerns_this_question_alone_rejects_it(server: Server, pauses: list[float], status: int) -> None:
    server.replies.append((status, b"too long", {}))
    with pytest.raises(DataError, match=f"the endpoint refused: {status} too long"):
        Endpoint(server.url, "m").answer(REQUEST)
    assert not pauses


@pytest.mark.parametrize("body", [b"<html>", b"{}", b"[]", b'{"choices": []}', b'{"choices": [{"message": null}]}'])
def test_what_is_no_chat_completion(server: Server, body: bytes) -> None:
    server.replies.append((200, body, {}))
    with pytest.raises(DataError, match="no chat completion"):
        Endpoint(server.url, "m").answer(REQUEST)


def test_answers_that_are_cut_off_or_empty(server: Server) -> None:
    server.say(PAIRS[:20], finish_reason="length")
    server.say(None)
    with pytest.raises(DataError, match="cut off"):
        Endpoint(server.url, "m").answer(REQUEST)
    with pytest.raises(DataError, match="has no text"):
        Endpoint(server.url, "m").answer(REQUEST)


def test_nobody_there(server: Server, pauses: list[float]) -> None:
    server.server_close()
    with pytest.raises(BackendError, match="did not answer 2 times"):
        Endpoint(server.url, "m", attempts=2, timeout_s=5).answer(REQUEST)
    assert len(pauses) == 1


@pytest.mark.parametrize("url", ["127.0.0.1:8000", "file:///etc/passwd", ""])
def test_what_is_no_address(url: str) -> None:
    with pytest.raises(UsageError, match="no address of an endpoint"):
        Endpoint(url, "m")


def test_a_whole_run(server: Server, tmp_path: Path, pauses: list[float]) -> None:
    server.say(PAIRS)
    server.replies.append((503, {}, {}))
    server.say("I would rather not.")
    out = tmp_path / "instructions.jsonl"
    model = Endpoint(server.url, "m")
    assert generate([TRACK], model, out, families=["mir", "reasoning"]) == Summary(answered=1, rejected=1, pairs=1)
    assert generate([TRACK], model, out, families=["mir", "reasoning"]) == Summary(kept=2)
    assert len(server.asked) == 3
