"""Data sets and corpora: what can be read, what is built from it, and what is in it.

abcllm data list                          the data sets, with licence and state
abcllm data card NAME | FOLDER            the card of a data set, or of a built corpus
abcllm data build PLAN                    sources x tasks -> training files (goes on where it was ended)
abcllm data instruct NAME FOLDER -o FILE  questions with answers from what a data set knows of its recordings
abcllm data stats FOLDER                  plots of a built corpus, PNG and HTML
abcllm data show FILE                     some conversations, to be read
abcllm data validate FILE...              whether every line is a conversation
"""

from __future__ import annotations

import argparse

HELP = "data sets read, corpora built, shown and validated"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    actions = parser.add_subparsers(metavar="ACTION", required=True, dest="action")
    listing = actions.add_parser("list", help="the data sets that can be read")
    listing.add_argument("--json", action="store_true", help="as JSON")
    card = actions.add_parser("card", help="the card of a data set, or of a built corpus")
    card.add_argument("name", metavar="NAME", help="a data set, or the folder of a corpus")
    card.add_argument("--json", action="store_true", help="as JSON")
    build = actions.add_parser("build", help="build a corpus")
    build.add_argument("plan", metavar="PLAN", help="a TOML file, such as configs/corpus/folk.toml")
    build.add_argument("-o", "--out", metavar="FOLDER", help="where to (corpora/NAME)")
    build.add_argument("--workers", type=int, metavar="N", help="processes (as many as there are cores)")
    build.add_argument("--engine", choices=("local", "ray"), default="local", help="this machine, or a Ray cluster")
    build.add_argument("--ray-address", default="", metavar="ADDRESS", help="of the cluster; a local one is begun else")
    build.add_argument("--licence", metavar="CLASS", help="take only this class of licence and freer ones")
    build.add_argument(
        "--consent", action="append", default=[], metavar="SOURCE", help="you have the right that its card asks for"
    )
    build.add_argument("--seed", type=int, metavar="N", help="another seed than the plan's")
    build.add_argument(
        "--max-rejects", metavar="N|P%", help="exit with 1 where more rows are rejected (plan's, or 20%%)"
    )
    build.add_argument("--keep", action="store_true", help="keep the shards of all stages in FOLDER/work")
    build.add_argument("--restart", action="store_true", help="remove a corpus that is there, and begin anew")
    build.add_argument("--json", action="store_true", help="print the card as JSON")
    instruct = actions.add_parser("instruct", help="make questions and answers from what is known of recordings")
    instruct.add_argument("name", metavar="NAME", help="a data set of recordings, such as fma or musiccaps")
    instruct.add_argument("folder", metavar="FOLDER", help="of the data set")
    instruct.add_argument("-o", "--out", required=True, metavar="FILE", help="instructions.jsonl; a run goes on in it")
    instruct.add_argument(
        "--family", action="append", metavar="NAME", help="only this kind of question; may come again"
    )
    instruct.add_argument("--url", metavar="URL", help="an OpenAI-compatible address (without: rules, no model)")
    instruct.add_argument("--model", default="", metavar="NAME", help="the model behind the address")
    instruct.add_argument("--workers", type=int, default=1, metavar="N", help="requests under way at a time (1)")
    instruct.add_argument("--language", default="en", choices=("en", "zh"), help="of questions and answers (en)")
    instruct.add_argument("--seed", type=int, default=0, metavar="N", help="for the wordings (0)")
    stats = actions.add_parser("stats", help="plots of a corpus: keys, metres, lengths, tasks, licences")
    stats.add_argument("folder", metavar="FOLDER", help="of a built corpus")
    stats.add_argument("-o", "--out", metavar="FOLDER", help="where to (FOLDER/stats)")
    show = actions.add_parser("show", help="some conversations of a file or corpus")
    show.add_argument("path", metavar="PATH", help="a file of conversations, or the folder of a corpus")
    show.add_argument("-n", type=int, default=3, metavar="N", help="how many (3)")
    show.add_argument("--task", metavar="NAME", help="only of this task")
    show.add_argument("--seed", type=int, default=0, metavar="N", help="which ones")
    validate = actions.add_parser("validate", help="check every line of training files")
    validate.add_argument("files", nargs="+", metavar="FILE", help="files, or folders of them")


def run(options: argparse.Namespace) -> int:
    from . import data_actions

    action = {
        "list": data_actions.list_sources,
        "card": data_actions.show_card,
        "build": data_actions.build_corpus,
        "instruct": data_actions.make_instructions,
        "stats": data_actions.plot_stats,
        "show": data_actions.show_conversations,
        "validate": data_actions.validate_files,
    }[options.action]
    return action(options)
