"""The page in a real browser: a tune is composed, changed, heard and printed; nothing is asked of another host."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

pytestmark = [pytest.mark.browser, pytest.mark.slow]

TITLE = "The Smoky Hedge"


def wait_for(what: str, condition: Callable[[], Any], seconds: float = 60) -> Any:
    until = time.monotonic() + seconds
    while not (found := condition()):
        assert time.monotonic() < until, f"waited for {what}"
        time.sleep(0.1)
    return found


def run(browser: Any, script: str, *arguments: Any) -> Any:
    return browser.execute_script(f"return {script}", *arguments)


def count(browser: Any, selector: str) -> int:
    return int(run(browser, "document.querySelectorAll(arguments[0]).length", selector))


def say(browser: Any, words: str) -> None:
    browser.find_element("id", "message").send_keys(words + "\n")
    wait_for("the answer", lambda: run(browser, "!document.getElementById('send').hidden"))


def hosts(browser: Any) -> set[str]:
    """The hosts that were asked for anything, by any part of the page."""
    messages = [json.loads(row["message"])["message"] for row in browser.get_log("performance")]
    asked = [m["params"]["request"]["url"] for m in messages if m["method"] == "Network.requestWillBeSent"]
    return {url.split("/")[2] for url in asked if url.startswith(("http", "ws"))}


def test_a_tune_is_composed_changed_heard_and_printed(browser: Any, address: str, tmp_path: Path) -> None:
    browser.get(address)
    wait_for("the page", lambda: run(browser, "document.querySelectorAll('#examples button').length"))
    say(browser, f"an 8-bar jig in D called {TITLE}")
    wait_for("the score", lambda: count(browser, "#score g.note") > 8)
    assert run(browser, "document.getElementById('titles').textContent") == TITLE
    assert run(browser, "document.getElementById('versions').length") == 1

    # changed: a bar too many, said at its place, then taken back
    text = browser.find_element("id", "abc")
    good = run(browser, "document.getElementById('abc').value")
    text.click()
    browser.execute_script("arguments[0].setSelectionRange(arguments[0].value.length, arguments[0].value.length)", text)
    text.send_keys("D9|]\n")
    fault = wait_for("the fault", lambda: browser.find_elements("css selector", "#faults .error button"))[0]
    line = good.count("\n") + 1
    assert fault.text.startswith(f"{line}:"), fault.text
    assert count(browser, "#marks mark.error") == 1
    fault.click()
    assert run(browser, "document.activeElement.id") == "abc"
    browser.execute_script("arguments[0].value = arguments[1].replace(/^K:D$/m, 'K:Dmix'); "
                           "arguments[0].dispatchEvent(new Event('input'))", text, good)  # fmt: skip
    wait_for("no fault", lambda: not count(browser, "#faults li"))
    browser.find_element("id", "keep").click()
    wait_for("the version", lambda: run(browser, "document.getElementById('versions').length") == 2)

    # heard: the browser decodes the sound, and the score follows
    browser.find_element("id", "play").click()
    wait_for("the sound", lambda: run(browser, "document.getElementById('audio').currentTime") > 0.1)
    wait_for("a note that lights up", lambda: count(browser, "#score .sounding"))
    loudest = browser.execute_async_script(
        "const done = arguments[0];"
        "fetch('/render', {method: 'POST', headers: {'Content-Type': 'application/json'},"
        " body: JSON.stringify({abc: document.getElementById('abc').value, format: 'wav'})})"
        ".then((response) => response.arrayBuffer())"
        ".then((data) => new AudioContext().decodeAudioData(data))"
        ".then((sound) => done(Math.max(...sound.getChannelData(0).slice(0, 96000).map(Math.abs))));"
    )
    assert loudest > 0.1
    browser.find_element("id", "play").click()
    assert run(browser, "document.getElementById('audio').paused")

    # printed: the PDF says what the tune is called
    browser.find_element("css selector", "[data-format=pdf]").click()
    pdf = tmp_path / "downloads" / "the-smoky-hedge.pdf"
    wait_for("the file", pdf.exists)
    assert pdf.read_bytes().startswith(b"%PDF")
    assert TITLE in title_of(pdf)

    # opened again: what was said and all versions are there
    browser.refresh()
    wait_for("the conversation", lambda: run(browser, "document.getElementById('versions').length") == 2)
    assert count(browser, "#log p") == 2
    assert [row for row in browser.get_log("browser") if row["level"] == "SEVERE"] == []
    assert hosts(browser) == {address.removeprefix("http://")}


def title_of(pdf: Path) -> str:
    """The title in a PDF's own data: typst writes it as UTF-16 or plain."""
    data = pdf.read_bytes()
    start = data.index(b"/Title") + len(b"/Title")
    raw = data[start : start + 200].strip().partition(b"(")[2].partition(b")")[0]
    return raw.decode("utf-16") if raw.startswith(b"\xfe\xff") else raw.decode("latin-1")


