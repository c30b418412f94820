"""The postmortem as JSON, for other programs. docs/postmortem.md describes every field; a change raises VERSION. Pure.

Times are ISO 8601 in UTC, spans whole or broken seconds, people ids with names beside. Texts are as people wrote
them: whoever shows one escapes it.
"""

import json
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from bot.document.evidence_words import recorded_digest
from bot.document.utc import exact
from bot.document.wording import Wording, afterwards_named, authors
from bot.incident.bands import Band
from bot.incident.entry import Correction, Entry, EntryLabel
from bot.incident.factor import Factor
from bot.incident.feedback import Heard
from bot.incident.followup import Followup
from bot.incident.impact import Figure, Statement
from bot.incident.participation import Participant, Tenure
from bot.incident.postmortem import Heading, PlaybookUse, Postmortem, StepUse
from bot.incident.promises import Promise
from bot.incident.remarks import WENT_WELL, Remark
from bot.incident.response_times import Measure, Moment
from bot.incident.review_quality import Quality
from bot.incident.review_sections import ReviewSection
from bot.incident.state import WrittenSection
from bot.incident.terms import File, UserId

VERSION: Final = 1

Fields = dict[str, Any]


def json_form(draft: Postmortem, wording: Wording, digests: Mapping[str, str] | None = None) -> str:
    """`digests`: the SHA-256 of each file beside it, by name."""
    form = {
        "schema": "muster.postmortem",
        "version": VERSION,
        "incident": _heading(draft.heading),
        "impact": [_figure(figure, wording) for figure in draft.impact],
        "moments": [_moment(moment) for moment in draft.moments.values()],
        "measures": [_measure(measure) for measure in draft.measures],
        "timeline": [_entry(entry, draft, wording) for entry in draft.entries],
        "retracted": draft.retracted,
        "evidence": [_evidence(each, draft) for each in draft.evidence],
        "factors": [_factor(each, draft) for each in draft.factors],
        "sections": [_section(each, draft.section(each)) for each in ReviewSection],
        "playbooks": [_playbook(used) for used in draft.playbooks],
        "promises": [_promise(promise) for promise in draft.promises],
        "remarks": [_remark(remark) for remark in draft.remarks],
        "participants": [_participant(each, wording) for each in draft.participants],
        "followups": [_followup(item) for item in draft.followups],
        "feedback": _feedback(draft.feedback),
        "review": _review(draft),
        "severity_bands": [_band(band) for band in draft.severity_bands],
        "status_bands": [_band(band) for band in draft.status_bands],
        "people": _people(draft, wording),
        "files": dict(digests or {}),
    }
    return json.dumps(form, ensure_ascii=False, indent=2) + "\n"


def _heading(heading: Heading) -> Fields:
    return {
        "number": heading.incident,
        "reference": heading.reference,
        "title": heading.title,
        "severity": heading.severity,
        "worst_severity": heading.worst,
        "status": heading.status,
        "private": heading.private,
        "drill": heading.drill,
        "service": heading.service,
        "reporter": heading.reporter,
        "declared_at": exact(heading.declared_at),
        "ended_at": _time(heading.ended_at),
        "outcome": heading.outcome,
        "last_known": heading.last_known,
        "source": heading.source,
        "channel": heading.channel,
        "channel_name": heading.channel_name,
        "log_length": heading.log_length,
    }


def _figure(figure: Figure, wording: Wording) -> Fields:
    return {
        "question": figure.question,
        "basis": figure.basis,
        "service": figure.service,
        "statements": [_statement(statement, wording) for statement in figure.statements],
        "at": _time(figure.moment.at) if figure.moment else None,
        "seconds": _seconds(figure.measure.length) if figure.measure else None,
    }


def _statement(statement: Statement, wording: Wording) -> Fields:
    text = wording.plain(statement.text) if statement.spoken else statement.text
    return {"at": exact(statement.at), "by": statement.by, "text": text, "link": statement.link}


def _moment(moment: Moment) -> Fields:
    return {
        "milestone": moment.milestone,
        "at": _time(moment.at),
        "basis": moment.basis,
        "assumption": moment.assumption,
        "told_by": moment.told_by,
        "corrections": [_correction(correction) for correction in moment.corrections],
    }


def _correction(correction: Correction) -> Fields:
    return {"by": correction.by, "at": exact(correction.at), "before": _time(correction.before)}


def _measure(measure: Measure) -> Fields:
    return {
        "phase": measure.phase,
        "start": measure.start,
        "end": measure.end,
        "seconds": _seconds(measure.length),
        "basis": measure.basis,
        "bound": measure.bound or None,
    }


def _entry(entry: Entry, draft: Postmortem, wording: Wording) -> Fields:
    """Everything that the core knows of it; texts of messages as somebody would read them."""
    spoken = wording.plain if entry.label is EntryLabel.MESSAGE else str
    return {
        "at": exact(entry.at),
        "recorded_at": exact(entry.recorded_at),
        "label": entry.label,
        "by": entry.by,
        "subject": entry.subject,
        "before": entry.before,
        "after": entry.after,
        "text": spoken(entry.text),
        "impact": entry.impact,
        "doing": entry.doing,
        "people": list(entry.people),
        "number": entry.number,
        "until": _time(entry.until),
        "day": entry.day.isoformat() if entry.day else None,
        "every_seconds": _seconds(entry.every),
        "by_default": entry.by_default,
        "corrections": [_correction(correction) for correction in entry.corrections],
        "kinds": list(entry.kinds),
        "read": entry.read,
        "files": [_file(file) for file in entry.files],
        "link": wording.address(entry, draft.heading),
        "flagged_by": list(entry.flagged_by),
        "earlier": [spoken(text) for text in entry.earlier],
        "deleted": entry.deleted,
    }


