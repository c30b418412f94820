"""Can follow-ups be kept in step with the tracker that the settings name? Asks it, and changes nothing there."""

from urllib.parse import urlsplit

from bot.checkup.finding import Finding, bad, ok, warn
from bot.settings import Settings
from bot.tracker_parts import tracker_of

PART = "tracker"


async def check_tracker(settings: Settings) -> list[Finding]:
    """None where none is set up: that is no fault."""
    choice = settings.tracker
    if choice is None:
        return []
    async with tracker_of(settings) as tracker:
        assert tracker is not None
        found = await tracker.examine()
    judged = ok(PART, found.sentence) if found.works else bad(PART, found.sentence, found.advice)
    parts = urlsplit(choice.url)
    if parts.scheme == "http" and parts.hostname not in {"localhost", "127.0.0.1", "::1"}:
        return [judged, warn(PART, f"The token of {choice.name} travels unencrypted.", "Use an address with https://.")]
    return [judged]
