"""Comments cleaned: what goes, what stays, and that cleaning is done once."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from abcllm.sources.comments import clean_comment

DIRT = st.sampled_from(
    ["https://youtu.be/x-y", "www.x.com/a", "0:42", "1:02:03", "a@b.org", "@bob", "#piano #chopin", "!!!!!", "&amp;",
     "&lt;b&gt;", "<br>", "😍😍😍", "\u200e", "\ufe0f", "(imslp.org)", "soooooo"]
)  # fmt: skip
CLEAN = st.sampled_from(
    ["A calm piece.", "C# minor", "Sonata #2", "4/4", "I <3 it", "这首曲子真美。", "♯ and ♭", "Op. 9 No. 2"]
)


@pytest.mark.parametrize(
    ("dirty", "clean"),
    [
        ("0:00 Prelude 1:02:03 Fugue", "Prelude Fugue"),
        ("The trill (2:31 - 2:40) is heaven", "The trill is heaven"),
        ("Great! Mail me at a.b@c.org, @bob", "Great!"),
        ("Amazing #piano #chopin #etude", "Amazing"),
        ("I love #chopin most", "I love chopin most"),
        ("So good 😍😍😍😍 really 🎹", "So good 😍 really 🎹"),
        ("It&#39;s &amp;quot;the&amp;quot; piece<br>of my life", 'It\'s "the" piece of my life'),
        ("Bravo!!!!!!! Soooooooo nice", "Bravo! Sooo nice"),
        ("A study in thirds.\nSubscribe to my channel!\nSheet music available at www.x.com", "A study in thirds."),
        ("Facebook: https://fb.com/x\nPlayed by a master of touch.", "Played by a master of touch."),
        ("Chopin wrote it in Paris in 1830 (see https://x.org)", "Chopin wrote it in Paris in 1830"),
        ("这首太好听了！订阅我的频道。我爱肖邦。", "这首太好听了！ 我爱肖邦。"),
        ("Подписывайтесь на канал. Очень красиво.", "Очень красиво."),
        ("左手的旋律很美 https://x.org", "左手的旋律很美"),
        ("учебнику ️️️", "учебнику"),
        ("12:30", ""),
        ("❤❤❤", ""),
    ],
)
def test_examples(dirty: str, clean: str) -> None:
    assert clean_comment(dirty) == clean


@pytest.mark.parametrize(
    "text",
    ["Sonata #2 in C# minor, 4/4", "I <3 this", "He put it on the sheet music stand.", "Op. 9 No. 2 is my favourite.",
     "The left hand has the tune at bar 16: listen.", "3:4 is a cross rhythm.", "Die Fuge beginnt erst im Takt 12."],
)  # fmt: skip
def test_words_about_music_stay(text: str) -> None:
    assert clean_comment(text) == text


@given(st.lists(st.one_of(DIRT, CLEAN), max_size=8).map(" ".join))
def test_what_is_clean_stays_and_no_dirt_is_left(text: str) -> None:
    cleaned = clean_comment(text)
    assert clean_comment(cleaned) == cleaned
    assert not re.search(r"https?:|www\.|\.com|@|\d:\d\d|&\w+;|<b|#\w+\s+#|!!!|\s\s|[\u200e\ufe0f]", cleaned)


@given(st.text(max_size=300))
def test_any_text_can_be_cleaned(text: str) -> None:
    assert clean_comment(text).isprintable() or re.search(r"[\u200c\u200d]", text) is not None
