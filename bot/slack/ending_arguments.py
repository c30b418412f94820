"""As arguments.py, of the verbs by which an incident ends and what it leaves behind is done. Pure."""

import re
from typing import Final

from bot.incident import commands as ask
from bot.incident.closing_commands import ExtendWorkaround, RemoveWorkaround, StateNoWorkarounds
from bot.incident.issue_commands import TrackFollowup
from bot.incident.review_commands import CancelReview, WaiveReview
from bot.incident.review_sections import TITLES, ReviewSection
from bot.incident.terms import Rejected
from bot.slack import action_ids as ids
from bot.slack import moments
from bot.slack.asked import (
    Asked,
    Followups,
    ListWorkaround,
    Look,
    NoteFollowup,
    OpenForm,
    Page,
    ShowFollowup,
    Whose,
    WriteAbout,
)
from bot.slack.asking import Asking
from bot.slack.incoming_text import mentioned, unquoted, without_mentions
from bot.slack.mrkdwn import plain
from bot.slack.words import closing, one_of

_UNTIL: Final = re.compile(r"(?P<what>.*\S)\s+(?:until|till)\s+(?P<day>\S.*)", re.IGNORECASE | re.DOTALL)
_REMOVE: Final = re.compile(r"(?:remove|removed|drop)\s+W?(?P<number>\d{1,4})\b(?P<note>.*)", re.IGNORECASE | re.DOTALL)
_TRACK: Final = re.compile(r"f?(\d{1,4})\s+track|track\s+f?(\d{1,4})", re.IGNORECASE | re.ASCII)
_KEEP: Final = re.compile(r"(?:keep|extend)\s+W?(?P<number>\d{1,4})", re.IGNORECASE)


def resolve(rest: str, asking: Asking) -> Asked:
    return ask.ResolveIncident(by=asking.by, summary=plain(rest))


def reopen(rest: str, asking: Asking) -> Asked:
    return ask.ReopenIncident(by=asking.by, why=plain(rest))


def cancel(rest: str, asking: Asking) -> Asked:
    return ask.CancelIncident(by=asking.by, why=plain(rest))


def followup(rest: str, asking: Asking) -> Asked:
    """`F3` shows that one, `3 track` keeps it in step with the tracker; any other words are a new one, owned by the
    first person whom they mention.
    """
    if not rest:
        return OpenForm(modal=ids.FOLLOWUP_MODAL)
    shown = re.fullmatch(r"f(\d{1,4})", rest, re.IGNORECASE | re.ASCII)
    if shown:
        return ShowFollowup(number=int(shown[1]))
    tracked = _TRACK.fullmatch(rest)
    if tracked:
        return TrackFollowup(by=asking.by, number=int(tracked[1] or tracked[2]))
    return NoteFollowup(what=unquoted(plain(without_mentions(rest)).strip()), owner=mentioned(rest))


def followups(rest: str, asking: Asking) -> Asked:
    who = mentioned(rest)
    if who is not None:
        return Followups(whose=Whose.PERSON, who=who)
    word = rest.casefold()
    named = {"": None, "mine": Whose.MINE, "me": Whose.MINE, "overdue": Whose.OVERDUE, "late": Whose.OVERDUE}
    if word in {"all", "open"}:
        return Followups(whose=Whose.ALL)
    if word in asking.policy.teams and word not in named:
        return Followups(whose=Whose.TEAM, team=word)
    if word not in named:
        teams = "".join(f", {team}" for team in asking.policy.teams)
        raise Rejected(
            f"“{plain(rest)}” is no list of follow-ups: write mine, overdue, all{teams}, or pick a name from the list "
            "that Slack shows after @.",
            verb="followups",
        )
    return Followups(whose=named[word])


def feedback(rest: str, asking: Asking) -> Asked:
    """Words behind it would stand under a name, in a channel's answer: they belong into the form."""
    if rest:
        raise Rejected("What you say of how it went is given in its form, under Answer.", verb="feedback")
    return Look(page=Page.FEEDBACK)


def close(rest: str, asking: Asking) -> Asked:
    return closing(plain(rest), asking.by)


def workaround(rest: str, asking: Asking) -> Asked:
    """`The flag is off @ben until 2026-12-01`, `keep 2 until …`, `remove 2 it is fixed`, `none`, or a form."""
    if not rest:
        return OpenForm(modal=ids.WORKAROUND_MODAL)
    if rest.casefold() in {"none", "no", "nothing"}:
        return StateNoWorkarounds(by=asking.by)
    if removed := _REMOVE.fullmatch(rest):
        note = plain(removed["note"].strip())
        return RemoveWorkaround(by=asking.by, number=int(removed["number"]), note=note)
    dated = _UNTIL.fullmatch(rest)
    if dated is None:
        raise Rejected(
            "Say until when it may stay, as in “workaround The flag is off @ben until 2026-12-01”.", verb="workaround"
        )
    day = moments.day_ahead(dated["day"], at=asking.at, time_zone=asking.by.time_zone)
    if kept := _KEEP.fullmatch(dated["what"]):
        return ExtendWorkaround(by=asking.by, number=int(kept["number"]), expires_on=day)
    owner = mentioned(dated["what"]) or asking.by.id
    return ListWorkaround(what=plain(without_mentions(dated["what"])), owner=owner, expires_on=day)


_REVIEW: Final = re.compile(r"(?P<how>held|waived?|cancel|book|move)\b[\s:,]*(?P<why>.*)", re.IGNORECASE | re.DOTALL)


def review(rest: str, asking: Asking) -> Asked:
    """Alone: how far it is. `book`, `move`, `held` open a form; `waive` and `cancel` too, unless they say why."""
    if not rest:
        return Look(page=Page.REVIEW)
    found = _REVIEW.fullmatch(rest)
    if found is None:
        raise Rejected(
            "Write book, move, held, waive or cancel, as in “review waive it was a load test”.", verb="review"
        )
    how, why = found["how"].casefold(), plain(found["why"].removeprefix("because").strip())
    if how.startswith("waive"):
        return WaiveReview(by=asking.by, why=why) if why else OpenForm(modal=ids.WAIVE_REVIEW_MODAL)
    if how == "cancel":
        return CancelReview(by=asking.by, why=why) if why else OpenForm(modal=ids.CANCEL_REVIEW_MODAL)
    return OpenForm(modal=ids.REVIEW_HELD_MODAL if how == "held" else ids.REVIEW_MODAL)


def postmortem(rest: str, asking: Asking) -> Asked:
    """A section by its title or by its name in files; 'people' is enough for 'Factors: people'."""
    if not rest:
        return Look(page=Page.POSTMORTEM)
    titles = {title.rpartition(": ")[2]: section for section, title in TITLES.items()}
    names: dict[str, ReviewSection] = {each: each for each in ReviewSection}
    names |= titles | {title: section for section, title in TITLES.items()}
    return WriteAbout(section=one_of(rest, names, "section", field="postmortem", shown=list(titles)))
