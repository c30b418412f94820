"""Can policy.yaml and the playbooks be used, and are they still looked after?"""

import sys
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Final

from bot.checkup.finding import Finding, bad, ok, warn
from bot.document.template import check_template
from bot.playbook.document import Playbook
from bot.playbook.library import Library, load
from bot.playbook.problems import LibraryProblems
from bot.playbook.templates import read_template

PART: Final = "playbooks"
TEMPLATE: Final = "template"

_ABOUT_TEMPLATES: Final = "Correct it: docs/postmortem.md lists what a template may name."


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
    return [_shelf(library), *check_templates(folder), *overdue((*library.playbooks, *library.guides.values()), today)]


def check_templates(folder: Path) -> list[Finding]:
    """Only what is wrong, or that the organisation's own template is in use. Blocking: reads the file."""
    try:
        template = read_template(folder)
    except LibraryProblems as error:
        return [bad(TEMPLATE, f"{problem}.", "Correct or remove it.") for problem in error.problems]
    mistakes = check_template(template.text)
    if not mistakes:
        return [ok(TEMPLATE, f"Postmortems are made by {template.source}.")] if template.own else []
    return [
        bad(TEMPLATE, f"{template.source}:{mistake.line}: {mistake.sentence}.".replace("..", "."), _ABOUT_TEMPLATES)
        for mistake in mistakes
    ]


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
