"""The vocabulary of our own models: SentencePiece BPE in which music is spelled in atoms.

A note (accidental, letter, octave marks) is one piece, a length another, a bar line, a chord symbol, the start of a
field, a decoration another; words of any language are built from the pieces that are left, and what no piece spells
from bytes, so that every text comes back as it was. Two notes, or a note and its length, never merge: the same bar is
spelled alike wherever it stands, and a model learns pitch and rhythm apart.

SentencePiece (Kudo & Richardson, 2018, https://arxiv.org/abs/1808.06226) merges the pair of highest score first. The
atoms are given the highest scores, in an order in which each can be reached; the pieces of words follow, as its own
trainer finds them, without those that could be read as music.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Iterator
from itertools import product
from typing import Any, Final

from ..models.chat_format import END, RESERVED, START

__all__ = ["build_vocabulary", "list_atoms", "prose_of"]

SPACE: Final = "▁"
"""How SentencePiece writes a space."""

UNKNOWN, BEGIN, STOP = "<unk>", "<s>", "</s>"
FIELDS: Final = "ABCDFGHIKLMNOPQRSTUVWXZwmrs"
INLINE: Final = "KLMPQRVr"
DECORATIONS: Final = (
    "trill", "lowermordent", "uppermordent", "mordent", "pralltriller", "roll", "turn", "fermata",
    "invertedfermata", "accent", ">", "tenuto", "staccato", "segno", "coda", "D.C.", "D.S.", "fine", "dacoda",
    "dacapo", "upbow", "downbow", "slide", "arpeggio", "pppp", "ppp", "pp", "p", "mp", "mf", "f", "ff", "fff",
    "ffff", "sfz", "crescendo(", "crescendo)", "diminuendo(", "diminuendo)", "<(", "<)", ">(", ">)", "open",
    "thumb", "snap", "breath", "wedge", "plus", "0", "1", "2", "3", "4", "5",
)  # fmt: skip
QUALITIES: Final = ("", "m", "7", "m7", "maj7", "dim", "aug", "sus4", "6", "9", "+")
LENGTHS: Final = ("/", "//", "/2", "/4", "/8", "3/2", "3/4", "3/", "7/", "5/2", "7/2", "1/2", "1/4", "1/8", "1/16")
METERS: Final = ("2/2", "3/8", "4/4", "6/4", "6/8", "9/8", "12/8", "5/4", "5/8", "7/8", "C|")
BARS: Final = (
    "||", "|]", "[|", "|:", ":|", "::", ":|:", "|1", "|2", "|[1", "|[2", ":|1", ":|2", ":|[2", "[1", "[2",
)  # fmt: skip
GROUPS: Final = ("(3", "(2", "(4", "(5", "(6", "(7", ">>", "<<", "((", "))")


def list_atoms() -> tuple[list[str], list[str]]:
    """Pieces that stand in the text as they are (matched first), and pieces that are merged, in order of merging.

    >>> whole, merged = list_atoms()
    >>> '"Am7"' in whole, "\\nK:" in whole, "^c'" in merged, "▁^c'" in merged
    (True, True, True, True)
    """
    whole = ["\n", "\n\n", "X:", *(f"\n{field}:" for field in FIELDS), *(f"[{field}:" for field in INLINE)]
    whole += [f"!{name}!" for name in DECORATIONS]
    roots = [letter + sign for letter in "CDEFGAB" for sign in ("", "#", "b")]
    whole += [f'"{root}{quality}"' for root, quality in product(roots, QUALITIES)]
    letters = "CDEFGABcdefgab"
    accidentals = ("^", "_", "=", "^^", "__")
    sharpened = ["^^", "__"] + [sign + letter for sign in accidentals for letter in letters]
    raised = [
        note + mark
        for mark in (",", "'", ",,", "''")
        for note in (*letters, *sharpened[2:])
        if note[-1].isupper() == (mark[0] == ",")
    ]
    numbers = [str(number) for number in range(10, 100)] + [f"{tens}0" for tens in range(10, 25)]
    signs = [*sharpened, *raised, *numbers, *LENGTHS, *METERS, *BARS, *GROUPS]
    notes = [*letters, *sharpened, *raised]
    spaced = [SPACE + sign for sign in (*notes, "z", "x", "|", *BARS, "(", "(3", "[", "{", '"', "-")]
    return whole, list(dict.fromkeys([*_reachable(signs), *spaced]))


def _reachable(signs: list[str]) -> Iterator[str]:
    """The signs, each after what it is merged from: `:|2` after `:|`, `1/16` after `16`."""
    known = set()
    for sign in sorted(dict.fromkeys(signs), key=len):
        halves = ((sign[:at], sign[at:]) for at in range(1, len(sign)))
        if not any(all(len(half) == 1 or half in known for half in pair) for pair in halves):
            for at in range(2, len(sign)):
                if sign[:at] not in known:
                    known.add(sign[:at])
                    yield sign[:at]
        known.add(sign)
        yield sign


def prose_of(text: str) -> Iterator[str]:
    """The lines of a text that are words: no tune bodies, and of the header what follows the letter of a field.

    >>> list(prose_of("A jig for you:\\nX:1\\nT:Up we go\\nK:D\\nDEF GAB|\\n\\nEnjoy!"))
    ['A jig for you:', '1', 'Up we go', 'D', 'Enjoy!']
    """
    in_body = False
    for line in text.splitlines():
        field = re.match(r"([A-Za-z]):(.*)", line)
        if field:
            in_body = field[1] == "K" or (in_body and field[1] != "X")
            yield field[2]
        elif not line.strip():
            in_body = False
        elif not in_body:
            yield line


def build_vocabulary(texts: Iterable[str], size: int) -> bytes:
    """A SentencePiece model of so many pieces (`tokenizer.model`), its words learned from these texts.

    The first pieces are `<unk>`, `<s>`, `</s>`, the 256 bytes, the marks of the chat format and the atoms. Raises
    `ValueError` where `size` does not hold those.
    """
    whole, merged = list_atoms()
    single = sorted({character for piece in (*merged, *whole) for character in piece if character != "\n"})
    fixed = 3 + 256 + 2 + len(RESERVED) + len(whole) + len(merged)
    words = _learn_words([line for text in texts for line in prose_of(text)], size)
    letters = [piece for piece in dict.fromkeys([*single, *(c for c in words if len(c) == 1)]) if piece not in merged]
    if size < fixed + len(letters):
        raise ValueError(f"a vocabulary of {size} pieces has no room for the {fixed + len(letters)} that are fixed")
    taken = {*merged, *whole, *letters}
    words = [word for word in words if word not in taken and not _could_be_music(word)]
    while True:
        data = _serialise(whole, merged, words[: size - fixed - len(letters)], letters)
        unreachable = _find_unreachable(data, words)
        if not unreachable:
            return data
        words = [word for word in words if word not in unreachable]


def _could_be_music(word: str) -> bool:
    """Whether a piece of a word would stand for more than one sign in a tune: `▁bag`, `A2`, `z|`."""
    bare = word.lstrip(SPACE)
    if any(character.isdigit() for character in word) and len(bare) > 1:
        return True
    if SPACE in bare or not bare.isascii():
        return SPACE in bare
    return not any(character.isalpha() and character not in "abcdefgABCDEFGxzZ" for character in bare) and (
        len(bare) > 1 or word == SPACE
    )


def _learn_words(lines: list[str], size: int) -> list[str]:
    """Pieces of words, the most useful first, then single characters; as SentencePiece's BPE trainer finds them."""
    import sentencepiece

    model = io.BytesIO()
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter(lines),
        model_writer=model,
        model_type="bpe",
        vocab_size=size,
        hard_vocab_limit=False,
        character_coverage=0.9999,
        split_digits=True,
        normalization_rule_name="identity",
        add_dummy_prefix=True,
        remove_extra_whitespaces=True,
        max_sentencepiece_length=14,
        minloglevel=2,
    )
    processor = sentencepiece.SentencePieceProcessor(model_proto=model.getvalue())
    return [processor.id_to_piece(i) for i in range(3, processor.get_piece_size())]


