"""Comments and descriptions from the web, cleaned: what is said of the music stays, what points elsewhere goes.

Links, addresses, `@names`, times in the video and runs of hashtags are taken out; sentences that sell, beg or
disclaim are dropped whole; floods of emoji and signs are cut to one.
"""

from __future__ import annotations

import html
import re
import unicodedata

__all__ = ["clean_comment"]

PASSES = 4
LEAST_WORDS_BESIDE_LINK = 4
LINK = "\ufffc"

BREAK = re.compile(r"<br\b[^<>]*>|</?p\b[^<>]*>", re.IGNORECASE)
WORD = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]|[^\W\u3040-\u30ff\u3400-\u9fff]+")
TAG = re.compile(r"</?(?:a|b|em|i|span|strong|u)\b[^<>]*>", re.IGNORECASE)
ADDRESS = re.compile(
    r"[\w.+-]+@[\w-]+\.[\w.-]*\w"
    r"|(?:https?://|www\.)[^\s)\]>]+"
    r"|(?<![\w.@])(?:[\w-]+\.)+(?:com|net|org|info|io|be|de|fr|it|ru|jp|uk|eu|tv|co|me|ly|gl|cn)(?:/\S*|(?![\w.]))",
    re.IGNORECASE,
)
MENTION = re.compile(r"(?<!\w)@[\w.-]*\w")
HASHTAGS = re.compile(r"(?:(?<!\w)#[^\W\d]\w*[\s,]*){2,}")
HASHTAG = re.compile(r"(?<![\w#])#(?=[^\W\d])")
TIME = re.compile(
    r"[(\[]?(?<![\d:])\d{1,2}:[0-5]\d(?::[0-5]\d)?(?![\d:])(?:\s*[-–—~]\s*\d{1,2}:[0-5]\d(?::[0-5]\d)?(?![\d:]))?[)\]]?"
)
EMOJI = "[\U0001f000-\U0001faff\u2600-\u2668\u2670-\u27bf\u2b00-\u2bff\u200d]"
EMOJI_FLOOD = re.compile(rf"({EMOJI})(?:\s*{EMOJI})+")
SIGN_FLOOD = re.compile(r"([^\w\s.])\1{2,}|(\.)\2{3,}")
LETTER_FLOOD = re.compile(r"([^\W\d_])\1{3,}")
LINKED_BRACKETS = re.compile(rf"[(\[][^()\[\]]*{LINK}[^()\[\]]*[)\]]")
EMPTY_BRACKETS = re.compile(r"[(\[{（【]\s*[)\]}）】]")
LOST_SPACE = re.compile(r"\s+([,.;:!?](?:\s|$))")
SENTENCE_END = re.compile(r"(?<=[.!?…])\s+|(?<=[。！？])\s*|\s*\n\s*")
EDGES = " \t|-–—_=~*•·:;,/>+"
POINTING = re.compile(r"(?:\b(?:at|by|from|here|in|is|link|of|on|see|to|via|visit)|:)\W*$", re.IGNORECASE)
SPAM = re.compile(
    "|".join(
        (
            r"subscri|\bsub to\b|\b(?:check out|check|see|visit|on) my\b|follow (?:me|us)\b|like and share",
            r"\bhit the (?:bell|like)|\bturn on (?:the )?notif",
            r"my (?:new |own |other |latest )*(?:channel|page|web ?site|cd|album|blog)\b|leave a (?:like|comment)",
            r"sheet ?music (?:is |are )?(?:available|for sale|download|links?|pdf|at|here|below)\b",
            r"\b(?:free|get|buy|find|download) (?:the |my |your |this |free )*(?:sheet|scores?|pdf|mp3|midi)",
            r"\blinks? (?:is |are )?(?:in|below|above|to)\b|\bclick (?:here|on|the)\b",
            r"patreon|paypal|\bdonat(?:e|ion)|bandcamp|\bko-?fi\b|\bon (?:itunes|spotify|amazon|apple music)",
            r"\b(?:buy|order) (?:it|this|the|my|now|here)\b|discount|promo code|giveaway",
            r"copyright|all rights reserved|infringement|fair use|educational purposes",
            r"suscr[ií]b|\babonn(?:e[rz]?|ier\w*)\b|iscriviti|inscreva|подпис(?:ыв|ать|ка на)|подпишит|ставьте лайк",
            r"订阅|訂閱|关注我|關注我|点赞|點讚|一键三连|加微信|扫码|チャンネル登録|구독",
        )
    ),
    re.IGNORECASE,
)


def clean_comment(text: str) -> str:
    """What is left of a comment: sentences in order, single spaces; empty where nothing is.

    >>> clean_comment("Wow!!!!! 2:31 is &quot;heaven&quot;. Sheet music at www.x.com #piano #chopin")
    'Wow! is "heaven".'
    """
    for _ in range(PASSES):
        cleaned = _clean(text)
        if cleaned == text:
            break
        text = cleaned
    return text


def _clean(text: str) -> str:
    text = TAG.sub("", BREAK.sub("\n", html.unescape(text)))
    text = "".join(filter(_is_kept, unicodedata.normalize("NFC", text)))
    text = ADDRESS.sub(LINK, text)
    for pattern in (MENTION, HASHTAGS, TIME):
        text = pattern.sub(" ", text)
    text = HASHTAG.sub("", text)
    text = EMOJI_FLOOD.sub(r"\1", text)
    text = SIGN_FLOOD.sub(r"\1\2", text)
    text = LETTER_FLOOD.sub(r"\1\1\1", text)
    sentences = (_tidy(one) for whole in SENTENCE_END.split(text) for one in _without_links(whole))
    said = " ".join(one for one in sentences if not SPAM.search(one)).strip(EDGES)
    return said if any(character.isalpha() for character in said) else ""


def _is_kept(character: str) -> bool:
    """No control signs, no marks of width and direction, no variation selectors, nothing private."""
    if character in "\n\t\u200c\u200d":
        return True
    return (
        unicodedata.category(character) not in ("Cc", "Cf", "Co", "Cs", "Cn") and not "\ufe00" <= character <= "\ufe0f"
    )


def _without_links(sentence: str) -> list[str]:
    """What a sentence says besides its links: pieces that neither point at one (`Scores are at`) nor go on after."""
    if LINK not in sentence:
        return [sentence]
    *before, last = LINKED_BRACKETS.sub(" ", sentence).split(LINK)
    pieces = [one for one in before if not POINTING.search(one)] + [last]
    long = (one for one in pieces if len(WORD.findall(one)) >= LEAST_WORDS_BESIDE_LINK)
    return [one for one in long if not one.lstrip(EDGES)[:1].islower()]


def _tidy(sentence: str) -> str:
    sentence = EMPTY_BRACKETS.sub(" ", sentence)
    return LOST_SPACE.sub(r"\1", " ".join(sentence.split())).strip(EDGES)
