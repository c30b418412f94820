"""Jira Cloud issues, by its REST API v3 (developer.atlassian.com/cloud/jira/platform/rest/v3). It decides nothing.

What it relies on:

- `POST /issue` {fields: project, issuetype, summary, description as a document, labels} -> 201 {key}; 400 with a
  sentence for each field. `GET /issue/{key}` answers under the old key, too, where the issue was moved elsewhere.
- A status is changed by a transition that the workflow offers: `GET` and `POST /issue/{key}/transitions`. Names are the
  customer's own; `to.statusCategory.key` is new, indeterminate or done everywhere.
- `POST /search/jql` {jql, fields, maxResults, nextPageToken} -> {issues, isLast, nextPageToken}. It does not know at
  once what was written: "from a few seconds to minutes" (developer.atlassian.com/cloud/jira/platform, "search and
  reconcile"). So an issue whose answer was lost is only filed again when it would surely be found, and what changed is
  read with an overlap.
- In JQL a moment is a minute in the time zone of the account that asks; `GET /myself` says which that is.

An issue is found by a label of its own: properties can be searched by apps of the marketplace only.
"""

import re
from base64 import b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

from bot.incident.remote_issue import Examined, IssuePage, NewIssue, RemoteIssue
from bot.incident.time_zones import zone_of
from bot.issue_ports import IssueGone
from bot.ports import Unavailable
from bot.slack_ports import Refused
from bot.trackers import jira_text as text
from bot.trackers.tracker_http import Answer, TrackerHttp, said

NAME: Final = "Jira"
LABEL: Final = "muster"
A_PAGE: Final = 100
OVERLAP: Final = timedelta(minutes=10)
DONE: Final = "done"
RIGHTS: Final = ("CREATE_ISSUES", "EDIT_ISSUES", "TRANSITION_ISSUES", "ADD_COMMENTS")
_FIELDS: Final = ("status", "resolution", "updated")
_NOT_DONE: Final = re.compile(
    r"won.?t|not (?:planned|needed|a bug)|cancel|declin|reject|duplicate|obsolete|incomplete|cannot", re.IGNORECASE
)
"""Of the names of resolutions and of statuses in the category done: those that say it will not be done."""


def jira_headers(user: str, token: str) -> dict[str, str]:
    credentials = b64encode(f"{user}:{token}".encode()).decode()
    return {"Authorization": f"Basic {credentials}", "Accept": "application/json", "User-Agent": "muster"}


