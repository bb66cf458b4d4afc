"""Programs that make a sound file heard: which there are, and the first of them that is installed."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path
from typing import NamedTuple

from .errors import AbcllmError, MissingExtra

__all__ = ["PLAYERS", "Player", "find_player", "play_file"]


class Player(NamedTuple):
    """A program that plays WAV files, called as `program *options FILE`."""

    program: str
    options: tuple[str, ...]
    remedy: str


PLAYERS = (
    Player("aplay", ("-q",), "apt-get install alsa-utils"),
    Player("pw-play", (), "apt-get install pipewire-bin"),
    Player("paplay", (), "apt-get install pulseaudio-utils"),
    Player("afplay", (), "part of macOS"),
    Player("play", ("-q",), "apt-get install sox"),
    Player("ffplay", ("-nodisp", "-autoexit", "-loglevel", "error"), "apt-get install ffmpeg"),
)

INSTEAD = 'Or write a sound file instead: "-o tune.wav" on the command line, "save as wav" in a chat'


def find_player() -> Player:
    """The first player that is installed. Raises `MissingExtra` where there is none."""
    for player in PLAYERS:
        if shutil.which(player.program):
            return player
    known = ", ".join(player.program for player in PLAYERS)
    raise MissingExtra(
        f"no program that plays sound is here (looked for {known}); on Debian and Ubuntu: apt-get install alsa-utils. "
        f"{INSTEAD}",
        program="aplay",
    )


def play_file(player: Player, path: Path) -> None:
    """Play a WAV file to its end. Raises `AbcllmError` with the player's own words where it fails."""
    heard = subprocess.run([player.program, *player.options, str(path)], stderr=subprocess.PIPE, check=False)
    if heard.returncode:
        words = heard.stderr.decode(errors="replace").strip().splitlines()
        raise AbcllmError(
            f"{player.program} could not play the sound: {words[-1] if words else f'exit code {heard.returncode}'}. "
            f"{INSTEAD}"
        )
