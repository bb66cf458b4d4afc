"""Commands that begin with a slash: the short way to say what can also be said in words."""

from __future__ import annotations

from ..request import (
    Ask,
    Help,
    Instruction,
    Play,
    Quit,
    Repair,
    Request,
    Reseed,
    Retry,
    Show,
    Unclear,
    Undo,
    read_request,
)

__all__ = ["HELP", "SLASH_COMMANDS", "read_slash"]

HELP = """Ask for a tune in plain words: its kind, key, length, metre, tempo, title.
  a 16-bar jig in D           a slow waltz in A minor        a reel in E dorian called The Rainy Road
Then go on:
  again      again in A minor      in 3/4      longer      slower      at 100 bpm      transpose to G      up a tone
  save as pdf      save as rain.mid      save everything      play it      show it      undo      call it The Rainy Road
  what key is it      how many bars      how fast is it      what is its range      is it valid
Short: /save [FORMAT or FILE]  /play  /show  /undo  /retry  /transpose KEY or N  /tempo N  /seed N  /help  /quit
"""

SLASH_COMMANDS = ("fix", "help", "info", "play", "quit", "retry", "save", "seed", "show", "tempo", "transpose", "undo")

_PLAIN: dict[str, Instruction] = {
    "help": Help(),
    "info": Ask("all"),
    "play": Play(),
    "fix": Repair(is_computed=True),
    "quit": Quit(),
    "retry": Retry(),
    "show": Show(),
    "undo": Undo(),
}


def read_slash(text: str, previous: Request | None) -> Instruction:
    """What `/NAME ARGUMENT` asks for; a name may be shortened as long as only one fits."""
    name, _, argument = text.strip()[1:].partition(" ")
    argument = argument.strip()
    fitting = [command for command in SLASH_COMMANDS if command.startswith(name.lower())] if name else []
    if name.lower() in SLASH_COMMANDS:
        fitting = [name.lower()]
    if len(fitting) != 1:
        what = f"/{name} could be {' or '.join('/' + command for command in fitting)}." if fitting else None
        return Unclear(what or f"There is no command /{name}.", f"Commands: /{'  /'.join(SLASH_COMMANDS)}")
    return _read(fitting[0], argument, previous)


def _read(command: str, argument: str, previous: Request | None) -> Instruction:
    if command in _PLAIN:
        return _PLAIN[command] if not argument else Unclear(f"/{command} takes nothing after it.", f"Say /{command}.")
    if command == "seed":
        if argument and not argument.isdecimal():
            return Unclear(f'"{argument}" is no seed.', "Seeds are whole numbers: /seed 7")
        return Reseed(int(argument[:18]) if argument else None)
    if command == "transpose" and argument.isdecimal():
        argument = f"+{argument}"
    words = {"save": f"save as {argument}" if argument else "save", "tempo": f"tempo {argument}"}
    return read_request(words.get(command, f"{command} {argument}"), previous)
