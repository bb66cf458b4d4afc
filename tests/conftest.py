"""What every test stands on: no network, and the places of tunes."""

from __future__ import annotations

import os
import socket
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

settings.register_profile("abcllm", suppress_health_check=[HealthCheck.too_slow])  # a busy machine is no fault
settings.load_profile("abcllm")

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(autouse=True)
def closed_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """Connections to anything but this machine fail, and say so."""
    connect = socket.socket.connect

    def connect_to_this_machine(self: socket.socket, address: Any) -> None:
        host = address[0] if isinstance(address, tuple) else ""
        if self.family in (socket.AF_INET, socket.AF_INET6) and host not in ("127.0.0.1", "::1", "localhost"):
            raise RuntimeError(f"a test tried to reach {host}; tests work without a network")
        connect(self, address)

    monkeypatch.setattr(socket.socket, "connect", connect_to_this_machine)


@pytest.fixture(scope="session")
def root() -> Path:
    """The folder of the repository."""
    return ROOT


@pytest.fixture(scope="session")
def shared_tunes() -> Path:
    """The folder of tune collections (`*/tunes.jsonl.gz`), or a skip that says where it was looked for."""
    folder = Path(os.environ.get("ABCLLM_SHARED_DATA", ROOT.parent / "shared" / "data")) / "tunes"
    if not folder.is_dir():
        pytest.skip(f"no tune collections at {folder}; name their folder in ABCLLM_SHARED_DATA")
    return folder
