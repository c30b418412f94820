"""Whatever an alert says, a grave one opens an incident, and all that shows it is whole and harmless."""

from collections.abc import Iterator
from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as some

from bot.incident.alert import Alert, AlertState, LinkKind
from bot.incident.alert_rehearsal import Rehearsal
from bot.incident.effects import ANNOUNCEMENT, SUMMARY
from bot.incident.policy import Policy
from bot.incident.state import Incident
from bot.slack.blocks import alert_page
from bot.slack.message import Message
from bot.slack.renderer import BlockRenderer
from tests.slack.blocks.given import AT, HOSTILE
from tests.slack.blocks.rules import assert_sound

TEXTS = some.sampled_from(
    [*HOSTILE, "", " ", "\0", "\u2060", "\u202e", "\r\n", "x" * 2000, "<!channel> " * 180]
) | some.text(max_size=40)
TIMES = some.none() | some.integers(-9000, 999_999).map(lambda days: AT + timedelta(days=days))
LINKS = dict.fromkeys(LinkKind, "https://x.example/" + "y|><\n" * 190)


@some.composite
def alerts(draw: some.DrawFn) -> Alert:
    return Alert(
        source="pings",
        group=draw(TEXTS) or "g",
        fingerprint=draw(TEXTS) or "f",
        state=AlertState.FIRING,
        name=draw(TEXTS) or "x",
        summary=draw(TEXTS),
        labels={"severity": "critical", "service": draw(TEXTS)[:200], draw(TEXTS)[:200]: draw(TEXTS)[:200]},
        links=LINKS,
        started_at=draw(TIMES),
    )


def shown(incident: Incident) -> Iterator[Message]:
    renderer = BlockRenderer(Policy, lambda _role: None, lambda _channel, _ts: "https://t.slack.com/x")
    for card in (SUMMARY, ANNOUNCEMENT):
        yield renderer.card(card, incident, AT)
    yield alert_page.alert_page(incident, None, AT)


@given(told=some.lists(alerts(), min_size=1, max_size=3))
@settings(max_examples=40, deadline=None, derandomize=True, database=None)
def test_any_grave_alert_opens_an_incident_that_can_be_shown(told: list[Alert]) -> None:
    rehearsal = Rehearsal(policy=Policy(), checklist_for=lambda _command, _severity: None)
    led = rehearsal.deliver(told, AT)
    assert led.opened
    for incident in rehearsal.incidents.values():
        assert incident.title.strip()
        for message in shown(incident):
            assert_sound(message)
    assert_sound(alert_page.decisions_page(led.decisions, (), 1, AT + timedelta(minutes=1)))
