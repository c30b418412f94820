"""Where alerts go: to an open incident, to a new one, to people who decide, or into the alert log alone. Pure: it is
given what is known.

Each goes the first way that is open: with its group, with what its rule keeps together, with its service, with what
that needs, with a storm.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from bot.incident.alert import (
    Alert,
    AlertDecision,
    AlertState,
    Arrived,
    Judged,
    LinkKind,
    Reason,
    believable,
)
from bot.incident.alert_claims import claims_of, dependencies, service_of, severity_of
from bot.incident.alert_naming import title_of
from bot.incident.alert_plan import STORM_CLAIM, Answered, Known, Opening, Plan, Target
from bot.incident.alert_policy import Action
from bot.incident.maintenance import QuietAlert, Window, covering
from bot.incident.policy import Policy
from bot.incident.proposal import MOST_OPEN, ProposalNumber
from bot.incident.proposal_hearing import Wish
from bot.incident.proposal_plan import Proposing, crowded, drafted
from bot.incident.terms import IncidentId
from bot.incident.watchdog import watchdog_of


def ways(alert: Alert, policy: Policy) -> Mapping[str, tuple[Reason, str]]:
    """The claims by which this alert finds an incident, the surest first, each with why it does."""
    rule = policy.alerts.rule_for(alert)
    service = service_of(alert, rule, policy)
    found = (*claims_of(alert, rule, service), *dependencies(service, policy.catalogue))
    return {claim: (reason, why) for claim, reason, why in found}


def looked_up(alerts: Iterable[Alert], policy: Policy) -> Sequence[str]:
    """All claims that `plan` will ask about."""
    return list(dict.fromkeys([STORM_CLAIM, *(claim for each in alerts for claim in ways(each, policy))]))


def is_proposed(alert: Alert, policy: Policy) -> bool:
    return policy.alerts.rule_for(alert).action is Action.PROPOSE


def plan(batch: Iterable[Arrived], known: Known, policy: Policy, at: datetime) -> Plan:
    """The whole batch at once, oldest first, so that what belongs together is opened once."""
    made = Plan()
    for arrived in batch:
        _Way(believable(arrived), known, policy, at).into(made)
    return made


class _Way:
    """One alert on its way."""

    def __init__(self, arrived: Arrived, known: Known, policy: Policy, at: datetime) -> None:
        self._arrived = arrived
        self._alert = arrived.alert
        self._known = known
        self._policy = policy
        self._at = at
        self._rule = policy.alerts.rule_for(arrived.alert)
        self._service = service_of(arrived.alert, self._rule, policy)
        self._severity, self._severity_why = severity_of(arrived.alert, self._rule, self._service, policy)
        self._ways = ways(arrived.alert, policy)

    def into(self, made: Plan) -> None:
        if watchdog := watchdog_of(self._alert, self._policy.watchdogs):
            self._hear(watchdog, made)
        elif self._alert.state is AlertState.RESOLVED:
            self._resolve(made)
        elif not self._join(made):
            self._decide(made)

    def _hear(self, watchdog: str, made: Plan) -> None:
        """That it always fires is its news; that it is resolved is the beginning of silence."""
        made.settled.append((self._arrived, None))
        if self._alert.state is AlertState.FIRING:
            made.signals[watchdog] = max(self._arrived.at, made.signals.get(watchdog, self._arrived.at))

    def _resolve(self, made: Plan) -> None:
        """Only where it fired; elsewhere there is nothing to take back."""
        claim = self._alert.group_claim
        fired_in = (number for number in self._known.routes.get(claim, ()) if self._fired_in(number))
        target = next(fired_in, made.claimed.get(claim))
        if target is not None:
            made.put(target, self._arrived, self._judged(Reason.ATTACHED_SAME_GROUP))
        elif proposal := self._proposal_with(claim, made):
            proposal.add(self._arrived, self._wish("the same group"))
        else:
            made.settled.append((self._arrived, None))

    def _fired_in(self, number: IncidentId) -> bool:
        incident = self._known.incidents.get(number)
        return incident is not None and self._alert.key in incident.alerts.members

    def _join(self, made: Plan) -> bool:
        """A rule that only records lets an alert join its own group, and nothing else."""
        for claim, (reason, why) in self._ways.items():
            if reason is not Reason.ATTACHED_SAME_GROUP and self._rule.action is Action.RECORD:
                return False
            targets: list[Target | None] = [*self._known.routes.get(claim, ()), made.claimed.get(claim)]
            for target in targets:
                if target is not None and self._takes(target, reason):
                    made.put(target, self._arrived, self._judged(reason, why))
                    return True
        return False

    def _takes(self, target: Target, reason: Reason) -> bool:
        """What is graver than an incident is not hidden in it, unless its source says that they are one."""
        if isinstance(target, Opening):
            severity = target.severity
        elif (incident := self._known.incidents.get(target)) and incident.is_active:
            severity = incident.severity
        else:
            return False
        is_note = self._rule.action is Action.NOTE
        return is_note or reason is Reason.ATTACHED_SAME_GROUP or severity <= self._severity

    def _decide(self, made: Plan) -> None:
        proposes = self._rule.action is Action.PROPOSE
        if proposes and self._waits(made):
            return
        if answered := self._answered():
            why = f"it has fired since before INC-{answered.incident} ended"
            made.settled.append((self._arrived, self._decision(Reason.ANSWERED_BEFORE, why, answered.incident)))
        elif not proposes and self._rule.action is not Action.DECLARE:
            made.settled.append((self._arrived, self._decision(Reason.RECORDED, self._by_rule())))
        elif (window := covering(self._known.windows, [self._service], self._at)) is not None:
            self._keep_quiet(window, made)
        elif proposes:
            self._propose(made)
        elif (storm := self._storm(made)) is not None:
            made.put(storm, self._arrived, self._judged(Reason.ATTACHED_TO_STORM, "many alerts at once"))
        else:
            self._open(made)

    def _waits(self, made: Plan) -> bool:
        """People are asked about it already, or have said that it may stay quiet; of what is graver they have not."""
        for claim, (reason, why) in self._own_ways():
            found = self._proposal_with(claim, made)
            if found and (not found.is_quiet or found.draft.severity <= self._severity):
                told = self._by_rule() if reason is Reason.ATTACHED_SAME_GROUP else why
                self._tell(found, self._wish(told), made)
                return True
        return False

    def _propose(self, made: Plan) -> None:
        """Once many are made in a short while, or wait, the newest of them stands for all others."""
        storm, proposals = self._policy.alerts.storm, self._known.proposals
        new = [each for each in made.proposing if each.before is None]
        is_storm = crowded(proposals, new, storm.incidents, self._at - storm.within)
        if is_storm or len(proposals.waiting) + len(new) >= MOST_OPEN:
            newest = new[-1] if new else self._proposing(proposals.newest, made)
            if newest is not None:
                self._tell(newest, self._wish("many alerts at once", is_crowd=True), made)
                return
        title = title_of(self._alert, self._service, self._rule.title)
        wish = self._wish(self._by_rule())
        proposing = Proposing(draft=drafted(wish, self._rule.name, title, self._at))
        made.proposing.append(proposing)
        self._tell(proposing, wish, made)

    def _tell(self, proposing: Proposing, wish: Wish, made: Plan) -> None:
        proposing.add(self._arrived, wish)
        taken = {*self._known.routes, *self._known.proposals.claimed}
        proposing.unless_claimed |= dict.fromkeys(claim for claim, _ in wish.claims if claim not in taken)
        found_by = () if proposing.is_quiet else wish.claims  # of one that is quiet, the store knows the groups
        made.proposed |= {claim: made.proposed.get(claim, proposing) for claim, _ in found_by}

    def _proposal_with(self, claim: str, made: Plan) -> Proposing | None:
        return made.proposed.get(claim) or self._proposing(self._known.proposals.claimed.get(claim), made)

    def _proposing(self, number: ProposalNumber | None, made: Plan) -> Proposing | None:
        """None: it is known no more."""
        known = self._known.proposals.known.get(number) if number else None
        if known is None:
            return None
        begun = next((each for each in made.proposing if each.before is known), None)
        if begun is None:
            begun = Proposing(draft=known, before=known)
            made.proposing.append(begun)
        return begun

    def _wish(self, why: str, *, is_crowd: bool = False) -> Wish:
        """A claim that another proposal has by which people are asked stays there. What only joins a crowd is found
        again by its group, and brings nobody else along.
        """
        proposals = self._known.proposals
        asked = {claim for claim, number in proposals.claimed.items() if number in proposals.waiting}
        ways = [(claim, reason) for claim, (reason, _) in self._own_ways() if claim not in asked]
        groups = [(claim, Reason.ATTACHED_TO_STORM) for claim, by in ways if by is Reason.ATTACHED_SAME_GROUP]
        claims = tuple(groups if is_crowd else ways)
        judged = self._judged(Reason.PROPOSED, why)
        return Wish(judged=judged, severity=self._severity, severity_why=self._severity_why, claims=claims)

    def _own_ways(self) -> Sequence[tuple[str, tuple[Reason, str]]]:
        return [each for each in self._ways.items() if each[1][0] is not Reason.ATTACHED_BY_DEPENDENCY]

    def _keep_quiet(self, window: Window, made: Plan) -> None:
        """It would have opened an incident; what joins one that is open calls nobody either."""
        alert = self._alert
        why = f"{self._service} is in maintenance ({window.reference})"
        made.settled.append((self._arrived, self._decision(Reason.SUPPRESSED_MAINTENANCE, why)))
        quiet = QuietAlert(
            key=alert.key, service=self._service, title=alert.summary or alert.name, entry=self._arrived.entry
        )
        made.quiet.setdefault(window.number, []).append(quiet)

    def _answered(self) -> Answered | None:
        """By when it began; where only its cycle is told, as of a reminder, by that."""
        alert, answered = self._alert, self._known.answered
        if alert.started_at is None:
            return answered.get(alert.cycle_claim)
        found = answered.get(alert.group_claim)
        return found if found and alert.started_at <= found.at else None

    def _storm(self, made: Plan) -> Target | None:
        """The newest of the incidents that alerts opened lately, once these are too many to be told apart."""
        storm = self._policy.alerts.storm
        opened = (self._known.incidents.get(number) for number in self._known.routes.get(STORM_CLAIM, ()))
        recent = [each.id for each in opened if each and self._at - each.declared_at < storm.within]
        targets: list[Target] = [*sorted(recent), *made.openings]
        if len(targets) < storm.incidents:
            return None
        return next((each for each in reversed(targets) if self._takes(each, Reason.ATTACHED_TO_STORM)), None)

    def _open(self, made: Plan) -> None:
        opening = Opening(
            rule=self._rule,
            severity=self._severity,
            severity_why=self._severity_why,
            service=self._service,
            routed=self._known.routes,
        )
        judged = self._judged(Reason.DECLARED_BY_RULE, self._by_rule())
        made.put(opening, self._arrived, replace(judged, claims=(*judged.claims, STORM_CLAIM)))
        made.openings.append(opening)

    def _by_rule(self) -> str:
        return f"rule “{self._rule.name}”"

    def _judged(self, reason: Reason, why: str = "the same group") -> Judged:
        return Judged(
            alert=self._alert,
            reason=reason,
            why=why,
            at=self._arrived.at,
            claims=tuple(claim for claim, (by, _) in self._ways.items() if by is not Reason.ATTACHED_BY_DEPENDENCY),
            service=self._service,
            suggest=self._rule.suggest,
            freeze=self._rule.freeze,
            rule=self._rule.name,
            guided=self._is_guided(),
        )

    def _is_guided(self) -> bool:
        known = self._policy.catalogue.find(self._service)
        return LinkKind.RUNBOOK in self._alert.links or bool(known and known.runbooks)

    def _decision(self, reason: Reason, why: str, incident: IncidentId | None = None) -> AlertDecision:
        alert = self._alert
        return AlertDecision(
            key=alert.key,
            source=alert.source,
            name=alert.name,
            state=alert.state,
            reason=reason,
            why=why,
            at=self._at,
            incident=incident,
            summary=alert.summary,
            service=self._service,
            began_at=alert.began_at,
            rule=self._rule.name,
            guided=self._is_guided(),
        )
