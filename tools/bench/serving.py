"""The server under load: streams side by side, checks among them; replies lost or mixed, waiting times, memory."""

from __future__ import annotations

import argparse
import asyncio
import json
import statistics
import subprocess
import sys
import tempfile
import time
from itertools import count
from pathlib import Path
from typing import Any

import httpx2
from record import ROOT, keep

from abcllm.backends import Sampling, get_backend
from abcllm.conversation import Conversation, Message

ASKED = ("an 8-bar jig in D", "a 16-bar reel in A minor", "a slow waltz in G", "a hornpipe in Bb")
PATIENCE_S = 300.0
PAUSE_S = 0.05


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--streams", type=int, default=64)
    parser.add_argument("--seconds", type=float, default=300.0)
    parser.add_argument("--model", default="ngram")
    parser.add_argument("--replies", type=int, default=32, help="different ones, known beforehand")


def run(args: argparse.Namespace) -> int:
    known = expected(args.model, args.replies)
    with tempfile.TemporaryDirectory() as folder:
        options = ["--port", "0", "--folder", folder, "--model", args.model]
        limits = ["--streams", str(args.streams), "--per-client", str(args.streams + 16)]
        command = [sys.executable, "-m", "abcllm", "serve", *options, *limits]
        server = subprocess.Popen(command, cwd=ROOT, stderr=subprocess.PIPE, text=True)
        assert server.stderr is not None
        try:
            address = server.stderr.readline().strip()
            load = Load(address, server.pid, known, args)
            asyncio.run(load.run())
        finally:
            server.kill()
            server.wait()
            server.stderr.close()
    row = load.row()
    keep(
        "serving",
        rows=[("measure", "value"), *row.items()],
        options={"streams": args.streams, "seconds": args.seconds, "model": args.model},
    )
    return int(bool(row["lost"] or row["mixed"]))


def expected(model: str, replies: int) -> dict[tuple[str, int], str]:
    """What each request is to be answered with: the same seed gives the same answer."""
    backend = get_backend(model)
    asked = [(ASKED[at % len(ASKED)], at) for at in range(replies)]
    return {
        (words, seed): "".join(backend.generate(Conversation((Message("user", words),)), Sampling(seed=seed)))
        for words, seed in asked
    }


class Load:
    """Clients that ask until the time is over, and what they saw."""

    def __init__(self, address: str, pid: int, known: dict[tuple[str, int], str], args: argparse.Namespace) -> None:
        self.address, self.pid, self.known, self.args = address, pid, known, args
        self.asked = count()
        self.until = 0.0
        self.right = self.lost = self.mixed = 0
        self.firsts_s: list[float] = []
        self.wholes_s: list[float] = []
        self.checks_s: list[float] = []
        self.memory_mb: list[float] = []

    async def run(self) -> None:
        limits = httpx2.Limits(max_connections=None)
        async with httpx2.AsyncClient(base_url=self.address, timeout=PATIENCE_S, limits=limits) as client:
            while True:
                try:
                    await client.get("/health")
                    break
                except httpx2.TransportError:
                    await asyncio.sleep(0.1)
            self.until = time.monotonic() + self.args.seconds
            streams = [self.stream(client) for _ in range(self.args.streams)]
            await asyncio.gather(*streams, self.check(client), self.watch())

    async def stream(self, client: httpx2.AsyncClient) -> None:
        """One person who asks again and again."""
        while time.monotonic() < self.until:
            (words, seed), text = list(self.known.items())[next(self.asked) % len(self.known)]
            body = {"messages": [{"role": "user", "content": words}], "seed": seed, "stream": True}
            start = time.monotonic()
            pieces: list[str] = []
            whole = False
            try:
                async with client.stream("POST", "/v1/chat/completions", json=body) as answer:
                    async for line in answer.aiter_lines():
                        if line == "data: [DONE]":
                            whole = True
                        elif line.startswith("data: "):
                            piece = self.piece(json.loads(line[6:]))
                            if piece and not pieces:
                                self.firsts_s.append(time.monotonic() - start)
                            pieces += [piece] if piece else []
            except httpx2.TransportError:
                whole = False
            if not whole:
                self.lost += 1
            elif "".join(pieces) != text:
                self.mixed += 1
            else:
                self.right += 1
                self.wholes_s.append(time.monotonic() - start)

    @staticmethod
    def piece(chunk: dict[str, Any]) -> str:
        return str(chunk["choices"][0]["delta"].get("content", "")) if "choices" in chunk else ""

    async def check(self, client: httpx2.AsyncClient) -> None:
        """One person whose editor asks for faults, all the while."""
        texts = list(self.known.values())
        while time.monotonic() < self.until:
            start = time.monotonic()
            answer = await client.post("/check", json={"abc": texts[len(self.checks_s) % len(texts)]})
            answer.raise_for_status()
            self.checks_s.append(time.monotonic() - start)
            await asyncio.sleep(PAUSE_S)

    async def watch(self) -> None:
        """The server's memory, once a second."""
        while time.monotonic() < self.until:
            status = Path(f"/proc/{self.pid}/status").read_text()
            self.memory_mb.append(int(status.partition("VmRSS:")[2].split()[0]) / 1024)
            await asyncio.sleep(1)

    def row(self) -> dict[str, Any]:
        third = max(len(self.memory_mb) // 3, 1)
        return {
            "streams": self.args.streams,
            "seconds": self.args.seconds,
            "replies": self.right,
            "lost": self.lost,
            "mixed": self.mixed,
            "first piece p50 s": percentile(self.firsts_s, 50),
            "first piece p99 s": percentile(self.firsts_s, 99),
            "whole p50 s": percentile(self.wholes_s, 50),
            "whole p99 s": percentile(self.wholes_s, 99),
            "checks": len(self.checks_s),
            "check p50 ms": percentile([s * 1000 for s in self.checks_s], 50),
            "check p99 ms": percentile([s * 1000 for s in self.checks_s], 99),
            "memory MB, second third": round(statistics.median(self.memory_mb[third : 2 * third] or [0.0]), 1),
            "memory MB, last third": round(statistics.median(self.memory_mb[2 * third :] or [0.0]), 1),
        }


def percentile(values: list[float], percent: int) -> float:
    """Of the sorted values the one below which `percent` of them lie."""
    ordered = sorted(values) or [0.0]
    return round(ordered[min(len(ordered) * percent // 100, len(ordered) - 1)], 3)
