"""The page in a real browser: a tune is composed, changed, heard and printed; nothing is asked of another host."""

from __future__ import annotations

import json
import time
from base64 import b64encode
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from .conftest import Talker, listening

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


def choose(browser: Any, language: str) -> None:
    browser.execute_script(
        "const chosen = document.getElementById('language'); chosen.value = arguments[0];"
        "chosen.dispatchEvent(new Event('change'))",
        language,
    )


def write(browser: Any, abc: str) -> None:
    browser.execute_script(
        "const text = document.getElementById('abc');text.value = arguments[0]; text.dispatchEvent(new Event('input'))",
        abc,
    )


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


TUNE = "X:1\nT:Taken Away\nM:3/4\nL:1/4\nQ:1/4=180\nK:G\nG B d|g f e|d B G|A3|G B d|g f e|d c A|G3|]\n"
BEGINNINGS = {"abc": b"X:1", "mid": b"MThd", "musicxml": b"<?xml", "pdf": b"%PDF", "wav": b"RIFF"}
DROP = """
const data = Uint8Array.from(atob(arguments[0]), (letter) => letter.charCodeAt(0));
const dropped = new DataTransfer();
dropped.items.add(new File([data], "dropped.mid"));
document.body.dispatchEvent(new DragEvent("drop", { bubbles: true, cancelable: true, dataTransfer: dropped }));
"""


def test_a_tune_is_taken_away_and_comes_back_and_earlier_ones_are_not_lost(
    browser: Any, address: str, tmp_path: Path
) -> None:
    browser.get(address)
    wait_for("the page", lambda: count(browser, "#examples button"))
    browser.find_element("id", "new").click()
    write(browser, TUNE)
    wait_for("the score", lambda: count(browser, "#score g.note") == 20)
    browser.find_element("id", "keep").click()
    wait_for("the version", lambda: run(browser, "document.getElementById('versions').length") == 1)
    for suffix, beginning in BEGINNINGS.items():
        format = {"mid": "midi"}.get(suffix, suffix)
        browser.find_element("css selector", f"[data-format={format}]").click()
        file = tmp_path / "downloads" / f"taken-away.{suffix}"
        wait_for(f"the {suffix}", file.exists)
        assert file.read_bytes().startswith(beginning)

    midi = (tmp_path / "downloads" / "taken-away.mid").read_bytes()
    browser.execute_script(DROP, b64encode(midi).decode())
    wait_for("what was dropped", lambda: run(browser, "document.getElementById('versions').length") == 2)
    read = run(browser, "document.getElementById('abc').value")
    assert "M:3/4" in read
    assert read != TUNE
    wait_for("the same notes", lambda: count(browser, "#score g.note") == 20)
    browser.execute_script(
        "const versions = document.getElementById('versions'); versions.value = 0;"
        "versions.dispatchEvent(new Event('change'))"
    )
    wait_for("the first version", lambda: run(browser, "document.getElementById('abc').value") == TUNE)


def test_a_tune_is_heard_as_fast_as_one_likes(browser: Any, address: str) -> None:
    browser.get(address)
    wait_for("the page", lambda: count(browser, "#examples button"))
    rate = "document.getElementById('audio').playbackRate"
    browser.execute_script(
        "const speed = document.getElementById('speed'); speed.value = '0.5'; speed.dispatchEvent(new Event('change'))"
    )
    for abc in (TUNE, TUNE.replace("K:G", "K:D")):
        write(browser, abc)
        wait_for("silence", lambda: run(browser, "document.getElementById('audio').paused"))
        wait_for("the score", lambda: count(browser, "#score g.note") == 20)
        browser.find_element("id", "play").click()
        wait_for("the sound", lambda: run(browser, "document.getElementById('audio').currentTime") > 0.1)
        assert run(browser, rate) == 0.5
    assert run(browser, "document.getElementById('play').getAttribute('aria-busy')") is None


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


def test_what_was_repaired_is_shown_below_the_answer(browser: Any, tmp_path: Path) -> None:
    words = "```abc\nX:1\nT:<b>Bold</b>\nL:1/4\nM:4/4\nK:D\nD E F G｜A B c d|]\n```\n"
    with listening(tmp_path / "conversations", backend=Talker(words)) as address:
        browser.get(address)
        wait_for("the page", lambda: count(browser, "#examples button"))
        say(browser, "a tune in D")
        wait_for("the repairs", lambda: count(browser, "#log .repairs li") == 2)
        box = browser.find_element("css selector", "#log .repairs")
        assert box.text == "To read this answer, 2 things in it were repaired"
        browser.find_element("css selector", "#log .repairs summary").click()
        assert "1:1 A104 the tune stands in a fence" in box.text
        assert "7:8 A110 '｜' read as '|'" in box.text
        assert count(browser, "#log b, #score b") == 0
        choose(browser, "zh")
        say(browser, "a tune in G")
        wait_for("the repairs", lambda: count(browser, "#log .repairs") == 2)
        assert "修补了 2 处" in browser.find_elements("css selector", "#log .repairs")[1].text


