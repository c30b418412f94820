"""GitHub issues, by the REST API of version 2022-11-28 (docs.github.com/rest/issues/issues). It decides nothing.

What it relies on:

- `POST /repos/{repo}/issues` {title, body, labels} -> 201; 410 where issues are switched off, 403 where the repository
  is archived, 404 where the token sees no such repository, 422 where a field is refused. Labels are dropped silently
  where the token may not push.
- `GET` and `PATCH /repos/{repo}/issues/{number}` {title, state, state_reason: completed | not_planned | reopened; the
  reason counts only together with a change of state} -> 200; 301 of an issue that was transferred, 410 of one that was
  deleted, 404 where the token may not see where it went.
- `GET /repos/{repo}/issues` ?state=all&sort=updated&direction=asc&since=…&per_page=100: pull requests are among them,
  `since` counts by `updated_at` and includes it; with If-None-Match, 304 costs nothing of the rate limit.
- `POST` and `GET /repos/{repo}/issues/{number}/comments`, the oldest first, further pages in the Link header.

Whether an issue was filed whose answer was lost is looked up in that list, the newest first and by its creator.
GitHub's search is an index that lags behind, so that it says "none" of what was filed a moment ago; a label cannot be
relied on, as said above.
"""

import re
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from bot.incident.remote_issue import Examined, IssuePage, NewIssue, RemoteIssue
from bot.issue_ports import IssueGone
from bot.ports import Unavailable
from bot.slack_ports import Refused
from bot.trackers import github_text as text
from bot.trackers.tracker_http import Answer, TrackerHttp, said

NAME: Final = "GitHub"
LABEL: Final = "muster"
A_PAGE: Final = 100
OVERLAP: Final = timedelta(minutes=1)
"""What was written at the same time may come into the list in another order."""
MOST_PAGES: Final = 10
"""A thousand issues since the one that is looked for; where there are more, it is given up with that reason."""
_LAST_PAGE: Final = re.compile(r'<[^>]*[?&]page=(\d+)[^>]*>;\s*rel="last"')
_MOVED: Final = frozenset({301, 302, 307, 308})
_GONE: Final = frozenset({*_MOVED, 404, 410})


def github_headers(token: str) -> dict[str, str]:
    return {
        "Authorization": f"Bearer {token}",
        "Accept": "application/vnd.github+json",
        "X-GitHub-Api-Version": "2022-11-28",
        "User-Agent": "muster",
    }


