"""Evaluation: how well a model composes, with people's tunes beside its own.

abcllm eval list                                       the suites, and what each measures
abcllm eval run -m MODEL --corpus FOLDER -o X.json     ask, measure, and write the result (goes on where it was ended)
abcllm eval report FILE...                             results as Markdown, models side by side

A corpus is what `abcllm data build` makes; what is asked comes from its held-out splits. Without --suite, all that the
model can be asked are run. The rows of a run stand beside its result, as X.rows.jsonl.
"""

from __future__ import annotations

import argparse

HELP = "how well a model composes, people's tunes beside its own"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    actions = parser.add_subparsers(metavar="ACTION", required=True, dest="action")
    listing = actions.add_parser("list", help="the suites, and what each measures")
    listing.add_argument("--json", action="store_true", help="as JSON")
    run = actions.add_parser("run", help="ask a model, measure its answers")
    run.add_argument("-m", "--model", default="", metavar="MODEL", help="the composer: NAME or NAME:WHERE")
    run.add_argument(
        "--corpus", required=True, metavar="FOLDER", help="the built corpus whose held-out tunes are asked"
    )
    run.add_argument("--suite", action="append", default=[], metavar="NAME", help="only this suite; may come again")
    run.add_argument("-n", type=int, default=200, metavar="N", help="how many questions a suite (200)")
    run.add_argument("--seed", type=int, default=0, metavar="N", help="which questions, and which answers (0)")
    run.add_argument("--temperature", type=float, metavar="T", help="0 plays safe, above 1 is bold")
    run.add_argument("--top-p", type=float, metavar="P", help="only the likeliest choices that have that share")
    run.add_argument("--max-tokens", type=int, default=2048, metavar="N", help="where an answer is ended (2048)")
    run.add_argument(
        "--guided", action=argparse.BooleanOptionalAction, default=True, help="hold tunes to valid ABC as they come"
    )
    run.add_argument("-o", "--output", required=True, metavar="FILE", help="the result, such as eval/results/X.json")
    run.add_argument("--restart", action="store_true", help="ask anew what an earlier run has asked")
    report = actions.add_parser("report", help="results as Markdown")
    report.add_argument("files", nargs="+", metavar="FILE", help="results, or folders of them")
    report.add_argument("-o", "--output", metavar="FILE", help="write there instead of printing")


def run(options: argparse.Namespace) -> int:
    action = {"list": list_suites, "run": run_suites, "report": write_report}[options.action]
    return action(options)


def list_suites(options: argparse.Namespace) -> int:
    import json

    from ..evaluation.suites import get_suite, suite_names
    from . import FINE

    suites = {name: get_suite(name) for name in suite_names()}
    if options.json:
        found = {
            name: {"about": suite.about, "measures": {key: one._asdict() for key, one in suite.measures.items()}}
            for name, suite in suites.items()
        }
        print(json.dumps(found, indent=2))
        return FINE
    for name, suite in suites.items():
        print(f"{name:<8} {suite.about}")
        for measure in suite.measures.values():
            print(f"{'':<8}   {measure.title}, {measure.unit}")
    return FINE


def run_suites(options: argparse.Namespace) -> int:
    import sys
    from pathlib import Path

    from ..backends import DEFAULT_BACKEND, get_backend
    from ..errors import UsageError
    from ..evaluation.held_out import HeldOut
    from ..evaluation.reporting import render
    from ..evaluation.running import evaluate
    from ..evaluation.suites import Settings, get_suite, suite_names
    from . import FINE
    from .progress import Progress

    if options.n < 1:
        raise UsageError(f"-n takes a whole number from 1, not {options.n}")
    if options.seed < 0:
        raise UsageError(f"--seed takes a whole number from 0, not {options.seed}")
    model = options.model or DEFAULT_BACKEND
    suites = {name: get_suite(name) for name in options.suite or suite_names()}
    held_out = HeldOut(options.corpus)
    backend = get_backend(model)
    sampling = backend.choosing(
        temperature=options.temperature, top_p=options.top_p, max_tokens=options.max_tokens, guided=options.guided
    )
    if not options.suite:
        passed_over = [name for name, suite in suites.items() if not suite.serves(backend)]
        suites = {name: suite for name, suite in suites.items() if name not in passed_over}
        if passed_over:
            print(f"passed over, for {model} cannot be asked: {', '.join(passed_over)}", file=sys.stderr)
    with Progress("rows") as progress:
        result = evaluate(
            backend,
            name_of(model),
            [*suites],
            held_out,
            Settings(options.n, options.seed, sampling),
            Path(options.output),
            progress=lambda asked: progress.add(1, asked),
            restart=options.restart,
        )
    print(render([result]), end="")
    print(f"wrote {options.output}", file=sys.stderr)
    return FINE


def name_of(model: str) -> str:
    """The name of a model without the place of its weights: of a folder or file only the last part."""
    from pathlib import Path

    kind, colon, where = model.partition(":")
    return f"{kind}{colon}{Path(where).name}"


def write_report(options: argparse.Namespace) -> int:
    import sys
    from pathlib import Path

    from ..evaluation.reporting import read_results, render
    from ..files import write_atomically
    from . import FINE

    text = render(read_results(map(Path, options.files)))
    if options.output:
        write_atomically(options.output, text, overwrite=True)
        print(f"wrote {options.output}", file=sys.stderr)
    else:
        print(text, end="")
    return FINE