def _file(file: File) -> Fields:
    return {"id": file.id, "name": file.name, "link": file.link}


def _evidence(entry: Entry, draft: Postmortem) -> Fields:
    """`recorded`: the words as the log holds them, which `sha256` is of; of no file's content."""
    return {
        "entry": draft.entries.index(entry),
        "recorded": entry.text if recorded_digest(entry) else None,
        "sha256": recorded_digest(entry),
        "files": [_file(file) for file in entry.files],
    }


def _factor(factor: Factor, draft: Postmortem) -> Fields:
    """`entry`: its place in the timeline, from 0, where one was named and still stands there."""
    content = factor.content
    shown_by = draft.entry_at(content.entry) if content.entry else None
    return {
        "number": factor.number,
        "class": content.kind,
        "surrounding": content.surrounding,
        "text": content.text,
        "entry": draft.entries.index(shown_by) if shown_by else None,
        "followups": list(content.followups),
        "accepted_until": factor.accepted.look_again_on.isoformat() if factor.accepted else None,
        "accepted_because": factor.accepted.why if factor.accepted else None,
        "by": factor.added_by,
        "added_at": exact(factor.added_at),
        "changes": factor.changes,
    }


def _section(section: ReviewSection, written: WrittenSection) -> Fields:
    """`text` as it was written, in light Markdown; empty where nobody has written it."""
    at = _time(written.at)
    return {"section": section, "version": written.number, "by": written.by, "written_at": at, "text": written.text}


def _playbook(used: PlaybookUse) -> Fields:
    return {
        "playbook": used.playbook,
        "title": used.title,
        "revision": used.revision,
        "why": used.why,
        "steps": [_step(use) for use in used.steps],
    }


def _step(use: StepUse) -> Fields:
    progress = use.progress
    told = {"state": progress.state, "by": progress.by, "at": _time(progress.at), "note": progress.note}
    return {"id": use.step.id, "title": use.step.title, **told}


def _promise(promise: Promise) -> Fields:
    return {
        "due_at": exact(promise.due_at),
        "outcome": promise.outcome,
        "ended_at": exact(promise.ended_at),
        "late_seconds": _seconds(promise.late_by),
    }


def _remark(remark: Remark) -> Fields:
    return {
        "kind": remark.kind,
        "went_well": remark.kind in WENT_WELL,
        "count": remark.count,
        "of": remark.of,
        "seconds": _seconds(remark.span),
        "subject": remark.subject,
    }


def _participant(each: Participant, wording: Wording) -> Fields:
    return {
        "user": each.user,
        "roles": [_tenure(tenure, wording) for tenure in each.tenures],
        "joined_at": _time(each.joined_at),
        "left_at": _time(each.left_at),
        "contributions": each.contributions,
    }


def _tenure(tenure: Tenure, wording: Wording) -> Fields:
    return {
        "role": tenure.role,
        "title": wording.role_title(tenure.role),
        "since": exact(tenure.since),
        "until": _time(tenure.until),
        "by_default": tenure.by_default,
    }


def _followup(item: Followup) -> Fields:
    content = item.content
    return {
        "number": item.number,
        "what": content.what,
        "state": item.state,
        "class": content.kind,
        "owner": content.owner,
        "product_sponsor": content.product_sponsor,
        "reliability_sponsor": content.reliability_sponsor,
        "due_on": content.due_on.isoformat() if content.due_on else None,
        "metric": content.metric,
        "impact": content.impact,
        "effort": content.effort,
        "note": item.note,
        "waits_for": item.waits_for,
        "added_at": exact(item.added_at),
        "added_by": item.added_by,
        "moved_at": _time(item.moved_at),
        "moved_by": item.moved_by,
        "link": item.link,
        "issue": _issue(item),
    }


def _review(draft: Postmortem) -> Fields:
    """`state` None: nobody has settled it. `quality`: once it was held."""
    course, booked = draft.review, draft.review.booked
    return {
        "state": course.state,
        "starts_at": exact(booked.plan.starts_at) if booked else None,
        "on": course.on.isoformat() if course.on else None,
        "facilitator": course.facilitator,
        "came": list(course.came),
        "why": course.why,
        "quality": _quality(draft.quality) if draft.quality else None,
    }


def _quality(found: Quality) -> Fields:
    judged = [{"criterion": each.criterion, "met": each.met, "why": each.why} for each in found.judged]
    return {"points": found.points, "of": found.of, "judged": judged}


def _issue(item: Followup) -> Fields | None:
    issue = item.issue
    return {"tracker": issue.tracker, "key": issue.key, "url": issue.url} if issue and issue.key else None


def _feedback(heard: Heard) -> Fields:
    """Only what may be shown, in an order that says nothing."""
    told = [
        {"led": each.answer.led, "informed": each.answer.informed, "change": each.answer.change, "by": each.by}
        for each in heard.said
    ]
    return {"asked": heard.asked, "answers": told}


def _band(band: Band) -> Fields:
    return {"value": band.value, "since": exact(band.since), "until": exact(band.until)}


def _people(draft: Postmortem, wording: Wording) -> Fields:
    """The name of everybody whose id stands above, where it is known."""
    return {user: wording.names.of(user) for user in _users(draft) if user in wording.names.known}


def _users(draft: Postmortem) -> Iterable[UserId]:
    return dict.fromkeys([*(each.user for each in draft.participants), *authors(draft), *afterwards_named(draft)])


def _time(at: datetime | None) -> str | None:
    return exact(at) if at else None


def _seconds(length: timedelta | None) -> float | None:
    return length.total_seconds() if length is not None else None
