"""What a follow-up is in a tracker outside, such as GitHub or Jira: one issue, and how far each knows of the other."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from bot.incident.terms import Version

OURS_FIRST: Final = timedelta(hours=1)
"""What the tracker does not know yet goes there before anything is taken from there. Whatever could not be told for
so long lies among the dead letters, and holds nothing up."""

NOTHING_YET: Final = Version(0)


class Tracking(StrEnum):
    """Which follow-ups are kept in step with the tracker, where there is one."""

    ALL = "all"
    ON_REQUEST = "on request"


@dataclass(frozen=True, slots=True, kw_only=True)
class Issue:
    """`key` and `url`: as it is called there ('acme/ops#12', 'OPS-12'); empty until it is filed.

    `closed`: as it was last known to be there. `told`: the version of the log up to which the tracker knows of the
    follow-up; `touched`: the newest that it has to know of, which was written at `touched_at`. `again`: there may be an
    issue of an earlier time. `lost`: why the two are no longer kept in step; empty while they are.
    """

    tracker: str
    touched: Version
    touched_at: datetime
    key: str = ""
    url: str = ""
    closed: bool = False
    told: Version = NOTHING_YET
    again: bool = False
    lost: str = ""

    @property
    def owes(self) -> bool:
        """Whether the tracker is still to be told something."""
        return not self.lost and self.touched > self.told
