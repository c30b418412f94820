"""What must happen outside once the response has ended. As effects.py."""

from dataclasses import dataclass
from datetime import datetime

from bot.incident.effects import Effect, posts_lane
from bot.incident.terms import ChannelId, UserId, Version


@dataclass(frozen=True, slots=True, kw_only=True)
class RememberFacilitator(Effect):
    """Writes down that somebody was named to lead a review then, for whose turn it is next."""

    user: UserId
    named_at: datetime

    @property
    def lane(self) -> str:
        return f"{self.incident}:facilitator"


@dataclass(frozen=True, slots=True, kw_only=True)
class TellFollowups(Effect):
    """Tells one person of all follow-ups that concern them, by direct message, as they stand when it is done.

    `incident`: one of those that they are of. `planned_at`: when it was due to be said; a week later the next one is.
    """

    user: UserId
    planned_at: datetime

    @property
    def lane(self) -> str:
        return f"{self.user}:posts"


@dataclass(frozen=True, slots=True, kw_only=True)
class PostDigest(Effect):
    """Posts the weekly digest of follow-ups, as they stand when it is done. Fields as above."""

    planned_at: datetime

    @property
    def lane(self) -> str:
        return "digest:posts"


@dataclass(frozen=True, slots=True, kw_only=True)
class PostReviewOverdue(Effect):
    """Tells the digest channel that a review is overdue, unless it was booked meanwhile; of no private one."""

    number: int

    @property
    def lane(self) -> str:
        return "digest:posts"


@dataclass(frozen=True, slots=True, kw_only=True)
class FindRespondents(Effect):
    """Looks up who took part, and where they are, and answers with RecordRespondents."""

    @property
    def lane(self) -> str:
        return f"{self.incident}:respondents"


@dataclass(frozen=True, slots=True, kw_only=True)
class KeepIssue(Effect):
    """Brings the issue of a follow-up in the tracker to where the follow-up is when this runs; files it first.

    All of them are one lane: trackers ask to be asked one thing after another, and nothing else waits for them.
    """

    number: int

    @property
    def lane(self) -> str:
        return "tracker"


@dataclass(frozen=True, slots=True, kw_only=True)
class UploadDraft(Effect):
    """Puts the draft of the postmortem, as it is then, into the incident's own channel and answers with RecordDraft.

    `wanted_at`: the version at which it was asked for; it names the file, so that this upload can be told from others.
    """

    channel: ChannelId
    wanted_at: Version

    @property
    def lane(self) -> str:
        return f"{self.channel}:draft"


@dataclass(frozen=True, slots=True, kw_only=True)
class WriteCanvas(Effect):
    """Makes the draft of the postmortem, as it is then, the canvas of the incident's own channel, where there can be
    one, and answers with RecordCanvas.
    """

    channel: ChannelId

    @property
    def lane(self) -> str:
        return f"{self.channel}:canvas"

    @property
    def keep(self) -> int:
        return 2


@dataclass(frozen=True, slots=True, kw_only=True)
class PostPreread(Effect):
    """Posts the pre-read pack of a review, as it is then, into the incident's channel. `number`: of the meeting."""

    channel: ChannelId
    number: int

    @property
    def lane(self) -> str:
        return posts_lane(self.channel, drill=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class SendPreread(Effect):
    """The same to one person who is invited."""

    user: UserId
    number: int

    @property
    def lane(self) -> str:
        return f"{self.user}:posts"
