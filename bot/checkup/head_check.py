"""Is a head of all logs made each day, and does it stand in Slack? Pure."""

from datetime import datetime, timedelta
from typing import Final

from bot.checkup.finding import Finding, ok, warn
from bot.store.daily_checkpoint import BEGUN, NOWHERE, NewestHead

PART: Final = "audit"
TOO_OLD: Final = timedelta(hours=26)
"""One a day, and a running Muster looks every minute."""
POSTED_WITHIN: Final = timedelta(minutes=10)


def judge_head(newest: NewestHead | None, now: datetime) -> Finding:
    """`newest` None: none was made yet."""
    if newest is None:
        return ok(PART, "No head of the logs has been made yet; the first comes with the first incident.")
    made = f"{newest.at:%Y-%m-%d %H:%M} UTC"
    if now - newest.at > TOO_OLD:
        return warn(PART, f"The last head of the logs is of {made}.", "One is made each day while a Muster runs.")
    if newest.post == NOWHERE:
        return ok(PART, f"The head of the logs of {made} is kept; AUDIT_CHANNEL is not set, so it is not in Slack.")
    if newest.post not in {"", BEGUN}:
        return ok(PART, f"The head of the logs of {made} stands in Slack.")
    if now - newest.at < POSTED_WITHIN:
        return ok(PART, f"The head of the logs of {made} is being posted.")
    advice = "See that Muster is in the channel of AUDIT_CHANNEL, and what it logs."
    return warn(PART, f"The head of the logs of {made} is not in Slack.", advice)
