"""Which effect goes to Slack and which to a target of signals: the protocol slack_ports.Chat over both."""

from bot.incident.commands import Command
from bot.incident.effects import Effect
from bot.incident.signal_effects import SendSignal
from bot.incident.state import Incident
from bot.ports import Lease, Unavailable
from bot.signals.webhook import Webhooks
from bot.slack_ports import Blame, Chat


class ChatAndSignals:
    def __init__(self, chat: Chat, webhooks: Webhooks) -> None:
        self._chat = chat
        self._webhooks = webhooks

    async def perform(self, effect: Effect, incident: Incident, lease: Lease) -> Command | None:
        if not isinstance(effect, SendSignal):
            return await self._chat.perform(effect, incident, lease)
        await self._webhooks.send(effect, incident, lease)
        return None

    async def perform_alone(self, effect: Effect, lease: Lease) -> None:
        await self._chat.perform_alone(effect, lease)

    async def withdraw_alone(self, effect: Effect, lease: Lease) -> None:
        await self._chat.withdraw_alone(effect, lease)

    async def withdraw(self, effect: Effect, incident: Incident, lease: Lease, command: Command | None) -> None:
        """What was sent is not taken back: who got it twice knows it by its id."""
        if not isinstance(effect, SendSignal):
            await self._chat.withdraw(effect, incident, lease, command)

    async def blame(self, failure: Unavailable) -> Blame:
        return await self._chat.blame(failure)

    async def answers(self) -> bool:
        return await self._chat.answers()
