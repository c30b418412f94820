"""The text of the slash command -> a Request. Pure. Raises Rejected with a sentence, and nothing else."""

import re
from datetime import datetime
from typing import Final

from bot.incident.policy import Policy
from bot.incident.terms import IncidentId, Person, Rejected
from bot.slack.asked import Look, Page, Request, UnknownVerb
from bot.slack.asking import Asking
from bot.slack.incoming_text import strip_marks
from bot.slack.mrkdwn import plain
from bot.slack.verb import Verb
from bot.slack.verbs import nearest_verb, verb_named

_REFERENCE: Final = re.compile(r"(?:INC[-\s]?|#)(\d{1,9})", re.IGNORECASE | re.ASCII)
_REFERENCE_FIRST: Final = re.compile(r"INC-?(\d{1,9})(?:\s+(.*)|$)", re.IGNORECASE | re.ASCII | re.DOTALL)


def parse(text: str, *, by: Person, at: datetime, policy: Policy) -> Request:
    """`at` is now, aware; times of day are read in the zone of `by`. An incident may stand first: `INC-42 resolve`."""
    incident, words = _leading_incident(text.strip())
    if not words:
        return Request(asked=Look(page=Page.PANEL), incident=incident)
    word, rest = _first_word(words)
    verb = verb_named(strip_marks(word) or word)
    if verb is None:
        shown = plain(word)
        return Request(asked=UnknownVerb(word=shown, guess=nearest_verb(strip_marks(shown))), incident=incident)
    named, rest = _named_incident(rest, verb)
    asked = verb.reads(rest, Asking(by=by, at=at, policy=policy))
    return Request(asked=asked, incident=named or incident)


def _leading_incident(text: str) -> tuple[IncidentId | None, str]:
    found = _REFERENCE_FIRST.fullmatch(text)
    return (_number(found[1]), (found[2] or "").strip()) if found else (None, text)


def _first_word(text: str) -> tuple[str, str]:
    word, *rest = text.split(maxsplit=1)
    return word, rest[0].strip() if rest else ""


def _named_incident(rest: str, verb: Verb) -> tuple[IncidentId | None, str]:
    """`show INC-42`, `join 42`, `timeline INC-42 2`: not in free text, where INC-42 is what it says."""
    if verb.text:
        return None, rest
    if verb.name in {"show", "join"} and rest.isascii() and rest.isdigit() and len(rest) < 10:
        return _number(rest), ""
    whole = _REFERENCE.fullmatch(rest)
    if whole:
        return _number(whole[1]), ""
    first = _REFERENCE_FIRST.fullmatch(rest) if verb.name in {"timeline", "show", "join"} else None
    return (_number(first[1]), (first[2] or "").strip()) if first else (None, rest)


def _number(digits: str) -> IncidentId:
    if int(digits) == 0:
        raise Rejected("Incidents are numbered from INC-1.", verb="list")
    return IncidentId(int(digits))