@dataclass(slots=True)
class GitHub:
    """The protocol issue_ports.Tracker. `repository`: 'acme/ops'."""

    http: TrackerHttp
    repository: str
    name: str = NAME
    settles_in: timedelta = timedelta(seconds=15)
    _login: str | None = field(default=None, init=False, repr=False)
    # The last first page that was read: its address, its ETag and what was on it.
    _page: tuple[str, str, IssuePage] | None = field(default=None, init=False, repr=False)

    @property
    def _path(self) -> str:
        return f"/repos/{self.repository}"

    async def file(self, issue: NewIssue) -> RemoteIssue:
        body = {"title": text.title(issue.title), "body": text.body(issue.lines, issue.marker), "labels": [LABEL]}
        answer = await self.http.ask("POST", f"{self._path}/issues", body=body)
        if answer.status != 201:
            await self._refuse(answer)
        return self._issue(answer.body)

    async def find(self, marker: str) -> RemoteIssue | None:
        async for found in self._newest_first():
            if marker in text.markers_in(str(found.get("body") or "")):
                return self._issue(found)
        return None

    async def read(self, key: str) -> RemoteIssue:
        answer = await self.http.ask("GET", self._issue_path(key))
        if answer.status != 200:
            await self._refuse(answer, key)
        return self._issue(answer.body)

    async def change(self, key: str, *, title: str | None, closed: bool | None, done: bool = True) -> RemoteIssue:
        body: dict[str, str] = {} if title is None else {"title": text.title(title)}
        if closed is not None:
            reason = "reopened" if not closed else "completed" if done else "not_planned"
            body |= {"state": "closed" if closed else "open", "state_reason": reason}
        answer = await self.http.ask("PATCH", self._issue_path(key), body=body)
        if answer.status != 200:
            await self._refuse(answer, key)
        return self._issue(answer.body)

    async def comment(self, key: str, lines: Sequence[str], marker: str) -> None:
        body = {"body": text.body(lines, marker)}
        answer = await self.http.ask("POST", f"{self._issue_path(key)}/comments", body=body)
        if answer.status != 201:
            await self._refuse(answer, key)

    async def find_comment(self, key: str, marker: str) -> str:
        return next((word for word, _ in await self._marked(key, marker)), "")

    async def keep_one(self, key: str, marker: str) -> None:
        for _, comment in (await self._marked(key, marker))[1:]:
            if await self._own_login():
                await self.http.ask("DELETE", f"{self._path}/issues/comments/{comment['id']}")

    async def _marked(self, key: str, marker: str) -> list[tuple[str, Mapping[str, Any]]]:
        """Markers that begin so, each with its comment, the oldest first; of our own comments, where GitHub says who we
        are. Among the newest two hundred: the list has no other order, but says which page is its last.
        """
        own = await self._own_login()
        first = await self._comments(key, 1)
        last = int(found[1]) if (found := _LAST_PAGE.search(first.headers.get("Link", ""))) else 1
        pages = [first] if last == 1 else [await self._comments(key, page) for page in (last - 1, last)]
        every = [each for page in pages for each in page.body]
        comments = [each for each in every if not own or (each.get("user") or {}).get("login") == own]
        marked = [(word, each) for each in comments for word in text.markers_in(str(each.get("body") or ""))]
        return [(word, each) for word, each in marked if word.startswith(marker)]

    async def changed_since(self, since: datetime, page: str) -> IssuePage:
        """Further pages begin anew at the last change that was seen: with numbered ones an issue that changes meanwhile
        moves all others up, and one of them to where nobody looks. Only what changed within one second is numbered.
        """
        begin, _, number = (page or f"{_stamp(since - OVERLAP)} 1").partition(" ")
        params = {"state": "all", "sort": "updated", "direction": "asc", "since": begin, "per_page": str(A_PAGE)}
        address = f"{begin} {number}"
        known = self._page if self._page and self._page[0] == address else None
        headers = {"If-None-Match": known[1]} if known else {}
        answer = await self.http.ask("GET", f"{self._path}/issues", params={**params, "page": number}, headers=headers)
        if answer.status == 304 and known:
            return known[2]
        if answer.status != 200:
            await self._refuse(answer)
        found = self._found(answer.body, begin, int(number))
        if not page:
            self._page = (address, answer.headers.get("ETag", ""), found)
        return found

    def _found(self, listed: Sequence[Mapping[str, Any]], begin: str, number: int) -> IssuePage:
        issues = tuple(self._issue(each) for each in listed if "pull_request" not in each)
        if len(listed) < A_PAGE:
            return IssuePage(issues=issues)
        last = str(listed[-1]["updated_at"])
        return IssuePage(issues=issues, next=f"{last} 1" if last > begin else f"{begin} {number + 1}")

    async def works(self) -> bool:
        try:
            return not _unfit(await self.http.ask("GET", self._path))
        except Unavailable:
            return False

    async def examine(self) -> Examined:
        try:
            repository = await self.http.ask("GET", self._path)
        except Unavailable as failure:
            advice = "Correct GITHUB_API_URL, GITHUB_TOKEN or this machine's network."
            return Examined(works=False, sentence=f"GitHub cannot be used: {failure.reason}.", advice=advice)
        unfit = _unfit(repository)
        if unfit:
            return Examined(works=False, sentence=f"GitHub cannot be used: {unfit[0]}.", advice=unfit[1])
        rights = repository.field("permissions")
        if isinstance(rights, Mapping) and not (rights.get("triage") or rights.get("push")):
            sentence = f"The token may read {self.repository}, and perhaps not close its issues."
            return Examined(works=False, sentence=sentence, advice="Give it the permission Issues: read and write.")
        return Examined(works=True, sentence=f"Follow-ups are kept in step with the issues of {self.repository}.")

    async def _newest_first(self) -> AsyncIterator[Mapping[str, Any]]:
        """Of our own, where GitHub says who we are; an app's token may not ask, and then it is all of them."""
        creator = await self._own_login()
        params = {"state": "all", "sort": "created", "direction": "desc", "per_page": str(A_PAGE)}
        params |= {"creator": creator} if creator else {}
        for page in range(1, MOST_PAGES + 1):
            answer = await self.http.ask("GET", f"{self._path}/issues", params={**params, "page": str(page)})
            if answer.status != 200:
                await self._refuse(answer)
            for each in answer.body:
                yield each
            if len(answer.body) < A_PAGE:
                return
        reason = (
            "whether it was filed cannot be found out: there are more than a thousand newer issues; look for it there"
        )
        raise Unavailable(self.name, reason, retryable=False)

    async def _own_login(self) -> str:
        if self._login is None:
            answer = await self.http.ask("GET", "/user")
            self._login = str(answer.field("login") or "")
        return self._login

    async def _comments(self, key: str, page: int) -> Answer:
        params = {"per_page": str(A_PAGE), "page": str(page)}
        answer = await self.http.ask("GET", f"{self._issue_path(key)}/comments", params=params)
        if answer.status != 200:
            await self._refuse(answer, key)
        return answer

    async def _refuse(self, answer: Answer, key: str = "") -> None:
        """Raises what it means: of the repository as a whole Unavailable, since an operator can mend it and everything
        waits till then; of one issue Refused or IssueGone.
        """
        if answer.status == 422:
            raise Refused(
                "issue", f"{NAME} does not accept it ({said(answer) or 'HTTP 422'}); change it, then try again"
            )
        unfit = _unfit(await self.http.ask("GET", self._path))
        if unfit:
            raise Unavailable(NAME, f"{unfit[0]}: {unfit[1]}")
        if "not accessible" in said(answer):
            raise Unavailable(NAME, "GITHUB_TOKEN may not write issues: give it the permission Issues: read and write")
        if key and answer.status in _GONE:
            raise IssueGone(_how_gone(answer.status, key))
        raise Refused("issue", f"{NAME} refuses it (HTTP {answer.status}: {said(answer) or 'it does not say why'})")

    def _issue_path(self, key: str) -> str:
        """Raises Refused for an issue of a repository that the settings no longer name."""
        repository, _, number = key.rpartition("#")
        if repository.casefold() != self.repository.casefold() or not number.isdecimal():
            raise Refused("issue", f"its issue is {key}, and GITHUB_REPOSITORY names {self.repository}")
        return f"{self._path}/issues/{number}"

    def _issue(self, found: Any) -> RemoteIssue:
        try:
            return RemoteIssue(
                key=f"{self.repository}#{int(found['number'])}",
                url=str(found["html_url"]),
                closed=found["state"] == "closed",
                changed_at=datetime.fromisoformat(found["updated_at"]),
                done=found.get("state_reason") not in {"not_planned", "duplicate"},
            )
        except (KeyError, TypeError, ValueError, AttributeError):
            raise Unavailable(NAME, "an issue without number, state or time", unknown=True) from None


def _unfit(repository: Answer) -> tuple[str, str] | None:
    """Why nothing can be written there, and what to do."""
    if repository.status in _MOVED:
        return "the repository has another name now", "set GITHUB_REPOSITORY to it and restart Muster"
    if repository.status != 200:
        sentence = f"GITHUB_REPOSITORY names no repository that the token can see (HTTP {repository.status})"
        return sentence, "correct it, or let the token see the repository"
    if repository.field("archived") or repository.field("disabled"):
        return "the repository is archived", "unarchive it, or set GITHUB_REPOSITORY to another one"
    if repository.field("has_issues") is False:
        return "issues are switched off in the repository", "switch them on in its settings"
    return None


def _how_gone(status: int, key: str) -> str:
    if status in _MOVED:
        return f"{key} was moved to another repository."
    return f"{key} was deleted there." if status == 410 else f"{key} is there no longer, or the token may not see it."


def _stamp(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
