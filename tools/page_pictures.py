#!/usr/bin/env python3
"""eval/page.png and eval/page_phone.png: the page as Chromium shows it, with a tune that was composed in it.

tools/page_pictures.py        # needs Chromium, its driver, and pip install selenium
"""

from __future__ import annotations

import base64
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from selenium import webdriver
from selenium.webdriver.chrome.options import Options
from selenium.webdriver.chrome.service import Service

ROOT = Path(__file__).resolve().parents[1]
DESK = {"width": 1280, "height": 900, "deviceScaleFactor": 1, "mobile": False}
PHONE = {"width": 390, "height": 844, "deviceScaleFactor": 2, "mobile": True}
SEED = 6
PATIENCE_S = 60


def main() -> int:
    for name, size, words, top in (
        ("page", DESK, ("a 16-bar hornpipe in G called The Smoky Hedge",), "header"),
        ("page_phone", PHONE, ("an 8-bar jig in D",), "#say"),
    ):
        with serving() as address, browsing() as browser:
            browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
            browser.get(address)
            wait(lambda: browser.find_elements("css selector", "#examples button"))
            for one in (f"/seed {SEED}", *words):
                browser.find_element("id", "message").send_keys(one + "\n")
                wait(lambda: browser.execute_script("return !document.getElementById('send').hidden"))
            wait(lambda: browser.find_elements("css selector", "#score g.note"))
            browser.execute_script("document.querySelector(arguments[0]).scrollIntoView()", top)
            picture = browser.execute_cdp_cmd("Page.captureScreenshot", {"format": "png"})["data"]
        path = ROOT / "eval" / f"{name}.png"
        path.write_bytes(base64.b64decode(picture))
        print(f"{path.relative_to(ROOT)}: {path.stat().st_size:,} bytes")
    return 0


@contextmanager
def serving() -> Iterator[str]:
    """The address of a server that has no conversations yet."""
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "abcllm", "serve", "--port", "0", "--folder", folder]
        server = subprocess.Popen(command, cwd=ROOT, stderr=subprocess.PIPE, text=True)
        assert server.stderr is not None
        try:
            yield server.stderr.readline().strip()
        finally:
            server.kill()
            server.wait()
            server.stderr.close()


@contextmanager
def browsing() -> Iterator[Any]:
    """Chromium without a screen."""
    options = Options()
    for option in ("--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--lang=en"):
        options.add_argument(option)
    browser = webdriver.Chrome(options=options, service=Service(shutil.which("chromedriver")))
    try:
        yield browser
    finally:
        browser.quit()


def wait(condition: Callable[[], Any]) -> None:
    until = time.monotonic() + PATIENCE_S
    while not condition():
        if time.monotonic() > until:
            raise TimeoutError("the page did not come as far")
        time.sleep(0.1)


if __name__ == "__main__":
    sys.exit(main())
