"""Which effect goes to Slack and which to the tracker: the protocol ports.Chat over both. It does nothing itself."""

from bot.incident.afterwards_effects import KeepIssue
from bot.incident.commands import Command
from bot.incident.effects import Effect
from bot.incident.state import Incident
from bot.ports import Lease, Unavailable
from bot.slack_ports import Blame, Chat, Refused
from bot.trackers.issue_keeper import IssueKeeper


class ChatAndTracker:
    """`keeper` None: no tracker is set up."""

    def __init__(self, chat: Chat, keeper: IssueKeeper | None) -> None:
        self._chat = chat
        self._keeper = keeper

    async def perform(self, effect: Effect, incident: Incident, lease: Lease) -> Command | None:
        if not isinstance(effect, KeepIssue):
            return await self._chat.perform(effect, incident, lease)
        if self._keeper is None:
            raise Refused("issue", "no tracker is set up any more; set one up again, or leave it")
        return await self._keeper.perform(effect, incident, lease)

    async def perform_alone(self, effect: Effect, lease: Lease) -> None:
        await self._chat.perform_alone(effect, lease)

    async def withdraw_alone(self, effect: Effect, lease: Lease) -> None:
        await self._chat.withdraw_alone(effect, lease)

    async def withdraw(self, effect: Effect, incident: Incident, lease: Lease, command: Command | None) -> None:
        if not isinstance(effect, KeepIssue):
            await self._chat.withdraw(effect, incident, lease, command)
        elif self._keeper:
            await self._keeper.withdraw(effect, incident, command)

    async def blame(self, failure: Unavailable) -> Blame:
        return await self._chat.blame(failure)

    async def answers(self) -> bool:
        return await self._chat.answers()
