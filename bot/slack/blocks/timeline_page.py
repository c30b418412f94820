"""The timeline as one person reads it: a page of entries, newest last, with buttons to the pages beside it."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Final

from bot.incident.entry import OF_CLOSING, OF_FACTORS, OF_REVIEW, Entry, EntryLabel
from bot.incident.policy import DEFAULT_EMOJI, Policy
from bot.incident.state import Incident
from bot.incident.terms import EntryKind, IncidentId, Role, UserId, reference
from bot.incident.timeline import visible
from bot.slack import action_ids
from bot.slack.action_ids import pack
from bot.slack.blocks import alert_words, closing_sentences, elements, phrases, review_sentences
from bot.slack.blocks.elements import Element
from bot.slack.blocks.factor_cards import factor_entry
from bot.slack.message import Block, Message
from bot.slack.mrkdwn import (
    NOTHING,
    Mrkdwn,
    date_time,
    escape,
    fill,
    isolate,
    join,
    line,
    lines,
    link,
    shorten,
    spoken,
    time,
    user,
)

PAGE: Final = 20
ENTRY_TEXT: Final = 400
_ONE_DAY = timedelta(hours=18)


def timeline(
    entries: Sequence[Entry],
    page: int | None,
    incident: Incident,
    *,
    policy: Policy | None = None,
    full: bool = False,
) -> Message:
    """Page 1 is the oldest; None or a page that does not exist: the last one. `full` shows what was retracted too,
    and the earlier versions of edited messages."""
    shown = tuple(entries) if full else visible(entries)
    pages = max(1, -(-len(shown) // PAGE))
    number = page if page is not None and 1 <= page <= pages else pages
    part = shown[(number - 1) * PAGE : number * PAGE]
    head = _head(incident, len(shown), number, pages)
    if not part:
        return elements.message(fill("{head}. Nothing is in it yet.", head=head))
    told = [entry_line(entry, policy or Policy(), same_day=_clock(part), full=full) for entry in part]
    blocks: list[Block] = [elements.context(head), *sections(told)]
    return elements.message(head, *blocks, *_turning(incident, number, pages))


def _head(incident: Incident, count: int, number: int, pages: int) -> Mrkdwn:
    parts = {"inc": phrases.reference(incident), "count": escape(str(count))}
    paged = fill("page {n} of {all}", n=escape(str(number)), all=escape(str(pages))) if pages > 1 else NOTHING
    entries = Mrkdwn("entry") if count == 1 else Mrkdwn("entries")
    return join(", ", fill("Timeline of {inc}: {count} {entries}", entries=entries, **parts), paged)


def sections(told: Sequence[Mrkdwn]) -> list[Block]:
    """As few sections as hold the lines whole."""
    grouped: list[Mrkdwn] = [NOTHING]
    for each in told:
        longer = lines(grouped[-1], each)
        if len(longer) <= elements.SECTION_TEXT:
            grouped[-1] = longer
        else:
            grouped.append(each)
    return [elements.section(group) for group in grouped if group]


def _turning(incident: Incident, number: int, pages: int) -> list[Block]:
    buttons = [_page_button("Older", incident, number - 1)] if number > 1 else []
    buttons += [_page_button("Newer", incident, number + 1)] if number < pages else []
    return [elements.actions(*buttons)] if buttons else []


def _page_button(text: str, incident: Incident, page: int) -> Element:
    return elements.button(text, action_ids.SHOW_TIMELINE, pack(incident.id, page), suffix=str(page))


def _clock(part: Sequence[Entry]) -> bool:
    """Whether times of day alone are clear, since the page is of one day."""
    return part[-1].at - part[0].at < _ONE_DAY


def entry_line(entry: Entry, policy: Policy, *, same_day: bool, full: bool = False) -> Mrkdwn:
    """One entry with its time, which is without its date where all of them are of one day."""
    at = time(entry.at) if same_day else date_time(entry.at)
    words = _words(entry, policy)
    marks = [_retracted(entry), *(_earlier(entry) if full else ())]
    return shorten(join("  ", at, join(" ", words, *marks)), elements.SECTION_TEXT)


def _retracted(entry: Entry) -> Mrkdwn:
    if entry.retracted_at is None:
        return NOTHING
    return fill("(retracted by {who} {then})", who=phrases.person(entry.retracted_by), then=time(entry.retracted_at))


def _earlier(entry: Entry) -> list[Mrkdwn]:
    """Earlier versions, oldest first, each after its own arrow."""
    return [fill("\n      ↳ before the edit: “{text}”", text=spoken_line(text)) for text in entry.earlier[-3:]]


def _words(entry: Entry, policy: Policy) -> Mrkdwn:
    match entry.label:
        case EntryLabel.DECLARED:
            return _declared(entry)
        case EntryLabel.MILESTONE:
            return _milestone(entry)
        case EntryLabel.ROLE:
            return _role(entry, policy)
        case EntryLabel.SEVERITY | EntryLabel.STATUS:
            return _changed(entry)
        case EntryLabel.NOTE:
            return _noted(entry, policy.emoji)
        case EntryLabel.MESSAGE:
            return _flagged(entry, policy.emoji)
        case EntryLabel.UPDATE:
            return _update(entry)
        case EntryLabel.PLAYBOOK | EntryLabel.STEP:
            return _playbook(entry)
    return _afterwards(entry)


def _afterwards(entry: Entry) -> Mrkdwn:
    """What mostly comes when the response has ended, and the clock of updates."""
    match entry.label:
        case label if label in OF_CLOSING:
            return closing_sentences.entry_words(entry)
        case label if label in OF_REVIEW:
            return review_sentences.entry_words(entry)
        case label if label in OF_FACTORS:
            return factor_entry(entry)
        case EntryLabel.FOLLOWUP | EntryLabel.FOLLOWUP_CHANGED | EntryLabel.FOLLOWUP_MOVED:
            return _followup(entry)
        case EntryLabel.ALERTS | EntryLabel.RECOVERY_ASKED | EntryLabel.RECOVERY_PUT_OFF:
            return alert_words.entry_words(entry)
    return _cadence(entry)


def _declared(entry: Entry) -> Mrkdwn:
    inc = escape(reference(IncidentId(entry.number), drill=entry.drill))
    parts = {"inc": inc, "who": _declarer(entry), "sev": escape(entry.after)}
    head = fill("{inc} declared by {who}, {sev}: {title}", **parts, title=line(entry.subject))
    return join(" ", head, _arrow(entry))


def _declarer(entry: Entry) -> Mrkdwn:
    return fill("{program} (a program)", program=line(entry.text)) if entry.text else phrases.person(entry.by)


def _arrow(entry: Entry) -> Mrkdwn:
    return link(entry.link, Mrkdwn("↗")) if entry.link.startswith(("http://", "https://")) else NOTHING


def _milestone(entry: Entry) -> Mrkdwn:
    name = escape(entry.subject.capitalize())
    if not entry.corrections:
        return fill("{name} (says {alert})", name=name, alert=line(entry.text, 150)) if entry.text else name
    last = entry.corrections[-1]
    if last.before is None:
        return fill("{name} (added by {who})", name=name, who=user(last.by))
    before = time(last.before) if abs(entry.at - last.before) < _ONE_DAY else date_time(last.before)
    return fill("{name} (corrected by {who} from {before})", name=name, who=user(last.by), before=before)


def _role(entry: Entry, policy: Policy) -> Mrkdwn:
    role = phrases.role_title(Role(entry.subject), policy)
    before = phrases.person(UserId(entry.before) if entry.before else None)
    if not entry.after:
        return fill("Nobody is {role} (was {before})", role=role, before=before)
    who = user(UserId(entry.after))
    if entry.by_default:
        return fill("{who} is {role} by default", who=who, role=role)
    return fill("{who} is {role} (was {before})", who=who, role=role, before=before)


def _changed(entry: Entry) -> Mrkdwn:
    parts = {"what": escape(entry.label.capitalize()), "before": escape(entry.before), "after": escape(entry.after)}
    why = fill(": {text}", text=line(entry.text, ENTRY_TEXT)) if entry.text.strip() else NOTHING
    return fill("{what} {before} → {after} by {who}{why}", who=user(entry.by), why=why, **parts)


def _kinds(entry: Entry, emoji: Mapping[str, EntryKind]) -> Mrkdwn:
    """`:scales: Decision`: the sign and its word, since a sign alone says nothing to a screen reader."""
    return join(", ", *(_kind(kind, emoji) for kind in entry.kinds))


def _kind(kind: EntryKind, emoji: Mapping[str, EntryKind]) -> Mrkdwn:
    signs = {means: name for name, means in reversed([*DEFAULT_EMOJI.items(), *emoji.items()])}
    signs.setdefault(EntryKind.FOLLOWUP, signs[EntryKind.ACTION_ITEM])
    word = escape(kind.capitalize())
    return word if kind is EntryKind.ENTRY else fill(":{sign}: {word}", sign=escape(signs[kind]), word=word)


def _noted(entry: Entry, emoji: Mapping[str, EntryKind]) -> Mrkdwn:
    kinds = _kinds(entry, emoji) if entry.kinds != (EntryKind.ENTRY,) else Mrkdwn("Note")
    return fill("{kinds} · {who}: {text}", kinds=kinds, who=user(entry.by), text=line(entry.text, ENTRY_TEXT))


def _flagged(entry: Entry, emoji: Mapping[str, EntryKind]) -> Mrkdwn:
    marks = [Mrkdwn("(edited)")] if entry.earlier else []
    marks += [Mrkdwn("(deleted in Slack)")] if entry.deleted and entry.read else []
    head = fill("{kinds} · {who}: {text}", kinds=_kinds(entry, emoji), who=user(entry.by), text=_said(entry))
    return join(" ", head, _files(entry), _flaggers(entry), *marks, _arrow(entry))


def _said(entry: Entry) -> Mrkdwn:
    if entry.read:
        return fill("“{text}”", text=spoken_line(entry.text))
    if entry.deleted:
        return Mrkdwn("(deleted in Slack before it could be read)")
    return Mrkdwn("(the message is still being read)")


def spoken_line(text: str) -> Mrkdwn:
    """A message's text as one line."""
    flat = " ".join(text.split())
    return isolate(shorten(spoken(flat), ENTRY_TEXT))


