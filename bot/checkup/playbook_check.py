"""Can policy.yaml, services.yaml and the playbooks be used, and are they still looked after?"""

import sys
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Final

from bot.checkup.catalogue_check import Shelves, check_catalogue
from bot.checkup.finding import Finding, bad, ok, warn
from bot.document.template import check_template
from bot.incident.policy import Policy
from bot.playbook.document import Match, Playbook
from bot.playbook.drill import Drill
from bot.playbook.holdings import SERVICES_FILE
from bot.playbook.library import Library, load, load_drills
from bot.playbook.problems import LibraryProblems
from bot.playbook.services_file import located_services
from bot.playbook.steps import MITIGATES
from bot.playbook.templates import read_template

PART: Final = "playbooks"
TEMPLATE: Final = "template"
MOST_PASSED_OVER: Final = 20
MOST_NAMED: Final = 10

_ABOUT_TEMPLATES: Final = "Correct it: docs/postmortem.md lists what a template may name."


def main(folder: Path) -> None:
    """Prints the folder's playbooks, guides and drills. Raises LibraryProblems."""
    library = load(folder)
    sys.stdout.write(listing(library, load_drills(folder, library.playbooks)))


def check_playbooks(folder: Path, today: date) -> list[Finding]:
    """Blocking: reads every file."""
    try:
        library = load(folder)
        drills = load_drills(folder, library.playbooks)
    except LibraryProblems as error:
        return [
            bad(PART, f"{problem}.".replace("..", "."), "Correct it; files are read anew as you save them.")
            for problem in error.problems
        ]
    late = overdue((*library.playbooks, *library.guides.values()), today)
    return [
        _shelf(library, drills),
        *check_templates(folder),
        *late,
        *without_mitigation(library.playbooks),
        *check_services(library, today),
        *_calendar(library),
    ]


def _calendar(library: Library) -> list[Finding]:
    """Events that keep nothing quiet, though somebody may think so."""
    file, shown = library.policy.maintenance_calendar, library.calendar.passed_over[:MOST_PASSED_OVER]
    advice = "Begin its title with the service and a colon, or name services as its categories."
    return [
        warn("maintenance", f"{file}: “{title[:75]}” names no service of the catalogue.", advice) for title in shown
    ]


def policy_in(folder: Path) -> Policy | None:
    """None: the folder cannot be used, which `check_playbooks` says. Blocking: reads every file."""
    try:
        return load(folder).policy
    except LibraryProblems:
        return None


def check_services(library: Library, today: date) -> list[Finding]:
    """Nothing where there is no services.yaml. Blocking: reads the file once more, for its lines."""
    path = library.folder / SERVICES_FILE
    if not path.is_file():
        return []
    source = f"{library.folder.resolve().name}/{SERVICES_FILE}"
    shelves = Shelves(
        policy=library.policy,
        playbooks=library.playbooks,
        located=located_services(path.read_text(encoding="utf-8"), source=source),
        source=source,
        today=today,
    )
    return check_catalogue(shelves)


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


def _shelf(library: Library, drills: Sequence[Drill]) -> Finding:
    if not library.playbooks:
        return warn(PART, f"{library.folder} holds no playbook.", "Write one: docs/playbooks.md says how.")
    counts = f"{len(library.playbooks)} playbooks, {len(library.guides)} guides and {len(drills)} drills"
    return ok(PART, f"{counts} can be used.")


def overdue(playbooks: Sequence[Playbook], today: date) -> list[Finding]:
    return [
        warn(PART, f"{book.source} was to be reviewed by {book.review_by}.", "Read it, correct it, set a new date.")
        for book in playbooks
        if book.review_by and book.review_by < today
    ]


def without_mitigation(playbooks: Sequence[Playbook]) -> list[Finding]:
    """Those that come by themselves and have nothing to suggest in the first minute."""
    bare = [book.id for book in playbooks if book.match != Match() and not any(step.mitigates for step in book.steps)]
    if not bare:
        return []
    named = ", ".join(bare[:MOST_NAMED]) + (f" and {len(bare) - MOST_NAMED} more" if len(bare) > MOST_NAMED else "")
    advice = f"Put `{MITIGATES}` into the brackets of such steps, as in `*(operations lead, 5 min, {MITIGATES})*`."
    return [warn(PART, f"No step is marked as one that stops the harm in: {named}.", advice)]


def listing(library: Library, drills: Sequence[Drill] = ()) -> str:
    """One line a playbook: its id, its title, how many steps; then the guides, then the drills."""
    rows = [
        *((book.id, f"{book.title} ({len(book.steps)} steps)") for book in library.playbooks),
        *((guide.id, f"{guide.title} ({len(guide.steps)} steps)") for guide in library.guides.values()),
        *((f"drills/{drill.name}", f"{drill.title} ({drill.minutes} min)") for drill in drills),
    ]
    width = max((len(name) for name, _ in rows), default=0)
    return "".join(f"{name:<{width}}  {said}\n" for name, said in rows)
