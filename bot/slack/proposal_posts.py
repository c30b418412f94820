"""Proposals in Slack: the card that asks, its edits, and the reminder below it. Each is drawn when it is done."""

from collections.abc import Callable, Sequence
from typing import Final

import structlog

from bot.incident.policy import Policy
from bot.incident.proposal import Proposal, ProposalNumber
from bot.incident.proposal_effects import PostProposal, RefreshProposal, RemindProposal
from bot.incident.state import PostedCard
from bot.incident.terms import ChannelId, MessageTs
from bot.ports import Lease, Unavailable, WallClock
from bot.proposal_keeper import ProposalKeeper
from bot.slack.announcements import Announcements
from bot.slack.blocks.proposal_cards import mentions, proposal_card, reminder
from bot.slack.message import Message
from bot.slack.outcome import SLACK, SlackRefusal
from bot.slack.posts import Posts
from bot.slack_ports import Refused

_GONE: Final = "message_not_found"

_log = structlog.get_logger(__name__)


class ProposalPosts:
    """`triage`: where proposals are posted. `announced`: where they are, if no triage channel is set."""

    def __init__(
        self,
        posts: Posts,
        keeper: ProposalKeeper,
        policy: Callable[[], Policy],
        clock: WallClock,
        *,
        triage: Announcements,
        announced: Announcements,
    ) -> None:
        self._posts = posts
        self._keeper = keeper
        self._policy = policy
        self._clock = clock
        self._triage = triage
        self._announced = announced

    async def perform(self, effect: PostProposal | RefreshProposal | RemindProposal, lease: Lease) -> None:
        """Raises Unavailable, for good where Slack refuses: there is nobody in particular to be told."""
        try:
            match effect:
                case PostProposal():
                    await self._post(ProposalNumber(effect.proposal), lease)
                case RefreshProposal():
                    await self._refresh(ProposalNumber(effect.proposal))
                case RemindProposal():
                    await self._remind(effect, lease)
        except Refused as refusal:
            raise Unavailable(SLACK, refusal.reason, retryable=False) from refusal

    async def withdraw(self, effect: PostProposal | RemindProposal, lease: Lease) -> None:
        """Takes back what was posted twice."""
        proposal = await self._keeper.read(ProposalNumber(effect.proposal))
        card = proposal.card if proposal else None
        if card is None:
            return
        if isinstance(effect, PostProposal):
            await self._posts.take_back(card.channel, lease, kept=card.ts)
        else:
            await self._posts.take_back(card.channel, lease, thread=card.ts)

    async def _post(self, number: ProposalNumber, lease: Lease) -> None:
        """What was answered before it could be posted is not posted, and what stands is not posted again."""
        proposal, place = await self._keeper.read(number), await self._place()
        if proposal is None or proposal.shown_at is not None:
            return
        if place is None:
            await self._keeper.shown(number, None)
            _log.warning("proposal_not_posted", proposal=number, advice="set TRIAGE_CHANNEL")
            return
        if proposal.is_open:
            ts: MessageTs | None = await self._posts.put(place, await self._drawn(proposal), lease)
        else:
            ts = await self._posts.standing(place, lease)
        if ts is None:
            return
        newest = await self._keeper.shown(number, PostedCard(channel=place, ts=ts))
        if newest is not None and newest.card is not None and self._reads_otherwise(newest, proposal):
            await self._redraw(newest, newest.card)

    def _reads_otherwise(self, newest: Proposal, posted: Proposal) -> bool:
        """Than it was posted: it was changed meanwhile, or names people now that it rings nobody any more."""
        return not posted.is_open or newest.revision != posted.revision or mentions(newest, self._policy())

    async def _refresh(self, number: ProposalNumber) -> None:
        """One that was not posted yet will be posted as it is then."""
        proposal = await self._keeper.read(number)
        if proposal is not None and proposal.card is not None:
            await self._redraw(proposal, proposal.card)

    async def _redraw(self, proposal: Proposal, card: PostedCard) -> None:
        try:
            await self._posts.redraw(card.channel, card.ts, await self._drawn(proposal))
        except SlackRefusal as refusal:
            if refusal.code != _GONE:
                raise
            _log.info("proposal_card_gone", proposal=proposal.number)

    async def _remind(self, effect: RemindProposal, lease: Lease) -> None:
        """Of those that still wait; below the card of the first of them."""
        numbers = [ProposalNumber(each) for each in (effect.proposal, *effect.others)]
        waiting = [each for each in await self._waiting(numbers) if each.card]
        if not waiting:
            return
        first, card = waiting[0], waiting[0].card
        assert card is not None
        message = reminder(first, waiting[1:], self._policy(), self._clock.now())
        await self._posts.reply_to_all(card.channel, card.ts, message, lease)

    async def _waiting(self, numbers: Sequence[ProposalNumber]) -> list[Proposal]:
        found = [await self._keeper.read(each) for each in numbers]
        return [each for each in found if each and each.is_open]

    async def _drawn(self, proposal: Proposal) -> Message:
        nearby = await self._keeper.nearby(proposal) if proposal.is_open else ()
        return proposal_card(proposal, self._policy(), nearby, self._clock.now())

    async def _place(self) -> ChannelId | None:
        """Raises Refused and Unavailable."""
        return await self._triage.channel() or await self._announced.channel()
