"""As arguments.py, of the verbs of contributing factors. Pure."""

import re
from typing import Final

from bot.incident.factor import FactorClass, FactorContent, Surrounding
from bot.incident.factor_commands import AcceptRisk, AddFactor, RemoveFactor, ReopenRisk
from bot.incident.terms import Rejected
from bot.slack import moments
from bot.slack.asked import Asked, Look, Page, ShowFactor, WriteAcceptance, WriteFactor
from bot.slack.asking import Asking
from bot.slack.incoming_text import unquoted
from bot.slack.mrkdwn import plain

_KINDS: Final = r"(?P<kind>people|process|technology|environment)"
_TWO_WORDS: Final = r"recent[ -]changes?|shared[ -]tenancy"
_SURROUNDING: Final = rf"(?P<surrounding>load|{_TWO_WORDS})"
_ALONE: Final = rf"(?P<alone>load|{_TWO_WORDS})"
_BEFORE_COLON: Final = re.compile(
    rf"(?:{_KINDS}(?:\s*[,/(:]?\s*{_SURROUNDING}\)?)?|{_ALONE})\s*:\s*(?P<text>.*)",
    re.IGNORECASE | re.DOTALL,
)
_WORD_FIRST: Final = re.compile(
    rf"(?:{_KINDS}(?:\s+(?P<surrounding>{_TWO_WORDS}))?|(?P<alone>{_TWO_WORDS}))(?:\s+(?P<text>.*)|$)",
    re.IGNORECASE | re.DOTALL,
)
"""`load` begins too many sentences (“load balancers …”), so it asks for a colon."""
_GOES_ON: Final = re.compile(
    r"(?:was|were|is|are|had|has|have|did|do|does|could|would|can|will|of|for|in|on|at|from|to|who|that|which|and|or|not)\b"
)
"""What follows in a sentence that begins with the class's word: `people were not told` is told whole."""
_CAUSE: Final = re.compile(r"causes?(?:\s*:\s*|\s+(?!(?:was|is|of|were|are|unknown)\b))", re.IGNORECASE)
"""What is left of `root cause …`, for which this verb stands, too."""
_SHOWN: Final = re.compile(r"(?:CF\s?)(?P<number>\d{1,4})", re.IGNORECASE)
_REMOVE: Final = re.compile(r"remove\s+(?:CF\s?)?(?P<number>\d{1,4})\b(?P<why>.*)", re.IGNORECASE | re.DOTALL)
_REOPEN: Final = re.compile(r"reopen\s+(?:CF\s?)?(?P<number>\d{1,4})\b(?P<why>.*)", re.IGNORECASE | re.DOTALL)
_ACCEPT: Final = re.compile(
    r"accept\s+(?:CF\s?)?(?P<number>\d{1,4})"
    r"(?:\s+(?:until|till|for)\s+(?P<day>[^:,]+?))?(?:(?:\s*[:,]\s*|\s+because\s+)(?P<why>.+))?",
    re.IGNORECASE | re.DOTALL,
)
"""`accept CF2 until 30 days because the vendor mends it in March`."""


def factor(rest: str, asking: Asking) -> Asked:
    """`process: nobody reviews flags`, `CF2`, `remove CF2 why`; words without a class open the form with them in it."""
    if found := _SHOWN.fullmatch(rest):
        return ShowFactor(number=int(found["number"]))
    if removed := _REMOVE.fullmatch(rest):
        why = plain(removed["why"].strip(" ,:;–-"))
        return RemoveFactor(by=asking.by, number=int(removed["number"]), why=why)
    if accepted := _ACCEPT.fullmatch(rest):
        return _acceptance(accepted, asking)
    if reopened := _REOPEN.fullmatch(rest):
        why = plain(reopened["why"].strip(" ,:;–-"))
        return ReopenRisk(by=asking.by, number=int(reopened["number"]), why=why)
    words = unquoted(_CAUSE.sub("", rest, count=1) if _CAUSE.match(rest) else rest)
    classed = _BEFORE_COLON.fullmatch(words) or _WORD_FIRST.fullmatch(words)
    if classed is None:
        return WriteFactor(text=plain(words))
    text = classed["text"] or ""
    if not text.strip():
        return WriteFactor(text="")
    if _WORD_FIRST.fullmatch(words) and _GOES_ON.match(text) and ":" not in words[: words.find(text)]:
        text = words
    return AddFactor(by=asking.by, content=_content(classed, plain(text)))


def _content(classed: re.Match[str], text: str) -> FactorContent:
    named = classed["alone"] or classed["surrounding"]
    surrounding = next((each for each in Surrounding if named and each[:4] == named[:4].casefold()), None)
    kind = FactorClass(classed["kind"].casefold()) if classed["kind"] else FactorClass.ENVIRONMENT
    if surrounding and kind is not FactorClass.ENVIRONMENT:
        raise Rejected(f"“{surrounding}” is a kind of environment: write “factor {surrounding}: …”.", verb="factor")
    return FactorContent(text=text, kind=kind, surrounding=surrounding)


def _acceptance(found: re.Match[str], asking: Asking) -> Asked:
    """With a day and a reason at once; with less, the form asks for both."""
    number = int(found["number"])
    if not (found["day"] and found["why"]):
        return WriteAcceptance(number=number)
    day = moments.day_ahead(found["day"], at=asking.at, time_zone=asking.by.time_zone)
    return AcceptRisk(by=asking.by, number=number, why=plain(found["why"].strip()), look_again_on=day)


def risks(rest: str, asking: Asking) -> Asked:
    """`risks`, `risks accepted`, `risks 2`."""
    words = rest.casefold().split()
    number = next((int(word) for word in words if word.isascii() and word.isdigit() and len(word) < 4), None)
    unknown = [word for word in words if word not in {"accepted", "open", "page", "all"} and not word.isdigit()]
    if unknown:
        raise Rejected(f"“{plain(rest)}” is no list of risks: write risks, or risks accepted.", verb="risks")
    return Look(page=Page.RISKS, number=number, ended="accepted" in words)


def factors(rest: str, asking: Asking) -> Asked:
    """A page by its number."""
    if rest and not (rest.isascii() and rest.isdigit() and len(rest) < 4):
        raise Rejected(f"“{plain(rest)}” is no number of a page: write it like 2.", verb="factors")
    return Look(page=Page.FACTORS, number=int(rest) if rest else None)
