"""Can policy.yaml and the playbooks be used, and are they still looked after?"""

import sys
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Final

from bot.checkup.finding import Finding, bad, ok, warn
from bot.playbook.document import Playbook
from bot.playbook.library import Library, load
from bot.playbook.problems import LibraryProblems

PART: Final = "playbooks"


def main(folder: Path) -> None:
    """Prints the folder's playbooks and guides. Raises LibraryProblems."""
    sys.stdout.write(listing(load(folder)))


def check_playbooks(folder: Path, today: date) -> list[Finding]:
    """Blocking: reads every file."""
    try:
        library = load(folder)
    except LibraryProblems as error:
        return [
            bad(PART, f"{problem}.".replace("..", "."), "Correct it; files are read anew as you save them.")
            for problem in error.problems
        ]
    return [_shelf(library), *overdue((*library.playbooks, *library.guides.values()), today)]


def _shelf(library: Library) -> Finding:
    if not library.playbooks:
        return warn(PART, f"{library.folder} holds no playbook.", "Write one: docs/playbooks.md says how.")
    return ok(PART, f"{len(library.playbooks)} playbooks and {len(library.guides)} guides can be used.")


def overdue(playbooks: Sequence[Playbook], today: date) -> list[Finding]:
    return [
        warn(PART, f"{book.source} was to be reviewed by {book.review_by}.", "Read it, correct it, set a new date.")
        for book in playbooks
        if book.review_by and book.review_by < today
    ]


def listing(library: Library) -> str:
    """One line a playbook: its id, its title, how many steps; then the guides."""
    books = (*library.playbooks, *library.guides.values())
    width = max((len(book.id) for book in books), default=0)
    return "".join(f"{book.id:<{width}}  {book.title} ({len(book.steps)} steps)\n" for book in books)
