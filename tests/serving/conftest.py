"""A server to talk to: within the test, and at a port of this machine for a browser."""

from __future__ import annotations

import shutil
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from abcllm.backends import DEFAULT_BACKEND, Backend, Sampling, get_backend
from abcllm.conversation import Conversation

if TYPE_CHECKING:
    from fastapi import FastAPI
    from fastapi.testclient import TestClient

pytest.importorskip("fastapi", reason="needs fastapi: pip install 'abcllm[serve]'")
pytest.importorskip("httpx2", reason="needs httpx2, with which starlette tests")
pytest.importorskip("uvicorn", reason="needs uvicorn")

BROWSER = "/usr/bin/chromium"
BROWSER_OPTIONS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync",
    "--disable-background-networking", "--disable-component-update", "--autoplay-policy=no-user-gesture-required",
    "--lang=en", "--window-size=1280,1000",
)  # fmt: skip


class Talker(Backend):
    """A model that answers everything with the same words."""

    name = "talker"

    def __init__(self, words: str) -> None:
        self.words = words

    def generate(self, conversation: Conversation, sampling: Sampling) -> Iterator[str]:
        yield from self.words.splitlines(keepends=True)


@cache
def composer() -> Backend:
    """The model that ships, loaded once."""
    return get_backend()


def build(folder: Path, token: str, backend: Backend | None, limits: dict[str, Any]) -> FastAPI:
    from abcllm.serving.application import build_application
    from abcllm.serving.settings import Limits, Settings

    settings = Settings(folder, token, limits=Limits(**{"threads": 2, **limits}))
    return build_application(settings, {DEFAULT_BACKEND: backend or composer()})


def open_client(folder: Path, token: str = "", backend: Backend | None = None, **limits: Any) -> TestClient:
    """A client of a server of its own."""
    from fastapi.testclient import TestClient

    app = build(folder, token, backend, limits)
    return TestClient(app, base_url="http://localhost", raise_server_exceptions=False)


@pytest.fixture
def client(tmp_path: Path) -> Iterator[TestClient]:
    with open_client(tmp_path / "conversations") as client:
        yield client


@contextmanager
def listening(folder: Path, token: str = "", backend: Backend | None = None, **limits: Any) -> Iterator[str]:
    """Where a server of its own listens."""
    import uvicorn

    app = build(folder, token, backend, limits)
    server = uvicorn.Server(uvicorn.Config(app, port=0, log_level="warning", timeout_graceful_shutdown=1))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    until = time.monotonic() + 60
    while not server.started and time.monotonic() < until:
        time.sleep(0.05)
    assert server.started
    yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    server.should_exit = True
    thread.join(10)


@pytest.fixture(scope="session")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with listening(tmp_path_factory.mktemp("conversations")) as address:
        yield address


@pytest.fixture
def guarded_address(tmp_path: Path) -> Iterator[str]:
    """A server that needs the token `sesame`."""
    with listening(tmp_path / "conversations", token="sesame") as address:
        yield address


@pytest.fixture
def browser(tmp_path: Path) -> Iterator[Any]:
    """Chromium without a screen; a skip where there is none."""
    pytest.importorskip("selenium", reason="needs selenium, which steers browsers")
    driver = shutil.which("chromedriver")
    if not Path(BROWSER).exists() or driver is None:
        pytest.skip("needs Chromium and its driver: apt-get install chromium chromium-driver")
    from selenium import webdriver
    from selenium.webdriver.chrome.options import Options
    from selenium.webdriver.chrome.service import Service

    options = Options()
    options.binary_location = BROWSER
    for option in (*BROWSER_OPTIONS, f"--user-data-dir={tmp_path / 'profile'}"):
        options.add_argument(option)
    (tmp_path / "downloads").mkdir()
    options.add_experimental_option("prefs", {"download.default_directory": str(tmp_path / "downloads")})
    options.set_capability("goog:loggingPrefs", {"performance": "ALL", "browser": "ALL"})
    chrome = webdriver.Chrome(options=options, service=Service(driver))
    yield chrome
    chrome.quit()
