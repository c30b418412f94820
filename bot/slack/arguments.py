"""What stands behind each verb -> what is asked for. Pure: one function a verb, all of the same shape.

Each raises Rejected with a sentence that says how to write it.
"""

import re
from dataclasses import replace
from typing import Final

from bot.incident import commands as ask
from bot.incident.terms import Milestone, Rejected
from bot.slack import action_ids as ids
from bot.slack import moments
from bot.slack.asked import (
    Asked,
    AssignTo,
    AttachNamed,
    Look,
    OpenForm,
    Page,
)
from bot.slack.asking import Asking
from bot.slack.incoming_text import mentioned, strip_marks, unquoted, without_mentions
from bot.slack.mrkdwn import plain
from bot.slack.words import one_of, role_named, severity_at_start, severity_of, status_named

LONGEST_TITLE: Final = 300
"""Characters; a title is kept whole or refused."""

_AT: Final = re.compile(
    rf"at\s+(?P<when>(?:(?:{moments.DAY})\s+(?:at\s+)?)?(?:{moments.TIME})(?:\s+(?:{moments.DAY})\b)?)\s*[:,–-]?\s*(?P<text>.*)",
    re.IGNORECASE | re.DOTALL | re.ASCII,
)
_BARE_TIME: Final = re.compile(
    rf"(?:{moments.DAY}|{moments.TIME})(?:\s+(?:{moments.DAY}|{moments.TIME}))?", re.IGNORECASE
)
_NEXT: Final = re.compile(
    rf"(?:^|\s)(?:(?:--|—|–)next\s+(?:\S+|{moments.SPAN_WITH_UNIT})|next\s+(?:in\s+)?{moments.SPAN_WITH_UNIT})$",
    re.IGNORECASE | re.ASCII,
)
_WORD_NEXT: Final = re.compile(r"^\s*(?:--|—|–)?next\s+(?:in\s+)?", re.IGNORECASE)
_TIME_AT_END: Final = re.compile(
    rf"(?P<what>.*?)(?:^|\s)(?:at\s+|to\s+)?(?P<when>(?:(?:{moments.DAY})\s+(?:at\s+)?)?(?:{moments.TIME})(?:\s+(?:{moments.DAY}))?)",
    re.IGNORECASE | re.ASCII,
)


def drill(rest: str, asking: Asking) -> Asked:
    """As `declare`, for practice."""
    return replace(declare(rest, asking), drill=True)


def declare(rest: str, asking: Asking) -> ask.DeclareIncident | OpenForm:
    severity, title = severity_at_start(rest, asking.policy)
    title = unquoted(plain(title).strip())
    if not title:
        return OpenForm(modal=ids.DECLARE_MODAL)
    if len(title) > LONGEST_TITLE:
        raise Rejected(
            f"A title has at most {LONGEST_TITLE} characters, this one has {len(title)}: shorten it and declare again.",
            field="title",
        )
    return ask.DeclareIncident(by=asking.by, title=title, severity=severity)


def severity(rest: str, asking: Asking) -> Asked:
    if not rest:
        return OpenForm(modal=ids.SEVERITY_MODAL)
    level, why = severity_of(rest, asking.policy)
    return ask.ChangeSeverity(by=asking.by, severity=level, why=plain(why))


def status(rest: str, asking: Asking) -> Asked:
    if not rest:
        return OpenForm(modal=ids.STATUS_MODAL)
    word, _, note = rest.partition(" ")
    return status_named(word, plain(note.strip()), asking.by)


def assign(rest: str, asking: Asking) -> Asked:
    if not rest:
        return OpenForm(modal=ids.ROLES_MODAL)
    user = mentioned(rest)
    if user is not None:
        return AssignTo(role=role_named(_between_words(without_mentions(rest)), asking.policy), user=user)
    role, _, last = rest.rpartition(" ")
    if last.casefold() in {"me", "@me"} and role:
        return AssignTo(role=role_named(_between_words(role), asking.policy), user=asking.by.id)
    raise Rejected(
        "I cannot tell who that is: pick the name from the list that Slack shows after @, "
        "as in “assign commander @ada”.",
        verb="assign",
        field="holder",
    )


def _between_words(text: str) -> str:
    """The role without the little words around the name: 'scribe to', 'as scribe'."""
    return re.sub(r"^(?:as|to)\s+|\s+(?:as|to|is)$|^(?:as|to)$", "", text.strip(), flags=re.IGNORECASE)


def claim(rest: str, asking: Asking) -> Asked:
    if not rest:
        return OpenForm(modal=ids.ROLES_MODAL)
    return ask.ClaimRole(by=asking.by, role=role_named(rest, asking.policy))


def release(rest: str, asking: Asking) -> Asked:
    return ask.ReleaseRole(by=asking.by, role=role_named(rest, asking.policy) if rest else None)


def note(rest: str, asking: Asking) -> Asked:
    if not rest:
        return OpenForm(modal=ids.NOTE_MODAL)
    dated = _AT.fullmatch(rest)
    if dated is None:
        _refuse_a_bare_time(rest)
        return ask.AddNote(by=asking.by, text=plain(rest))
    when = moments.moment(dated["when"], at=asking.at, time_zone=asking.by.time_zone)
    if not dated["text"].strip():
        raise Rejected(
            f"Write what happened behind the time, as in “note at {dated['when']} Rollback began”.", verb="note"
        )
    return ask.AddNote(by=asking.by, text=plain(dated["text"].strip()), happened_at=when)


