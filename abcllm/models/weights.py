"""Weights in safetensors files, read and written without a model library.

A safetensors file is the length of a JSON header (8 bytes, little endian), the header (name -> dtype, shape, place),
and the numbers (https://huggingface.co/docs/safetensors/index#format). There is nothing in it that could run.
"""

from __future__ import annotations

import json
import mmap
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final, Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

from ..errors import BackendError, ModelNotFound
from ..files import open_atomically

__all__ = ["INDEX", "WEIGHTS", "Dtype", "Weights", "open_weights", "write_weights"]

WEIGHTS: Final = "model.safetensors"
INDEX: Final = "model.safetensors.index.json"
Dtype: TypeAlias = Literal["F32", "F16", "BF16"]
STORED: Final[dict[str, Any]] = {"F32": np.dtype("<f4"), "F16": np.dtype("<f2"), "BF16": np.dtype("<u2")}


class Weights(Mapping[str, NDArray[np.float32]]):
    """The tensors of safetensors files by name, each read when it is asked for, as 32-bit numbers."""

    def __init__(self, *paths: Path) -> None:
        self._places: dict[str, tuple[mmap.mmap, str, tuple[int, ...], int, int]] = {}
        for path in paths:
            self._open(path)

    def _open(self, path: Path) -> None:
        try:
            with path.open("rb") as stream:
                data = mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ)
            size = int.from_bytes(data[:8], "little")
            header = json.loads(data[8 : 8 + size])
            for name, place in header.items():
                if name == "__metadata__":
                    continue
                first, last = place["data_offsets"]
                shape, dtype = tuple(place["shape"]), place["dtype"]
                if dtype not in STORED:
                    raise BackendError(f"{path}: {name} is stored as {dtype}; read are {', '.join(STORED)}")
                whole = int(np.prod(shape, dtype=np.int64)) * STORED[dtype].itemsize
                if last - first != whole or 8 + size + last > len(data):
                    raise BackendError(f"{path} is cut short: {name} is not whole; copy the file again")
                self._places[name] = (data, dtype, shape, 8 + size + first, whole)
        except OSError as fault:
            raise ModelNotFound(f"cannot read {path}: {fault.strerror}") from None
        except (ValueError, KeyError, TypeError, AttributeError) as fault:
            raise BackendError(f"{path} is no safetensors file: {fault}") from None

    def __getitem__(self, name: str) -> NDArray[np.float32]:
        data, dtype, shape, start, size = self._places[name]
        stored = np.frombuffer(data, STORED[dtype], size // STORED[dtype].itemsize, start)
        if dtype == "BF16":
            stored = np.left_shift(stored, 16, dtype=np.uint32).view(np.float32)
        return stored.astype(np.float32, copy=False).reshape(shape)

    def __iter__(self) -> Iterator[str]:
        return iter(self._places)

    def __len__(self) -> int:
        return len(self._places)

    def shape(self, name: str) -> tuple[int, ...]:
        """The shape of a tensor, without reading it."""
        return self._places[name][2]

    def dtype(self, name: str) -> str:
        """How a tensor is stored: F32, F16 or BF16."""
        return self._places[name][1]


def open_weights(folder: Path) -> Weights:
    """The weights of a model's folder, in one file or several. Raises `ModelNotFound` and `BackendError`."""
    index = folder / INDEX
    if not index.is_file():
        return Weights(folder / WEIGHTS)
    try:
        names = json.loads(index.read_bytes())["weight_map"].values()
        return Weights(*(folder / name for name in sorted(set(names))))
    except (ValueError, KeyError, TypeError, AttributeError) as fault:
        raise BackendError(f"{index} is no index of weights: {fault}") from None


def write_weights(path: Path, tensors: Mapping[str, NDArray[np.float32]], dtype: Dtype = "F32") -> None:
    """Write tensors as one safetensors file, which is whole or not there. Raises `FileError`."""
    itemsize, place = STORED[dtype].itemsize, 0
    header: dict[str, Any] = {"__metadata__": {"format": "pt"}}
    for name, tensor in tensors.items():
        size = tensor.size * itemsize
        header[name] = {"dtype": dtype, "shape": list(tensor.shape), "data_offsets": [place, place + size]}
        place += size
    head = json.dumps(header, separators=(",", ":")).encode()
    head += b" " * (-len(head) % 8)
    with open_atomically(path) as stream:
        stream.write(len(head).to_bytes(8, "little") + head)
        for tensor in tensors.values():
            stream.write(_stored(tensor, dtype))


def _stored(tensor: NDArray[np.float32], dtype: Dtype) -> bytes:
    if dtype != "BF16":
        return tensor.astype(STORED[dtype]).tobytes()
    bits = np.ascontiguousarray(tensor, "<f4").view(np.uint32)
    even = (bits >> 16) & 1  # to the nearest, and of two as near to the even one
    return ((bits + 0x7FFF + even) >> 16).astype("<u2").tobytes()
