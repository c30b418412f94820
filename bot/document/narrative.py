"""The parts of a postmortem that are read as text: head, summary, remarks, playbooks, people, evidence. Pure."""

from collections.abc import Callable, Iterable, Mapping
from typing import Final

from bot.document.entry_words import entry_words, files, quoted
from bot.document.markdown import NOTHING, Markdown, blocks, bullets, escape, fill, join, link, prose, quote, table
from bot.document.utc import date_time, span, time_on
from bot.document.wording import Wording
from bot.incident.entry import Entry, EntryLabel
from bot.incident.followup import Followup, FollowupState
from bot.incident.participation import Participant, Tenure
from bot.incident.postmortem import Heading, PlaybookUse, Postmortem, StepUse
from bot.incident.remarks import WENT_WELL, Remark, RemarkKind
from bot.incident.review_sections import TITLES, ReviewSection
from bot.incident.terms import INCIDENT_COMMANDER, EntryKind, Milestone, Status, StepState

NONE_RECORDED: Final = Markdown("None was recorded.")
NOTHING_KNOWN: Final = Markdown("The log knows of nothing.")

_PRIVATE: Final = Markdown(
    "**Private incident.** This document is for the members of its channel only. Do not pass it on."
)
_DRILL: Final = Markdown("**Drill.** This was practice; nothing of it happened to customers.")
_UNFINISHED: Final = Markdown("**The response goes on.** This draft tells what is known so far.")


def head(draft: Postmortem, wording: Wording) -> Markdown:
    """Who may read it, what the incident is, and how the document is to be read."""
    heading = draft.heading
    warnings = [quote(_PRIVATE)] if heading.private else []
    warnings += [quote(_DRILL)] if heading.drill else []
    warnings += [quote(_UNFINISHED)] if heading.is_active else []
    return blocks(*warnings, bullets(_facts(heading, wording)), _how_to_read(draft))


def summary(draft: Postmortem, wording: Wording) -> Markdown:
    """From declaration to end in three sentences, and what was written at the end."""
    heading = draft.heading
    declared = fill(
        "“{title}” was declared as {severity} by {who} on {at} UTC.",
        title=escape(heading.title),
        severity=escape(draft.severity_bands[0].value),
        who=wording.person(heading.reporter),
        at=escape(date_time(heading.declared_at)),
    )
    return blocks(join(" ", (declared, _led(draft, wording), _end(draft))), _last_words(heading, wording))


def timeline(draft: Postmortem, wording: Wording) -> Markdown:
    """Each entry in the order in which things happened; its number leads to its message or channel."""
    rows = [_row(number, entry, draft.heading, wording) for number, entry in enumerate(draft.entries, start=1)]
    listed = table((Markdown("#"), Markdown("Time (UTC)"), Markdown("What happened")), rows)
    if not draft.retracted:
        return listed
    hidden = escape(str(draft.retracted))
    return blocks(listed, fill("Retracted, and so not shown: {count}. The log keeps it.", count=hidden))


def hypotheses(draft: Postmortem, wording: Wording) -> Markdown:
    listed = [_hypothesis(entry, draft, wording) for entry in draft.hypotheses]
    return bullets(listed) or NONE_RECORDED


def decisions(draft: Postmortem, wording: Wording) -> Markdown:
    """What was flagged or noted as one, and each change of severity, with its why where one was given."""
    return bullets(_decision(entry, draft, wording) for entry in draft.decisions) or NONE_RECORDED


def action_items(draft: Postmortem, wording: Wording) -> Markdown:
    """The follow-ups as they stand, and what was flagged during the response, as boxes to be filled in."""
    owned = [_followup(item, wording) for item in draft.followups]
    boxes = [
        fill("[ ] {item} Owner: … Due: … We shall know by: …", item=_item(entry, draft, wording))
        for entry in draft.action_items
    ]
    return bullets([*owned, *boxes]) or Markdown("None was noted during the response.")


def _followup(item: Followup, wording: Wording) -> Markdown:
    """[x] F1 (acme/ops#12): Alert earlier. Owner: Ada. Due: 2026-03-31. We shall know by: …"""
    content, is_done = item.content, item.state is FollowupState.DONE
    issue = item.issue
    box = Markdown("[x]") if is_done else Markdown("[ ]")
    parts = {
        "number": escape(str(item.number)),
        "issue": fill(" ({link})", link=link(escape(issue.key), issue.url)) if issue and issue.key else NOTHING,
        "what": prose(content.what),
        "owner": wording.person(content.owner) if content.owner else Markdown("…"),
        "due": escape(content.due_on.isoformat()) if content.due_on else Markdown("…"),
        "metric": prose(content.metric) if content.metric else Markdown("…"),
        "state": escape(item.state.capitalize()),
        "note": fill(" ({note})", note=prose(item.note)) if item.note.strip() else NOTHING,
    }
    text = "{box} F{number}{issue}: {what} Owner: {owner} Due: {due} We shall know by: {metric} {state}{note}"
    return fill(text, box=box, **parts)


def went_well(draft: Postmortem) -> Markdown:
    return bullets(_remark(remark) for remark in draft.remarks if remark.kind in WENT_WELL) or NOTHING_KNOWN


