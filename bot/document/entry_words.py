"""One entry of the timeline as a sentence of a document. Pure."""

from datetime import datetime, timedelta
from typing import Final

from bot.document.alert_entry import alert_words
from bot.document.closing_words import closing_words
from bot.document.factor_words import factor_entry
from bot.document.markdown import NOTHING, Markdown, escape, fill, join, link, prose, strong
from bot.document.review_words import review_words
from bot.document.utc import span, time_on
from bot.document.wording import Wording
from bot.incident.entry import OF_CLOSING, OF_FACTORS, OF_REVIEW, Correction, Entry, EntryLabel
from bot.incident.terms import EntryKind, Milestone, Role, UserId

_AT_ONCE: Final = timedelta(minutes=1)
"""What was recorded within it was recorded when it happened, as far as times to the minute can tell."""


def entry_words(entry: Entry, wording: Wording) -> Markdown:
    """What happened, who did it, and every correction of it."""
    marks = (*_corrections(entry, wording), *_marks(entry, wording), _late(entry))
    return join(" ", (_told(entry, wording), *marks))


def _told(entry: Entry, wording: Wording) -> Markdown:
    match entry.label:
        case EntryLabel.DECLARED:
            return _declared(entry, wording)
        case EntryLabel.MILESTONE:
            said = fill(" (says {alert})", alert=escape(entry.text)) if entry.text else NOTHING
            return fill("{name}{said}", name=strong(escape(entry.subject.capitalize())), said=said)
        case EntryLabel.ROLE:
            return _role(entry, wording)
        case EntryLabel.SEVERITY | EntryLabel.STATUS:
            return _changed(entry, wording)
        case EntryLabel.NOTE | EntryLabel.MESSAGE:
            return _written(entry, wording)
        case EntryLabel.UPDATE:
            return _update(entry, wording)
        case EntryLabel.PLAYBOOK | EntryLabel.STEP:
            return _playbook(entry, wording)
    return _afterwards(entry, wording)


def _afterwards(entry: Entry, wording: Wording) -> Markdown:
    """What mostly comes when the response has ended, what alerts did, and the clock of updates."""
    match entry.label:
        case label if label in OF_CLOSING:
            return closing_words(entry, wording)
        case label if label in OF_FACTORS:
            return factor_entry(entry, wording)
        case label if label in OF_REVIEW:
            return review_words(entry, wording)
        case EntryLabel.FOLLOWUP | EntryLabel.FOLLOWUP_CHANGED | EntryLabel.FOLLOWUP_MOVED:
            return _followup(entry, wording)
        case EntryLabel.ALERTS | EntryLabel.RECOVERY_ASKED | EntryLabel.RECOVERY_PUT_OFF:
            return alert_words(entry, wording)
    return _cadence(entry, wording)


def kinds(entry: Entry) -> Markdown:
    """'Decision', 'Hypothesis, hypothesis ruled out'; nothing for what is just an entry."""
    named = [kind for kind in entry.kinds if kind is not EntryKind.ENTRY]
    return escape(", ".join(named).capitalize())


def quoted(entry: Entry, wording: Wording) -> Markdown:
    """What a note or message says, or why it cannot be read."""
    if entry.label is not EntryLabel.MESSAGE:
        return prose(entry.text)
    if entry.read:
        return wording.said(entry.text, spoken=True)
    return Markdown("(the message was deleted unread)" if entry.deleted else "(the message was not read)")


def files(entry: Entry) -> Markdown:
    named = (link(escape(file.name or "file"), file.link) for file in entry.files)
    return fill("[{files}]", files=join(", ", named)) if entry.files else NOTHING


def _declared(entry: Entry, wording: Wording) -> Markdown:
    who = fill("{program} (a program)", program=escape(entry.text)) if entry.text else wording.person(entry.by)
    parts = {"severity": escape(entry.after), "who": who, "title": escape(entry.subject)}
    return fill("**Declared** as {severity} by {who}: {title}", **parts)


def _role(entry: Entry, wording: Wording) -> Markdown:
    role = wording.role(Role(entry.subject))
    before = wording.person(UserId(entry.before) if entry.before else None)
    if not entry.after:
        return fill("Nobody is {role} (was {before})", role=role, before=before)
    who = wording.person(UserId(entry.after))
    if entry.by_default:
        return fill("{who} is {role} by default", who=who, role=role)
    return fill("{who} is {role} (was {before})", who=who, role=role, before=before)


def _changed(entry: Entry, wording: Wording) -> Markdown:
    parts = {"what": escape(entry.label.capitalize()), "before": escape(entry.before), "after": escape(entry.after)}
    why = fill(": {text}", text=prose(entry.text)) if entry.text.strip() else NOTHING
    return fill("**{what}** {before} → {after}, by {who}{why}", who=wording.person(entry.by), why=why, **parts)


def _written(entry: Entry, wording: Wording) -> Markdown:
    what = kinds(entry) or Markdown("Note" if entry.label is EntryLabel.NOTE else "Message")
    return fill("{what} · {who}: {text}", what=strong(what), who=wording.person(entry.by), text=quoted(entry, wording))


