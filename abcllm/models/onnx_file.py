"""The few parts of ONNX's file form that a language model needs, as bytes.

An ONNX model is a protocol buffer (https://github.com/onnx/onnx/blob/main/onnx/onnx.proto): fields with a number and
a kind, one after the other. Writing them takes less than the library that could.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable, Sequence
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

__all__ = ["FLOAT", "INT32", "INT64", "model", "node", "tensor", "value"]

IR_VERSION: Final = 11
OPERATORS: Final = {"": 23, "com.microsoft": 1}
FLOAT, UINT8, INT32, INT64 = 1, 2, 6, 7
KINDS: Final = {"f": FLOAT, "u": UINT8}
VARINT, BYTES, FIXED32 = 0, 2, 5
EXTERNAL: Final = 1


def model(name: str, nodes: Iterable[bytes], inputs: Iterable[bytes], outputs: Iterable[bytes],
          tensors: Iterable[bytes]) -> bytes:  # fmt: skip
    """A whole model of one graph."""
    graph = b"".join(
        [
            *(_field(1, one) for one in nodes),
            _field(2, name),
            *(_field(5, one) for one in tensors),
            *(_field(11, one) for one in inputs),
            *(_field(12, one) for one in outputs),
        ]
    )
    operators = b"".join(_field(8, _field(1, domain) + _field(2, version)) for domain, version in OPERATORS.items())
    return _field(1, IR_VERSION) + _field(2, "abcllm") + _field(7, graph) + operators


def node(operator: str, inputs: Sequence[str], outputs: Sequence[str], domain: str = "", **attributes: float) -> bytes:
    """An operation; an input or output that is left out is an empty name."""
    parts = [*(_field(1, name) for name in inputs), *(_field(2, name) for name in outputs)]
    parts += [_field(3, outputs[0]), _field(4, operator)]
    for name, number in attributes.items():
        is_float = isinstance(number, float)
        parts.append(
            _field(5, _field(1, name) + _field(2 if is_float else 3, number) + _field(20, 1 if is_float else 2))
        )
    return b"".join([*parts, _field(7, domain)])


def tensor(name: str, numbers: NDArray[Any], *, embedded: bool) -> bytes:
    """Numbers of the model: in the file, or only declared, to be given to the runtime beside it."""
    place = (
        _field(9, numbers.tobytes())
        if embedded
        else _field(13, _field(1, "location") + _field(2, "weights")) + _field(14, EXTERNAL)
    )
    shape = b"".join(_field(1, size) for size in numbers.shape)
    return shape + _field(2, KINDS[numbers.dtype.kind]) + _field(8, name) + place


def value(name: str, kind: int, shape: Sequence[int | str]) -> bytes:
    """An input or output; a size that is not known before is a name."""
    sizes = b"".join(_field(1, _field(2 if isinstance(size, str) else 1, size)) for size in shape)
    return _field(1, name) + _field(2, _field(1, _field(1, kind) + _field(2, sizes)))


def _field(number: int, content: bytes | str | float) -> bytes:
    if isinstance(content, int | np.integer):
        return _varint(number << 3 | VARINT) + _varint(int(content))
    if isinstance(content, float):
        return _varint(number << 3 | FIXED32) + struct.pack("<f", content)
    data = content.encode() if isinstance(content, str) else content
    return _varint(number << 3 | BYTES) + _varint(len(data)) + data


def _varint(number: int) -> bytes:
    number &= 0xFFFFFFFFFFFFFFFF  # what is negative is written as its complement of two
    digits = bytearray()
    while number > 0x7F:
        digits.append(number & 0x7F | 0x80)
        number >>= 7
    return bytes([*digits, number])