def hindered(draft: Postmortem) -> Markdown:
    return bullets(_remark(remark) for remark in draft.remarks if remark.kind not in WENT_WELL) or NOTHING_KNOWN


def playbooks(draft: Postmortem, wording: Wording) -> Markdown:
    return blocks(*(_playbook(used, draft, wording) for used in draft.playbooks)) or Markdown("None was attached.")


def people(draft: Postmortem, wording: Wording) -> Markdown:
    columns = (Markdown("Who"), Markdown("Roles"), Markdown("In the channel (UTC)"), Markdown("Entries"))
    return table(columns, [_participant(each, draft, wording) for each in draft.participants])


def _facts(heading: Heading, wording: Wording) -> Iterable[Markdown]:
    worst = fill(" (at worst {worst})", worst=escape(heading.worst)) if heading.worst < heading.severity else NOTHING
    source = link(Markdown("from a message"), heading.source)
    yield fill("Incident: {reference}", reference=escape(heading.reference))
    yield fill("Severity: {severity}{worst}", severity=escape(heading.severity), worst=worst)
    yield fill("Status: {status}", status=escape(heading.status))
    yield fill("Service: {service}", service=escape(heading.service) or Markdown("not recorded"))
    declared = fill("Declared: {at} UTC", at=escape(date_time(heading.declared_at)))
    yield join(", ", (declared, source)) if heading.source else declared
    if heading.channel_name:
        yield fill("Channel: {name}", name=escape(f"#{heading.channel_name}"))


def _how_to_read(draft: Postmortem) -> Markdown:
    by_hand = [escape(TITLES[each]) for each in ReviewSection if draft.section(each).text]
    written = fill(" Written by people afterwards: {sections}.", sections=join(", ", by_hand)) if by_hand else NOTHING
    return fill(
        "A draft made from the {count} entries of the incident's log alone. Times are UTC. A figure is *recorded*,"
        " *estimated* or *not recorded*; texts are as people wrote them.{written}",
        count=escape(str(draft.heading.log_length)),
        written=written,
    )


def _led(draft: Postmortem, wording: Wording) -> Markdown:
    held = [tenure for each in draft.participants for tenure in each.tenures if tenure.role == INCIDENT_COMMANDER]
    ordered = sorted(held, key=lambda tenure: tenure.since)
    named = [
        fill("{who} by default", who=wording.person(tenure.holder))
        if tenure.by_default
        else wording.person(tenure.holder)
        for tenure in ordered
    ]
    if not named:
        return Markdown("Nobody was incident commander.")
    return fill("It was led by {who}.", who=join(", then ", named))


def _end(draft: Postmortem) -> Markdown:
    heading, restored = draft.heading, draft.moments[Milestone.RESOLVED].at
    if heading.is_active:
        return fill("Its status is {status}.", status=escape(heading.status))
    if heading.status is Status.CANCELLED or restored is None:
        return Markdown("It was cancelled: it counts as no incident.")
    at, length = escape(date_time(restored)), escape(span(restored - heading.declared_at))
    if restored < heading.declared_at:
        return fill("It was resolved on {at} UTC.", at=at)
    return fill("It was resolved on {at} UTC, {span} after it was declared.", at=at, span=length)


def _last_words(heading: Heading, wording: Wording) -> Markdown:
    if heading.outcome.strip():
        return fill("At its end was written: {text}", text=wording.said(heading.outcome))
    if heading.last_known.strip():
        return fill("The last update said: {text}", text=wording.said(heading.last_known))
    return NOTHING


def _row(number: int, entry: Entry, heading: Heading, wording: Wording) -> tuple[Markdown, ...]:
    shown = escape(str(number))
    address = wording.address(entry, heading)
    at = escape(time_on(entry.at, heading.declared_at))
    return link(shown, address) if address else shown, at, entry_words(entry, wording)


def _item(entry: Entry, draft: Postmortem, wording: Wording) -> Markdown:
    return told_entry(entry, draft, wording, files=files(entry))


def told_entry(entry: Entry, draft: Postmortem, wording: Wording, *, files: Markdown) -> Markdown:
    """`files`: those of the entry, as they are to be named."""
    arrow = wording.arrow(entry, draft.heading)
    text = fill(
        "{at}, {who}: {text}", at=_time(entry, draft), who=wording.person(entry.by), text=quoted(entry, wording)
    )
    return join(" ", (text, files, arrow))


def _decision(entry: Entry, draft: Postmortem, wording: Wording) -> Markdown:
    if entry.label is not EntryLabel.SEVERITY:
        return _item(entry, draft, wording)
    why = NOTHING if entry.text.strip() else Markdown("(no reason was recorded)")
    told = fill("{at}: {words}", at=_time(entry, draft), words=entry_words(entry, wording))
    return join(" ", (told, why, wording.arrow(entry, draft.heading)))


def _time(entry: Entry, draft: Postmortem) -> Markdown:
    return escape(time_on(entry.at, draft.heading.declared_at))


