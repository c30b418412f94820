"""All files of the playbook folder, read together: policy, services, playbooks. Pure: it is given their texts."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import PurePosixPath
from typing import Final

from bot.incident.maintenance import Planned
from bot.incident.policy import Policy, RoleRule
from bot.incident.terms import Role
from bot.playbook.document import Guide, Kind, Playbook, guide, parse
from bot.playbook.drill import Drill, parse_drill
from bot.playbook.maintenance_calendar import MaintenanceCalendar, parse_calendar
from bot.playbook.policy_file import parse_policy
from bot.playbook.problems import LibraryProblems, Problem, did_you_mean
from bot.playbook.services_file import parse_services

POLICY_FILE: Final = "policy.yaml"
SERVICES_FILE: Final = "services.yaml"
MARKDOWN: Final = ".md"
DRILLS: Final = "drills"
"""The folder of practice scenarios, which are for the local workspace alone; Muster in Slack reads none of them."""
TEMPLATES: Final = "templates"
"""The folder of documents to be filled in, which are read by whoever fills them in."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Holdings:
    """What the folder says, whole and valid. Playbooks by id, in the order of their ids.

    `planned` and `calendar`: maintenance windows of services.yaml, and of the policy's calendar.
    """

    policy: Policy = field(default_factory=Policy)
    playbooks: tuple[Playbook, ...] = ()
    guides: Mapping[Role, Playbook] = field(default_factory=dict)
    planned: tuple[Planned, ...] = ()
    calendar: MaintenanceCalendar = field(default_factory=MaintenanceCalendar)


def is_read(path: str) -> bool:
    """Whether a file of the folder is for Muster: policy.yaml, services.yaml and Markdown; READMEs and hidden files are
    for people.

    One of the two under a near-by name is read too, so that it can be pointed out and is not silently ignored.
    """
    parts = PurePosixPath(path).parts
    return parts[0] not in (DRILLS, TEMPLATES) and (_is_data(path) or _is_text(path) or is_calendar(path))


def is_calendar(path: str) -> bool:
    return path.casefold().endswith(".ics") and not PurePosixPath(path).name.startswith(".")


def is_drill(path: str) -> bool:
    """Whether a file of the folder is a practice scenario."""
    return PurePosixPath(path).parts[0] == DRILLS and _is_text(path)


def _is_text(path: str) -> bool:
    parts = PurePosixPath(path).parts
    name = parts[-1].casefold()
    return name.endswith(MARKDOWN) and name != "readme.md" and not any(part.startswith(".") for part in parts)


def read_holdings(files: Mapping[str, str], *, folder: str = "playbooks") -> Holdings:
    """`files`: text by path inside the folder; `folder`: its name, for messages. Raises LibraryProblems."""
    policy, planned = _policy(files, folder)
    calendar = _calendar(files, policy, folder)
    problems: list[Problem] = []
    documents: list[Playbook] = []
    for path in sorted(path for path in files if not _is_data(path) and not is_calendar(path)):
        try:
            documents.append(parse(files[path], source=f"{folder}/{path}", roles=policy.roles))
        except LibraryProblems as error:
            problems += error.problems
    problems += _repeated(documents)
    if problems:
        raise LibraryProblems(problems)
    guides = {document.role: document for document in documents if document.role is not None}
    playbooks = sorted((d for d in documents if d.kind is Kind.PLAYBOOK), key=lambda playbook: playbook.id)
    taught = _taught(policy, guides)
    return Holdings(policy=taught, playbooks=tuple(playbooks), guides=guides, planned=planned, calendar=calendar)


def read_drills(
    files: Mapping[str, str], *, folder: str = "playbooks", playbooks: Iterable[Playbook] = ()
) -> tuple[Drill, ...]:
    """As `read_holdings`, of the practice scenarios, the shortest first. `playbooks`: those that a drill may name."""
    problems: list[Problem] = []
    drills: list[Drill] = []
    for path in sorted(files):
        try:
            drills.append(parse_drill(files[path], source=f"{folder}/{path}"))
        except LibraryProblems as error:
            problems += error.problems
    problems += _astray(drills, {playbook.id for playbook in playbooks})
    if problems:
        raise LibraryProblems(problems)
    return tuple(sorted(drills, key=lambda drill: (drill.minutes, drill.name)))


def _astray(drills: Iterable[Drill], known: Collection[str]) -> list[Problem]:
    """Drills that hope for a playbook that there is not."""
    return [
        Problem(
            file=drill.source,
            line=None,
            field="playbook",
            sentence=f"{drill.playbook} is no playbook of this folder{did_you_mean(drill.playbook, known)}",
        )
        for drill in drills
        if drill.playbook and drill.playbook not in known
    ]


_NEAR_BY: Final = {
    "policy.yml": POLICY_FILE,
    "policy.md": POLICY_FILE,
    "services.yml": SERVICES_FILE,
    "service.yaml": SERVICES_FILE,
}


def _is_data(path: str) -> bool:
    return path.casefold() in (POLICY_FILE, SERVICES_FILE, *_NEAR_BY)


def _policy(files: Mapping[str, str], folder: str) -> tuple[Policy, tuple[Planned, ...]]:
    """Read first: the roles that playbooks speak of are its own. With the catalogue of services, if there is one, and
    the maintenance that this plans.
    """
    for path in files:
        if _is_data(path) and path not in (POLICY_FILE, SERVICES_FILE):
            meant = _NEAR_BY.get(path.casefold(), path.casefold())
            sentence = f"is not read under this name; name it {meant}"
            raise LibraryProblems([Problem(file=f"{folder}/{path}", line=None, field="", sentence=sentence)])
    text, services = files.get(POLICY_FILE), files.get(SERVICES_FILE)
    policy = Policy() if text is None else parse_policy(text, source=f"{folder}/{POLICY_FILE}")
    if services is None:
        return policy, ()
    catalogue, planned = parse_services(services, source=f"{folder}/{SERVICES_FILE}")
    return replace(policy, catalogue=catalogue), planned


def _calendar(files: Mapping[str, str], policy: Policy, folder: str) -> MaintenanceCalendar:
    """Calendars that the policy does not name are for people."""
    path = policy.maintenance_calendar
    if not path:
        return MaintenanceCalendar()
    if path not in files:
        sentence = f"{path} is no file of this folder"
        file = f"{folder}/{POLICY_FILE}"
        raise LibraryProblems([Problem(file=file, line=None, field="maintenance_calendar", sentence=sentence)])
    return parse_calendar(files[path], policy.catalogue, source=f"{folder}/{path}")


def _repeated(documents: Iterable[Playbook]) -> list[Problem]:
    """One id names one playbook, one role has one guide."""
    first: dict[tuple[str, str], Playbook] = {}
    problems = []
    for document in documents:
        key = ("role", document.role) if document.role is not None else ("id", document.id)
        earlier = first.setdefault(key, document)
        if earlier is not document:
            sentence = f"{key[1]} is already that of {earlier.source}"
            problems.append(Problem(file=document.source, line=None, field=key[0], sentence=sentence))
    return problems


def _taught(policy: Policy, guides: Mapping[Role, Playbook]) -> Policy:
    """Each role with its guide's purpose and first steps; first steps that the policy writes out win."""
    roles = {role: _rule(rule, guides.get(role)) for role, rule in policy.roles.items()}
    return replace(policy, roles=roles)


def _rule(rule: RoleRule, written: Playbook | None) -> RoleRule:
    if written is None or rule.first_steps:
        return rule
    read: Guide = guide(written)
    return replace(rule, purpose=read.purpose, first_steps=tuple(step.title for step in read.first_steps))
