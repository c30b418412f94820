"""Who may do what. Asked in every decision, against the state of that moment, and nowhere else."""

from collections.abc import Mapping
from typing import Final

from bot.incident.policy import Policy
from bot.incident.state import Incident
from bot.incident.terms import IncidentId, NotAMember, Person, Rejected, Standing, UserId

_NO: Final[Mapping[Standing, str]] = {
    Standing.GUEST: "Guests of this workspace cannot act on incidents. Ask a full member to do it.",
    Standing.FOREIGN: "People of other organisations cannot act on incidents here. Ask a member of this workspace.",
    Standing.BOT: "Other bots cannot act on incidents.",
    Standing.GONE: "This account is deactivated and cannot act on incidents.",
}

_CANNOT_HOLD: Final[Mapping[Standing, str]] = {
    Standing.GUEST: "is a guest of this workspace and cannot take a role here",
    Standing.FOREIGN: "belongs to another organisation and cannot take a role here",
    Standing.BOT: "is a bot and cannot take a role",
    Standing.GONE: "has a deactivated account and cannot take a role",
    Standing.MUSTER: "cannot take a role",
}


def unknown(incident: IncidentId) -> str:
    """The sentence for an incident that does not exist, and for one that is not yours to know of."""
    return f"There is no INC-{incident} that you can see."


def require_full_member(by: Person) -> None:
    """Raises Rejected for guests, people of other organisations, bots and closed accounts."""
    if by.standing in _NO:
        raise Rejected(_NO[by.standing])


def require_muster(by: Person) -> None:
    """What only Slack, a timer or an effect reports can never be asked for by a person."""
    if by.standing is not Standing.MUSTER:
        raise Rejected("Only Muster itself records that.")


def still_opening(incident: Incident) -> str:
    """The sentence for whoever needs the channel in the moment before it exists."""
    return f"The channel of {incident.reference} is still being opened. Try again in a moment."


def require_responder(incident: Incident, by: Person, policy: Policy, also: frozenset[UserId] = frozenset()) -> None:
    """Members of the incident's channel act on it; `also` names whom the policy adds for this.

    Raises Rejected, or NotAMember where the log does not know of a membership that Slack might.
    """
    require_reader(incident, by, policy)
    if _is_inside(incident, by) or by.id in also:
        return
    if incident.channel is None:
        raise NotAMember(still_opening(incident))
    raise NotAMember(f"Only people in #{incident.channel_name} can do that. Join it first.", verb="join")


def require_reader(incident: Incident, by: Person, policy: Policy) -> None:
    """Full members may read; of a private incident only who is in it, or whom the policy lets see it.

    Privacy comes first: a guest's own refusal would tell that there is something to be refused.
    """
    if incident.private and not _is_inside(incident, by) and by.id not in policy.rights.see_private:
        raise NotAMember(unknown(incident.id), verb="list")
    require_full_member(by)


def require_asked(incident: Incident, by: Person, policy: Policy) -> None:
    """Only whoever took part, and was asked how it went, says so. Raises Rejected, and NotAMember as above."""
    require_reader(incident, by, policy)
    if by.id not in incident.feedback.asked:
        raise Rejected(
            f"Only those who took part in {incident.reference} are asked how it went, and you were not.",
            verb="feedback",
        )


def require_alerts_welcome(incident: Incident, by: Person) -> None:
    """Full members say to which open incident alerts belong; never to a private one or a drill, which nobody outside
    may learn from the alert log. Raises Rejected.
    """
    require_full_member(by)
    if incident.private:
        raise NotAMember(unknown(incident.id), verb="list")
    if incident.drill:
        raise Rejected(f"{incident.reference} is a drill, and these alerts are not. Choose another.", field="incident")
    if not incident.is_active:
        raise Rejected(
            f"{incident.reference} is {incident.status} and takes no alerts any more. Choose another.", field="incident"
        )


def require_able_to_hold(person: Person, field: str = "holder") -> None:
    """Raises Rejected for whoever cannot be given a role; `field` is the input that named them."""
    if person.standing in _CANNOT_HOLD:
        raise Rejected(f"{person.name or 'This account'} {_CANNOT_HOLD[person.standing]}.", field=field)


def require_able_to_own(person: Person, field: str, what: str = "a follow-up") -> None:
    """Raises Rejected for whoever cannot be given what is to be chased; `field` is the input that named them."""
    if person.standing in _CANNOT_HOLD:
        why = _CANNOT_HOLD[person.standing].replace("take a role", f"be given {what}")
        raise Rejected(f"{person.name or 'This account'} {why}.", field=field)


def may_hear(incident: Incident, user: UserId) -> bool:
    """In person. Who holds a role but was taken out of a private channel hears no more of it."""
    return not incident.private or incident.channel is None or user in incident.members


def _is_inside(incident: Incident, by: Person) -> bool:
    in_channel = incident.channel is not None and by.speaks_in == incident.channel
    opening = incident.channel is None and by.id == incident.reporter
    return by.standing is Standing.MUSTER or in_channel or opening or by.id in incident.members
