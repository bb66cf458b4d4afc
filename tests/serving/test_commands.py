"""`abcllm serve` as a program: it says where it is, warns when others can reach it, and loses nothing when killed."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from abcllm.__main__ import main

pytest.importorskip("uvicorn", reason="needs uvicorn: pip install 'abcllm[serve]'")


@contextmanager
def serving(root: Path, *options: str) -> Iterator[tuple[subprocess.Popen[str], str, list[str]]]:
    """The program, its address, and what it said before it was ready."""
    command = [sys.executable, "-m", "abcllm", "serve", "--port", "0", *options]
    program = subprocess.Popen(command, cwd=root, stderr=subprocess.PIPE, text=True)
    assert program.stderr is not None
    said: list[str] = []
    try:
        while not (said and said[-1].startswith("http")):
            line = program.stderr.readline()
            assert line, said
            said.append(line.strip())
        address = said[-1].partition("#")[0].replace("0.0.0.0", "127.0.0.1")
        until = time.monotonic() + 60
        while True:
            try:
                urllib.request.urlopen(address + "health", timeout=5).close()
                break
            except OSError:
                assert time.monotonic() < until
                time.sleep(0.1)
        yield program, address, said
    finally:
        program.kill()
        program.wait()
        program.stderr.close()


def ask(address: str, path: str, body: Any = None) -> str:
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(address + path, data, {"Content-Type": "application/json"})
    with urllib.request.urlopen(request, timeout=60) as answer:
        return str(answer.read().decode())


@pytest.mark.slow
def test_nothing_saved_is_lost_when_it_is_killed(root: Path, tmp_path: Path) -> None:
    numbers = []
    with serving(root, "--folder", str(tmp_path)) as (program, address, _):
        for _ in range(3):
            numbers.append(json.loads(ask(address, "conversations", {}))["id"])
            assert '"done"' in ask(address, f"conversations/{numbers[-1]}/messages", {"text": "a 4-bar waltz in G"})
        before = [ask(address, f"conversations/{number}") for number in numbers]
        body = json.dumps({"text": "a 64-bar reel in D"}).encode()
        request = urllib.request.Request(
            f"{address}conversations/{numbers[0]}/messages", body, {"Content-Type": "application/json"}
        )
        with urllib.request.urlopen(request, timeout=60) as answer:
            answer.readline()
            program.kill()
    with serving(root, "--folder", str(tmp_path)) as (_, address, _):
        after = [ask(address, f"conversations/{number}") for number in numbers]
    assert after[1:] == before[1:]
    assert json.loads(after[0])["versions"][:1] == json.loads(before[0])["versions"]
    assert sorted(path.name for path in tmp_path.glob("*.json")) == sorted(f"{number}.json" for number in numbers)


@pytest.mark.slow
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_who_reads_an_answer_is_told_when_it_is_stopped(root: Path, tmp_path: Path, number: signal.Signals) -> None:
    def say(address: str, conversation: str) -> str:
        return ask(address, f"conversations/{conversation}/messages", {"text": "a 256-bar reel in D"})

    with ThreadPoolExecutor(16) as crowd, serving(root, "--folder", str(tmp_path)) as (program, address, _):
        conversations = [json.loads(ask(address, "conversations", {}))["id"] for _ in range(16)]
        answers = [crowd.submit(say, address, conversation) for conversation in conversations]
        until = time.monotonic() + 60
        while json.loads(ask(address, "health"))["streams"] < len(answers) and time.monotonic() < until:
            time.sleep(0.05)
        program.send_signal(number)
        told = [answer.result() for answer in answers]
        program.wait(20)
        assert program.stderr is not None
        assert "Traceback" not in program.stderr.read()
    assert all('"done"' in text or "the server is being stopped" in text for text in told)
    for conversation in conversations:
        saved = json.loads((tmp_path / f"{conversation}.json").read_text())
        assert [message["role"] for message in saved["conversation"]["messages"]] == ["user", "assistant"]


@pytest.mark.slow
def test_it_warns_where_others_can_reach_it(root: Path, tmp_path: Path) -> None:
    with serving(root, "--folder", str(tmp_path), "--host", "0.0.0.0") as (_, _, said):
        assert re.match(r"warning: anyone, for there is no --token, on machines that reach 0\.0\.0\.0", said[0])
    with serving(root, "--folder", str(tmp_path), "--token", "sesame") as (_, address, said):
        assert len(said) == 1
        assert said[0] == f"{address}#token=sesame"
    program = "import argparse; from abcllm.cli import serve; p = argparse.ArgumentParser(); serve.add_arguments(p)"
    shown = [sys.executable, "-c", f"{program}; print(p.parse_args([]).token)"]
    environment = {**os.environ, "ABCLLM_TOKEN": "sesame"}
    assert subprocess.run(shown, env=environment, capture_output=True, text=True, check=True).stdout == "sesame\n"


def test_what_cannot_be_served(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    folder = ["--folder", str(tmp_path)]
    assert main(["serve", "--port", "70000", *folder]) == 2
    assert "--port takes 0" in capsys.readouterr().err
    assert main(["serve", "--model", "nosuch", *folder]) == 2
    assert "nosuch" in capsys.readouterr().err
    assert main(["serve", "--streams", "0", *folder]) == 2
    assert "streams must be at least 1" in capsys.readouterr().err
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        assert main(["serve", "--port", port, *folder]) == 2
    assert f"cannot listen at 127.0.0.1, port {port}: Address already in use" in capsys.readouterr().err
    assert main(["serve", "--host", "nowhere.invalid", *folder]) == 2
    assert "cannot listen at nowhere.invalid" in capsys.readouterr().err


def test_conversations_are_kept_in_the_users_own_data(tmp_path: Path) -> None:
    from abcllm.serving.settings import usual_folder

    program = "from abcllm.serving.settings import usual_folder; print(usual_folder())"
    environment = {**os.environ, "XDG_DATA_HOME": str(tmp_path)}
    said = subprocess.run([sys.executable, "-c", program], env=environment, capture_output=True, text=True, check=True)
    assert said.stdout.strip() == str(tmp_path / "abcllm" / "conversations")
    assert usual_folder().name == "conversations"
