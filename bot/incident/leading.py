"""Decisions: who holds which role, and who is let in."""

from datetime import datetime

from bot.incident import events as happened
from bot.incident.commands import AssignRole, ClaimRole, JoinIncident, ReleaseRole
from bot.incident.events import Event
from bot.incident.policy import Policy
from bot.incident.progress import reached, require_active
from bot.incident.rights import require_able_to_hold, require_reader, require_responder, still_opening
from bot.incident.state import Assignment, Incident
from bot.incident.terms import INCIDENT_COMMANDER, Milestone, Person, Rejected, Role, UserId

Events = tuple[Event, ...]


def assign(incident: Incident, command: AssignRole, policy: Policy, at: datetime) -> Events:
    require_responder(incident, command.by, policy)
    require_active(incident)
    title = role_title(command.role, policy)
    require_able_to_hold(command.holder)
    held = incident.roles.get(command.role)
    if held and held.holder == command.holder.id and not held.by_default:
        raise Rejected(f"{command.holder.name or 'That person'} is {title} already.", field=command.role)
    return _take(incident, command.role, command.holder, command.by.id, at)


def claim(incident: Incident, command: ClaimRole, policy: Policy, at: datetime) -> Events:
    """One of two who claim at once wins; the other is told who."""
    require_responder(incident, command.by, policy)
    require_active(incident)
    title = role_title(command.role, policy)
    require_able_to_hold(command.by)
    held = incident.roles.get(command.role)
    if held and not held.by_default:
        raise _taken(held, command.by, title)
    return _take(incident, command.role, command.by, command.by.id, at)


def release(incident: Incident, command: ReleaseRole, policy: Policy, at: datetime) -> Events:
    require_responder(incident, command.by, policy)
    mine = incident.roles_of(command.by.id)
    role = command.role or (mine[0] if len(mine) == 1 else None)
    if role is None:
        raise Rejected(_which_role(mine, policy), verb="release")
    if role not in mine:
        title = role_title(role, policy)
        raise Rejected(f"You are not {title}, so there is nothing to release.", verb="assign")
    return (happened.RoleReleased(at=at, by=command.by.id, role=role, before=command.by.id),)


def join(incident: Incident, command: JoinIncident, policy: Policy, at: datetime) -> Events:
    require_reader(incident, command.by, policy)
    if incident.channel is None:
        raise Rejected(still_opening(incident))
    if command.by.id in incident.members:
        raise Rejected(f"You are in #{incident.channel_name} already.")
    return (happened.JoinRequested(at=at, by=command.by.id, user=command.by.id),)


def role_title(role: Role, policy: Policy) -> str:
    """The role's name as people read it. Raises Rejected for a role that the policy does not have."""
    if role not in policy.roles:
        known = ", ".join(rule.title for rule in policy.roles.values())
        raise Rejected(f"There is no such role here. The roles are: {known}.", field="role")
    return policy.roles[role].title


def _take(incident: Incident, role: Role, holder: Person, by: UserId, at: datetime) -> Events:
    assigned = happened.RoleAssigned(
        at=at, by=by, role=role, holder=holder.id, before=incident.holder(role), time_zone=holder.time_zone
    )
    if role != INCIDENT_COMMANDER:
        return (assigned,)
    return (assigned, *reached(incident, Milestone.ACKNOWLEDGED, by, at))


def _taken(held: Assignment, by: Person, title: str) -> Rejected:
    if held.holder == by.id:
        return Rejected(f"You are {title} already.")
    sentence = f"{{who}} is {title} already. To take over, assign the role to yourself."
    return Rejected(sentence, verb="assign", who=held.holder)


def _which_role(mine: tuple[Role, ...], policy: Policy) -> str:
    if not mine:
        return "You hold no role in this incident, so there is nothing to release."
    titles = [policy.roles[role].title if role in policy.roles else role for role in mine]
    return f"You are {' and '.join(titles)}. Say which of them you release, as in “release {titles[-1]}”."