def _serialise(whole: list[str], merged: list[str], words: list[str], letters: list[str]) -> bytes:
    from sentencepiece import sentencepiece_model_pb2

    proto: Any = sentencepiece_model_pb2.ModelProto()
    kind = proto.SentencePiece

    def add(piece: str, score: float, type_: int) -> None:
        proto.pieces.add(piece=piece, score=score, type=type_)

    add(UNKNOWN, 0.0, kind.UNKNOWN)
    for control in (BEGIN, STOP):
        add(control, 0.0, kind.CONTROL)
    for byte in range(256):
        add(f"<0x{byte:02X}>", 0.0, kind.BYTE)
    for control in (START, END, *RESERVED):
        add(control, 0.0, kind.CONTROL)
    for piece in whole:
        add(piece, 0.0, kind.USER_DEFINED)
    for rank, piece in enumerate([*merged, *words, *letters]):
        add(piece, -float(rank), kind.NORMAL)
    trainer, normalizer = proto.trainer_spec, proto.normalizer_spec
    trainer.model_type, trainer.vocab_size, trainer.byte_fallback = trainer.BPE, len(proto.pieces), True
    trainer.unk_id, trainer.bos_id, trainer.eos_id, trainer.pad_id = 0, 1, 2, -1
    normalizer.name, normalizer.add_dummy_prefix = "identity", False
    normalizer.remove_extra_whitespaces, normalizer.escape_whitespaces = False, True
    data: bytes = proto.SerializeToString(deterministic=True)
    return data


def _find_unreachable(data: bytes, words: list[str]) -> set[str]:
    """The words that merging does not arrive at, since a piece on the way was left out."""
    import sentencepiece

    processor = sentencepiece.SentencePieceProcessor(model_proto=data)
    return {
        word
        for word in words
        if processor.piece_to_id(word) != 0 and len(processor.encode(word.replace(SPACE, " "))) != 1
    }
