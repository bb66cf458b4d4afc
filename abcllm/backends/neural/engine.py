"""A Llama on a CPU by ONNX Runtime: streams of pieces that go on side by side, each a step at a time.

Keys and values lie in buffers that the runtime writes in place, one row a stream; the rows in use are the first ones,
so that a step reads the weights once for all streams. What the prompt of a stream has in common with that of another,
or of one that ended, is copied instead of computed again.

What a stream is told does not depend on its company, nor on what was written before it, to the last bit: the runtime
computes each row as it would alone. Two pieces or more at once are computed alike, however many they are, but a single
one with its sums in another order; so what was read in steps is never copied, and no prompt is left with one piece.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping, Sequence
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ...errors import ContextFull, MissingExtra, UsageError
from ...models.folder import ModelFolder
from ...models.graph import Precision, build_graph
from ..sampling import Floats
from ..writing import Stream

__all__ = ["Batch", "Engine"]

PROVIDERS: Final = ("CPUExecutionProvider",)
KEPT: Final = 4  # prompts of texts that ended and may begin again
SHORTEST: Final = 8  # pieces in common that are worth a copy
UNKNOWN: Final = 2  # pieces of a prompt that are always read


class Engine:
    """A model that is ready to run. `threads` 0 leaves their number to the runtime.

    Raises `MissingExtra` where ONNX Runtime is not installed, and what `ModelFolder` raises.
    """

    def __init__(self, folder: ModelFolder, *, precision: Precision = "int8", threads: int = 0) -> None:
        self.llama = folder.llama
        self.ended: deque[_Text] = deque(maxlen=KEPT)
        graph = build_graph(self.llama, folder.open_weights(), precision)
        self.session = _open_session(graph.to_bytes(embedded=False), graph.numbers, threads)
        self.caches = tuple(graph.caches)

    def open(self, streams: int = 1, context: int = 0) -> Batch:
        """Room for up to `streams` texts at once, each of up to `context` pieces (0: as many as the model reads)."""
        return Batch(self, streams, min(context or self.llama.context, self.llama.context))

    def read(self, ids: Sequence[int]) -> Floats:
        """The logits (pieces, vocabulary) after each piece of a text. Raises `ContextFull`."""
        return self.open(1, len(ids)).read(ids)


class _Text(NamedTuple):
    """Pieces, and what the layers made of them: keys and values (heads, pieces or more, head size)."""

    ids: Sequence[int]
    caches: Sequence[Floats]


class Batch:
    """Texts that take their steps together: `live` are those under way, by row."""

    def __init__(self, engine: Engine, streams: int, context: int) -> None:
        self.engine = engine
        self.streams = streams
        self.context = context
        self.live: list[Stream] = []
        llama = engine.llama
        shape = (streams, llama.kv_heads, context, llama.head_size)
        self._caches = [np.zeros(shape, np.float32) for _ in engine.caches]
        self._binding: Any = engine.session.io_binding()
        self._bound = (-1, -1, -1)

    def begin(self, ids: Sequence[int]) -> Stream:
        """A new stream that has read `ids`. Raises `ContextFull`, and `UsageError` where no row is free."""
        row = len(self.live)
        if row == self.streams:
            raise UsageError(f"{row} texts are under way, as many as there is room for")
        self._check_length(len(ids))
        known = self._recall(row, ids[:-UNKNOWN])
        logits = self._run(row, np.array([ids[known:]], np.int64), np.array([len(ids) - 1], np.int32))
        stream = Stream(row, list(ids), logits[0, -1], len(ids))
        self.live.append(stream)
        return stream

    def step(self, pieces: Sequence[int]) -> None:
        """Every live stream reads one piece more, in the order of `live`. Raises `ContextFull`."""
        lengths = np.array([len(stream.ids) for stream in self.live], np.int32)
        self._check_length(int(lengths.max()) + 1)
        logits = self._run(0, np.array(pieces, np.int64)[:, None], lengths)
        for stream, piece, expected in zip(self.live, pieces, logits[:, 0], strict=True):
            stream.ids.append(piece)
            stream.logits = expected

    def end(self, stream: Stream) -> None:
        """Take a stream out; its text is remembered, and its row goes to the last one."""
        begun = stream.begun
        caches = [cache[stream.row, :, :begun].copy() for cache in self._caches]
        self.engine.ended.append(_Text(stream.ids[:begun], caches))
        last = self.live.pop()
        if last is not stream:
            for cache in self._caches:
                cache[stream.row, :, : len(last.ids)] = cache[last.row, :, : len(last.ids)]
            last.row = stream.row
            self.live[stream.row] = last

    def read(self, ids: Sequence[int]) -> Floats:
        """The logits (pieces, vocabulary) after each piece of a text, which is not kept. Raises `ContextFull`."""
        self._check_length(len(ids))
        row = len(self.live)
        logits: Floats = self._run(row, np.array([ids], np.int64), np.array([len(ids) - 1], np.int32))[0]
        return logits

    def _check_length(self, pieces: int) -> None:
        if not 0 < pieces <= self.context:
            raise ContextFull(f"the text has {pieces:,} pieces; 1 to {self.context:,} are read", backend="neural")

    def _recall(self, row: int, ids: Sequence[int]) -> int:
        """Put the keys and values of the longest beginning that is known into a row; how many pieces it has."""
        live = [
            _Text(stream.ids[: stream.begun], [cache[stream.row] for cache in self._caches]) for stream in self.live
        ]
        texts = [*live, *self.engine.ended]
        known, caches = max(
            ((_common(ids, text.ids), text.caches) for text in texts), key=lambda found: found[0], default=(0, ())
        )
        if known < SHORTEST:
            return 0
        for cache, source in zip(self._caches, caches, strict=True):
            cache[row, :, :known] = source[:, :known]
        return known

    def _run(self, row: int, ids: NDArray[np.int64], lengths: NDArray[np.int32]) -> Floats:
        """The logits (rows, pieces, vocabulary) after new pieces (rows, pieces) of the rows from `row` on."""
        if self._bound != (row, *ids.shape):
            self._bind(row, *ids.shape)
        self._ids[:], self._lengths[:], self._total[()] = ids, lengths, lengths.max() + 1
        self.engine.session.run_with_iobinding(self._binding)
        return self._logits.copy()

    def _bind(self, row: int, count: int, pieces: int) -> None:
        """Give the runtime the places where it reads and writes; most steps have those of the step before."""
        if self._bound[:2] != (row, count):
            for name, cache in zip(self.engine.caches, self._caches, strict=True):
                rows = cache[row : row + count]
                self._binding.bind_input(f"past.{name}", *_place(rows))
                self._binding.bind_output(f"present.{name}", *_place(rows))
        self._bound = (row, count, pieces)
        self._ids = np.empty((count, pieces), np.int64)
        self._lengths, self._total = np.empty(count, np.int32), np.empty((), np.int32)
        self._logits = np.empty((count, pieces, self.engine.llama.vocabulary), np.float32)
        self._binding.bind_input("input_ids", *_place(self._ids))
        self._binding.bind_input("lengths", *_place(self._lengths))
        self._binding.bind_input("total", *_place(self._total))
        self._binding.bind_output("logits", *_place(self._logits))


def _place(array: NDArray[Any]) -> tuple[str, int, type, tuple[int, ...], int]:
    """Where an array lies, in the runtime's words."""
    return "cpu", 0, array.dtype.type, array.shape, array.ctypes.data


def _common(first: Sequence[int], second: Sequence[int]) -> int:
    """How many pieces two texts begin with alike."""
    for at, (one, other) in enumerate(zip(first, second, strict=False)):
        if one != other:
            return at
    return min(len(first), len(second))


def _open_session(model: bytes, numbers: Mapping[str, NDArray[Any]], threads: int) -> Any:
    try:
        import onnxruntime
    except ImportError:
        raise MissingExtra("the neural composer needs ONNX Runtime: pip install onnxruntime") from None
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    options.log_severity_level = 3
    given = [onnxruntime.OrtValue.ortvalue_from_numpy(array) for array in numbers.values()]
    options.add_external_initializers(list(numbers), given)
    return onnxruntime.InferenceSession(model, options, providers=list(PROVIDERS))
