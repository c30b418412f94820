"""The modals. Each input's block_id is the field's name (constants below), its action_id always 'value'.

`metadata` is the caller's private_metadata; what it means is the caller's business.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from bot.incident.lifecycle import ACTIVE, TRANSITIONS
from bot.incident.policy import Policy
from bot.incident.state import Incident
from bot.incident.terms import EntryKind, Milestone, Role, Severity, Status, UserId
from bot.slack import action_ids
from bot.slack.blocks import elements, phrases, service_words
from bot.slack.blocks.elements import Element, View, field, option, ours, theirs
from bot.slack.message import Block
from bot.slack.mrkdwn import NOTHING, Mrkdwn, bold, clean, escape, fill, join, lines

TITLE: Final = "title"
SEVERITY: Final = "severity"
SERVICE: Final = "service"
IMPACT: Final = "impact"
IMPACT_STARTED_AT: Final = "impact_started_at"
PRIVATE: Final = "private"
DRILL: Final = "drill"
COMMANDER: Final = "commander"
KNOWN: Final = "known"
DOING: Final = "doing"
NEXT_IN: Final = "next_in"
STATUS: Final = "status"
NOTE: Final = "note"
WHY: Final = "why"
SUMMARY: Final = "summary"
TEXT: Final = "text"
KIND: Final = "kind"
HAPPENED_AT: Final = "happened_at"
EVERY: Final = "every"
MILESTONE: Final = "milestone"
AT: Final = "at"
WORDS: Final = "words"
ROLE_PREFIX: Final = "role:"
"""The roles modal has one field a role, named 'role:<role key>'."""

YES: Final = "yes"
OFF: Final = "off"
BY_CADENCE: Final = "cadence"
"""The value of 'next update in' that keeps the incident's cadence; any other is a number of minutes."""

TITLE_LENGTH: Final = 300
SEARCHED_LENGTH: Final = 200
LONGEST_NAME: Final = 150
"""Of a service: a select gives it back as an option's value, which Slack limits to 150."""
SPANS: Final = tuple(timedelta(minutes=minutes) for minutes in (10, 15, 20, 30, 45, 60, 90, 120, 240, 480, 1440))


def declare_modal(
    policy: Policy,
    metadata: str,
    *,
    title: str = "",
    at: datetime | None = None,
    drill: bool = False,
    service: str = "",
    told: Mrkdwn = NOTHING,
) -> View:
    """`title` prefills (a message it is declared from). `at`: now, to start the time picker from; None: empty.

    `drill`: whether the box of drills is ticked. `service`: the one that is chosen; what its tier suggests is shown
    beside it, and the severity stays as it is. `told`: what else is to
    be known of it.
    """
    fields = [
        field(TITLE, "Title", elements.text_input(initial=title, most=TITLE_LENGTH), hint="What is broken, for whom."),
        field(SEVERITY, "Severity", _severities(policy, policy.default_severity)),
        *_service(policy, service, told),
        field(IMPACT, "Impact", elements.text_input(lines=True), optional=True, hint="Who cannot do what."),
        field(IMPACT_STARTED_AT, "When it started", elements.moment_picker(at), optional=True),
        field(COMMANDER, "Who commands", elements.user_select(), optional=True, hint=_commander_hint(policy)),
        field(PRIVATE, "Private", elements.checkbox([_private_option()]), optional=True),
        field(DRILL, "Drill", elements.checkbox([_drill_option()], ticked=drill), optional=True),
    ]
    return elements.modal("Declare incident", action_ids.DECLARE_MODAL, metadata, "Declare", fields)


def _commander_hint(policy: Policy) -> str:
    return "Empty: you, until somebody else takes it." if policy.reporter_commands else "Empty: nobody yet."


def _private_option() -> Element:
    text = ours("Only people in its channel may know of it", elements.OPTION_TEXT)
    return option(text, YES, "A private channel, no announcement, in no list.")


def _drill_option() -> Element:
    text = ours("This is a drill", elements.OPTION_TEXT)
    return option(text, YES, "For practice: marked as such everywhere; nobody is paged.")


def _severities(policy: Policy, chosen: Severity) -> Element:
    options = [
        option(ours(severity.value, elements.OPTION_TEXT), severity.value, rule.rubric)
        for severity, rule in sorted(policy.severities.items())
    ]
    return elements.select(options, initial=chosen.value)


