"""A sample of every block and element that Slack knows, and of what the bot itself sends; each valid for Slack.

MESSAGES: (name, blocks) for messages; MODALS: (name, view); HOMES: (name, view). NEWER: blocks of Slack's own types
that the workspace does not take from an app yet, which the page draws all the same.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from bot.incident.policy import Policy
from bot.incident.terms import Rejected, Status, StepState
from bot.slack.blocks import answers, cards, checklist, modals, panels
from bot.slack.blocks.home import home
from tests.browser.element_samples import INPUTS, MENUS, MOMENT, PRESSED, button, menu, options, plain
from tests.slack.blocks import given

Block = dict[str, Any]
Sample = tuple[str, Sequence[Mapping[str, Any]]]


def words(text: str) -> Block:
    return {"type": "mrkdwn", "text": text}


def section(text: str, **more: Any) -> Block:
    return {"type": "section", "text": words(text), **more}


def text_part(text: str, **style: bool) -> Block:
    return {"type": "text", "text": text, "style": style} if style else {"type": "text", "text": text}


def rich_section(*parts: Block) -> Block:
    return {"type": "rich_text_section", "elements": list(parts)}


def rich(*elements: Block) -> Block:
    return {"type": "rich_text", "elements": list(elements)}


PICTURE: Final = {"type": "image", "image_url": "https://example.com/graph.png", "alt_text": "Errors of the last hour"}

RICH: Final = rich(
    rich_section(
        text_part("Bold", bold=True),
        text_part(" italic", italic=True),
        text_part(" struck", strike=True),
        text_part(" code", code=True),
        text_part(" and "),
        {"type": "link", "url": "https://example.com/", "text": "a link"},
        text_part(" for "),
        {"type": "user", "user_id": "U0BEN00001"},
        text_part(" in "),
        {"type": "channel", "channel_id": "C0GENERAL1"},
        text_part(" "),
        {"type": "emoji", "name": "eyes"},
        {"type": "broadcast", "range": "here"},
        text_part(" at "),
        {"type": "date", "timestamp": MOMENT, "format": "{time}", "fallback": "14:05 UTC"},
        {"type": "usergroup", "usergroup_id": "S0ONCALL01"},
    ),
    {
        "type": "rich_text_list",
        "style": "bullet",
        "elements": [rich_section(text_part(each)) for each in ("one", "two")],
    },
    {"type": "rich_text_list", "style": "ordered", "indent": 1, "elements": [rich_section(text_part("inner"))]},
    {"type": "rich_text_quote", "elements": [text_part("as they said")]},
    {"type": "rich_text_preformatted", "elements": [text_part("kubectl get pods\n  -n checkout")]},
)

TABLE: Final = {
    "type": "table",
    "column_settings": [{"align": "left", "is_wrapped": True}, {"align": "right"}],
    "rows": [
        [{"type": "raw_text", "text": "Region"}, {"type": "raw_text", "text": "Errors"}],
        [{"type": "raw_text", "text": "EU"}, {"type": "raw_text", "text": "52 %"}],
        [rich(rich_section(text_part("US", bold=True))), {"type": "raw_text", "text": "0.1 %"}],
    ],
}

VIDEO: Final = {
    "type": "video",
    "alt_text": "How to roll back",
    "title": plain("Rolling back"),
    "video_url": "https://example.com/embed",
    "thumbnail_url": "https://example.com/thumb.png",
    "author_name": "Ada",
    "description": plain("In two minutes."),
}

BLOCKS: Final[tuple[Sample, ...]] = (
    ("header", [{"type": "header", "text": plain("Checkout is down :fire:")}]),
    ("section", [section("*Bold* and a <https://example.com|link>, `code`, <@U0ADA00001> in <#C0GENERAL1>")]),
    ("section in plain text", [{"type": "section", "text": plain("*not bold* :tada:")}]),
    ("section with fields", [{"type": "section", "fields": [words("*Severity*\nSEV1"), words("*Status*\nOpen")]}]),
    ("section with a button", [section("INC-7 is open.", accessory=button("Join"))]),
    ("section with a menu", [section("Change the kind", accessory=menu("static_select", options=options("A", "B")))]),
    ("section with a picture", [section("Errors", accessory=PICTURE)]),
    ("section with lines", [section("one\n\ntwo\n> quoted\n```\ncode\n```\nthree")]),
    ("divider", [section("above"), {"type": "divider"}, section("below")]),
    ("context", [{"type": "context", "elements": [PICTURE, words("*small* words"), plain("and plain ones")]}]),
    ("image", [{**PICTURE, "title": plain("A graph")}]),
    ("rich text", [RICH]),
    ("video", [VIDEO]),
    ("file", [{"type": "file", "external_id": "ABC", "source": "remote"}]),
    (
        "markdown",
        [{"type": "markdown", "text": "# Title\n\n**bold** and [a link](https://example.com)\n\n- one\n- two"}],
    ),
    ("table", [TABLE]),
    ("input in a message", [{**INPUTS["a line that acts"], "label": plain("Ask")}]),
)

ELEMENTS: Final[tuple[Sample, ...]] = tuple((name, [block]) for name, block in {**PRESSED, **MENUS}.items())

NEWER: Final[tuple[Sample, ...]] = (
    ("alert", [{"type": "alert", "level": "warning", "text": words("The *store* is nearly full.")}]),
    (
        "card",
        [card := {"type": "card", "title": words("A card"), "body": words("with a body"), "actions": [button("Go")]}],
    ),
    ("carousel", [{"type": "carousel", "elements": [card, card]}]),
    ("container", [{"type": "container", "title": plain("A box"), "child_blocks": [section("within")]}]),
    ("data table", [{**TABLE, "type": "data_table", "caption": "Errors by region"}]),
    ("task card", [task := {"type": "task_card", "task_id": "1", "title": "Roll back", "status": "complete"}]),
    ("plan", [{"type": "plan", "title": "The plan", "tasks": [task]}]),
    ("unheard of", [{"type": "hologram", "spin": True}]),
)


def _cards() -> list[Sample]:
    """What stands in an incident's channel, at 14:35."""
    book = given.with_playbook(given.incident(), given.checklist(), s1=StepState.DONE, s2=StepState.STARTED)
    over = given.incident(status=Status.RESOLVED, ended_at=given.AT, last_status_note="Rolled back.")
    shown = {
        "summary": cards.summary_card(book, given.POLICY, given.AT),
        "summary of a resolved incident": cards.summary_card(over, given.POLICY, given.AT),
        "announcement": cards.announcement_card(given.incident(), given.POLICY, given.AT),
        "playbook": checklist.playbook_card(book, "bad-deploy", given.POLICY, given.AT),
        "hostile summary": cards.summary_card(given.hostile(given.HOSTILE[0]), given.POLICY, given.AT),
        "control panel": panels.control_panel(book, given.POLICY, given.ADA, given.AT),
        "front door": panels.front_door(given.listings(3), given.CLEO, given.POLICY, given.AT),
        "help": answers.help_text("/incident", {"Declare": [("declare [sev1] [title]", "open one")]}),
        "refusal": answers.rejected(Rejected("INC-42 is already resolved.", verb="reopen"), given.incident()),
        "declared": answers.declared(given.incident(), given.POLICY, given.AT),
    }
    return [(f"Muster's {name}", message.blocks) for name, message in shown.items()]


