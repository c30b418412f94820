"""Makes the tracker that the settings name. It asks nothing of it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from bot.issue_ports import Tracker
from bot.trackers.github import NAME as GITHUB
from bot.trackers.github import GitHub, github_headers
from bot.trackers.tracker_http import TrackerHttp, tracker_session


@asynccontextmanager
async def open_tracker(*, url: str, place: str, token: str) -> AsyncIterator[Tracker]:
    """`url`: of its API. `place`: where issues are filed, a repository. Closed at the end."""
    async with tracker_session() as session:
        http = TrackerHttp(
            name=GITHUB,
            base=url.rstrip("/"),
            token_setting="GITHUB_TOKEN",  # noqa: S106 - the name of a setting
            session=session,
            headers=github_headers(token),
        )
        yield GitHub(http, place)
