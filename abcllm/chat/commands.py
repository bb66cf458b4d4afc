"""Commands that begin with a slash: the short way to say what can also be said in words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Final

from ..formats import FORMATS, find_format
from ..request import (
    Ask,
    Find,
    Help,
    Instruction,
    Open,
    Play,
    Quit,
    Recall,
    Repair,
    Request,
    Reseed,
    Resemble,
    Retry,
    Save,
    Show,
    Switch,
    Unclear,
    Undo,
    read_request,
)
from ..request.saving import read_target
from .languages import Language

__all__ = ["HELP", "SLASH_COMMANDS", "read_slash"]

HELP: Final[Mapping[Language, str]] = {
    "en": """Ask for a tune in plain words: its kind, key, length, metre, tempo, title. English or Chinese.
  a 16-bar jig in D           a slow waltz in A minor        a reel in E dorian called The Rainy Road
Then change it. The composer writes, and every bar that you do not name stays as it is:
  make bar 5 busier           simplify the ending            rewrite bars 5-8          make a variation
  continue for 8 bars         add a second part              add chords                in the style of a hornpipe
or it is computed, and said to be:
  transpose to G, up a tone, down an octave      make it minor      slower, at 100 bpm      double the note lengths
  keep only the first part      repair it      call it The Rainy Road      undo
Ask about it: what key is it, how many bars, how fast is it, what is its range, what chords are there, is it valid
or about music: what interval is D to A, what notes are in Dm7, what is the relative minor of G
Hear and keep it: play it, save as pdf, save as rain.mid, save everything
Another one: again, again in A minor, in 3/4, longer
From a library (--library FOLDER): something like The Kesh, something like this, show me The Kesh from the library
Short:
  /save [FORMAT or FILE]  /export FORMAT [FILE]  /play  /show  /score  /info  /undo  /retry  /fix
  /transpose KEY or N  /tempo N  /seed N  /find NAME  /like [NAME]  /model [NAME]
  /conversations  /open CONVERSATION or FILE  /help  /quit
""",
    "zh": """用平常的话要一首曲子：种类、调、长度、拍号、速度、标题。中文或英文都可以。
  写一首D大调的16小节吉格舞曲      一首A小调的慢圆舞曲      写一首E多利亚的里尔舞曲，叫《雨中小路》
再来修改。由作曲者来写，没有提到的小节都不变：
  把第5小节写得更密集      简化结尾      重写第5到8小节      来一个变奏
  续写8小节      加一段      配上和弦      改成号管舞曲
或者由程序算出来，并且会说明：
  移到G调、升高一个全音、降低一个八度      变成小调      慢一点、速度100      音符加倍
  只保留第一部分      修复它      叫它《雨中小路》      撤销
问问它：什么调、多少小节、多快、音域是多少、有哪些和弦、有错误吗
或问乐理：D到A是什么音程、Dm7有哪些音、G大调的关系小调是什么
听和保存：播放、保存为pdf、保存为 rain.mid、全部保存
再来一首：再来、再来一首A小调、更长一点
用曲库（--library 文件夹）：类似《The Kesh》的曲子、类似这首的曲子、从曲库里找《The Kesh》
简短的说法：
  /save [格式或文件]  /export 格式 [文件]  /play  /show  /score  /info  /undo  /retry  /fix
  /transpose 调或半音数  /tempo 速度  /seed 数  /find 名字  /like [名字]  /model [名字]
  /conversations  /open 对话或文件  /help  /quit
""",
}

SLASH_COMMANDS = (
    "conversations", "export", "find", "fix", "help", "info", "like", "model", "open", "play", "quit", "retry", "save",
    "score", "seed", "show", "tempo", "transpose", "undo",
)  # fmt: skip

_PLAIN: dict[str, Instruction] = {
    "conversations": Recall(),
    "fix": Repair(is_computed=True),
    "help": Help(),
    "info": Ask("all"),
    "play": Play(),
    "quit": Quit(),
    "retry": Retry(),
    "score": Show(),
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
    if command == "export":
        return _read_export(argument)
    if command == "model":
        return Switch(argument)
    if command == "like":
        return Resemble(argument)
    if command in ("find", "open") and not argument:
        return Unclear(f"Say what /{command} is to {command}.", f"Say: /{command} NAME")
    if command == "find":
        return Find(argument)
    if command == "open":
        return Open(argument)
    if command == "transpose" and argument.isdecimal():
        argument = f"+{argument}"
    words = {"save": f"save as {argument}" if argument else "save", "tempo": f"tempo {argument}"}
    return read_request(words.get(command, f"{command} {argument}"), previous)


def _read_export(argument: str) -> Instruction:
    """`FORMAT [FILE]`: a file without an ending gets that of the format."""
    format, _, file = argument.partition(" ")
    target = read_target(format)
    if not isinstance(target, Save) or target.path:
        formats = ", ".join(name for name in FORMATS)
        return Unclear(f'"{format}" is no format.', f"Say: /export FORMAT [FILE]; formats: {formats}")
    suffixes = FORMATS[find_format(target.format)].suffixes
    if not file.strip() or file.strip().endswith(suffixes):
        return replace(target, path=file.strip())
    if Path(file).suffix:
        return Unclear(f"{file} has another ending than {suffixes[0]}.", f"Say: /export {format} {Path(file).stem}")
    return replace(target, path=f"{file.strip()}{suffixes[0]}")