def _hypothesis(entry: Entry, draft: Postmortem, wording: Wording) -> Markdown:
    ruled_out = EntryKind.RULED_OUT in entry.kinds
    state = Markdown("*Ruled out*") if ruled_out else Markdown("*Not ruled out in the record*")
    return fill("{state} · {item}", state=state, item=_item(entry, draft, wording))


_COUNTED: Final = {
    "done": StepState.DONE,
    "skipped": StepState.SKIPPED,
    "failed": StepState.FAILED,
    "started": StepState.STARTED,
    "unused": StepState.OPEN,
}


def _playbook(used: PlaybookUse, draft: Postmortem, wording: Wording) -> Markdown:
    by_state = {state: [use for use in used.steps if use.progress.state is state] for state in StepState}
    counts = {name: escape(str(len(by_state[state]))) for name, state in _COUNTED.items()}
    told = fill(
        "“{title}”{revision}, {all} steps: {done} done, {skipped} skipped, {failed} failed, {started} begun and not"
        " finished, {unused} not used.",
        title=escape(used.title),
        revision=fill(" (revision {revision})", revision=escape(used.revision)) if used.revision else NOTHING,
        all=escape(str(len(used.steps))),
        **counts,
    )
    columns = (Markdown("Step"), Markdown("State"), Markdown("By"), Markdown("When (UTC)"), Markdown("Note"))
    rows = [_step(use, draft, wording) for use in used.steps if use.progress.state is not StepState.OPEN]
    unused = join("; ", (escape(use.step.title) for use in by_state[StepState.OPEN]))
    return blocks(told, table(columns, rows), fill("Not used: {titles}.", titles=unused) if unused else NOTHING)


def _step(use: StepUse, draft: Postmortem, wording: Wording) -> tuple[Markdown, ...]:
    progress = use.progress
    at = escape(time_on(progress.at, draft.heading.declared_at)) if progress.at else NOTHING
    who = wording.person(progress.by) if progress.by else NOTHING
    return escape(use.step.title), escape(progress.state), who, at, prose(progress.note)


def _participant(each: Participant, draft: Postmortem, wording: Wording) -> tuple[Markdown, ...]:
    roles = join("; ", (_tenure(tenure, draft, wording) for tenure in each.tenures))
    count = escape(str(each.contributions))
    return wording.person(each.user), roles or Markdown("none"), _presence(each, draft), count


def _tenure(tenure: Tenure, draft: Postmortem, wording: Wording) -> Markdown:
    day = draft.heading.declared_at
    until = escape(time_on(tenure.until, day)) if tenure.until else Markdown("the end")
    parts = {"role": wording.role(tenure.role), "since": escape(time_on(tenure.since, day)), "until": until}
    by_default = Markdown(" (by default)") if tenure.by_default else NOTHING
    return fill("{role}{by_default} {since} to {until}", by_default=by_default, **parts)


def _presence(each: Participant, draft: Postmortem) -> Markdown:
    day = draft.heading.declared_at
    if each.joined_at is None:
        return Markdown("not recorded")
    since = fill("since {at}", at=escape(time_on(each.joined_at, day)))
    until = fill("until {at}", at=escape(time_on(each.left_at, day))) if each.left_at else NOTHING
    return join(" ", (since, until))


_Sentence = Callable[[Remark], Markdown]


def _remark(remark: Remark) -> Markdown:
    return fill(_REMARKS[remark.kind], **{name: escape(part) for name, part in _parts(remark).items()})


def remark_words(remark: Remark) -> str:
    """The same as plain text, which whoever shows it escapes."""
    return _REMARKS[remark.kind].format_map(_parts(remark))


def _parts(remark: Remark) -> dict[str, str]:
    length = span(remark.span) if remark.span is not None else ""
    return {"count": str(remark.count), "of": str(remark.of), "span": length, "subject": remark.subject}


_REMARKS: Final[Mapping[RemarkKind, str]] = {
    RemarkKind.ALL_PROMISES_KEPT: "Every promised update came in time ({count} of {of}).",
    RemarkKind.ACKNOWLEDGED_SOON: "Somebody took it on within {span} of the declaration.",
    RemarkKind.STEPS_DONE: "The playbook “{subject}” was used: {count} of {of} steps done.",
    RemarkKind.UPDATES_LATE: "Promised updates that came late or not at all: {count} of {of}, by {span} at most.",
    RemarkKind.REMINDERS_CLIMBED: "Reminders of an update that had to climb: {count}.",
    RemarkKind.ACKNOWLEDGED_LATE: "It took {span} from the declaration until somebody took it on.",
    RemarkKind.NEVER_ACKNOWLEDGED: "Nobody is recorded as having taken it on.",
    RemarkKind.STEP_FAILED: "The playbook's step “{subject}” failed.",
    RemarkKind.NOBODY_INFORMED: "Nobody was communications lead.",
    RemarkKind.REOPENED: "It had to be reopened: {count} ×.",
    RemarkKind.SEVERITY_RAISED: "The severity was raised afterwards: {count} ×.",
    RemarkKind.SLACK_REFUSED: "Slack refused a part of Muster's own work ({subject}).",
    RemarkKind.POSTS_MISSED: "Reminders or summaries that could not be posted while Slack was away: {count}.",
}
