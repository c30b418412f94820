"""What is said in Slack of invitations: above the file in the channel, in the panel of the review, where one failed."""

import re
from typing import Final

from bot.incident.invitations import MeetingEvent, is_off, plan_of
from bot.incident.state import Incident
from bot.incident.terms import INVITATION, UserId
from bot.slack.blocks import phrases
from bot.slack.mailing import EMAIL_SCOPE, Mailing
from bot.slack.mrkdwn import NOTHING, Mrkdwn, code, date_time, fill, line

_OF_SOMEBODY: Final = re.compile(r"([UW][A-Z0-9]+): (.*)", re.DOTALL)
"""A reason that begins with whose invitation it is about."""
_REASON: Final = 300


def file_comment(incident: Incident, event: MeetingEvent) -> Mrkdwn:
    """Above the file. The channel has been told what happened; this is what the file is for."""
    plan = plan_of(event)
    parts = {"inc": phrases.reference(incident), "then": date_time(plan.starts_at) if plan else NOTHING}
    if is_off(event):
        return fill("This file takes the review of {inc} of {then} out of your calendar.", **parts)
    return fill("This file puts the review of {inc}, {then}, into your calendar.", **parts)


def in_panel(incident: Incident, mailing: Mailing) -> list[Mrkdwn]:
    """How whoever is invited gets the meeting into their calendar; nothing where none is booked."""
    booked = incident.review.booked
    if booked is None:
        return []
    stands = any(number == booked.number for number, _ in incident.invitations)
    refused = sorted(reason for step, reason in incident.refusals if step == INVITATION)
    return [_ways(mailing, stands=stands), *(fill("Not delivered: {why}", why=undelivered(each)) for each in refused)]


def _ways(mailing: Mailing, *, stands: bool) -> Mrkdwn:
    file = Mrkdwn("a file in the channel") if stands else NOTHING
    match mailing:
        case Mailing.READY:
            also = fill(", and as {file}", file=file) if stands else NOTHING
            return fill("Everybody invited gets it for their calendar by e-mail{also}.", also=also)
        case Mailing.NO_SERVER:
            why = Mrkdwn("no mail server is set up")
        case Mailing.NO_ADDRESSES:
            why = fill("the app lacks {scope}", scope=code(EMAIL_SCOPE))
    only = fill("It is for calendars as {file}", file=file) if stands else Mrkdwn("It is not brought to calendars")
    return fill("{only}; no e-mail is sent, for {why}.", only=only, why=why)


def is_of_somebody(reason: str) -> bool:
    """Whether only one person's letter is meant, and not what all of them wait for."""
    return _OF_SOMEBODY.fullmatch(reason) is not None


def undelivered(reason: str) -> Mrkdwn:
    """@ben: the mail server does not take it (550 …)"""
    if found := _OF_SOMEBODY.fullmatch(reason):
        return fill("{who}: {why}", who=phrases.person(UserId(found[1])), why=line(found[2], _REASON))
    return line(reason, _REASON)
