"""What keeps follow-ups in step with a tracker, put together. Nothing of it runs where the settings name none."""

from contextlib import AbstractAsyncContextManager, AsyncExitStack, nullcontext

from aiohttp import web

from bot.command_handler import CommandHandler
from bot.issue_ports import Tracker
from bot.parts import Parts
from bot.schedule.background import background
from bot.settings import Settings
from bot.slack_ports import Chat, Directory
from bot.trackers.chat_and_tracker import ChatAndTracker
from bot.trackers.doorbell import Doorbell
from bot.trackers.github_webhook import webhook_route
from bot.trackers.issue_keeper import IssueKeeper
from bot.trackers.issue_round import IssueRound
from bot.trackers.opening import open_tracker
from bot.web.armour import few_large


def tracker_of(settings: Settings) -> AbstractAsyncContextManager[Tracker | None]:
    """The one that the settings name. It asks nothing of it."""
    choice = settings.tracker
    if choice is None:
        return nullcontext()
    return open_tracker(
        name=choice.name,
        url=choice.url,
        place=choice.place,
        token=choice.token.get_secret_value(),
        user=choice.user,
        issue_type=choice.issue_type,
    )


class TrackerParts:
    """`round` None: there is no tracker."""

    def __init__(self, parts: Parts, people: Directory, handler: CommandHandler) -> None:
        self._secret = parts.settings.github_rings
        self._keeper: IssueKeeper | None = None
        self.round: IssueRound | None = None
        if parts.tracker:
            self.round = IssueRound(parts.tracker, parts.store.issues, handler, parts.clock.now)
            self._keeper = IssueKeeper(
                parts.tracker,
                people,
                handler.history,
                team=parts.identity.team,
                now=parts.clock.now,
                settles_in=parts.pace.issue_settles_in or parts.tracker.settles_in,
            )

    def beside(self, chat: Chat) -> Chat:
        """The chat, and what is the tracker's goes there."""
        return ChatAndTracker(chat, self._keeper)

    def routes(self, stack: AsyncExitStack) -> list[web.RouteDef]:
        """None where nobody rings."""
        if self.round is None or not self._secret:
            return []
        bell = Doorbell(self.round.read)
        background(stack, bell.answer(), "doorbell")
        route = webhook_route(self._secret, bell.ring)
        return [web.post(route.path, few_large(route.handler))]