def _service(policy: Policy, chosen: str, told: Mrkdwn) -> list[Block]:
    """A list where services are known (those that fit in an option), by their tiers; else a line of text."""
    names = [name for name in policy.offered_services if 0 < len(name) <= LONGEST_NAME and clean(name) == name]
    if not names:
        return [field(SERVICE, "What is affected", elements.text_input(most=LONGEST_NAME), optional=True)]
    known = policy.catalogue.find(chosen)
    chooser = field(SERVICE, "What is affected", _services(names, policy, known.name if known else ""), optional=True)
    suggests = lines(service_words.suggestion(chosen, policy), told)
    if not policy.catalogue.services:
        return [chooser]
    return [elements.told_at_once(chooser), *([elements.context(suggests)] if suggests else [])]


def _services(names: Sequence[str], policy: Policy, chosen: str) -> Element:
    """Without tiers there are no headings."""
    tiers: dict[int | None, list[Element]] = {}
    for name in names:
        known = policy.catalogue.find(name)
        made = option(theirs(name, elements.OPTION_TEXT), name, known.about if known else "")
        tiers.setdefault(known.tier if known else None, []).append(made)
    if list(tiers) == [None]:
        return elements.select(tiers[None], initial=chosen)
    return elements.grouped_select([(_tier(tier, policy), those) for tier, those in tiers.items()], initial=chosen)


def _tier(tier: int | None, policy: Policy) -> str:
    """Tier 1: the rubric suggests SEV1"""
    if tier is None:
        return "Others"
    severity = policy.suggested_for(tier)
    return f"Tier {tier}: the rubric suggests {severity}" if severity else f"Tier {tier}"


def update_modal(incident: Incident, metadata: str) -> View:
    """Starts with the last impact, since it is the part that most often still holds."""
    last = incident.update.impact if incident.update else incident.impact
    fields = [
        head(incident),
        field(KNOWN, "What we know", elements.text_input(lines=True), hint="Numbers over adjectives; no promises."),
        field(IMPACT, "Impact now", elements.text_input(initial=last, lines=True), optional=True),
        field(DOING, "What we are doing", elements.text_input(lines=True), optional=True),
        field(NEXT_IN, "Next update in", _next_in(incident)),
    ]
    return elements.modal("Post update", action_ids.UPDATE_MODAL, metadata, "Post", fields)


def _next_in(incident: Incident) -> Element:
    every = incident.clock.every
    kept = f"as agreed: {phrases.span(every)}" if every else "as agreed: none planned"
    options = [option(ours(kept, elements.OPTION_TEXT), BY_CADENCE), *_spans()]
    return elements.select(options, initial=BY_CADENCE)


def _spans() -> list[Element]:
    return [option(ours(phrases.span(span), elements.OPTION_TEXT), _minutes(span)) for span in SPANS]