@dataclass(slots=True)
class Jira:
    """The protocol issue_ports.Tracker. `site`: 'https://acme.atlassian.net'. `project`: its key, 'OPS'."""

    http: TrackerHttp
    site: str
    project: str
    issue_type: str
    name: str = NAME
    settles_in: timedelta = timedelta(minutes=5)
    _myself: Mapping[str, Any] | None = field(default=None, init=False, repr=False)

    async def file(self, issue: NewIssue) -> RemoteIssue:
        fields = {
            "project": {"key": self.project},
            "issuetype": {"name": self.issue_type},
            "summary": text.summary(issue.title),
            "description": text.document(issue.lines),
            "labels": [LABEL, issue.marker],
        }
        answer = await self.http.ask("POST", "/issue", body={"fields": fields})
        if answer.status != 201:
            await self._refuse(answer)
        key = str(answer.field("key") or "")
        if not key:
            raise Unavailable(NAME, "an issue without a key", unknown=True)
        return RemoteIssue(key=key, url=self._url(key), closed=False, changed_at=None)

    async def find(self, marker: str) -> RemoteIssue | None:
        jql = f'project = "{self.project}" AND labels = "{marker}" AND creator = currentUser() ORDER BY created ASC'
        page = await self._search(jql, "")
        return page.issues[0] if page.issues else None

    async def read(self, key: str) -> RemoteIssue:
        answer = await self.http.ask("GET", self._path(key), params={"fields": ",".join(_FIELDS)})
        if answer.status != 200:
            await self._refuse(answer, key)
        found = self._issue(answer.body)
        if found.key != key:
            raise IssueGone(f"{key} was moved to {found.key} there.")
        return found

    async def change(self, key: str, *, title: str | None, closed: bool | None, done: bool = True) -> RemoteIssue:
        if title is not None:
            answer = await self.http.ask("PUT", self._path(key), body={"fields": {"summary": text.summary(title)}})
            if answer.status != 204:
                await self._refuse(answer, key)
        if closed is not None:
            await self._move(key, closed=closed, done=done)
        return await self.read(key)

    async def comment(self, key: str, lines: Sequence[str], marker: str) -> None:
        body = {"body": text.document([*lines, f"({marker})"])}
        answer = await self.http.ask("POST", f"{self._path(key)}/comment", body=body)
        if answer.status != 201:
            await self._refuse(answer, key)

    async def find_comment(self, key: str, marker: str) -> str:
        return next((word for word, _ in await self._marked(key, marker)), "")

    async def keep_one(self, key: str, marker: str) -> None:
        for _, comment in (await self._marked(key, marker))[1:]:
            await self.http.ask("DELETE", f"{self._path(key)}/comment/{comment['id']}")

    async def _marked(self, key: str, marker: str) -> list[tuple[str, Mapping[str, Any]]]:
        """Markers that begin so, each with its comment, the oldest first; of our own among the newest hundred."""
        own = (await self._account()).get("accountId")
        params = {"orderBy": "-created", "maxResults": str(A_PAGE)}
        answer = await self.http.ask("GET", f"{self._path(key)}/comment", params=params)
        if answer.status != 200:
            await self._refuse(answer, key)
        every = reversed(answer.field("comments") or ())
        comments = [each for each in every if (each.get("author") or {}).get("accountId") == own]
        marked = [(word, each) for each in comments for word in text.markers_in(each.get("body"))]
        return [(word, each) for word, each in marked if word.startswith(marker)]

    async def changed_since(self, since: datetime, page: str) -> IssuePage:
        begin = await self._moment(since - OVERLAP)
        jql = f'project = "{self.project}" AND labels = "{LABEL}" AND updated >= "{begin}" ORDER BY updated ASC'
        return await self._search(jql, page)

    async def works(self) -> bool:
        try:
            return not await self._unfit()
        except Unavailable:
            return False

    async def examine(self) -> Examined:
        try:
            unfit = await self._unfit()
        except Unavailable as failure:
            advice = "Correct JIRA_URL, JIRA_USER, JIRA_TOKEN or this machine's network."
            return Examined(works=False, sentence=f"Jira cannot be used: {failure.reason}.", advice=advice)
        if unfit:
            return Examined(works=False, sentence=f"Jira cannot be used: {unfit[0]}.", advice=f"{unfit[1]}.")
        return Examined(works=True, sentence=f"Follow-ups are kept in step with the issues of {self.project} in Jira.")

    async def _move(self, key: str, *, closed: bool, done: bool) -> None:
        """By the transition that fits best. Nothing where it stands so already: another attempt may have moved it."""
        if (await self.read(key)).closed == closed:
            return
        path = f"{self._path(key)}/transitions"
        offered = await self.http.ask("GET", path, params={"expand": "transitions.fields"})
        if offered.status != 200:
            await self._refuse(offered, key)
        chosen = _fitting(offered.field("transitions") or (), closed=closed, done=done)
        if chosen is None:
            wanted = "to a status that is done" if closed else "back to a status that is not done"
            raise Refused("issue", f"the workflow of {key} offers no transition {wanted}; add one, then try again")
        body: dict[str, Any] = {"transition": {"id": str(chosen["id"])}}
        if resolution := _resolution(chosen, done=done) if closed else "":
            body["fields"] = {"resolution": {"name": resolution}}
        answer = await self.http.ask("POST", path, body=body)
        if answer.status != 204:
            await self._refuse(answer, key)

    async def _search(self, jql: str, page: str) -> IssuePage:
        body: dict[str, Any] = {"jql": jql, "maxResults": A_PAGE, "fields": list(_FIELDS)}
        answer = await self.http.ask("POST", "/search/jql", body=body | ({"nextPageToken": page} if page else {}))
        if answer.status != 200:
            await self._refuse(answer)
        issues = tuple(self._issue(each) for each in answer.field("issues") or ())
        return IssuePage(issues=issues, next=str(answer.field("nextPageToken") or ""))

    async def _moment(self, moment: datetime) -> str:
        """As this account's JQL reads it. Of a time that comes twice, where summer time ends, an hour more is read."""
        zone = zone_of(str((await self._account()).get("timeZone") or "UTC"))
        local = moment.astimezone(zone)
        if local.replace(fold=0).utcoffset() != local.replace(fold=1).utcoffset():
            local = (moment - timedelta(hours=1)).astimezone(zone)
        return f"{local:%Y-%m-%d %H:%M}"

    async def _account(self) -> Mapping[str, Any]:
        """Who we are there; asked once."""
        if self._myself is None:
            answer = await self.http.ask("GET", "/myself")
            self._myself = answer.body if isinstance(answer.body, Mapping) else {}
        return self._myself

    async def _unfit(self) -> tuple[str, str] | None:
        """Why nothing can be filed there, and what to do. Raises Unavailable."""
        project = await self.http.ask("GET", f"/project/{self.project}")
        if project.status != 200:
            sentence = f"JIRA_PROJECT names no project that the account can see (HTTP {project.status})"
            return sentence, "correct it, or let JIRA_USER see the project"
        if project.field("archived"):
            return "the project is archived", "restore it, or set JIRA_PROJECT to another one"
        types = {str(each.get("name")) for each in project.field("issueTypes") or ()}
        if types and self.issue_type not in types:
            return f"the project has no issue type {self.issue_type}", f"set JIRA_ISSUE_TYPE to one of {_list(types)}"
        params = {"projectKey": self.project, "permissions": ",".join(RIGHTS)}
        answer = await self.http.ask("GET", "/mypermissions", params=params)
        rights = answer.field("permissions") or {}
        missing = [name for name in RIGHTS if not rights.get(name, {}).get("havePermission", True)]
        if missing:
            return f"the account lacks {', '.join(missing)} in it", "give JIRA_USER a role that has them"
        return None

    async def _refuse(self, answer: Answer, key: str = "") -> None:
        """Raises what it means: of the project as a whole Unavailable, of one issue Refused or IssueGone."""
        unfit = await self._unfit()
        if unfit:
            raise Unavailable(NAME, f"{unfit[0]}: {unfit[1]}")
        if key and answer.status in {404, 410}:
            raise IssueGone(f"{key} was deleted there, or the account may not see it.")
        why = said(answer) or f"HTTP {answer.status}"
        raise Refused("issue", f"{NAME} does not accept it ({why}); mend that, then try again")

    def _path(self, key: str) -> str:
        """Raises Refused for an issue of a project that the settings no longer name."""
        project, _, number = key.rpartition("-")
        if project != self.project or not number.isdecimal():
            raise Refused("issue", f"its issue is {key}, and JIRA_PROJECT names {self.project}")
        return f"/issue/{key}"

    def _url(self, key: str) -> str:
        return f"{self.site}/browse/{key}"

    def _issue(self, found: Any) -> RemoteIssue:
        try:
            fields, key = found["fields"], str(found["key"])
            status = fields["status"]
            resolution = str((fields.get("resolution") or {}).get("name", ""))
            return RemoteIssue(
                key=key,
                url=self._url(key),
                closed=status["statusCategory"]["key"] == DONE,
                changed_at=datetime.fromisoformat(fields["updated"]),
                done=not _NOT_DONE.search(f"{resolution} {status.get('name', '')}"),
            )
        except (KeyError, TypeError, ValueError, AttributeError):
            raise Unavailable(NAME, "an issue without key, status or time", unknown=True) from None