def _files(entry: Entry) -> Mrkdwn:
    named = [_file(file.name, file.link) for file in entry.files[:5]]
    return fill("[{files}]", files=join(", ", *named)) if named else NOTHING


def _file(name: str, address: str) -> Mrkdwn:
    label = line(name or "file", 60)
    return link(address, label) if address.startswith("https://") else label


def _flaggers(entry: Entry) -> Mrkdwn:
    """Who put it here, where that was somebody else than its author."""
    others = [who for who in entry.flagged_by if who != entry.by][:3]
    return fill("flagged by {who}", who=join(", ", *(user(who) for who in others))) if others else NOTHING


def _update(entry: Entry) -> Mrkdwn:
    parts = {"n": escape(str(entry.number)), "who": user(entry.by), "text": line(entry.text, ENTRY_TEXT)}
    return fill("Update {n} by {who}: {text}", **parts)


def _playbook(entry: Entry) -> Mrkdwn:
    title, who = line(entry.subject, 150), user(entry.by)
    if entry.label is EntryLabel.PLAYBOOK:
        return fill("Playbook {title} attached", title=title)
    note = fill(": {text}", text=line(entry.text, ENTRY_TEXT)) if entry.text.strip() else NOTHING
    return fill("Step {title}: {state} by {who}{note}", title=title, state=escape(entry.after), who=who, note=note)


