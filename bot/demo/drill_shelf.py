"""The drills that can be played: those of the team's folder, else the shipped ones; read again when one changes."""

import sys
from pathlib import Path

from bot.playbook.drill import Drill
from bot.playbook.library import load_drills, read_folder, stamps_of_drills
from bot.playbook.problems import LibraryProblems


class DrillShelf:
    """Blocking, and quick: a handful of small files."""

    def __init__(self, folder: Path, shipped: Path) -> None:
        """Raises LibraryProblems."""
        self._folder = folder if stamps_of_drills(folder) else shipped
        self._seen = stamps_of_drills(self._folder)
        self._drills = _load(self._folder)

    def drills(self) -> tuple[Drill, ...]:
        """A broken change leaves the old ones in use; its author reads why on the terminal."""
        if (stamps := stamps_of_drills(self._folder)) != self._seen:
            self._seen = stamps
            try:
                self._drills = _load(self._folder)
            except LibraryProblems as broken:
                sys.stderr.write("".join(f"{problem}\n" for problem in broken.problems))
        return self._drills


def _load(folder: Path) -> tuple[Drill, ...]:
    return load_drills(folder, read_folder(folder).playbooks)