def _minutes(span: timedelta) -> str:
    return str(int(span.total_seconds() // 60))


def head(incident: Incident) -> Block:
    named: Mrkdwn = join(" · ", phrases.headline(incident), bold(phrases.title(incident, 150)))
    return elements.context(named)


def status_modal(incident: Incident, metadata: str) -> View:
    """The statuses that may follow; resolve, cancel and close have modals of their own."""
    offered = [status for status in Status if status in ACTIVE and status in TRANSITIONS[incident.status]]
    options = [option(ours(status.capitalize(), elements.OPTION_TEXT), status.value) for status in offered]
    fields = [
        head(incident),
        field(STATUS, "Status", elements.select(options)),
        field(NOTE, "Note", elements.text_input(lines=True), optional=True),
    ]
    return elements.modal("Change status", action_ids.STATUS_MODAL, metadata, "Change", fields)


def severity_modal(incident: Incident, policy: Policy, metadata: str) -> View:
    suggests = service_words.suggestion(incident.service, policy)
    fields = [
        head(incident),
        field(SEVERITY, "Severity", _severities(policy, incident.severity)),
        *([elements.context(suggests)] if suggests else []),
        field(WHY, "Why", elements.text_input(lines=True), optional=True),
    ]
    return elements.modal("Change severity", action_ids.SEVERITY_MODAL, metadata, "Change", fields)


def roles_modal(incident: Incident, policy: Policy, metadata: str) -> View:
    """One person a role; a role that is emptied is left as it is, since Slack cannot tell empty from untouched."""
    roles = list(policy.roles.items())[: elements.VIEW_BLOCKS - 1]
    fields = [_role_field(role, rule.title, incident.holder(role), rule.purpose) for role, rule in roles]
    return elements.modal("Assign roles", action_ids.ROLES_MODAL, metadata, "Assign", [head(incident), *fields])


def _role_field(role: Role, title: str, holder: UserId | None, purpose: str) -> Block:
    chooser = elements.user_select(holder, "Nobody yet")
    return field(f"{ROLE_PREFIX}{role}", title.capitalize(), chooser, optional=True, hint=purpose)


def note_modal(incident: Incident, metadata: str, *, text: str = "") -> View:
    offered = [kind for kind in EntryKind if kind is not EntryKind.FOLLOWUP]
    kinds = [option(ours(kind.capitalize(), elements.OPTION_TEXT), kind.value) for kind in offered]
    fields = [
        head(incident),
        field(TEXT, "What happened", elements.text_input(initial=text, lines=True)),
        field(KIND, "Kind", elements.select(kinds, initial=EntryKind.ENTRY.value)),
        field(HAPPENED_AT, "When", elements.moment_picker(), optional=True, hint="Empty: now."),
    ]
    return elements.modal("Add to timeline", action_ids.NOTE_MODAL, metadata, "Add", fields)


def cadence_modal(incident: Incident, metadata: str) -> View:
    every = incident.clock.every
    options = [option(ours("No reminders", elements.OPTION_TEXT), OFF), *_spans()]
    chosen = elements.select(options, initial=_minutes(every) if every else OFF)
    fields = [head(incident), field(EVERY, "An update is due every", chosen)]
    return elements.modal("Change cadence", action_ids.CADENCE_MODAL, metadata, "Change", fields)


def times_modal(incident: Incident, metadata: str, at: datetime) -> View:
    """`at`: now, at which the picker starts. What is recorded so far is shown above."""
    options = [option(ours(each.capitalize(), elements.OPTION_TEXT), each.value) for each in Milestone]
    fields = [
        head(incident),
        elements.section(_recorded(incident, at)),
        field(MILESTONE, "Which time", elements.select(options)),
        field(AT, "It was", elements.moment_picker(at)),
    ]
    return elements.modal("Correct times", action_ids.TIMES_MODAL, metadata, "Correct", fields)


def _recorded(incident: Incident, at: datetime) -> Mrkdwn:
    known = [_milestone(each, incident.milestones.get(each), at) for each in Milestone]
    return join("\n", *known)


def _milestone(milestone: Milestone, then: datetime | None, at: datetime) -> Mrkdwn:
    when = phrases.moment(then, at) if then else Mrkdwn("not recorded")
    return fill("{name}: {when}", name=escape(milestone.capitalize()), when=when)


def resolve_modal(incident: Incident, metadata: str) -> View:
    is_announced = not (incident.private or incident.drill)
    goes = "Goes to the channel and the announcement." if is_announced else "Goes to the channel."
    fields = _worded(incident, SUMMARY, "What ended it", goes)
    return elements.modal("Resolve incident", action_ids.RESOLVE_MODAL, metadata, "Resolve", fields)


def reopen_modal(incident: Incident, metadata: str) -> View:
    fields = _worded(incident, WHY, "Why", "Reminders start again.")
    return elements.modal("Reopen incident", action_ids.REOPEN_MODAL, metadata, "Reopen", fields)


def cancel_modal(incident: Incident, metadata: str) -> View:
    fields = _worded(incident, WHY, "Why", "It was no incident, or another one covers it.")
    return elements.modal("Cancel incident", action_ids.CANCEL_MODAL, metadata, "Cancel incident", fields)


def search_modal(metadata: str) -> View:
    box = elements.checkbox([option(ours("Look among drills", elements.OPTION_TEXT), YES)])
    words = elements.text_input(most=SEARCHED_LENGTH)
    fields = [
        field(WORDS, "Words", words, hint="Of its title, notes, updates, logged messages or how it ended."),
        field(DRILL, "Drills", box, optional=True, hint="Drills are found nowhere else."),
    ]
    return elements.modal("Search incidents", action_ids.SEARCH_MODAL, metadata, "Search", fields)


def _worded(incident: Incident, name: str, label: str, hint: str) -> Sequence[Block]:
    return [head(incident), field(name, label, elements.text_input(lines=True), optional=True, hint=hint)]