MESSAGES: Final[tuple[Sample, ...]] = (*BLOCKS, *ELEMENTS, *_cards())


def _inputs() -> Block:
    """A modal with every kind of input, and an action among them."""
    blocks = [section("Everything that can be entered."), *INPUTS.values(), PRESSED["buttons"]]
    return {"type": "modal", "title": plain("Every input"), "submit": plain("Send"), "blocks": blocks}


def _modals() -> dict[str, Block]:
    with_services = Policy(services={f"service-{number}": () for number in range(20)})
    incident = given.incident()
    return {
        "declare": modals.declare_modal(Policy(), "{}", at=given.AT),
        "declare, of many services": modals.declare_modal(with_services, "{}", title="Checkout is down"),
        "update": modals.update_modal(incident, "{}"),
        "status": modals.status_modal(incident, "{}"),
        "severity": modals.severity_modal(incident, given.POLICY, "{}"),
        "roles": modals.roles_modal(incident, given.POLICY, "{}"),
        "note": modals.note_modal(incident, "{}"),
        "cadence": modals.cadence_modal(incident, "{}"),
        "times": modals.times_modal(incident, "{}", given.AT),
        "resolve": modals.resolve_modal(incident, "{}"),
    }


MODALS: Final[tuple[tuple[str, Block], ...]] = (("every input", _inputs()), *_modals().items())

HOMES: Final[tuple[tuple[str, Block], ...]] = (
    ("home", home(given.listings(3), given.ADA, given.POLICY, given.AT)),
    ("empty home", home((), given.CLEO, given.POLICY, given.AT)),
)