def test_faults_refusals_and_versions_are_told_in_chinese(browser: Any, address: str, tmp_path: Path) -> None:
    browser.get(address)
    wait_for("the page", lambda: count(browser, "#examples button"))
    choose(browser, "zh")
    write(browser, "X:1\nT:Long\nR:jig\nM:6/8\nL:1/8\nK:Ddor\nDEF GAB d|]\n")
    fault = "document.querySelector('#faults .error button')?.textContent ?? ''"  # the list is made anew at any time
    assert wait_for("the fault", lambda: run(browser, fault)).startswith("7:1 R201 小节太长")
    browser.find_element("id", "keep").click()
    wait_for("the version", lambda: run(browser, "document.getElementById('versions').length") == 1)
    label = run(browser, "document.getElementById('versions').options[0].textContent")
    assert label == "1. Long:D 多利亚调式,吉格舞曲,6/8,1 小节"
    sound = tmp_path / "song.wav"
    sound.write_bytes(b"RIFF\0\0\0\0WAVEjunk")
    browser.find_element("id", "file").send_keys(str(sound))
    notice = "document.querySelector('#notice span').textContent"
    told = wait_for("the refusal", lambda: run(browser, notice))
    assert told.startswith("无法照办。(")
    assert ".mid" in told
    assert run(browser, "document.querySelector('#notice button').ariaLabel") == "关闭"
    browser.find_element("css selector", "#notice button").click()
    assert run(browser, "document.getElementById('notice').hidden")
    choose(browser, "en")
    wait_for("the fault in English", lambda: "小节" not in (run(browser, fault) or "小节"))
    assert "小节" not in run(browser, "document.getElementById('versions').options[0].textContent")


CONTRAST = """
const channel = (value) => value <= 0.03928 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
const parse = (colour) => colour.match(/[\\d.]+/g).map(Number);
const luminance = ([r, g, b]) => 0.2126 * channel(r / 255) + 0.7152 * channel(g / 255) + 0.0722 * channel(b / 255);
const behind = (element) => {
  for (let at = element; at; at = at.parentElement) {
    const [r, g, b, alpha = 1] = parse(getComputedStyle(at).backgroundColor);
    if (alpha === 1) return [r, g, b];
  }
  return [255, 255, 255];
};
const faint = [];
for (const element of document.querySelectorAll("header *, main *")) {
  const own = [...element.childNodes].some((node) => node.nodeType === 3 && node.textContent.trim());
  const shown = element.checkVisibility() && !element.disabled && !element.closest("svg, #marks, option");
  if (!shown || !(own || element.matches("input, textarea, select"))) continue;
  const ink = luminance(parse(getComputedStyle(element).color));
  const paper = luminance(behind(element.id === "abc" ? document.getElementById("marks") : element));
  const ratio = (Math.max(ink, paper) + 0.05) / (Math.min(ink, paper) + 0.05);
  if (ratio < 4.5) faint.push(`${element.outerHTML.slice(0, 80)} ${ratio.toFixed(2)}`);
}
return faint;
"""


def test_everything_can_be_read_in_light_and_in_darkness(browser: Any, address: str) -> None:
    """The contrast of WCAG 2.1 (1.4.3, AA: 4.5 to 1) for all text that is not disabled."""
    browser.get(address)
    wait_for("the page", lambda: count(browser, "#examples button"))
    say(browser, "a 4-bar waltz in G")
    write(browser, "X:1\nT:Long\nM:3/4\nL:1/4\nK:C\n!trull!CDEF|GAB|]\n")
    wait_for("the faults", lambda: count(browser, "#faults .error") and count(browser, "#faults .warning"))
    for scheme in ("light", "dark"):
        media = {"features": [{"name": "prefers-color-scheme", "value": scheme}]}
        browser.execute_cdp_cmd("Emulation.setEmulatedMedia", media)
        assert browser.execute_script(CONTRAST) == [], scheme


def test_the_document_is_well_made(browser: Any, address: str) -> None:
    browser.get(address)
    wait_for("the page", lambda: count(browser, "#examples button"))
    ids = run(browser, "[...document.querySelectorAll('[id]')].map((element) => element.id)")
    assert sorted(ids) == sorted(set(ids))
    levels = run(browser, "[...document.querySelectorAll('h1, h2, h3')].map((element) => Number(element.localName[1]))")
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))
    assert run(browser, "document.title && document.documentElement.lang") == "en"
    assert count(browser, "main") == 1
    described = run(browser, "document.getElementById('abc').getAttribute('aria-describedby')")
    assert described in ids
    assert run(browser, "[...document.querySelectorAll('[tabindex]')].every((e) => e.tabIndex === 0)")


def test_the_page_speaks_chinese_and_fits_a_phone(browser: Any, address: str) -> None:
    browser.set_window_size(390, 800)
    browser.get(address)
    wait_for("the page", lambda: count(browser, "#examples button"))
    choose(browser, "zh")
    assert run(browser, "document.getElementById('send').textContent") == "发送"
    assert run(browser, "document.documentElement.lang") == "zh"
    browser.find_element("css selector", "#examples button").click()
    wait_for("the score", lambda: count(browser, "#score g.note") > 8)
    assert run(browser, "document.documentElement.scrollWidth <= innerWidth")
    write(browser, f"X:1\nT:{'Very' * 40}\nM:3/4\nL:1/4\nK:C\nCDEF|!{'trull' * 20}!GAB|]\n")
    wait_for("the faults", lambda: count(browser, "#faults li") == 2)
    assert run(browser, "document.documentElement.scrollWidth <= innerWidth")
    small = """[...document.querySelectorAll('button, select, summary, textarea')].filter((e) => e.checkVisibility()
        && (e.getBoundingClientRect().height < 24 || e.getBoundingClientRect().width < 24)).map((e) => e.outerHTML)"""
    assert run(browser, small) == []  # WCAG 2.2 (2.5.8, AA)


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
