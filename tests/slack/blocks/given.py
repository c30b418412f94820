"""Incidents as the renderers meet them: the cast, a scenario at 14:35, and texts that mean harm."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from bot.incident.alert import AlertDecision, AlertState, AttachedAlert, LinkKind, Reason
from bot.incident.alert_board import AlertBoard, AlertContext, Member
from bot.incident.closure import Check, Closure, Override, ReviewState, Workaround
from bot.incident.followup import Followup, FollowupContent, FollowupState
from bot.incident.listing import Listing, listing
from bot.incident.policy import Policy
from bot.incident.review import InvitedFunction, Meeting, ReviewCourse, ReviewPlan
from bot.incident.state import Assignment, AttachedPlaybook, Clock, Incident, StepProgress, Update
from bot.incident.terms import (
    COMMUNICATIONS_LEAD,
    INCIDENT_COMMANDER,
    OPERATIONS_LEAD,
    ChannelId,
    Checklist,
    IncidentId,
    MessageTs,
    Milestone,
    Severity,
    Status,
    Step,
    StepState,
    UserId,
    Version,
)

ADA, BEN, CLEO = UserId("UADA"), UserId("UBEN"), UserId("UCLEO")
CHANNEL = ChannelId("C42")
POLICY = Policy()


def clock_time(hours: int, minutes: int) -> datetime:
    return datetime(2026, 11, 20, hours, minutes, tzinfo=UTC)


AT = clock_time(14, 35)

HOSTILE = (
    "<!channel> help",
    "<https://evil.example|bank>",
    "<@UADA> look",
    "*b* _i_ ~s~ `c` ```x```",
    "{{7*7}} {title} %s",
    "x" * 300,
    "日本語のタイトル" * 30,
    "תקלה בתשלומים עכשיו",
    "two\nlines\r\n> quoted",
    "\u202egnp.exe \x00\x07 &amp; <",
    "“smart” ‘quotes’ 🔥👨‍👩‍👧",
    "&" * 300,
    "|>" * 100,
    "\ud800 half",
    " ",
)


def incident(**changes: Any) -> Incident:
    """INC-42, SEV1, investigating; Ada commands, Ben communicates; impact since 14:02, one update at 14:05."""
    return replace(_INCIDENT, **changes)


def _held(holder: UserId, hours: int, minutes: int) -> Assignment:
    return Assignment(holder=holder, since=clock_time(hours, minutes))


_INCIDENT = Incident(
    id=IncidentId(42),
    version=Version(9),
    content=Version(9),
    title="Checkout returns 500 for about half of EU customers",
    severity=Severity.SEV1,
    status=Status.INVESTIGATING,
    reporter=ADA,
    reporter_name="Ada",
    declared_at=clock_time(14, 4),
    private=False,
    service="",
    impact="EU customers cannot pay",
    source="",
    milestones={Milestone.IMPACT_STARTED: clock_time(14, 2), Milestone.DECLARED: clock_time(14, 4)},
    clock=Clock(since=clock_time(14, 5), every=timedelta(minutes=30), due_at=clock_time(14, 50)),
    channel=CHANNEL,
    channel_name="inc-42-checkout-returns-500",
    roles={INCIDENT_COMMANDER: _held(ADA, 14, 4), COMMUNICATIONS_LEAD: _held(BEN, 14, 10)},
    members=frozenset({ADA, BEN}),
    update=Update(number=1, known="We are rolling back release 1.84.", at=clock_time(14, 5), by=BEN),
)


def checklist(steps: int = 9, text: str = "Roll back the release") -> Checklist:
    return Checklist(
        playbook="bad-deploy",
        title="Bad deploy" if text == "Roll back the release" else text,
        summary="Roll back first.",
        why="matches the word 'deploy'",
        steps=tuple(_step(number, text) for number in range(1, steps + 1)),
    )


def _step(number: int, text: str) -> Step:
    return Step(
        id=str(number),
        title=f"{text} {number}",
        section="Contain",
        detail=text,
        role=OPERATIONS_LEAD,
        expected=timedelta(minutes=5),
        commands=(f"kubectl rollout undo deployment/{text}",),
        verify=text,
        rollback=text,
    )


def with_playbook(given: Incident, list_: Checklist, **progress: StepState) -> Incident:
    """`progress` by step id with an 's' before it: s1=StepState.DONE."""
    made = {name[1:]: StepProgress(state=state, by=CLEO, at=clock_time(14, 20)) for name, state in progress.items()}
    return replace(given, playbooks={list_.playbook: AttachedPlaybook(checklist=list_, progress=made)})


def hostile(text: str) -> Incident:
    """The scenario with this text wherever people or files can put one."""
    given = incident(title=text, service=text, impact=text, last_status_note=text, source=text, channel_name=text)
    given = replace(
        given, alerts=alerted(text), closure=left_behind(text), review=ReviewCourse(state=ReviewState.WAIVED, why=text)
    )
    given = replace(given, update=Update(number=1, known=text, impact=text, doing=text, at=AT, by=BEN))
    return with_playbook(given, checklist(30, text), s1=StepState.DONE, s2=StepState.STARTED)


def alerted(text: str, count: int = 20) -> AlertBoard:
    """So many alerts that fire, with this text wherever a source can put one; as many have resolved."""
    states = [AlertState.FIRING] * count + [AlertState.RESOLVED] * count
    told = [attached_alert(f"{number:012x}", text, state) for number, state in enumerate(states)]
    context = AlertContext(rule=text, severity_why=text, links=dict.fromkeys(LinkKind, text), labels={text: text})
    members = {each.key: Member(attached=each, first=each.reason, since=AT, changes=(AT,) * 4) for each in told}
    return AlertBoard(members=members, context=context)


def attached_alert(key: str, text: str, state: AlertState = AlertState.FIRING) -> AttachedAlert:
    return AttachedAlert(
        key=key,
        source=text,
        name=text,
        state=state,
        reason=Reason.ATTACHED_BY_SERVICE,
        why=text,
        summary=text,
        service=text,
        link=text,
        suggest=text,
        freeze=key.endswith("1"),
        started_at=AT,
    )


def decisions(text: str, count: int = 20) -> list[AlertDecision]:
    """Of an alert with this text."""
    decided = AlertDecision(
        key="3f2a90b1c5d7",
        source=text,
        name=text,
        state=AlertState.FIRING,
        reason=Reason.RECORDED,
        why=text,
        at=AT,
        summary=text,
        service=text,
    )
    return [replace(decided, incident=IncidentId(number) if number % 2 else None) for number in range(count)]


def left_behind(text: str) -> Closure:
    """All that stands between resolved and closed, many times over."""
    return Closure(
        evidence=text,
        workarounds={number: left_in_place(number, text) for number in range(1, 31)},
        override=Override(checks=tuple(Check), why=text, by=ADA),
    )


def plan(text: str = "", **changes: Any) -> ReviewPlan:
    """A review of an hour on the day after, led by Ben."""
    begun = {"starts_at": AT + timedelta(days=1), "length": timedelta(hours=1), "facilitator": BEN, "invited": (CLEO,)}
    functions = (InvitedFunction(name=text, people=(ADA,)),) if text else ()
    return ReviewPlan(**{**begun, "functions": functions, "why_facilitator": text, **changes})


def booked(text: str = "", **changes: Any) -> ReviewCourse:
    meeting = Meeting(number=1, sequence=0, plan=plan(text, **changes))
    return ReviewCourse(state=ReviewState.BOOKED, facilitator=BEN, meeting=meeting)


def left_in_place(number: int = 1, text: str = "The flag is off.") -> Workaround:
    return Workaround(number=number, what=text, owner=BEN, expires_on=date(2026, 12, 1), time_zone="UTC")


def listings(count: int = 1, **changes: Any) -> list[Listing]:
    return [listing(incident(id=IncidentId(number), **changes)) for number in range(1, count + 1)]


def followups(text: str) -> dict[int, Followup]:
    """One in each state, F1 open; Ada owns them, Ben sponsors them, and they wait for Cleo. F6 is nobody's."""
    content = FollowupContent(what=text, metric=text, owner=ADA, product_sponsor=BEN, due_on=AT.date())
    rest: dict[str, Any] = {"added_at": AT, "added_by": BEN, "note": text, "waits_for": CLEO, "link": text}
    items = [
        Followup(number=number, content=content, state=state, **rest) for number, state in enumerate(FollowupState, 1)
    ]
    draft = Followup(number=6, content=FollowupContent(what=text), source=MessageTs("1763648880.000100"), **rest)
    return {item.number: item for item in (*items, draft)}