def test_titles_and_words_are_never_html(browser: Any, address: str) -> None:
    browser.get(address)
    abc = (
        "X:1\nT:<img src=x onerror=alert(1)><script>alert(1)</script>\nM:4/4\nL:1/4\nK:C\nCDEF|]\nw:<b>a</b> '; DROP|\n"
    )
    text = browser.find_element("id", "abc")
    wait_for("the page", lambda: count(browser, "#examples button"))
    browser.execute_script(
        "arguments[0].value = arguments[1]; arguments[0].dispatchEvent(new Event('input'))", text, abc
    )
    wait_for("the score", lambda: count(browser, "#score g.note") == 4)
    assert count(browser, "main img, main script, main b") == 0
    assert run(browser, "document.getElementById('titles').textContent").startswith("<img src=x")
    assert [row for row in browser.get_log("browser") if row["level"] == "SEVERE"] == []


def test_everything_is_reached_by_keyboard_and_named(browser: Any, address: str) -> None:
    browser.get(address)
    wait_for("the page", lambda: count(browser, "#examples button"))
    script = """[...document.querySelectorAll('button, select, textarea, audio')].filter((e) => !e.hidden
        && !e.labels?.length && !e.textContent.trim() && !e.hasAttribute('aria-label')
        && !e.hasAttribute('aria-labelledby')).map((e) => e.outerHTML)"""
    unnamed = run(browser, script)
    assert unnamed == []
    say(browser, "a 4-bar waltz in G")
    seen = ["conversations"]
    browser.execute_script("document.getElementById('conversations').focus()")
    for _ in range(40):
        browser.switch_to.active_element.send_keys("\ue004")
        seen.append(run(browser, "document.activeElement.id || 'as ' + document.activeElement.dataset.format"))
    wanted = [
        "conversations",
        "new",
        "language",
        "log",
        "message",
        "send",
        "play",
        "versions",
        "as pdf",
        "score",
        "abc",
        "keep",
    ]
    places = [seen.index(name) for name in wanted]
    assert places == sorted(places), seen


def test_the_page_speaks_chinese_and_fits_a_phone(browser: Any, address: str) -> None:
    browser.set_window_size(390, 800)
    browser.get(address)
    wait_for("the page", lambda: count(browser, "#examples button"))
    browser.execute_script(
        "const s = document.getElementById('language'); s.value = 'zh'; s.dispatchEvent(new Event('change'))"
    )
    assert run(browser, "document.getElementById('send').textContent") == "发送"
    assert run(browser, "document.documentElement.lang") == "zh"
    browser.find_element("css selector", "#examples button").click()
    wait_for("the score", lambda: count(browser, "#score g.note") > 8)
    assert run(browser, "document.documentElement.scrollWidth <= innerWidth")


def test_a_midi_file_is_transcribed_and_the_token_opens_the_page(
    browser: Any, guarded_address: str, tmp_path: Path
) -> None:
    from abcllm.formats import save
    from abcllm.notation import parse

    tune = "X:1\nT:Brought Along\nM:3/4\nL:1/4\nK:G\nG B d|g f e|d B G|A3|G B d|g f e|d c A|G3|]\n"
    (midi,) = save(parse(tune).tunes, tmp_path / "brought.mid")
    browser.get(guarded_address)
    wait_for("the refusal", lambda: not run(browser, "document.getElementById('notice').hidden"))
    assert "token" in run(browser, "document.getElementById('notice').textContent")
    browser.get("about:blank")
    browser.get(f"{guarded_address}#token=sesame")
    wait_for("the page", lambda: run(browser, "document.getElementById('conversations').value"))
    assert "sesame" not in browser.current_url
    browser.find_element("id", "file").send_keys(str(midi))
    wait_for("the score", lambda: count(browser, "#score g.note") == 20)
    assert "M:3/4" in run(browser, "document.getElementById('abc').value")
    assert run(browser, "document.getElementById('versions').length") == 1
    # a note that is pointed at is found in the text
    browser.execute_script(
        "document.querySelector('#score g.note').dispatchEvent(new MouseEvent('click', {bubbles: true}))"
    )
    chosen = "document.getElementById('abc').value.slice(document.getElementById('abc').selectionStart).slice(0, 1)"
    assert run(browser, chosen) == "G"
