"""The words for severities, statuses and roles as people type them -> terms. Pure."""

import difflib
import re
from collections.abc import Mapping
from typing import Final, TypeVar

from bot.incident import commands as ask
from bot.incident.closing_commands import CloseIncident
from bot.incident.commands import Command
from bot.incident.policy import Policy
from bot.incident.terms import Person, Rejected, Role, Severity, Status
from bot.slack.incoming_text import strip_marks
from bot.slack.mrkdwn import plain

Term = TypeVar("Term")

_SEVERITY: Final = re.compile(
    r"[\"'“‘]?(?:sev(?:erity)?[\s_-]*)?(\d{1,3})[\"'”’.,:;]*(?:\s+(.*)|$)", re.IGNORECASE | re.DOTALL | re.ASCII
)
_SEVERITY_AT_START: Final = re.compile(
    r"[\"'“‘]?sev(?:erity)?[\s_-]?(\d{1,3})[\"'”’.,:;]*(?:\s+(.*)|$)", re.IGNORECASE | re.DOTALL | re.ASCII
)

_VERB_OF_STATUS: Final[Mapping[str, Status]] = {
    "investigate": Status.INVESTIGATING,
    "identify": Status.IDENTIFIED,
    "mitigate": Status.MITIGATED,
    "resolve": Status.RESOLVED,
    "close": Status.CLOSED,
    "cancel": Status.CANCELLED,
    "canceled": Status.CANCELLED,
}


_BECAUSE: Final = re.compile(r"because\b[\s:,]*(?P<why>.*)", re.IGNORECASE | re.DOTALL)

_VERB_OF_FIELD: Final = {"status": "status", "role": "assign", "milestone": "correct", "postmortem": "postmortem"}
"""The verb whose form offers the choice that was not understood."""


def severity_of(text: str, policy: Policy) -> tuple[Severity, str]:
    """The severity at the start (`sev1`, `SEV 1`, `1`) and what follows it. Raises Rejected."""
    found = _SEVERITY.fullmatch(text)
    if found is None:
        raise _no_severity(text.split(maxsplit=1)[0], policy)
    return _severity(found[1], policy), (found[2] or "").strip()


def severity_at_start(text: str, policy: Policy) -> tuple[Severity | None, str]:
    """As above where the text may begin otherwise: only `sev1`, for '500 errors' begins a title."""
    found = _SEVERITY_AT_START.fullmatch(text)
    if found is None:
        return None, text
    return _severity(found[1], policy), (found[2] or "").strip()


def _severity(digits: str, policy: Policy) -> Severity:
    known = {str(severity): severity for severity in policy.severities}
    try:
        return known[f"SEV{int(digits)}"]
    except KeyError:
        raise _no_severity(f"SEV{int(digits)}", policy) from None


def _no_severity(word: str, policy: Policy) -> Rejected:
    return Rejected(
        f"“{plain(word)}” is no severity here: use {_listed(sorted(policy.severities))}.",
        field="severity",
        verb="severity",
    )


def role_named(text: str, policy: Policy) -> Role:
    """By key, title, alias or an unmistakable beginning of one of them. Raises Rejected."""
    names = {name: role for role, rule in policy.roles.items() for name in (role, rule.title, *rule.aliases)}
    titles = [rule.title for rule in policy.roles.values()]
    return one_of(text, names, "role", field="role", shown=titles)


def status_named(word: str, note: str, by: Person) -> Command:
    """The command that leads to the status of that name; `reopen` is one too. Raises Rejected."""
    if strip_marks(word) in {"reopen", "reopened"}:
        return ask.ReopenIncident(by=by, why=note)
    names = {**{str(status): status for status in Status}, **_VERB_OF_STATUS}
    shown = [str(status) for status in Status] + ["reopen"]
    return to_status(one_of(word, names, "status", field="status", shown=shown), note, by)


def to_status(status: Status, note: str, by: Person) -> Command:
    match status:
        case Status.RESOLVED:
            return ask.ResolveIncident(by=by, summary=note)
        case Status.CANCELLED:
            return ask.CancelIncident(by=by, why=note)
        case Status.CLOSED:
            return closing(note, by)
        case _:
            return ask.ChangeStatus(by=by, status=status, note=note)


def closing(text: str, by: Person) -> Command:
    """`because it was small` overrides what is missing, and anything else is a note. Raises Rejected."""
    found = _BECAUSE.fullmatch(text)
    if found is None:
        return CloseIncident(by=by, note=text)
    if not found["why"]:
        raise Rejected("Say why, too, as in “close because it was a load test”.", verb="close")
    return CloseIncident(by=by, because=found["why"])


def one_of(text: str, names: Mapping[str, Term], what: str, *, field: str = "", shown: list[str] | None = None) -> Term:
    """The term of that name, or of the only one that begins so. Raises Rejected, listing what there is."""
    wanted = _folded(text)
    if not wanted:
        raise Rejected(
            f"Say which {what}, too: {_listed(shown or list(names))}.", field=field, verb=_VERB_OF_FIELD.get(field, "")
        )
    folded = {_folded(name): term for name, term in names.items()}
    if wanted in folded:
        return folded[wanted]
    near = {term for name, term in folded.items() if name.startswith(wanted)}
    if len(near) == 1:
        return near.pop()
    listed, verb = _listed(shown or list(names)), _VERB_OF_FIELD.get(field, "")
    if near:
        raise Rejected(f"“{plain(text)}” may be more than one {what}: use {listed}.", field=field, verb=verb)
    meant = difflib.get_close_matches(wanted, list(folded), n=1, cutoff=0.75)
    if meant:
        raise Rejected(f"“{plain(text)}” is no {what} here. Did you mean “{meant[0]}”?", field=field, verb=verb)
    raise Rejected(f"“{plain(text)}” is no {what} here: use {listed}.", field=field, verb=verb)


def _folded(text: str) -> str:
    return " ".join(re.sub(r"[_-]", " ", strip_marks(text.strip())).split())


def _listed(words: list[str] | list[Severity]) -> str:
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} or {words[-1]}"
