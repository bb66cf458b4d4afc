"""What goes wrong on the way: clients that leave in the middle, that send slowly, that come in crowds."""

from __future__ import annotations

import json
import socket
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import urlopen

import pytest

from .conftest import listening

LONG = {"messages": [{"role": "user", "content": "a 256-bar reel in D"}], "stream": True}


def connect(address: str) -> socket.socket:
    parts = urlsplit(address)
    return socket.create_connection((parts.hostname or "", parts.port or 0), timeout=60)


def post(path: str, body: bytes, length: int | None = None) -> bytes:
    size = len(body) if length is None else length
    head = (
        f"POST {path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: {size}\r\n\r\n"
    )
    return head.encode() + body


def streams(address: str) -> int:
    with urlopen(f"{address}/health", timeout=60) as answer:
        return int(json.load(answer)["streams"])


def wait_until_idle(address: str) -> None:
    until = time.monotonic() + 60
    while streams(address):
        assert time.monotonic() < until, "an answer is still being written for someone who has gone"
        time.sleep(0.05)


def test_an_answer_ends_when_its_reader_has_gone(address: str) -> None:
    with connect(address) as client:
        client.sendall(post("/v1/chat/completions", json.dumps(LONG).encode()))
        assert client.recv(1000).startswith(b"HTTP/1.1 200")
        assert streams(address) == 1
    wait_until_idle(address)


def test_a_half_closed_connection_leaves_nothing_behind(address: str) -> None:
    with connect(address) as client:
        client.sendall(post("/v1/chat/completions", json.dumps(LONG).encode()))
        client.shutdown(socket.SHUT_WR)
        client.recv(1000)
    wait_until_idle(address)


def test_a_body_that_does_not_come_is_not_waited_for(tmp_path: Path) -> None:
    with listening(tmp_path, body_s=0.3) as address, connect(address) as client:
        client.sendall(post("/check", b'{"abc": ', length=1000))
        told = b""
        while not told.endswith(b"}") and (more := client.recv(10_000)):
            told += more
        assert told.startswith(b"HTTP/1.1 408")
        assert b"did not come within 0.3 seconds" in told


def test_a_crowd_is_served_in_turn_and_a_greedy_one_is_told(tmp_path: Path) -> None:
    whole = {"messages": [{"role": "user", "content": "a 64-bar reel in D"}]}

    def ask(address: str) -> bytes:
        with connect(address) as client:
            client.sendall(post("/v1/chat/completions", json.dumps(whole).encode()))
            told = b""
            while b"\r\n\r\n" not in told:
                told += client.recv(1000)
            return told

    with listening(tmp_path, streams=1, per_client=3) as address, ThreadPoolExecutor(8) as crowd:
        answers = sorted(told.split()[1] for told in crowd.map(ask, [address] * 8))
        assert set(answers) <= {b"200", b"429"}
        assert answers.count(b"200") >= 3
        assert b"429" in answers
        wait_until_idle(address)


@pytest.mark.slow
def test_a_second_message_waits_for_the_first(address: str) -> None:
    number = "c" * 32
    with connect(address) as first, connect(address) as second:
        first.sendall(post(f"/conversations/{number}/messages", b'{"text": "a 256-bar reel in D"}'))
        assert first.recv(100).startswith(b"HTTP/1.1 200")
        second.sendall(post(f"/conversations/{number}/messages", b'{"text": "a jig"}'))
        assert second.recv(100).startswith(b"HTTP/1.1 409")
    wait_until_idle(address)


def test_a_tune_is_checked_while_a_whole_book_is(tmp_path: Path) -> None:
    def check(address: str, abc: str) -> float:
        with connect(address) as client:
            client.sendall(post("/check", json.dumps({"abc": abc}).encode()))
            assert client.recv(100).startswith(b"HTTP/1.1 200")
            return time.monotonic()

    tune = "X:1\nK:C\nC|\n"
    with listening(tmp_path, threads=1) as address, ThreadPoolExecutor(1) as other:
        book = other.submit(check, address, tune * 15_000)
        while not book.running():
            time.sleep(0.01)
        time.sleep(0.2)
        assert check(address, tune) < book.result()
