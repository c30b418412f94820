"""Lists of follow-ups: by person, of one incident, what is overdue, or all, with buttons from one to the other."""

from collections.abc import Sequence
from datetime import date
from typing import Final

from bot.incident.followup_index import Listed, Share
from bot.incident.terms import UserId
from bot.slack import action_ids
from bot.slack.action_ids import pack
from bot.slack.asked import Followups, Whose
from bot.slack.blocks import elements
from bot.slack.blocks.elements import Element
from bot.slack.blocks.followup_cards import listed_line, show_button
from bot.slack.blocks.followup_rounds import share_words
from bot.slack.message import Block, Message
from bot.slack.mrkdwn import NOTHING, Mrkdwn, escape, fill, join, line, lines, user

PAGE: Final = 10


def followup_list(
    items: Sequence[Listed], wanted: Followups, today: date, *, incident: Mrkdwn = NOTHING, share: Share | None = None
) -> Message:
    """Ten a page, in the order given. The caller leaves out what may not be seen. `incident`: whose they are."""
    pages = max(1, -(-len(items) // PAGE))
    number = min(max(wanted.number, 1), pages)
    head = _head(items, wanted, today, incident)
    paging = fill("page {n} of {all}", n=escape(str(number)), all=escape(str(pages))) if pages > 1 else NOTHING
    told = lines(join(", ", head, paging), share_words(share) if share else NOTHING)
    part = items[(number - 1) * PAGE : number * PAGE]
    rows = [
        elements.section(listed_line(item, today), show_button(item.line.incident, item.line.number)) for item in part
    ]
    return elements.message(head, elements.section(told), *rows, *_buttons(wanted, number, pages))


def _head(items: Sequence[Listed], wanted: Followups, today: date, incident: Mrkdwn) -> Mrkdwn:
    is_open = sum(item.line.is_open for item in items)
    overdue = sum(item.line.is_overdue(today) for item in items)
    parts = {"whose": _whose(wanted, incident), "n": escape(str(is_open)), "late": escape(str(overdue))}
    if wanted.whose is Whose.OVERDUE:
        return fill("Follow-ups overdue: {late}", **parts)
    return fill("{whose}: {n} open, {late} overdue", **parts)


def _whose(wanted: Followups, incident: Mrkdwn) -> Mrkdwn:
    match wanted.whose:
        case Whose.HERE:
            return fill("Follow-ups of {inc}", inc=incident)
        case Whose.PERSON:
            return fill("Follow-ups of {who}", who=user(wanted.who or UserId("")))
        case Whose.TEAM:
            return fill("Follow-ups of {team}", team=line(wanted.team, 75))
        case Whose.MINE:
            return Mrkdwn("Your follow-ups")
    return Mrkdwn("Follow-ups")


def _buttons(wanted: Followups, number: int, pages: int) -> list[Block]:
    turns = [("Previous", number - 1), ("Next", number + 1)]
    made = [_page(text, wanted, page) for text, page in turns if 1 <= page <= pages]
    others = [each for each in (Whose.MINE, Whose.OVERDUE, Whose.ALL) if each is not wanted.whose]
    made += [_other(each) for each in others]
    if wanted.whose is Whose.HERE and wanted.incident:
        made.append(elements.button("Add follow-up", action_ids.ADD_FOLLOWUP, pack(wanted.incident)))
    return [elements.actions(*made)]


def _page(text: str, wanted: Followups, page: int) -> Element:
    value = pack(wanted.incident or 0, wanted.whose, wanted.who or wanted.team, page)
    return elements.button(text, action_ids.SHOW_FOLLOWUPS, value, suffix=f"page{page}")


def _other(whose: Whose) -> Element:
    return elements.button(f"Show {whose}", action_ids.SHOW_FOLLOWUPS, pack(0, whose, "", 1), suffix=whose.value)
