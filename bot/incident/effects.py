"""What must happen outside, as data. Cards carry no content: they are rendered from the newest state.

Each effect names its lane: effects of one lane are done one after another, lanes run at once.
"""

from dataclasses import dataclass

from bot.incident.events import Event
from bot.incident.terms import ChannelId, GroupId, IncidentId, MessageTs, UserId

SUMMARY = "summary"
ANNOUNCEMENT = "announcement"
REMINDER = "reminder"
SCORECARD = "scorecard"
"""Cards: messages that are posted once and then edited. Reminders are numbered 'reminder:3' by the update
they ask for, checklists are 'playbook:<playbook id>', and a drill has a 'scorecard:1' from its first resolution on."""

FOLLOWUP = "followup"
"""A follow-up's card in the incident's channel: 'followup:3'."""

DRILLS = "drills"
"""The lane of what is announced of drills, wherever that is."""


def playbook_card(playbook: str) -> str:
    return f"playbook:{playbook}"


def reminder_card(update: int) -> str:
    return f"{REMINDER}:{update}"


def followup_card(number: int) -> str:
    return f"{FOLLOWUP}:{number}"


def is_followup_card(card: str) -> bool:
    return card.startswith(f"{FOLLOWUP}:")


def posts_lane(channel: ChannelId | None, *, drill: bool) -> str:
    return f"{channel or (DRILLS if drill else ANNOUNCEMENT)}:posts"


def scorecard(resolution: int) -> str:
    return f"{SCORECARD}:{resolution}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Effect:
    incident: IncidentId

    @property
    def lane(self) -> str:
        """Where it queues; the name holds no secret and no text that people wrote."""
        raise AssertionError(f"{type(self).__name__} names no lane")

    @property
    def keep(self) -> int:
        """How many may wait in the lane, the one at work included; 0: any number.

        2 for what renders the newest state: one at work, one that will see every change since.
        """
        return 0


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenChannel(Effect):
    """Creates the incident channel (`name`, else with a suffix) and answers with RecordChannel."""

    name: str
    private: bool
    answer_url: str = ""

    @property
    def lane(self) -> str:
        return f"{self.incident}:open"


@dataclass(frozen=True, slots=True, kw_only=True)
class InviteUsers(Effect):
    channel: ChannelId
    users: tuple[UserId, ...]

    @property
    def lane(self) -> str:
        return f"{self.channel}:invite"


@dataclass(frozen=True, slots=True, kw_only=True)
class InviteGroups(Effect):
    """Invites whoever is in these user groups when it is done."""

    channel: ChannelId
    groups: tuple[GroupId, ...]

    @property
    def lane(self) -> str:
        return f"{self.channel}:invite"


@dataclass(frozen=True, slots=True, kw_only=True)
class RefreshTopic(Effect):
    channel: ChannelId

    @property
    def lane(self) -> str:
        return f"{self.channel}:topic"

    @property
    def keep(self) -> int:
        return 2


@dataclass(frozen=True, slots=True, kw_only=True)
class PostCard(Effect):
    """Posts a card and answers with RecordMessage. `channel` None: where the incident is announced.

    `drill`: it queues with the announcements of drills, so that none of them ever holds up a real one.
    """

    card: str
    channel: ChannelId | None
    drill: bool = False

    @property
    def lane(self) -> str:
        return posts_lane(self.channel, drill=self.drill)


@dataclass(frozen=True, slots=True, kw_only=True)
class RefreshCard(Effect):
    card: str

    @property
    def lane(self) -> str:
        return f"{self.incident}:card:{self.card}"

    @property
    def keep(self) -> int:
        return 2


@dataclass(frozen=True, slots=True, kw_only=True)
class PinMessage(Effect):
    channel: ChannelId
    ts: MessageTs

    @property
    def lane(self) -> str:
        return f"{self.channel}:pin"


@dataclass(frozen=True, slots=True, kw_only=True)
class AddBookmark(Effect):
    """Bookmarks the message under a fixed title."""

    channel: ChannelId
    ts: MessageTs
    title: str

    @property
    def lane(self) -> str:
        return f"{self.channel}:bookmark"


@dataclass(frozen=True, slots=True, kw_only=True)
class PostNotice(Effect):
    """Tells a channel of something that happened. `channel` None and `drill`: as of a card.

    `thread_of`: a card under which it goes; where that card was not posted, it goes to the channel.
    """

    channel: ChannelId | None
    about: Event
    thread_of: str = ""
    drill: bool = False

    @property
    def lane(self) -> str:
        return posts_lane(self.channel, drill=self.drill)


@dataclass(frozen=True, slots=True, kw_only=True)
class PostSurroundings(Effect):
    """Tells the incident's channel once what is known around it (surroundings.py), if anything is."""

    channel: ChannelId

    @property
    def lane(self) -> str:
        return posts_lane(self.channel, drill=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class PostPrecedents(Effect):
    """As PostSurroundings. Asked for by versions that told of each thing apart, and this came last."""

    channel: ChannelId

    @property
    def lane(self) -> str:
        return posts_lane(self.channel, drill=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class PostSuspects(Effect):
    """Nothing: asked for by versions that told of each thing apart, before a PostPrecedents that tells all of it."""

    channel: ChannelId

    @property
    def lane(self) -> str:
        return posts_lane(self.channel, drill=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class KeepGist(Effect):
    """Writes down what is kept of the incident to find it again, as it is when this runs (gist.py)."""

    @property
    def lane(self) -> str:
        return f"{self.incident}:gist"

    @property
    def keep(self) -> int:
        return 2


@dataclass(frozen=True, slots=True, kw_only=True)
class TellPerson(Effect):
    """Tells one person of something that happened, by direct message."""

    user: UserId
    about: Event

    @property
    def lane(self) -> str:
        return f"{self.user}:posts"


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerDeclarer(Effect):
    """Tells whoever declared where the incident is; by `answer_url`, else by direct message."""

    user: UserId
    answer_url: str

    @property
    def lane(self) -> str:
        return f"{self.incident}:answer"


@dataclass(frozen=True, slots=True, kw_only=True)
class FetchMessage(Effect):
    """Reads a flagged message and answers with RecordMessageText."""

    channel: ChannelId
    ts: MessageTs

    @property
    def lane(self) -> str:
        return f"{self.channel}:{self.ts}:read"


@dataclass(frozen=True, slots=True, kw_only=True)
class AddTick(Effect):
    """Puts the policy's tick on a message that is in the timeline."""

    channel: ChannelId
    ts: MessageTs
    emoji: str

    @property
    def lane(self) -> str:
        return f"{self.channel}:{self.ts}:tick"


@dataclass(frozen=True, slots=True, kw_only=True)
class RemoveTick(Effect):
    channel: ChannelId
    ts: MessageTs
    emoji: str

    @property
    def lane(self) -> str:
        return f"{self.channel}:{self.ts}:tick"
