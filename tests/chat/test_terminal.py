"""The conversation as a person meets it: the program behind a terminal, typed to and interrupted."""

from __future__ import annotations

import os
import re
import select
import signal
import subprocess
import sys
import termios
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

import abcllm
from abcllm.chat.terminal import clean

SLOW_COMPOSER = """
import sys, time
from abcllm.backends import Backend
from abcllm.chat import Session
from abcllm.chat.terminal import converse

class Slow(Backend):
    name = "slow"
    def generate(self, conversation, sampling):
        yield from ()
    def compose(self, request, sampling):
        yield f"X:1\\nT:Slow {request.key}\\nM:4/4\\nL:1/4\\nK:{request.key}\\n"
        for bar in range(request.bars):
            time.sleep(0.2 if request.bars > 4 else 0)
            yield "CDEF" + ("|" if bar < request.bars - 1 else "|]\\n")

converse(Session(Slow(), seed=1, folder=sys.argv[1]), sys.stdout)
"""
# The terminal becomes the program's own, so that Ctrl-C reaches it.
TAKE_TERMINAL = """
import fcntl, os, sys, termios
fcntl.ioctl(0, termios.TIOCSCTTY, 0)
os.execv(sys.argv[1], sys.argv[1:])
"""
PATIENCE_S = 30


class Typist:
    """A person at a terminal in which a program runs."""

    def __init__(self, command: list[str], home: Path) -> None:
        self.master, slave = os.openpty()
        plain = {"TERM": "xterm", "HOME": str(home), "XDG_STATE_HOME": str(home / "state"), "PATH": os.environ["PATH"]}
        plain["PYTHONPATH"] = str(Path(abcllm.__file__).parent.parent)  # the one that is tested, wherever this runs
        self.process = subprocess.Popen(
            [sys.executable, "-c", TAKE_TERMINAL, *command],
            stdin=slave, stdout=slave, stderr=slave, env=plain, cwd=home, start_new_session=True,
        )  # fmt: skip
        os.close(slave)
        self.seen = ""

    def type(self, text: str) -> None:
        os.write(self.master, text.encode())

    def settle(self) -> None:
        """Wait until lines are edited by the program (what is typed earlier waits in the terminal)."""
        pytest.importorskip("readline")
        deadline = time.monotonic() + PATIENCE_S
        while termios.tcgetattr(self.master)[3] & termios.ICANON:
            assert time.monotonic() < deadline
            time.sleep(0.01)

    def read(self, pattern: str) -> str:
        """What the program shows from now on, up to the first match of the pattern."""
        deadline = time.monotonic() + PATIENCE_S
        while not (match := re.search(pattern, self.seen)):
            ready, _, _ = select.select([self.master], [], [], max(0, deadline - time.monotonic()))
            if not ready:
                raise TimeoutError(f"{pattern!r} did not come; there is:\n{self.seen}")
            self.listen(pattern)
        shown, self.seen = self.seen[: match.end()], self.seen[match.end() :]
        return shown.replace("\r\n", "\n")

    def listen(self, pattern: str) -> None:
        """Take in what the program has just shown."""
        try:
            data = os.read(self.master, 65536)
        except OSError:  # the program has gone
            data = b""
        if not data:
            raise EOFError(f"{pattern!r} did not come before the end:\n{self.seen}")
        self.seen += data.decode(errors="replace")

    def interrupt(self, pattern: str) -> None:
        """Press Ctrl-C until the program shows the pattern.

        CPython sees a signal only at the next key when it comes while readline works on the last one.
        """
        deadline = time.monotonic() + PATIENCE_S
        while time.monotonic() < deadline and not re.search(pattern, self.seen):
            self.type("\x03")
            ready, _, _ = select.select([self.master], [], [], 2)
            if ready:
                self.listen(pattern)
        self.read(pattern)

    def ask(self, line: str, pattern: str) -> None:
        """Say the line, again where an interrupt that came late has taken it away, until the answer comes."""
        deadline = time.monotonic() + PATIENCE_S
        while not re.search(pattern, self.seen) and time.monotonic() < deadline:
            self.type(line)
            again = time.monotonic() + 3
            while not re.search(pattern, self.seen) and time.monotonic() < again:
                ready, _, _ = select.select([self.master], [], [], 0.1)
                if ready:
                    self.listen(pattern)
        self.read(pattern)

    def wait(self) -> int:
        """The exit code, once the program has ended."""
        deadline = time.monotonic() + PATIENCE_S
        while self.process.poll() is None and time.monotonic() < deadline:
            ready, _, _ = select.select([self.master], [], [], 0.05)
            if ready:
                try:
                    self.seen += os.read(self.master, 65536).decode(errors="replace")
                except OSError:
                    break
        return self.process.wait(timeout=PATIENCE_S)

    def close(self) -> None:
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGKILL)
            self.process.wait()
        os.close(self.master)


@pytest.fixture
def slow(tmp_path: Path) -> Iterator[Typist]:
    """A terminal with a composer that takes its time: a bar in a fifth of a second."""
    typist = Typist([sys.executable, "-c", SLOW_COMPOSER, str(tmp_path)], tmp_path)
    typist.read("> ")
    yield typist
    typist.close()


