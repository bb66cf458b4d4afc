"""The server under load: streams side by side, people who chat, checks among them; then killed, and started again.

What is counted: replies that were lost (refused, or not whole) or mixed (not the valid tune that was asked for), or are
otherwise than the same seed gives alone; waiting times; memory; conversations that were answered to the end and are not
there, whole, after kill -9.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from itertools import count
from pathlib import Path
from typing import Any, NamedTuple

import httpx2
from record import ROOT, keep

from abcllm.backends import Backend, get_backend
from abcllm.conversation import Conversation, Message
from abcllm.reply import read_reply

KINDS = (
    ("an 8-bar jig in D", "D", "6/8"),
    ("a 16-bar reel in A minor", "Am", "4/4"),
    ("a 16-bar waltz in G", "G", "3/4"),
)
PATIENCE_S = 300.0
PAUSE_S = 0.05
PEOPLE = 4
KILLED_AFTER_S = 3.0


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--streams", type=int, default=64)
    parser.add_argument("--seconds", type=float, default=300.0)
    parser.add_argument("--model", default="ngram")
    parser.add_argument("--replies", type=int, default=32, help="different ones, known beforehand")


def run(args: argparse.Namespace) -> int:
    backend = get_backend(args.model)
    load = Load([ask_alone(backend, number) for number in range(args.replies)])
    with tempfile.TemporaryDirectory() as folder:
        with serving(args, folder) as (server, address):
            asyncio.run(load.run(address, args.streams, args.seconds, server))
        with serving(args, folder) as (_, address):
            forgotten = asyncio.run(load.forgotten(address))
    row = {
        "streams": args.streams,
        "seconds": args.seconds,
        **load.row(),
        "conversations saved": len(load.saved),
        "of them not whole after kill -9": forgotten,
    }
    keep(
        f"serving_{args.model.partition(':')[0]}",
        n=row["replies"],
        rows=[("measure", "value"), *row.items()],
        options={"streams": args.streams, "seconds": args.seconds, "model": args.model},
    )
    return int(bool(load.lost or load.mixed or forgotten))


class Known(NamedTuple):
    """A request, what shows that an answer is the one to it, and what the model answers when it is asked alone."""

    words: str
    seed: int
    tune: tuple[str, str, str]
    alone: str

    def is_answered_by(self, text: str) -> bool:
        """Whether a text is one valid tune with the title, key and metre that were asked for."""
        reply = read_reply(text)
        return reply.valid and [(tune.title, str(tune.key), str(tune.meter)) for tune in reply.tunes] == [self.tune]


def ask_alone(backend: Backend, number: int) -> Known:
    """A request for a tune with a title that no other has."""
    kind, key, meter = KINDS[number % len(KINDS)]
    title = f"Stream {number}"
    conversation = Conversation((Message("user", f"{kind} called {title}"),))
    alone = "".join(backend.generate(conversation, backend.choosing(seed=number)))
    return Known(conversation.messages[0].text, number, (title, key, meter), alone)


@contextmanager
def serving(args: argparse.Namespace, folder: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """The server as a program, and its address; killed in the end."""
    clients = str(args.streams + PEOPLE + 1)
    options = ["--port", "0", "--folder", folder, "--model", args.model, "--streams", clients, "--per-client", clients]
    command = [sys.executable, "-m", "abcllm", "serve", *options]
    server = subprocess.Popen(command, cwd=ROOT, stderr=subprocess.PIPE, text=True)
    assert server.stderr is not None
    try:
        yield server, server.stderr.readline().strip()
    finally:
        server.kill()
        server.wait()
        server.stderr.close()


class Load:
    """Clients that ask until the time is over, and what they saw."""

    def __init__(self, known: list[Known]) -> None:
        self.known = known
        self.asked = count()
        self.until = 0.0
        self.right = self.lost = self.mixed = self.otherwise = 0
        self.firsts_s: list[float] = []
        self.wholes_s: list[float] = []
        self.checks_s: list[float] = []
        self.memory_mb: list[float] = []
        self.saved: dict[str, list[str]] = {}

    async def run(self, address: str, streams: int, seconds: float, server: subprocess.Popen[str]) -> None:
        """All of them for so many seconds; then people alone, among whom the server is killed."""
        async with connected(address) as client:
            self.until = time.monotonic() + seconds
            crowd = [self.stream(client) for _ in range(streams)]
            crowd += [self.chat(client) for _ in range(PEOPLE)]
            await asyncio.gather(*crowd, self.check(client), self.watch(server.pid))
            self.until = time.monotonic() + PATIENCE_S
            people = asyncio.gather(*(self.chat(client) for _ in range(PEOPLE)))
            await asyncio.sleep(KILLED_AFTER_S)
            server.kill()
            await people

    async def stream(self, client: httpx2.AsyncClient) -> None:
        """A program that asks again and again."""
        while time.monotonic() < self.until:
            known = self.known[next(self.asked) % len(self.known)]
            body = {"messages": [{"role": "user", "content": known.words}], "seed": known.seed, "stream": True}
            start = time.monotonic()
            pieces: list[str] = []
            whole = False
            try:
                async for event in events(client, "/v1/chat/completions", body):
                    for choice in event.get("choices", ()):
                        whole = choice["finish_reason"] == "stop"
                        if piece := choice["delta"].get("content"):
                            if not pieces:
                                self.firsts_s.append(time.monotonic() - start)
                            pieces.append(piece)
            except httpx2.TransportError:
                whole = False
            text = "".join(pieces)
            if not whole:
                self.lost += 1
            elif not known.is_answered_by(text):
                self.mixed += 1
                print(f"asked for {known.words!r}, got {text!r}", file=sys.stderr)
            else:
                self.right += 1
                self.otherwise += text != known.alone
                self.wholes_s.append(time.monotonic() - start)

    async def chat(self, client: httpx2.AsyncClient) -> None:
        """A person who asks for a tune and for a change of it; what was answered to the end must be kept."""
        try:
            while time.monotonic() < self.until:
                number = (await client.post("/conversations")).json()["id"]
                history: list[str] = []
                for text in (f"{KINDS[next(self.asked) % len(KINDS)][0]} called {number}", "transpose up a tone"):
                    done = False
                    async for event in events(client, f"/conversations/{number}/messages", {"text": text}):
                        if event["type"] == "versions":
                            history = [*history[: event["keep"]], *(one["abc"] for one in event["versions"])]
                        done = event["type"] == "done"
                    if done:
                        self.saved[number] = history
                    else:
                        self.lost += 1
        except httpx2.TransportError:
            return

    async def check(self, client: httpx2.AsyncClient) -> None:
        """A person whose editor asks for faults, all the while."""
        while time.monotonic() < self.until:
            start = time.monotonic()
            known = self.known[len(self.checks_s) % len(self.known)]
            (await client.post("/check", json={"abc": known.alone})).raise_for_status()
            self.checks_s.append(time.monotonic() - start)
            await asyncio.sleep(PAUSE_S)

    async def watch(self, pid: int) -> None:
        """The server's memory, once a second."""
        while time.monotonic() < self.until:
            status = Path(f"/proc/{pid}/status").read_text()
            self.memory_mb.append(int(status.partition("VmRSS:")[2].split()[0]) / 1024)
            await asyncio.sleep(1)

    async def forgotten(self, address: str) -> int:
        """How many conversations are not as they were when they were last answered to the end."""
        wrong = 0
        async with connected(address) as client:
            for number, history in self.saved.items():
                kept = (await client.get(f"/conversations/{number}")).json()
                wrong += [one["abc"] for one in kept["versions"]][: len(history)] != history
        return wrong

    def row(self) -> dict[str, Any]:
        third = max(len(self.memory_mb) // 3, 1)
        return {
            "replies": self.right,
            "lost": self.lost,
            "mixed": self.mixed,
            "otherwise than alone": self.otherwise,
            "first piece p50 s": percentile(self.firsts_s, 50),
            "first piece p99 s": percentile(self.firsts_s, 99),
            "whole p50 s": percentile(self.wholes_s, 50),
            "whole p99 s": percentile(self.wholes_s, 99),
            "checks": len(self.checks_s),
            "check p50 ms": percentile([s * 1000 for s in self.checks_s], 50),
            "check p99 ms": percentile([s * 1000 for s in self.checks_s], 99),
            "memory MB, first third": round(statistics.median(self.memory_mb[:third] or [0.0]), 1),
            "memory MB, second third": round(statistics.median(self.memory_mb[third : 2 * third] or [0.0]), 1),
            "memory MB, last third": round(statistics.median(self.memory_mb[2 * third :] or [0.0]), 1),
        }


@asynccontextmanager
async def connected(address: str) -> AsyncIterator[httpx2.AsyncClient]:
    """A client of a server, when that is ready."""
    limits = httpx2.Limits(max_connections=None)
    async with httpx2.AsyncClient(base_url=address, timeout=PATIENCE_S, limits=limits) as client:
        while not await is_up(client):
            await asyncio.sleep(0.1)
        yield client


async def is_up(client: httpx2.AsyncClient) -> bool:
    try:
        return (await client.get("/health")).is_success
    except httpx2.TransportError:
        return False


async def events(client: httpx2.AsyncClient, path: str, body: dict[str, Any]) -> AsyncIterator[dict[str, Any]]:
    """The events of an answer; none where it is refused. Raises `httpx2.TransportError`."""
    async with client.stream("POST", path, json=body) as answer:
        if answer.is_error:
            print(path, answer.status_code, (await answer.aread()).decode(), file=sys.stderr)
        else:
            async for line in answer.aiter_lines():
                if line.startswith("data: {"):
                    yield json.loads(line.removeprefix("data: "))


def percentile(values: list[float], percent: int) -> float:
    """Of the sorted values the one below which `percent` of them lie."""
    ordered = sorted(values) or [0.0]
    return round(ordered[min(len(ordered) * percent // 100, len(ordered) - 1)], 3)
