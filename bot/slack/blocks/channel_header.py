"""What stands above an incident channel: its topic, in plain text."""

from collections.abc import Mapping
from datetime import UTC

from bot.incident.state import Incident
from bot.incident.terms import DRILL, UserId
from bot.slack.mrkdwn import one_line

TOPIC_LENGTH = 250


def topic(incident: Incident, names: Mapping[UserId, str]) -> str:
    """SEV1 · investigating · Ada leads · next update by 14:35 UTC

    Names are given, because conversations.setTopic "does not support formatting or linkification": a mention would be
    shown as <@U…>. A commander whose name is not known is left out. The zone is named, since a topic cannot localise.
    """
    drill = DRILL if incident.drill else ""
    parts = [drill, incident.severity.value, incident.status.value, _leader(incident, names), _promise(incident)]
    return one_line(" · ".join(part for part in parts if part), TOPIC_LENGTH)


def _leader(incident: Incident, names: Mapping[UserId, str]) -> str:
    if incident.commander is None:
        return "nobody leads yet"
    name = "".join(sign for sign in names.get(incident.commander, "") if sign not in "<>&")
    return f"{one_line(name, 60)} leads" if name.strip() else ""


def _promise(incident: Incident) -> str:
    due_at = incident.clock.due_at
    if due_at is None or not incident.is_active:
        return ""
    return f"next update by {due_at.astimezone(UTC):%H:%M} UTC"
