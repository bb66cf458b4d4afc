"""What `configs/deploy` says can be said to `abcllm serve`; and several servers share one folder."""

from __future__ import annotations

import argparse
import json
import re
import shlex
from pathlib import Path

import pytest

from abcllm.backends import get_backend
from abcllm.cli import serve

from .conftest import open_client


def parse_words(words: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(exit_on_error=False)
    serve.add_arguments(parser)
    return parser.parse_args(words)


def test_the_commands_that_are_shown_can_be_given(root: Path) -> None:
    shown = (root / "configs" / "deploy" / "README.md").read_text(encoding="utf-8")
    commands = [
        line.removeprefix("$ abcllm serve").removesuffix("&") for line in re.findall(r"^\$ abcllm serve.*", shown, re.M)
    ]
    options = [parse_words(shlex.split(command)) for command in commands]
    assert [one.port for one in options] == [7861, 7862, 7860]
    assert options[-1].model == [("composer", "openai:http://127.0.0.1:8000/v1")]


def test_the_services_are_given_what_they_take(root: Path) -> None:
    yaml = pytest.importorskip("yaml", reason="needs PyYAML")
    folder = root / "configs" / "deploy"
    services = yaml.safe_load((folder / "compose.yaml").read_text(encoding="utf-8"))["services"]
    entry = re.search(r"^ENTRYPOINT (.*)$", (folder / "Dockerfile").read_text(encoding="utf-8"), re.M)
    assert entry is not None
    program, command, *words = json.loads(entry.group(1))
    assert (program, command) == ("abcllm", "serve")
    options = parse_words([*words, *services["abcllm"]["command"]])
    assert {"ABCLLM_TOKEN", "FORWARDED_ALLOW_IPS"} == services["abcllm"]["environment"].keys()
    assert options.model == [("composer", "openai:http://vllm:8000/v1")]
    assert "ports" not in services["abcllm"], "only Caddy is to be reached from outside"
    assert services["caddy"]["command"][-1] == f"abcllm:{options.port}"


def test_the_proxy_stands_before_the_servers_that_are_shown(root: Path) -> None:
    folder = root / "configs" / "deploy"
    before = re.search(r"reverse_proxy (.*) \{", (folder / "Caddyfile").read_text(encoding="utf-8"))
    assert before is not None
    ports = re.findall(r"--port (\d+) --folder", (folder / "README.md").read_text(encoding="utf-8"))
    assert before.group(1).split() == [f"127.0.0.1:{port}" for port in ports]


def test_a_conversation_goes_on_at_another_server(tmp_path: Path) -> None:
    backend = get_backend("ngram")
    with open_client(tmp_path, backend=backend) as first, open_client(tmp_path, backend=backend) as second:
        number = first.post("/conversations").json()["id"]
        first.post(f"/conversations/{number}/messages", json={"text": "an 8-bar jig in D"})
        assert '"done"' in second.post(f"/conversations/{number}/messages", json={"text": "transpose to G"}).text
        there = first.get(f"/conversations/{number}").json()
        assert [version["facts"]["key"] for version in there["versions"]] == ["D", "G"]
        assert second.get(f"/conversations/{number}").json() == there
