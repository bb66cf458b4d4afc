"""The command `abcllm`, and `python -m abcllm`: one door in, and one place where exceptions become words."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Sequence

from .cli import INTERRUPTED, USAGE, build_parser, exit_code
from .errors import AbcllmError


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code: 0 fine, 1 faults found, 2 wrong usage, 3 something to install."""
    arguments = sys.argv[1:] if arguments is None else arguments
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")  # a terminal of few letters still shows every tune
    try:
        options = build_parser(arguments).parse_args(arguments)
        status: int = options.run(options)
        sys.stdout.flush()
    except AbcllmError as fault:
        print(f"error: {fault}", file=sys.stderr)
        return exit_code(fault)
    except BrokenPipeError:  # the reader of our output has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except OSError as fault:  # a full disk, a terminal that went away
        print(f"error: {fault}", file=sys.stderr)
        return USAGE
    except KeyboardInterrupt:
        print("interrupted", file=sys.stderr)
        return INTERRUPTED
    return status


if __name__ == "__main__":
    sys.exit(main())
