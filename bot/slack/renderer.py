"""The renderers of blocks/ as the one thing that the chat needs. It looks up the policy and guides of the moment."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from bot.incident.effects import ANNOUNCEMENT, FOLLOWUP, REMINDER, SCORECARD, SUMMARY
from bot.incident.events import Event, RoleAssigned
from bot.incident.freeze import Freeze
from bot.incident.policy import Policy, RoleRule
from bot.incident.state import Incident
from bot.incident.surroundings import Surroundings
from bot.incident.terms import ChannelId, MessageTs, Role, UserId
from bot.slack.blocks import answers, cards, channel_header, checklist, debriefing, notices, personal, phrases
from bot.slack.blocks.followup_cards import followup_card
from bot.slack.blocks.surroundings_post import surroundings_message
from bot.slack.message import Message

Guides = Callable[[Role], tuple[RoleRule, str] | None]
"""Purpose and first steps of a role, and what else its guide says."""


class BlockRenderer:
    """The protocol rendering.Renderer. `permalink`: the address of a message."""

    def __init__(
        self, policy: Callable[[], Policy], guide: Guides, permalink: Callable[[ChannelId, MessageTs], str]
    ) -> None:
        self._policy = policy
        self._guide = guide
        self._permalink = permalink

    def card(
        self,
        card: str,
        incident: Incident,
        at: datetime,
        history: Sequence[Event] = (),
        freezes: Sequence[Freeze] = (),
    ) -> Message:
        if card == SUMMARY:
            drawn = cards.summary_card(incident, self._policy(), at, self._addresses(incident), freezes)
        else:
            drawn = self._card(card, incident, at, history)
        return phrases.marked(drawn, incident)

    def _card(self, card: str, incident: Incident, at: datetime, history: Sequence[Event]) -> Message:
        kind, _, which = card.partition(":")
        match kind:
            case _ if card == ANNOUNCEMENT:
                return cards.announcement_card(incident, self._policy(), at)
            case _ if kind == REMINDER:
                return cards.reminder_card(incident, int(which), self._policy(), at)
            case _ if kind == FOLLOWUP:
                return followup_card(incident, int(which), at.date(), tracker=self._policy().tracker)
            case _ if kind == SCORECARD:
                return debriefing.scorecard_card(incident, int(which), history, self._policy(), at)
        return checklist.playbook_card(incident, which, self._policy(), at)

    def _addresses(self, incident: Incident) -> Mapping[str, str]:
        """Of what stood in Slack at the last change that the summary shows: for a link alone it is not drawn again."""
        return {
            card: self._permalink(posted.channel, posted.ts)
            for card, posted in incident.cards.items()
            if posted.version <= incident.drawn
        }

    def notice(self, event: Event, incident: Incident, at: datetime) -> Message:
        return phrases.marked(notices.notice(event, incident, self._policy(), at), incident)

    def personal(self, event: Event, incident: Incident, at: datetime) -> Message:
        guide = self._guide(event.role) if isinstance(event, RoleAssigned) else None
        told = personal.personal_notice(event, incident, self._policy(), guide[0] if guide else None, at)
        return phrases.marked(told, incident)

    def surroundings(self, found: Surroundings, incident: Incident, at: datetime) -> Message:
        return phrases.marked(surroundings_message(found, incident, at), incident)

    def declared(self, incident: Incident, at: datetime) -> Message:
        return phrases.marked(answers.declared(incident, self._policy(), at), incident)

    def topic(self, incident: Incident, names: Mapping[UserId, str]) -> str:
        return channel_header.topic(incident, names)
