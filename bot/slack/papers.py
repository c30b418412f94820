"""The papers of a postmortem as they go to Slack: made of the log when they are wanted. It sends nothing."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Final

import structlog

from bot.document.contents import contents
from bot.document.documents import as_bytes, documents
from bot.document.markdown import Markdown
from bot.document.picture import describe, still_picture
from bot.document.template import TemplateMistakes, fill_template
from bot.document.wording import Names, Wording, named_in
from bot.incident.policy import Policy
from bot.incident.postmortem import Postmortem, postmortem
from bot.incident.state import Incident
from bot.incident.terms import DRAFT, UserId
from bot.playbook.problems import LibraryProblems
from bot.ports import Unavailable
from bot.slack.posts import History
from bot.slack.still_pictures import NoPixels, StillPictures
from bot.slack_ports import Directory, Refused

_log = structlog.get_logger(__name__)

Rules = Callable[[], tuple[Policy, str]]
"""The policy and the text of the template, in their newest form. Blocking. Raises LibraryProblems."""

LONGEST_DESCRIPTION: Final = 1000
"""Characters that Slack takes as a picture's description (alt_txt)."""
_BROKEN: Final = "the template of postmortems has mistakes; muster check names them"


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """A file. `description`: of a picture, for whoever does not see it."""

    name: str
    title: str
    content: bytes
    description: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Draft:
    """All that the papers are made of."""

    content: Postmortem
    template: str
    wording: Wording


class Papers:
    """`workspace`: the team's address with a closing slash, 'https://acme.slack.com/'."""

    def __init__(
        self, directory: Directory, workspace: str, *, history: History, rules: Rules, pictures: StillPictures
    ) -> None:
        self._directory = directory
        self._workspace = workspace
        self._history = history
        self._rules = rules
        self._pictures = pictures

    async def _drafted(self, incident: Incident) -> _Draft:
        """Making it of a long log takes a while, so it is done apart. Raises Unavailable and Refused."""
        history = await self._history(incident.id)
        policy, template = await self._ruled()
        content = await asyncio.to_thread(postmortem, history, policy)
        wording = Wording(names=await self._names(content), policy=policy, workspace=self._workspace)
        return _Draft(content=content, template=template, wording=wording)

    async def document(self, incident: Incident) -> Markdown:
        """The draft alone, without its picture. Raises Unavailable and Refused."""
        draft = await self._drafted(incident)
        try:
            return await asyncio.to_thread(_filled, draft)
        except TemplateMistakes as broken:
            raise Refused(DRAFT, _BROKEN) from broken

    async def files(self, incident: Incident, stem: str) -> Sequence[Paper]:
        """Markdown first, which is canonical; then the picture, HTML and JSON. Raises Unavailable and Refused."""
        draft = await self._drafted(incident)
        png = await self._png(draft.content)
        try:
            texts = await asyncio.to_thread(documents, draft.content, draft.template, draft.wording, stem, png=png)
        except TemplateMistakes as broken:
            raise Refused(DRAFT, _BROKEN) from broken
        return _papers(draft.content, stem, texts, png)

    async def _png(self, content: Postmortem) -> bytes:
        """Empty: the drawing itself must do."""
        try:
            return await self._pictures.png(await asyncio.to_thread(still_picture, content))
        except NoPixels as without:
            _log.info("picture_as_svg", incident=content.heading.incident, reason=without.lack)
            return b""

    async def _ruled(self) -> tuple[Policy, str]:
        try:
            return await asyncio.to_thread(self._rules)
        except LibraryProblems as broken:
            raise Refused(DRAFT, _BROKEN) from broken

    async def _names(self, content: Postmortem) -> Names:
        """Whom Slack cannot name goes by their id: no draft waits for a name."""
        known: dict[UserId, str] = {}
        for user in named_in(content):
            with suppress(Unavailable, Refused):
                known[user] = (await self._directory.person(user)).name
        return Names(known=known)


def _filled(draft: _Draft) -> Markdown:
    return fill_template(draft.template, contents(draft.content, draft.wording, ""))


def _papers(content: Postmortem, stem: str, texts: Mapping[str, str], png: bytes) -> Sequence[Paper]:
    reference = content.heading.reference
    described = {f"{stem}.{kind}": describe(content)[:LONGEST_DESCRIPTION] for kind in ("png", "svg")}
    titles = {
        f"{stem}.md": f"Postmortem draft of {reference}",
        **dict.fromkeys(described, f"Picture of {reference}"),
        f"{stem}.html": f"Postmortem draft of {reference}, to read and print",
        f"{stem}.json": f"Postmortem draft of {reference}, for programs",
    }
    found = {name: as_bytes(text) for name, text in texts.items()} | ({f"{stem}.png": png} if png else {})
    return [
        Paper(name=name, title=title, content=found[name], description=described.get(name, ""))
        for name, title in titles.items()
        if name in found
    ]
