"""How a document names people, roles and places. Pure: what people are called is passed in."""

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from bot.document.markdown import Markdown, escape, fill, link, prose
from bot.document.slack_text import mentioned, read_message
from bot.incident.entry import NAMING_PEOPLE, Entry, EntryLabel
from bot.incident.policy import Policy
from bot.incident.postmortem import Heading, Postmortem
from bot.incident.terms import MUSTER, Role, UserId

NOBODY: Final = Markdown("nobody")
_CHANNEL: Final = re.compile(r"[CG][A-Z0-9]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Names:
    """What people are called, by id. Who is missing goes by their id, and two of one name get it beside theirs."""

    known: Mapping[UserId, str] = field(default_factory=dict)

    def of(self, user: UserId) -> str:
        if user == MUSTER:
            return "Muster"
        name = self.known.get(user, "").strip()
        if not name:
            return user
        same = Counter(each.strip().casefold() for each in self.known.values())[name.casefold()]
        return f"{name} ({user})" if same > 1 else name


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """`workspace`: the Slack team's address with a closing slash, 'https://acme.slack.com/'; empty: not known."""

    names: Names = field(default_factory=Names)
    policy: Policy = field(default_factory=Policy)
    workspace: str = ""

    def person(self, user: UserId | None) -> Markdown:
        return escape(self.names.of(user)) if user else NOBODY

    def role(self, role: Role) -> Markdown:
        return escape(self.role_title(role))

    def role_title(self, role: Role) -> str:
        """One that left the policy keeps the words of its key."""
        rule = self.policy.roles.get(role)
        return rule.title if rule else role.replace("_", " ")

    def said(self, text: str, *, spoken: bool = False) -> Markdown:
        """Foreign text between quotation marks. `spoken`: it is in Slack's form."""
        return fill("“{text}”", text=prose(self.plain(text) if spoken else text))

    def plain(self, text: str) -> str:
        """A message's text as somebody would read it; not escaped."""
        return read_message(text, self.names.of)

    def address(self, entry: Entry, heading: Heading) -> str:
        """Where an entry can be read in Slack: its own message, else the card that shows it, else the incident's
        channel; empty: nowhere.
        """
        if entry.link.startswith(("https://", "http://")):
            return entry.link
        if heading.channel is None or not _CHANNEL.fullmatch(heading.channel):
            return ""
        if self.workspace:
            ts = heading.cards.get(entry.card, "").replace(".", "")
            return f"{self.workspace}archives/{heading.channel}" + (f"/p{ts}" if ts.isdecimal() else "")
        return f"https://slack.com/app_redirect?channel={heading.channel}"

    def arrow(self, entry: Entry, heading: Heading) -> Markdown:
        address = self.address(entry, heading)
        return link(Markdown("↗"), address) if address else Markdown("")


def authors(draft: Postmortem) -> tuple[UserId, ...]:
    """Who wrote sections of it, as they stand now."""
    return tuple(each.by for each in draft.sections.values() if each.by)


def afterwards_named(draft: Postmortem) -> tuple[UserId, ...]:
    """Who has to do with a follow-up of it or its review, and who said under their name how it went."""
    found: list[UserId | None] = [each.by for each in draft.feedback.said]
    found += [draft.review.facilitator, *draft.review.came]
    for item in draft.followups:
        found += [item.content.owner, *item.content.sponsors, item.added_by, item.moved_by, item.waits_for]
    return tuple(dict.fromkeys(user for user in found if user))


def named_in(draft: Postmortem) -> tuple[UserId, ...]:
    """Everybody whose name the documents need, each once."""
    people = [*(each.user for each in draft.participants), *authors(draft), *afterwards_named(draft)]
    for entry in draft.entries:
        if entry.label is EntryLabel.MESSAGE:
            people += [user for text in (entry.text, *entry.earlier) for user in mentioned(text)]
        if entry.label in NAMING_PEOPLE:
            people += [UserId(user) for user in (entry.before, entry.after, *entry.people) if user]
    return tuple(user for user in dict.fromkeys(people) if user != MUSTER)
