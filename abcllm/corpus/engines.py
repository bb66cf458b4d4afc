"""Engines: where the work on shards is done. `local` uses the cores of this machine, `ray` those of a Ray cluster.

The nodes of a cluster must see the folders of the corpus and of its sources under the same names.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any, Protocol, TypeVar

from ..errors import AbcllmError, MissingExtra, UnknownName
from ..workers import in_order

__all__ = ["ENGINES", "Engine", "get_engine"]

T = TypeVar("T")
R = TypeVar("R")
ENGINES = ("local", "ray")
AHEAD = 2


class Engine(Protocol):
    """`map` for shards: the results in the order of the pieces; pieces are taken as they are needed."""

    def map(self, function: Callable[[T], R], pieces: Iterable[T]) -> Iterator[R]:
        """Raises what the function raises."""


def get_engine(name: str, workers: int, address: str = "") -> Engine:
    """The engine of that name. Raises `UnknownName`, and `MissingExtra` where Ray is not installed."""
    if name == "local":
        return _Local(workers)
    if name == "ray":
        return _Ray(workers, address)
    raise UnknownName("engine", name, ENGINES)


class _Local:
    def __init__(self, workers: int) -> None:
        self.workers = workers

    def map(self, function: Callable[[T], R], pieces: Iterable[T]) -> Iterator[R]:
        return map(function, pieces) if self.workers == 1 else in_order(function, pieces, self.workers)


class _Ray:
    """Tasks of Ray, `AHEAD` of them a worker at a time, so that a long input is not read at once."""

    def __init__(self, workers: int, address: str) -> None:
        try:
            import ray
        except ImportError:
            raise MissingExtra("building on a Ray cluster needs the extra 'ray'", extra="ray") from None
        self.ray = ray
        if not ray.is_initialized():
            where: dict[str, Any] = (
                {"address": address} if address else {"num_cpus": workers, "include_dashboard": False}
            )
            ray.init(log_to_driver=False, **where)
        self.most = AHEAD * max(workers, int(dict(ray.cluster_resources()).get("CPU", 1)))  # type: ignore[no-untyped-call]

    def map(self, function: Callable[[T], R], pieces: Iterable[T]) -> Iterator[R]:
        remote = self.ray.remote(function)
        waiting: list[Any] = []
        for piece in pieces:
            waiting.append(remote.remote(piece))
            if len(waiting) >= self.most:
                yield self._result(waiting.pop(0))
        while waiting:
            yield self._result(waiting.pop(0))

    def _result(self, reference: Any) -> Any:
        try:
            return self.ray.get(reference)
        except self.ray.exceptions.RayTaskError as fault:
            if isinstance(fault.cause, AbcllmError):
                raise fault.cause from None
            raise