@pytest.fixture
def chat(tmp_path: Path) -> Iterator[Typist]:
    """The command itself, in a terminal."""
    typist = Typist([sys.executable, "-m", "abcllm", "chat", "-m", "ngram", "--seed", "5"], tmp_path)
    yield typist
    typist.close()


def test_notes_are_shown_as_they_are_chosen(slow: Typist) -> None:
    slow.type("a 32-bar reel in C\n")
    first = slow.read(r"CDEF\|CDEF")
    assert first.count("CDEF") < 8  # 32 bars take more than six seconds; these were here before the rest
    slow.type("\x03")
    slow.read(r"\(stopped\)")


def test_ctrl_c_stops_the_tune_and_not_the_program(slow: Typist) -> None:
    slow.type("a 2-bar reel in G\n")
    slow.read(r"Seed 1\.")
    slow.type("a 200-bar reel in C\n")
    slow.read(r"CDEF\|")
    slow.type("\x03")
    slow.read(r"\(stopped\)\s+> ")
    slow.type("what key is it\n")
    assert "G major" in slow.read(r"sharp\)")


def test_ctrl_c_at_the_prompt_says_how_to_leave(slow: Typist) -> None:
    slow.settle()
    slow.type("half a li")
    slow.read("half a li")
    slow.interrupt(r'"quit" or Ctrl-D ends\)\s+> ')
    slow.ask("what key is it\n", "there is no tune yet")


def test_ctrl_c_pressed_many_times_leaves_the_program_alive(slow: Typist) -> None:
    slow.settle()
    for _ in range(40):
        slow.type("\x03")
        time.sleep(0.005)
    slow.interrupt(r'"quit" or Ctrl-D ends\)\s+> ')
    slow.ask("what key is it\n", "there is no tune yet")


def test_ctrl_d_ends(slow: Typist) -> None:
    slow.type("\x04")
    assert slow.wait() == 0


def test_a_whole_conversation(chat: Typist, tmp_path: Path) -> None:
    greeting = chat.read("> ")
    assert '"help"' in greeting
    chat.type("a 16-bar jig in D\n")
    tune = chat.read(r"Seed 5\.")
    assert "K:D\n" in tune
    assert "16 bars" in tune
    chat.type("transpose to G\n")
    chat.read(r"K:G\s[\s\S]*computed, not composed\)")
    chat.type("/save rain.pdf\n")
    chat.read(r"saved rain\.pdf")
    assert (tmp_path / "rain.pdf").read_bytes()[:4] == b"%PDF"
    chat.type("nonsense\n")
    chat.read("do not understand")
    chat.type("quit\n")
    chat.read("Goodbye")
    assert chat.wait() == 0


def test_lines_of_the_last_conversation_come_back(tmp_path: Path) -> None:
    pytest.importorskip("readline")
    for last in (False, True):
        typist = Typist([sys.executable, "-m", "abcllm", "chat", "-m", "ngram", "--seed", "5"], tmp_path)
        try:
            typist.read("> ")
            typist.type("\x1b[A\n" if last else "a polka in G\n")
            assert "K:G" in typist.read(r"Seed 5\.[\s\S]*\n> ")
            typist.type("\x04")
            assert typist.wait() == 0
        finally:
            typist.close()


def test_a_home_that_cannot_be_written_to_is_no_hindrance(tmp_path: Path) -> None:
    (tmp_path / "state").write_text("a file where a folder should be")
    typist = Typist([sys.executable, "-m", "abcllm", "chat"], tmp_path)
    try:
        typist.read("> ")
        typist.type("quit\n")
        typist.read("Goodbye")
        assert typist.wait() == 0
        assert "Traceback" not in typist.seen
    finally:
        typist.close()


def test_nothing_commands_the_terminal() -> None:
    assert clean("a\x1b]0;title\x07b\nc\td\x9b") == "a�]0;title�b\nc\td�"


def test_a_conversation_is_gone_on_with_another_day(tmp_path: Path) -> None:
    for options, line, answer in (
        ([], "a 4-bar jig in D called Rain\n", r"\x1b\[2m\(Go on: [^\n]*\)\s*\x1b\[0m"),
        (["--resume"], "make it minor\n", r"K:Dm[\s\S]*computed, not composed\)"),
        (["--resume", "jig-in-d"], "undo\n", r"Back to Rain: jig in D major"),
    ):
        typist = Typist([sys.executable, "-m", "abcllm", "chat", "-m", "ngram", *options], tmp_path)
        try:
            greeting = typist.read("> ")
            assert ("Going on with Rain" in greeting) == bool(options)
            typist.type(line)
            typist.read(answer)
            typist.type("quit\n")
            assert typist.wait() == 0
        finally:
            typist.close()
    assert len([*(tmp_path / "state" / "abcllm" / "conversations").glob("*-a-4-bar-jig-in-d-called-rain.json")]) == 1
