"""Decisions: contributing factors. They may be added and changed whatever the incident's status: most are seen late."""

from dataclasses import replace
from datetime import datetime
from typing import Final

from bot.incident.declaring import LONGEST_TEXT, is_readable
from bot.incident.events import Event
from bot.incident.factor import Factor, FactorClass, FactorContent, factor_name
from bot.incident.factor_commands import AddFactor, ChangeFactor, RemoveFactor
from bot.incident.factor_events import FactorAdded, FactorChanged, FactorRemoved
from bot.incident.followup_events import FollowupAdded
from bot.incident.policy import Policy
from bot.incident.rights import require_responder
from bot.incident.state import Incident
from bot.incident.terms import Rejected

Events = tuple[Event, ...]

LONGEST_FACTOR: Final = 300
"""Characters: one sentence. What needs more goes into its section of the postmortem."""


def add(incident: Incident, command: AddFactor, policy: Policy, at: datetime) -> Events:
    require_responder(incident, command.by, policy)
    content = _cleaned(command.content)
    _require_whole(incident, content)
    _require_new(incident, content)
    return (FactorAdded(at=at, by=command.by.id, number=len(incident.factors) + 1, content=content),)


def change(incident: Incident, command: ChangeFactor, policy: Policy, at: datetime) -> Events:
    require_responder(incident, command.by, policy)
    found = standing(incident, command.number)
    if command.seen not in (None, found.changes):
        raise Rejected(
            f"{factor_name(found.number)} was changed while you wrote. Nothing is saved: open it again to see it.",
            verb="factors",
            field="text",
        )
    content = _cleaned(command.content)
    if content == found.content:
        return ()
    _require_whole(incident, content)
    _require_new(incident, content, but=found)
    return (FactorChanged(at=at, by=command.by.id, number=found.number, before=found.content, after=content),)


def remove(incident: Incident, command: RemoveFactor, policy: Policy, at: datetime) -> Events:
    require_responder(incident, command.by, policy)
    found = standing(incident, command.number)
    why = command.why.strip()
    if not is_readable(why):
        raise Rejected("Say why it is no factor after all.", field="why", verb="factors")
    if len(why) > LONGEST_TEXT:
        raise Rejected(f"At most {LONGEST_TEXT} characters fit here.", field="why")
    return (FactorRemoved(at=at, by=command.by.id, number=found.number, text=found.content.text, why=why),)


def addressing(incident: Incident, number: int | None, added: FollowupAdded) -> Events:
    """The factor from which a follow-up was added names it from then on."""
    if number is None:
        return ()
    before = standing(incident, number).content
    after = replace(before, followups=(*before.followups, added.number))
    return (FactorChanged(at=added.at, by=added.by, number=number, before=before, after=after),)


def standing(incident: Incident, number: int) -> Factor:
    """Raises Rejected for one that there is not, or not any more."""
    found = incident.factors.get(number)
    if found is None:
        raise Rejected(f"{incident.reference} has no factor {factor_name(number)}.", verb="factors")
    if not found.stands:
        raise Rejected(f"{factor_name(number)} was removed already. Nothing has changed.", verb="factors")
    return found


def _cleaned(content: FactorContent) -> FactorContent:
    surrounding = content.surrounding if content.kind is FactorClass.ENVIRONMENT else None
    followups = tuple(sorted(set(content.followups)))
    return replace(content, text=" ".join(content.text.split()), surrounding=surrounding, followups=followups)


def _require_whole(incident: Incident, content: FactorContent) -> None:
    if not is_readable(content.text):
        raise Rejected(
            "A factor needs a sentence: what made it possible, worse or longer?", field="text", verb="factor"
        )
    if len(content.text) > LONGEST_FACTOR:
        said = f"That has {len(content.text)} characters and at most {LONGEST_FACTOR} fit: say it shorter."
        raise Rejected(said, field="text", verb="factor")
    if content.entry is not None and not 0 < content.entry <= incident.version:
        raise Rejected("The timeline has no such entry.", field="entry", verb="factor")
    unknown = [number for number in content.followups if number not in incident.followups]
    if unknown:
        raise Rejected(f"{incident.reference} has no follow-up F{unknown[0]}.", field="followups", verb="followups")


def _require_new(incident: Incident, content: FactorContent, but: Factor | None = None) -> None:
    said = content.text.casefold()
    for each in incident.factors.values():
        if each.stands and each.content.text.casefold() == said and (but is None or each.number != but.number):
            raise Rejected(f"That stands there already, as {factor_name(each.number)}.", field="text", verb="factors")
