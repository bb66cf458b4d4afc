"""Write eval/README.md from the results in eval/results."""

from __future__ import annotations

import argparse
import json

from record import RESULTS, ROOT, table

from abcllm.errors import DataError
from abcllm.evaluation.reporting import read_results, render
from abcllm.evaluation.running import Result

ORDER = (
    "features",
    "faults",
    "corruptions",
    "majority",
    "midi",
    "conversion",
    "roundtrip",
    "robustness",
    "replies",
    "composer",
    "generation",
    "engines",
    "guiding",
    "vocabulary",
    "training",
    "families",
    "serving_ngram",
    "serving_neural",
    "building",
    "trainers",
    "speed",
)
TITLES = {
    "features": "The feature cases of ABC 2.1",
    "faults": "Planted faults",
    "corruptions": "Seeded corruptions",
    "majority": "Notes, against the majority of three programs",
    "midi": "MIDI note events, against abc2midi",
    "conversion": "MIDI to ABC, beside other programs",
    "roundtrip": "There and back",
    "robustness": "Broken and hostile texts",
    "replies": "Answers of models, read",
    "composer": "The n-gram composer",
    "generation": "The neural composer: speed, start, memory",
    "engines": "The same model in other programs, one thread each",
    "guiding": "The neural composer: guided tunes, and what guiding costs tunes that need none",
    "vocabulary": "Tokens a tune",
    "training": "xtuner beside a bare loop",
    "families": "Tune families, against alignments of all notes",
    "serving_ngram": "The server under load, with the n-gram composer",
    "serving_neural": "The server under load, with the neural composer",
    "building": "Building corpora",
    "trainers": "One step of each trainer on a built corpus",
    "speed": "Speed and memory",
}


def read_models() -> list[Result]:
    """The results of `abcllm eval run` among all."""
    try:
        return read_results([RESULTS])
    except DataError:  # none yet
        return []


def add_arguments(parser: argparse.ArgumentParser) -> None:
    pass


def run(args: argparse.Namespace) -> int:
    lines = [(ROOT / "tools" / "bench" / "preface.md").read_text(encoding="utf-8").rstrip()]
    for name in ORDER:
        path = RESULTS / f"{name}.json"
        if not path.exists():
            continue
        result = json.loads(path.read_text(encoding="utf-8"))
        seed = f", seed {result['seed']}" if "seed" in result else ""
        where = result["machine"]
        lines += [
            f"\n## {TITLES[name]}\n",
            table(result["rows"]),
        ]
        machine = f"{where['cpu']}, {where['cores']} cores, Python {where['python']}"
        measured = f"{machine}; commit {result['commit']}, {result['date']}"
        lines.append(f"\n`{result['command']}`: n = {result['n']:,}{seed}; {measured}.")
        if name == "corruptions":
            share = 100 * result["abc2midi_clean_without_error"] / result["abc2midi_clean"]
            lines.append(
                f"\nFalse alarms on the {result['n']:,} untouched tunes: {result['false_alarms']}. Of the "
                f"{result['abc2midi_clean']:,} tunes that abc2midi finds clean, {share:.2f} % have no error from us."
            )
    models = read_models()
    if models:
        lines += ["\n## Models, people's tunes beside theirs\n", "`abcllm eval run`, `python tools/train_baselines`:\n"]
        lines.append(render(models).rstrip())
    (ROOT / "eval" / "README.md").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return 0
