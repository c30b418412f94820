"""The forms of a follow-up: all its fields, who is to own it, and what a change of its state asks for."""

from collections.abc import Mapping
from typing import Final

from bot.incident.following_up import LONGEST_WHAT
from bot.incident.followup import Degree, Followup, FollowupClass, FollowupContent, FollowupState, followup_reference
from bot.incident.state import Incident
from bot.slack import action_ids
from bot.slack.blocks import elements, phrases
from bot.slack.blocks.elements import Element, View, field, option, ours
from bot.slack.message import Block
from bot.slack.mrkdwn import bold, escape, join, line

WHAT: Final = "what"
KIND: Final = "kind"
OWNER: Final = "owner"
PRODUCT_SPONSOR: Final = "product_sponsor"
RELIABILITY_SPONSOR: Final = "reliability_sponsor"
DUE_ON: Final = "due_on"
METRIC: Final = "metric"
IMPACT: Final = "impact"
EFFORT: Final = "effort"
NOTE: Final = "note"
WAITS_FOR: Final = "waits_for"

_ASKS: Final[Mapping[FollowupState, tuple[str, str, str]]] = {
    FollowupState.DONE: ("Done", "What shows it", "A link or a figure: how do we know that it holds?"),
    FollowupState.BLOCKED: ("Blocked", "What it waits for", "Its sponsors are told, and whoever it waits for."),
    FollowupState.WILL_NOT_DO: ("Will not do", "Why not", "It is settled by that, and nobody is asked any more."),
}
"""State -> the form's title, its field and a hint."""


def followup_modal(incident: Incident, metadata: str, item: Followup | None = None) -> View:
    """`item` None: a new one."""
    content = item.content if item else FollowupContent(what="")
    fields = [_head(incident, item), *_work(content), *_people(content), *_weight(content)]
    title, submit = ("Edit follow-up", "Save") if item else ("Add follow-up", "Add")
    return elements.modal(title, action_ids.FOLLOWUP_MODAL, metadata, submit, fields)


def _work(content: FollowupContent) -> list[Block]:
    what = elements.text_input(initial=content.what, lines=True, most=LONGEST_WHAT)
    metric = elements.text_input(initial=content.metric, lines=True)
    return [
        field(WHAT, "What is to be done", what),
        field(KIND, "Class", _words(FollowupClass, content.kind), optional=True),
        field(DUE_ON, "Deadline", elements.day_picker(content.due_on), optional=True),
        field(METRIC, "How we shall know", metric, optional=True, hint="A figure, or a hypothesis to test."),
    ]


def _people(content: FollowupContent) -> list[Block]:
    return [
        field(OWNER, "Technical owner", elements.user_select(content.owner, "Nobody yet"), optional=True),
        field(PRODUCT_SPONSOR, "Product sponsor", elements.user_select(content.product_sponsor), optional=True),
        field(
            RELIABILITY_SPONSOR, "Reliability sponsor", elements.user_select(content.reliability_sponsor), optional=True
        ),
    ]


def _weight(content: FollowupContent) -> list[Block]:
    return [
        field(IMPACT, "Impact", _words(Degree, content.impact), optional=True),
        field(EFFORT, "Effort", _words(Degree, content.effort), optional=True),
    ]


def _words(words: type[FollowupClass] | type[Degree], chosen: FollowupClass | Degree | None) -> Element:
    options = [option(ours(each.capitalize(), elements.OPTION_TEXT), each.value) for each in words]
    return elements.select(options, initial=chosen.value if chosen else None)


def followup_owner_modal(incident: Incident, metadata: str, item: Followup) -> View:
    chooser = elements.user_select(item.content.owner)
    fields = [_head(incident, item), field(OWNER, "Technical owner", chooser, hint="They are told.")]
    return elements.modal("Give follow-up", action_ids.FOLLOWUP_OWNER_MODAL, metadata, "Give", fields)


def followup_state_modal(incident: Incident, metadata: str, item: Followup, wanted: FollowupState) -> View:
    """Raises KeyError for a state that asks for no words."""
    title, label, hint = _ASKS[wanted]
    is_blocked = wanted is FollowupState.BLOCKED
    fields = [_head(incident, item)]
    if is_blocked:
        fields.append(field(WAITS_FOR, "On whom it waits", elements.user_select(), optional=True))
    fields.append(field(NOTE, label, elements.text_input(lines=True), optional=is_blocked, hint=hint))
    return elements.modal(title, action_ids.FOLLOWUP_STATE_MODAL, metadata, "Save", fields)


def _head(incident: Incident, item: Followup | None) -> Block:
    if item is None:
        return elements.context(join(" · ", phrases.headline(incident), bold(phrases.title(incident, 150))))
    ref = escape(followup_reference(incident.id, item.number, drill=incident.drill))
    return elements.context(join(" · ", ref, bold(line(item.content.what, 150))))
