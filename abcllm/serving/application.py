"""The server put together: the page, the paths, the limits."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

from fastapi import FastAPI
from fastapi.responses import FileResponse
from starlette.staticfiles import StaticFiles

from .. import __version__
from ..backends import Backend
from ..library import Library
from .completions import completions
from .conversations import conversations
from .faults import answer_faults
from .guard import Guard
from .scores import scores
from .settings import Settings
from .shelf import Shelf
from .workroom import Workroom

__all__ = ["build_application", "stop_answers"]

PAGE = Path(__file__).with_name("page")
PATIENCE_S = 5.0
"""How long work that was broken off may take to be put away when the server ends."""


def build_application(settings: Settings, backends: Mapping[str, Backend], library: Library | None = None) -> FastAPI:
    """The server as an ASGI application.

    `backends` compose, by name; the first where none is named. From `library`, visitors may take tunes.
    """
    limits = settings.limits
    composing = Workroom("composing", limits, places=limits.streams, limit_s=limits.answer_s)
    quick = Workroom("checking", limits, places=limits.threads, limit_s=limits.score_s)
    slow = Workroom("scores", limits, places=limits.threads, limit_s=limits.score_s)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        yield
        await asyncio.gather(*(room.finish(PATIENCE_S) for room in (composing, quick, slow)))

    app = FastAPI(
        title="abcllm",
        version=__version__,
        description="Tunes composed, checked, engraved, sounded and converted.",
        lifespan=lifespan,
        docs_url=None,  # both would load their scripts from another host
        redoc_url=None,
    )
    app.state.composing = composing
    app.add_middleware(Guard, settings=settings)
    answer_faults(app)
    first = next(iter(backends.values()))
    app.include_router(completions(backends, composing, limits))
    app.include_router(scores(quick, slow, limits))
    app.include_router(conversations(first, Shelf(settings.folder, library), composing, quick, limits))

    @app.get("/health", tags=["server"])
    async def health() -> dict[str, int]:
        """Whether it lives, and how many answers are being written."""
        return {"streams": composing.turnstile.count}

    @app.get("/", include_in_schema=False)
    async def page() -> FileResponse:
        return FileResponse(PAGE / "index.html", headers={"Cache-Control": "no-cache"})

    app.mount("/page", StaticFiles(directory=PAGE), name="page")
    return app


def stop_answers(app: FastAPI, grace_s: float) -> None:
    """Break off, after so many seconds, the answers that are being written."""
    room: Workroom = app.state.composing
    room.close_in(grace_s)