def _refuse_a_bare_time(rest: str) -> None:
    """`note yesterday` and `note 14:05` were sent too early, or by mistake."""
    if _BARE_TIME.fullmatch(rest):
        raise Rejected("Write what happened, too, as in “note at 14:05 Rollback began”.", verb="note")


def update(rest: str, asking: Asking) -> Asked:
    promised = _NEXT.search(rest)
    text = rest[: promised.start()].strip() if promised else rest
    if not text:
        return OpenForm(modal=ids.UPDATE_MODAL)
    next_in = moments.span(_WORD_NEXT.sub("", promised[0]), field="next_in") if promised else None
    return ask.PostUpdate(by=asking.by, known=plain(text), next_in=next_in)


def remind(rest: str, asking: Asking) -> Asked:
    word, _, tail = rest.partition(" ")
    match word.casefold():
        case "":
            return OpenForm(modal=ids.CADENCE_MODAL)
        case "off" | "never" | "none" | "stop":
            return ask.SetCadence(by=asking.by, every=None)
        case "snooze":
            waiting = moments.span(tail.removeprefix("for ")) if tail.strip() else None
            return ask.SnoozeUpdate(by=asking.by, span=waiting)
        case "skip":
            return ask.SkipUpdate(by=asking.by)
        case "every":
            return ask.SetCadence(by=asking.by, every=moments.span(tail, field="every"))
        case _:
            return ask.SetCadence(by=asking.by, every=moments.span(rest, field="every"))


def timeline(rest: str, asking: Asking) -> Asked:
    return Look(page=Page.TIMELINE, number=_page(rest))


def alerts(rest: str, asking: Asking) -> Asked:
    """`alerts`, `alerts 2`, `alerts quality`, `alerts quality 2`."""
    first, _, others = rest.partition(" ")
    if first.casefold() == "quality":
        return Look(page=Page.ALERT_QUALITY, number=_page(others))
    if first and not re.match(r"page\b|\d", first, re.IGNORECASE):
        raise Rejected(f"“{plain(rest)}” is nothing of alerts: write “alerts 2”, or “alerts quality”.", verb="alerts")
    return Look(page=Page.ALERTS, number=_page(rest))


def show(rest: str, asking: Asking) -> Asked:
    if rest:
        raise Rejected(f"“{plain(rest)}” is no number of an incident: write it like INC-42.", verb="list")
    return Look(page=Page.INCIDENT)


def listing(rest: str, asking: Asking) -> Asked:
    words = rest.casefold().split()
    ended = "all" in words
    return Look(page=Page.LIST, number=_page(" ".join(word for word in words if word != "all")), ended=ended)


def search(rest: str, asking: Asking) -> Asked:
    """`search drills failover` looks among drills, and nothing else does."""
    if not rest:
        return OpenForm(modal=ids.SEARCH_MODAL)
    first, _, others = rest.partition(" ")
    drills = first.casefold() in {"drill", "drills"}
    return Look(page=Page.SEARCH, words=unquoted(plain(others if drills else rest).strip()), drills=drills)


def _page(text: str) -> int | None:
    found = re.fullmatch(r"(?:page\s+)?([1-9]\d{0,3})", text.strip(), re.IGNORECASE | re.ASCII)
    if text.strip() and found is None:
        raise Rejected(f"“{plain(text.strip())}” is no number of a page: write it like 2.")
    return int(found[1]) if found else None


def service(rest: str, asking: Asking) -> Asked:
    if not rest:
        return Look(page=Page.SERVICES)
    return Look(page=Page.SERVICE, words=unquoted(plain(rest).strip()))


def playbook(rest: str, asking: Asking) -> Asked:
    return AttachNamed(name=unquoted(plain(rest))) if rest else Look(page=Page.PLAYBOOKS)


def help_(rest: str, asking: Asking) -> Asked:
    return Look(page=Page.HELP, words=strip_marks(plain(rest).strip()).casefold())


def acknowledge(rest: str, asking: Asking) -> Asked:
    return ask.Acknowledge(by=asking.by)


def channel(rest: str, asking: Asking) -> Asked:
    return ask.RetryChannel(by=asking.by)


def join(rest: str, asking: Asking) -> Asked:
    if rest:
        raise Rejected(f"“{plain(rest)}” is no number of an incident: write it like INC-42.", verb="list")
    return ask.JoinIncident(by=asking.by)


def correct(rest: str, asking: Asking) -> Asked:
    if not rest:
        return OpenForm(modal=ids.TIMES_MODAL)
    found = _TIME_AT_END.fullmatch(rest)
    if found is None:
        raise Rejected("Write which time and what it was, as in “correct impact started 14:05”.", verb="correct")
    which = one_of(found["what"].strip(), {str(each): each for each in Milestone}, "time", field="milestone")
    return ask.CorrectMilestone(
        by=asking.by,
        milestone=which,
        at=moments.moment(found["when"], at=asking.at, time_zone=asking.by.time_zone),
    )
