"""How alike two texts are by their words, and whose words they are."""

from __future__ import annotations

import re
import unicodedata

from rapidfuzz.distance import Levenshtein

from ..metrics import recall
from ..record import Record

__all__ = ["rouge_l", "speaks", "split_words", "word_accuracy"]

WORD = re.compile(
    r"[\u3040-\u30ff\u3400-\u9fff]|[^\W_\u3040-\u30ff\u3400-\u9fff]+(?:'[^\W_\u3040-\u30ff\u3400-\u9fff]+)*"
)


def split_words(text: str) -> list[str]:
    """The words of a text in small letters, without signs; in Chinese and Japanese, each character.

    >>> split_words("It’s Café-music, 第一首!")
    ["it's", 'café', 'music', '第', '一', '首']
    """
    return WORD.findall(unicodedata.normalize("NFKC", text).casefold().replace("’", "'"))


def word_accuracy(said: str, wanted: str) -> float:
    """1 - word error rate, at least 0: edits that turn one into the other, by the words that were wanted.

    >>> word_accuracy("the cat sat", "The cat sat down.")
    0.75
    """
    said_words, wanted_words = split_words(said), split_words(wanted)
    if not wanted_words:
        return float(not said_words)
    return max(0.0, 1 - Levenshtein.distance(said_words, wanted_words) / len(wanted_words))


def rouge_l(said: str, wanted: str) -> float:
    """ROUGE-L (Lin 2004, section 3): the harmonic mean of how much of each text is in their longest common part.

    >>> rouge_l("a dog barks loudly", "a dog barks")
    0.8571428571428571
    """
    said_words, wanted_words = split_words(said), split_words(wanted)
    if not said_words or not wanted_words:
        return float(said_words == wanted_words)
    precision, share = recall(wanted_words, said_words), recall(said_words, wanted_words)
    return 2 * precision * share / (precision + share) if precision + share else 0.0


def speaks(record: Record, language: str) -> bool:
    """True where the record's words are in that language, or the record does not say in which they are.

    >>> from abcllm.record import Place
    >>> speaks(Record("1", "own", "CC0-1.0", Place("a", 1), language="zh-CN"), "zh")
    True
    """
    return not record.language or record.language.split("-")[0].lower() == language
