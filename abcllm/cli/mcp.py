"""Give an assistant the tools compose, check, render, convert and transpose, by the Model Context Protocol.

    abcllm mcp

The assistant starts it and talks with it over standard input and output. In its settings, for instance:
{"mcpServers": {"abcllm": {"command": "abcllm", "args": ["mcp"]}}}
"""

from __future__ import annotations

import argparse

HELP = "tools for an assistant, over standard input and output"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("-m", "--model", metavar="MODEL", help="the composer: NAME or NAME:WHERE")


def run(options: argparse.Namespace) -> int:
    from importlib.util import find_spec

    from ..backends import DEFAULT_BACKEND, get_backend
    from ..errors import MissingExtra
    from . import FINE

    if find_spec("mcp") is None:
        raise MissingExtra("tools for assistants need mcp: pip install 'abcllm[serve]'", extra="serve")
    from ..serving.assistant import build_assistant
    from ..serving.settings import Limits

    build_assistant(get_backend(options.model or DEFAULT_BACKEND), Limits()).run("stdio")
    return FINE