def _fitting(offered: Sequence[Mapping[str, Any]], *, closed: bool, done: bool) -> Mapping[str, Any] | None:
    """Closing: the one whose name says what happened, else any to a status that is done. Reopening: to the beginning,
    else to anywhere that is not done.
    """
    leading = [each for each in offered if (_category(each) == DONE) == closed]
    if closed:
        leading.sort(key=lambda each: bool(_NOT_DONE.search(_names(each))) == done)
    else:
        leading.sort(key=lambda each: _category(each) != "new")
    return leading[0] if leading else None


def _category(transition: Mapping[str, Any]) -> str:
    return str(((transition.get("to") or {}).get("statusCategory") or {}).get("key", ""))


def _names(transition: Mapping[str, Any]) -> str:
    return f"{transition.get('name', '')} {(transition.get('to') or {}).get('name', '')}"


def _resolution(transition: Mapping[str, Any], *, done: bool) -> str:
    """The one to give, where the transition's screen asks for one; empty where it does not."""
    asked = (transition.get("fields") or {}).get("resolution") or {}
    names = [str(each.get("name", "")) for each in asked.get("allowedValues") or ()]
    fitting = [name for name in names if bool(_NOT_DONE.search(name)) != done]
    return next(iter(fitting or names), "")


def _list(names: set[str]) -> str:
    return ", ".join(sorted(names)[:8])
