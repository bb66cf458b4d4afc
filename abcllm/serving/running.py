"""A server that runs until it is told to end, and then ends well: answers under way have a moment to become whole."""

from __future__ import annotations

import socket
import sys
from types import FrameType

import uvicorn
from fastapi import FastAPI

from .application import stop_answers

__all__ = ["run"]

GRACE_S = 3.0
SWITCH_S = 0.001
"""How long a thread that computes keeps those waiting that have only little to do."""
PATIENCE_S = 5


class _Server(uvicorn.Server):
    """Has answers broken off, and kept, before their connections are: those who read them are told."""

    def __init__(self, app: FastAPI) -> None:
        config = uvicorn.Config(app, log_level="warning", access_log=False, timeout_graceful_shutdown=PATIENCE_S)
        super().__init__(config)
        self.app = app

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        stop_answers(self.app, GRACE_S)
        super().handle_exit(sig, frame)


def run(app: FastAPI, listening: socket.socket) -> None:
    """Serve until SIGINT or SIGTERM; a second one does not wait."""
    sys.setswitchinterval(SWITCH_S)
    _Server(app).run(sockets=[listening])