def _followup(entry: Entry) -> Mrkdwn:
    parts = {"n": escape(str(entry.number)), "who": user(entry.by), "what": line(entry.subject, ENTRY_TEXT)}
    owned_by = phrases.person(UserId(entry.after) if entry.after else None)
    match entry.label:
        case EntryLabel.FOLLOWUP:
            head = fill("Follow-up F{n} by {who}, owned by {owner}: {what}", owner=owned_by, **parts)
            return join(" ", head, _arrow(entry))
        case EntryLabel.FOLLOWUP_CHANGED if entry.before or entry.after:
            return fill("Follow-up F{n} given to {owner} by {who}", owner=owned_by, **parts)
        case EntryLabel.FOLLOWUP_CHANGED:
            return fill("Follow-up F{n} changed by {who}: {what}", **parts)
    note = fill(": {text}", text=line(entry.text, ENTRY_TEXT)) if entry.text.strip() else NOTHING
    states = {"before": escape(entry.before), "after": escape(entry.after)}
    return fill("Follow-up F{n} {before} → {after} by {who}{note}", note=note, **states, **parts)


def _cadence(entry: Entry) -> Mrkdwn:
    until = phrases.moment(entry.until, entry.at) if entry.until else NOTHING
    match entry.label:
        case EntryLabel.REMINDER:
            whom = fill(" of {who}", who=user(UserId(entry.after))) if entry.after else NOTHING
            return fill("Update asked{whom}, due {until}", whom=whom, until=until)
        case EntryLabel.SNOOZE:
            return fill("Update snoozed until {until} by {who}", until=until, who=user(entry.by))
        case EntryLabel.SKIP:
            return fill("Update skipped by {who}", who=user(entry.by))
    if entry.every is None:
        return fill("Update reminders off, by {who}", who=user(entry.by))
    return fill("Updates every {every}, by {who}", every=escape(phrases.span(entry.every)), who=user(entry.by))
