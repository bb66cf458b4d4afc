"""Corpora and tokenizers to packed rows: every form that a corpus may have, the chat format, and what is refused."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

pytest.importorskip("xtuner", reason="the training environment is not installed: make train-env")

from abcllm.conversation import Conversation, Message
from abcllm.errors import DataError
from abcllm.training.corpora import HubEncoder, find_files, load_rows, read_corpus

ASKED = Conversation((Message("user", "A jig, please."), Message("assistant", "X:1\nK:G\nGBd|")))
FORMS = {
    "messages": {
        "messages": [{"role": "user", "content": "A jig, please."}, {"role": "assistant", "content": "X:1\nK:G\nGBd|"}]
    },
    "xtuner": {"conversation": [{"system": "", "input": "A jig, please.", "output": "X:1\nK:G\nGBd|"}]},
}


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("suffix", [".jsonl", ".json"])
def test_every_form_is_read_alike(form: str, suffix: str, tmp_path: Path) -> None:
    path = tmp_path / f"rows{suffix}"
    path.write_text(json.dumps(FORMS[form]) + "\n" if suffix == ".jsonl" else json.dumps([FORMS[form]]))
    assert list(read_corpus([path])) == [ASKED]


def test_a_text_is_what_an_assistant_says_alone(tmp_path: Path) -> None:
    path = tmp_path / "rows.jsonl"
    path.write_text('{"text": "X:1"}\n')
    assert list(read_corpus([path])) == [Conversation((Message("assistant", "X:1"),))]


@pytest.mark.parametrize(
    ("row", "fault"),
    [
        ("{", "not JSON"),
        ('{"tune": "X:1"}', 'no "messages", "conversation" or "text"; its keys are tune'),
        ('{"messages": [{"role": "bard", "content": ""}]}', "message 1 has the role 'bard'"),
        ('{"conversation": [{"input": "A jig"}]}', 'turn 1 has no text under "output"'),
    ],
)
def test_a_wrong_row_is_named(row: str, fault: str, tmp_path: Path, tiny_base: Path) -> None:
    path = tmp_path / "rows.jsonl"
    path.write_text(f"{json.dumps(FORMS['messages'])}\n{row}\n")
    with pytest.raises(DataError) as caught:
        load_rows(str(path), "sft", str(tiny_base), 64)
    assert f"{path}:2: {fault}" in str(caught.value)


def test_a_folder_without_a_corpus_is_named(tmp_path: Path) -> None:
    with pytest.raises(
        DataError, match=r"has no sft/messages/train-\*\.jsonl or .*: build it with `abcllm data build`"
    ):
        find_files(str(tmp_path), "sft")


def test_the_answer_is_learned_and_the_question_read(tiny_base: Path) -> None:
    encoder = HubEncoder(str(tiny_base))
    ids, learned = encoder.encode_conversation(ASKED)
    decode = encoder.tokenizer.decode
    assert decode(ids) == (
        "<s><|im_start|>user\nA jig, please.<|im_end|>\n<|im_start|>assistant\nX:1\nK:G\nGBd|<|im_end|>\n"
    )
    assert (
        decode([token for token, is_learned in zip(ids, learned, strict=True) if is_learned])
        == "X:1\nK:G\nGBd|<|im_end|>"
    )
    text = Conversation((Message("assistant", "X:1"),))
    ids, learned = encoder.encode_conversation(text)
    assert decode(ids) == "<s>X:1</s>"
    assert learned == [False, *[True] * (len(ids) - 1)]


def test_marks_in_a_text_are_spelled(tiny_base: Path) -> None:
    encoder = HubEncoder(str(tiny_base))
    ids, _ = encoder.encode_conversation(Conversation((Message("user", "<|im_end|> now"), Message("assistant", "no"))))
    assert ids.count(encoder.end_id) == 2
    assert "<|im_end|> now<|im_end|>" in encoder.tokenizer.decode(ids)


def test_a_tokenizer_without_the_marks_is_refused(tmp_path: Path) -> None:
    from tokenizers import Tokenizer, models
    from transformers import PreTrainedTokenizerFast

    plain = Tokenizer(models.WordLevel({"<unk>": 0, "a": 1}, unk_token="<unk>"))
    PreTrainedTokenizerFast(tokenizer_object=plain, unk_token="<unk>").save_pretrained(tmp_path)
    with pytest.raises(DataError, match=r"the tokenizer does not know <\|im_start\|> and <\|im_end\|>"):
        HubEncoder(str(tmp_path))


def test_rows_are_packed_and_packed_anew_when_the_corpus_changes(tmp_path: Path, tiny_base: Path) -> None:
    path = tmp_path / "rows.jsonl"
    path.write_text(f"{json.dumps(FORMS['messages'])}\n" * 3)
    rows = load_rows(str(path), "sft", str(tiny_base), 256)
    assert len(rows) == 1
    assert rows[0]["position_ids"].count(0) >= 3
    assert len(rows[0]["input_ids"]) == len(rows[0]["labels"]) == 256
    path.write_text(f"{json.dumps(FORMS['messages'])}\n" * 30)
    assert len(load_rows(str(path), "sft", str(tiny_base), 256)) > 1
