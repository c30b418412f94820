"""What is known across incidents, and apart from their logs, as protocols. As ports.py."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from bot.incident.effects import Effect
from bot.incident.factor_index import ListedFactor
from bot.incident.feedback import Respondent
from bot.incident.followup_index import Listed
from bot.incident.likeness import Findings, Likeness
from bot.incident.listing import Listing
from bot.incident.review_sections import ReviewSection, Writer
from bot.incident.service_change import ServiceChange
from bot.incident.state import Incident
from bot.incident.terms import IncidentId, UserId


class Archive(Protocol):
    """All incidents by their words, made from the logs. Each method raises Unavailable."""

    async def keep(self, incident: Incident) -> None:
        """Writes down what is kept of it to find it again, as its log says now."""

    async def search(
        self,
        words: Mapping[str, str],
        *,
        drills: bool,
        may_see: Callable[[Listing], bool],
        at: datetime,
        page: int,
        page_size: int,
    ) -> Findings:
        """Incidents that have all of these words, else those that have some, as far as `may_see` allows; or drills."""

    async def of_service(
        self, names: Sequence[str], *, may_see: Callable[[Listing], bool], most: int
    ) -> Sequence[Listing]:
        """Incidents on a service (by name and aliases), as far as `may_see` allows: open ones first, each the newest
        first. Never a drill. Of each kind only the newest 200 are looked at, however many there are.
        """

    async def precedents(self, incident: Incident, at: datetime) -> Sequence[Likeness]:
        """Earlier incidents like this one, the likest first: never a private one, never a drill."""


class Changes(Protocol):
    """What was changed in the services lately. Each method raises Unavailable."""

    async def record(self, change: ServiceChange, key: str, now: datetime, effects: Sequence[Effect] = ()) -> bool:
        """Once a key, with what is to be told of it, in one step. False: it was told before. What is older than a week
        by `now` is forgotten.
        """

    async def since(self, at: datetime) -> Sequence[ServiceChange]:
        """The newest first, 500 at most."""


class Rota(Protocol):
    """Who led reviews, as far as it matters for whose turn it is. Each method raises Unavailable."""

    async def led(self, user: UserId, at: datetime) -> None:
        """They were named to lead one then; may be told more than once."""

    async def last_led(self, users: Sequence[UserId]) -> Mapping[UserId, datetime]:
        """When each of them was named last; whoever never was is left out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """Somebody's turn in the weekly round of follow-ups. `who` None: the digest's. `due_at` None: not planned yet."""

    who: UserId | None
    due_at: datetime | None


class FollowupIndex(Protocol):
    """Follow-ups across incidents, each with its incident; drills have none here. Each method raises Unavailable."""

    async def open(self) -> Sequence[Listed]:
        """All that are open, the oldest first."""

    async def concerning(self, user: UserId) -> Sequence[Listed]:
        """The open ones that somebody owns or sponsors, or leads and nobody owns; the oldest first."""

    async def added_between(self, first: datetime, last: datetime) -> Sequence[Listed]:
        """Settled ones too."""

    async def unclosed(self) -> Sequence[Listing]:
        """Public incidents that nobody closes although somebody was asked, the first resolved first."""

    async def turns(self, now: datetime) -> Sequence[Turn]:
        """Those that have come, or are not planned yet."""

    async def take(self, turn: Turn, next_at: datetime, effect: Effect | None, *, has_nothing: bool) -> bool:
        """Plans the next turn and says what is to be said in this one, in one step. False: somebody else was faster.

        `has_nothing`: they leave the round until there is something for them again.
        """


class FactorIndex(Protocol):
    """Contributing factors across incidents, each with its incident; drills have none here. Each method raises
    Unavailable."""

    async def open(self) -> Sequence[ListedFactor]:
        """All that are not settled, those that somebody accepts too; the newest first."""

    async def alike(self, marks: Collection[str], since: datetime) -> Sequence[ListedFactor]:
        """Those with one of these kinds of environment, or two of these words, of incidents declared since then."""

    async def recent(self, since: datetime) -> Sequence[ListedFactor]:
        """All that stand, of incidents declared since then; the newest first, and no more than can be told apart."""


class Pseudonyms(Protocol):
    """Who answered, as the log may know them. Raises Unavailable."""

    async def of(self, incident: IncidentId, user: UserId, keep_for: timedelta) -> Respondent:
        """Always the same for the same person and incident, for at least so long; then nobody can make it again."""


class Progress(Protocol):
    """How far a walk through the incidents of older versions has come. Each method raises Unavailable."""

    async def below(self) -> IncidentId | None:
        """It goes on with the numbers below this; None: it has not begun."""

    async def reached(self, incident: IncidentId) -> None: ...


class Writers(Protocol):
    """Who is writing what at present, as far as anybody can know. Each method raises Unavailable."""

    async def begins(
        self, incident: IncidentId, section: ReviewSection, user: UserId, at: datetime
    ) -> Sequence[Writer]:
        """They open the form; answers who else did lately and has not saved since."""

    async def ends(self, incident: IncidentId, section: ReviewSection, user: UserId) -> None: ...
