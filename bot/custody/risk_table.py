"""The risk register as CSV and as JSON. Pure. No cell of the CSV is ever a formula, whatever people wrote in it."""

import csv
import io
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any, Final

from bot.custody.followup_csv import safe
from bot.incident.factor_index import Action, FactorLine, ListedFactor
from bot.incident.followup import followup_reference
from bot.incident.terms import UserId
from bot.incident.themes import Risk

VERSION: Final = 1
COLUMNS: Final = (
    "factor",
    "what",
    "class",
    "kind of environment",
    "service",
    "incident",
    "declared on",
    "added on",
    "returns in",
    "state",
    "accepted until",
    "accepted because",
    "follow-up",
    "to be done",
    "its state",
    "owner",
    "owner's name",
    "deadline",
)
"""One line for each follow-up that addresses a factor, and one for a factor that none does. `returns in`: all incidents
of its theme among these."""

Names = Mapping[UserId, str]


def csv_of(risks: Iterable[Risk], names: Names, today: date) -> str:
    file = io.StringIO()
    writer = csv.writer(file, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    writer.writerows([safe(cell) for cell in row] for risk in risks for row in _rows(risk, names, today))
    return file.getvalue()


def json_of(risks: Iterable[Risk], names: Names, today: date) -> str:
    """Days are ISO 8601, people Slack ids with `people` beside; texts as people wrote them."""
    told = [_risk(risk, today) for risk in risks]
    form = {"schema": "muster.risks", "version": VERSION, "as_of": today.isoformat(), "risks": told}
    return json.dumps({**form, "people": dict(names)}, ensure_ascii=False, indent=2) + "\n"


def owners(risks: Iterable[Risk]) -> set[UserId]:
    """Everybody whom the files name."""
    lines = [item.line for risk in risks for item in risk.items]
    owning = {action.owner for each in lines for action in each.actions if action.owner}
    return owning | {each.accepted.by for each in lines if each.accepted}


def _rows(risk: Risk, names: Names, today: date) -> Iterator[Sequence[str]]:
    returns_in = ", ".join(listing.reference for listing in risk.incidents) if risk.theme else ""
    for item in risk.items:
        about = _about(item, returns_in, today)
        for action in item.line.actions or (None,):
            yield (*about, *_done_about_it(item.line, action, names))


def _about(item: ListedFactor, returns_in: str, today: date) -> Sequence[str]:
    each, accepted = item.line, item.line.accepted
    return (
        item.reference,
        each.text,
        each.kind,
        each.surrounding or "",
        each.service,
        item.listing.title,
        each.declared_at.date().isoformat(),
        each.added_at.date().isoformat(),
        returns_in,
        _state(each, today),
        accepted.look_again_on.isoformat() if accepted else "",
        accepted.why if accepted else "",
    )


def _done_about_it(each: FactorLine, action: Action | None, names: Names) -> Sequence[str]:
    if action is None:
        return ("", "", "", "", "", "")
    return (
        followup_reference(each.incident, action.number),
        action.what,
        action.state,
        action.owner or "",
        names.get(action.owner, "") if action.owner else "",
        action.due_on.isoformat() if action.due_on else "",
    )


def _state(each: FactorLine, today: date) -> str:
    return "accepted" if each.is_accepted(today) else "open"


def _risk(risk: Risk, today: date) -> dict[str, Any]:
    theme = risk.theme
    return {
        "theme": {"surrounding": theme.surrounding, "service": theme.service, "words": list(theme.words)}
        if theme
        else None,
        "incidents": [listing.reference for listing in risk.incidents],
        "factors": [_factor(item, today) for item in risk.items],
    }


def _factor(item: ListedFactor, today: date) -> dict[str, Any]:
    each, accepted = item.line, item.line.accepted
    return {
        "factor": item.reference,
        "text": each.text,
        "class": each.kind,
        "surrounding": each.surrounding,
        "service": each.service,
        "incident": item.listing.title,
        "declared_on": each.declared_at.date().isoformat(),
        "added_on": each.added_at.date().isoformat(),
        "state": _state(each, today),
        "accepted": {"by": accepted.by, "until": accepted.look_again_on.isoformat(), "because": accepted.why}
        if accepted
        else None,
        "actions": [_action(each, action) for action in each.actions],
    }


def _action(each: FactorLine, action: Action) -> dict[str, Any]:
    return {
        "followup": followup_reference(each.incident, action.number),
        "what": action.what,
        "state": action.state,
        "owner": action.owner,
        "due_on": action.due_on.isoformat() if action.due_on else None,
    }
