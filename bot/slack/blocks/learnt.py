"""What earlier incidents say about one, where people look at what was learnt: its postmortem, its review."""

from typing import Final

from bot.incident.themes import Lessons
from bot.slack.blocks import elements
from bot.slack.blocks.hits import brief
from bot.slack.blocks.risk_register import returning_words
from bot.slack.message import Block
from bot.slack.mrkdwn import fill, lines

MOST_RETURNING: Final = 5


def learnt_blocks(learnt: Lessons) -> list[Block]:
    """What returns, and which incidents were like it and why; nothing where there is neither."""
    returning = [returning_words(each) for each in learnt.returning[:MOST_RETURNING]]
    alike = [fill("Like this one: {hit}", hit=brief(each)) for each in learnt.precedents]
    told = lines(*returning, *alike)
    return [elements.section(told)] if told else []
