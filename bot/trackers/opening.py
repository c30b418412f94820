"""Makes the tracker that the settings name. It asks nothing of it."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager

from aiohttp import ClientSession

from bot.issue_ports import Tracker
from bot.trackers import github, jira
from bot.trackers.tracker_http import TrackerHttp, tracker_session


@asynccontextmanager
async def open_tracker(
    *, name: str, url: str, place: str, token: str, user: str = "", issue_type: str = ""
) -> AsyncIterator[Tracker]:
    """`name`: 'GitHub' or 'Jira'. `url`: of GitHub's API, or of the Jira site. `place`: where issues are filed, a
    repository or a project's key. Closed at the end.
    """
    base = url.rstrip("/")
    async with tracker_session() as session:
        if name == github.NAME:
            http = _http(name, base, "GITHUB_TOKEN", session, github.github_headers(token))
            yield github.GitHub(http, place)
        else:
            http = _http(
                name, f"{base}/rest/api/3", "JIRA_USER with JIRA_TOKEN", session, jira.jira_headers(user, token)
            )
            yield jira.Jira(http, base, place, issue_type)


def _http(name: str, base: str, setting: str, session: ClientSession, headers: Mapping[str, str]) -> TrackerHttp:
    return TrackerHttp(name=name, base=base, token_setting=setting, session=session, headers=headers)
