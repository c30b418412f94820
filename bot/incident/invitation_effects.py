"""What must happen outside for the review to come to calendars. As effects.py: data, and the lane each queues in."""

from dataclasses import dataclass

from bot.incident.effects import Effect
from bot.incident.events import Event
from bot.incident.terms import ChannelId, UserId


@dataclass(frozen=True, slots=True, kw_only=True)
class PostInvitation(Effect):
    """Puts the review's meeting into the incident's own channel, as a file for calendars, and answers with
    RecordInvitation. `about`: what became of the meeting."""

    channel: ChannelId
    about: Event

    @property
    def lane(self) -> str:
        return f"{self.channel}:invitation"


@dataclass(frozen=True, slots=True, kw_only=True)
class MailInvitation(Effect):
    """Sends one person a letter for their calendar, where letters can be sent. `about`: as above."""

    user: UserId
    about: Event

    @property
    def lane(self) -> str:
        """One person's, so that what is called off comes after what was invited."""
        return f"{self.incident}:letters:{self.user}"
