"""Serve the composer: a page for people, /v1/chat/completions, /check, /render and /convert for programs.

    abcllm serve                              # the page at http://127.0.0.1:7860
    abcllm serve --host 0.0.0.0 --token SECRET
    abcllm serve --model ngram --model neural:FOLDER

Other machines reach it only where --host says so. The page asks no other host for anything.
"""

from __future__ import annotations

import argparse

HELP = "a page and an interface for programs, in a browser near you"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--host", default="127.0.0.1", metavar="ADDRESS", help="where to listen (127.0.0.1: here only)")
    parser.add_argument("--port", type=int, default=7860, metavar="N", help="at which port (7860)")
    parser.add_argument("--token", default="", metavar="TEXT", help="answer only those who send it")
    parser.add_argument(
        "-m", "--model", action="append", metavar="MODEL", help="the composer: NAME or NAME:WHERE; may be repeated"
    )
    parser.add_argument("--folder", metavar="DIR", help="where conversations are kept (in your own data)")
    parser.add_argument("--streams", type=int, default=64, metavar="N", help="answers written side by side (64)")
    parser.add_argument("--per-client", type=int, default=16, metavar="N", help="of them for one client (16)")


def run(options: argparse.Namespace) -> int:
    import sys
    from importlib.util import find_spec
    from pathlib import Path

    from ..backends import DEFAULT_BACKEND
    from ..errors import MissingExtra, UsageError
    from . import FINE

    missing = [name for name in ("fastapi", "uvicorn", "python_multipart") if find_spec(name) is None]
    if missing:
        raise MissingExtra(f"serving needs {', '.join(missing)}: pip install 'abcllm[serve]'", extra="serve")
    if not 0 < options.port < 65536:
        raise UsageError(f"--port takes 1 to 65535, not {options.port}")
    import uvicorn

    from ..serving.application import build_application
    from ..serving.settings import Limits, Settings, usual_folder

    limits = Limits(streams=options.streams, per_client=options.per_client)
    settings = Settings(
        folder=Path(options.folder) if options.folder else usual_folder(),
        models=tuple(dict.fromkeys(options.model or [DEFAULT_BACKEND])),
        token=options.token,
        host=options.host,
        limits=limits,
    )
    app = build_application(settings)
    if settings.is_open:
        who = "whoever has the token" if settings.token else "anyone, for there is no --token,"
        print(f"warning: {who} on machines that reach {options.host} can use this server", file=sys.stderr)
    token = f"#token={settings.token}" if settings.token else ""
    name = f"[{options.host}]" if ":" in options.host else options.host
    print(f"http://{name}:{options.port}/{token}", file=sys.stderr)
    config = uvicorn.Config(
        app, options.host, options.port, log_level="warning", access_log=False, timeout_graceful_shutdown=5
    )
    server = uvicorn.Server(config)
    server.run()
    if not server.started:
        raise UsageError(f"cannot listen at {options.host}:{options.port}; is another server there? Take --port")
    return FINE
