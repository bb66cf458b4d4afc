"""Arguments that several commands have."""

from __future__ import annotations

import argparse

__all__ = ["add_output_arguments"]


def add_output_arguments(parser: argparse.ArgumentParser) -> None:
    """The arguments of every command that writes files."""
    parser.add_argument("--tune", type=int, metavar="N", help="only the tune with reference number N (its X: field)")
    parser.add_argument("-f", "--force", action="store_true", help="replace files that exist")
    parser.add_argument("--json", action="store_true", help="say as JSON what was written and found")
