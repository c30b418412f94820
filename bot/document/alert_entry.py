"""What the timeline of a document says of alerts. Names are the sources' own and are escaped. Pure."""

from bot.document.markdown import NOTHING, Markdown, fill, join, prose
from bot.document.wording import Wording
from bot.incident.entry import Entry, EntryLabel
from bot.incident.terms import UserId


def alert_words(entry: Entry, wording: Wording) -> Markdown:
    match entry.label:
        case EntryLabel.RECOVERY_ASKED:
            whom = wording.person(UserId(entry.after)) if entry.after else Markdown("the channel")
            return fill("All alerts had resolved; {whom} was asked whether it is mitigated", whom=whom)
        case EntryLabel.RECOVERY_PUT_OFF:
            return fill("Not mitigated yet, by {who}", who=wording.person(entry.by))
    firing = fill("firing: {names}", names=prose(entry.subject)) if entry.subject else NOTHING
    resolved = fill("resolved: {names}", names=prose(entry.text)) if entry.text else NOTHING
    return fill("**Alerts** {what}", what=join("; ", (firing, resolved)))
