"""Serve the composer: a page for people, /v1/chat/completions, /check, /render and /convert for programs.

    abcllm serve                              # the page at http://127.0.0.1:7860
    abcllm serve --host 0.0.0.0 --token SECRET
    abcllm serve --model ngram --model mine=neural:FOLDER
    abcllm serve --model composer=openai:http://HOST:8000/v1

Other machines reach it only where --host says so. The page asks no other host for anything. configs/deploy has the
way to more than one process and one machine.
"""

from __future__ import annotations

import argparse
import os
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import socket

HELP = "a page and an interface for programs, in a browser near you"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--host", default="127.0.0.1", metavar="ADDRESS", help="where to listen (127.0.0.1: here only)")
    parser.add_argument("--port", type=int, default=7860, metavar="N", help="at which port (7860); 0 takes a free one")
    parser.add_argument(
        "--token", default=os.environ.get("ABCLLM_TOKEN", ""), metavar="TEXT",
        help="answer only those who send it (ABCLLM_TOKEN, which no list of processes shows)",
    )  # fmt: skip
    parser.add_argument(
        "-m",
        "--model",
        action="append",
        type=read_model,
        metavar="[NAME=]MODEL",
        help="the composer: NAME or NAME:WHERE, and what it is called here; may be repeated",
    )
    parser.add_argument("--folder", metavar="DIR", help="where conversations are kept (in your own data)")
    parser.add_argument("--library", metavar="DIR", help="tunes and notes that visitors may draw on")
    parser.add_argument("--streams", type=int, default=64, metavar="N", help="answers written side by side (64)")
    parser.add_argument("--per-client", type=int, default=16, metavar="N", help="of them for one client (16)")


def run(options: argparse.Namespace) -> int:
    import sys
    from importlib.util import find_spec
    from pathlib import Path

    from ..backends import DEFAULT_BACKEND, get_backend
    from ..errors import MissingExtra, UsageError
    from . import FINE

    missing = [name for name in ("fastapi", "uvicorn", "python_multipart") if find_spec(name) is None]
    if missing:
        raise MissingExtra(f"serving needs {', '.join(missing)}: pip install 'abcllm[serve]'", extra="serve")
    if not 0 <= options.port < 65536:
        raise UsageError(f"--port takes 0 (any that is free) to 65535, not {options.port}")
    from ..library import Library
    from ..serving.application import build_application
    from ..serving.running import run as run_server
    from ..serving.settings import Limits, Settings, usual_folder

    limits = Limits(streams=options.streams, per_client=options.per_client)
    settings = Settings(
        folder=Path(options.folder) if options.folder else usual_folder(),
        token=options.token,
        host=options.host,
        limits=limits,
    )
    models = dict(options.model or [(DEFAULT_BACKEND, DEFAULT_BACKEND)])
    backends = {name: get_backend(model) for name, model in models.items()}
    library = Library(options.library) if options.library else None
    app = build_application(settings, backends, library)
    listening = listen(options.host, options.port)
    if settings.is_open:
        who = "whoever has the token" if settings.token else "anyone, for there is no --token,"
        print(f"warning: {who} on machines that reach {options.host} can use this server", file=sys.stderr)
    name = f"[{options.host}]" if ":" in options.host else options.host
    token = f"#token={settings.token}" if settings.token else ""
    print(f"http://{name}:{listening.getsockname()[1]}/{token}", file=sys.stderr, flush=True)
    with listening:
        run_server(app, listening)
    return FINE


def read_model(text: str) -> tuple[str, str]:
    """What a model is called here, and where it is from.

    >>> read_model("composer=openai:http://127.0.0.1:8000/v1#a=b"), read_model("neural:runs/a=b")
    (('composer', 'openai:http://127.0.0.1:8000/v1#a=b'), ('neural:runs/a=b', 'neural:runs/a=b'))
    """
    name, equals, model = text.partition("=")
    return (name, model) if equals and re.fullmatch(r"[\w.-]+", name) else (text, text)


def listen(host: str, port: int) -> socket.socket:
    """A socket that listens there. Raises `UsageError` that says why not."""
    import socket

    from ..errors import UsageError

    try:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
        return socket.create_server((host, port), family=family)
    except OSError as fault:
        raise UsageError(
            f"cannot listen at {host}, port {port}: {fault.strerror}; choose with --host, --port"
        ) from None