def _update(entry: Entry, wording: Wording) -> Markdown:
    number = escape(str(entry.number))
    head = fill("**Update {n}** by {who}: {text}", n=number, who=wording.person(entry.by), text=prose(entry.text))
    impact = fill("Impact: {text}", text=prose(entry.impact)) if entry.impact.strip() else NOTHING
    doing = fill("Doing: {text}", text=prose(entry.doing)) if entry.doing.strip() else NOTHING
    until = fill("(Next by {at}.)", at=_time(entry.until, entry)) if entry.until else NOTHING
    return join(" ", (head, impact, doing, until))


def _playbook(entry: Entry, wording: Wording) -> Markdown:
    title, who = escape(entry.subject), wording.person(entry.by)
    text = prose(entry.text) if entry.text.strip() else NOTHING
    if entry.label is EntryLabel.PLAYBOOK:
        why = fill(", because it {why}", why=text) if text else NOTHING
        return fill("Playbook “{title}” attached{why}", title=title, why=why)
    note = fill(": {text}", text=text) if text else NOTHING
    return fill("Step “{title}” {state} by {who}{note}", title=title, state=_state(entry.after), who=who, note=note)


def _followup(entry: Entry, wording: Wording) -> Markdown:
    parts = {"n": escape(str(entry.number)), "who": wording.person(entry.by), "what": prose(entry.subject)}
    owner = wording.person(UserId(entry.after) if entry.after else None)
    match entry.label:
        case EntryLabel.FOLLOWUP:
            return fill("**Follow-up F{n}** by {who}, owned by {owner}: {what}", owner=owner, **parts)
        case EntryLabel.FOLLOWUP_CHANGED if entry.before or entry.after:
            return fill("Follow-up F{n} given to {owner} by {who}", owner=owner, **parts)
        case EntryLabel.FOLLOWUP_CHANGED:
            return fill("Follow-up F{n} changed by {who}: {what}", **parts)
    note = fill(": {text}", text=prose(entry.text)) if entry.text.strip() else NOTHING
    states = {"before": escape(entry.before), "after": escape(entry.after)}
    return fill("Follow-up F{n} {before} → {after} by {who}{note}", note=note, **states, **parts)


def _state(state: str) -> Markdown:
    return escape("opened again" if state == "open" else state)


def _cadence(entry: Entry, wording: Wording) -> Markdown:
    who, until = wording.person(entry.by), _time(entry.until, entry) if entry.until else NOTHING
    match entry.label:
        case EntryLabel.REMINDER:
            whom = fill(" of {who}", who=wording.person(UserId(entry.after))) if entry.after else NOTHING
            return fill("Update asked{whom}, due {until}", whom=whom, until=until)
        case EntryLabel.SNOOZE:
            return fill("Update snoozed until {until} by {who}", until=until, who=who)
        case EntryLabel.SKIP:
            return fill("Update skipped by {who}", who=who)
    if entry.every is None:
        return fill("Reminders of updates switched off by {who}", who=who)
    return fill("Updates every {every}, by {who}", every=escape(span(entry.every)), who=who)


def _corrections(entry: Entry, wording: Wording) -> list[Markdown]:
    return [correction_words(correction, entry.at, wording) for correction in entry.corrections]


def correction_words(correction: Correction, day: datetime, wording: Wording) -> Markdown:
    """`day`: times on it are shown without a date."""
    parts = {"who": wording.person(correction.by), "at": escape(time_on(correction.at, day))}
    if correction.before is None:
        return fill("(added by {who} at {at})", **parts)
    before = escape(time_on(correction.before, day))
    return fill("(corrected by {who} at {at}, was {before})", before=before, **parts)


def _marks(entry: Entry, wording: Wording) -> list[Markdown]:
    """Of a message: its files, who put it here where that was somebody else, its first words, that it is gone."""
    others = [wording.person(who) for who in entry.flagged_by if who != entry.by]
    marks = [files(entry)]
    marks += [fill("(flagged by {who})", who=join(", ", others))] if others else []
    if entry.earlier:
        first = wording.said(entry.earlier[0], spoken=True)
        marks.append(fill("(edited; first {text})", text=first))
    if entry.deleted and entry.read:
        marks.append(Markdown("(deleted in Slack)"))
    return marks


def _late(entry: Entry) -> Markdown:
    """When the log learnt of what had happened before; a correction says that itself, a message keeps its own time."""
    is_message = entry.label is EntryLabel.MESSAGE
    if is_message or entry.corrections or entry.recorded_at - entry.at < _AT_ONCE:
        return NOTHING
    return fill("(recorded at {at})", at=_time(entry.recorded_at, entry))


def _time(moment: datetime, entry: Entry) -> Markdown:
    return escape(time_on(moment, entry.at))


MILESTONE_WORDS: Final = {
    Milestone.IMPACT_STARTED: Markdown("Impact started"),
    Milestone.DETECTED: Markdown("Detected"),
    Milestone.DECLARED: Markdown("Declared"),
    Milestone.ACKNOWLEDGED: Markdown("Acknowledged"),
    Milestone.MITIGATED: Markdown("Mitigated"),
    Milestone.RESOLVED: Markdown("Restored"),
}
"""As the document names them; restored is what `resolve` records."""
