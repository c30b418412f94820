"""Titles as people write them, and the channel names made of them."""

import random
import re

import pytest

from bot.incident.commands import DeclareIncident
from bot.incident.declaring import channel_name
from bot.incident.effects import OpenChannel
from bot.incident.events import IncidentDeclared
from bot.incident.terms import IncidentId, Rejected
from tests.incident.given import ADA, Story, opening

LEGAL = re.compile(r"[a-z0-9_-]{1,80}")
"""Slack: lower case, no spaces or periods, at most 80 characters."""

TITLES = {
    "Checkout returns 500": "inc-42-checkout-returns-500",
    "Café über München": "inc-42-cafe-uber-munchen",
    "<!channel> now": "inc-42-channel-now",
    "<https://evil|bank>": "inc-42-https-evil-bank",
    "*b* _i_ ~s~ `c`": "inc-42-b-i-s-c",
    "{{7*7}}": "inc-42-7-7",
    "It’s “down”": "inc-42-its-down",
    "结账失败": "inc-42",
    "فشل الدفع": "inc-42",
    "🔥🔥🔥": "inc-42",
    "DB 🔥 lag": "inc-42-db-lag",
    "---": "inc-42",
    "": "inc-42",
}


@pytest.mark.parametrize(("title", "name"), TITLES.items())
def test_a_title_becomes_a_name(title: str, name: str) -> None:
    assert channel_name(IncidentId(42), title) == name
    assert LEGAL.fullmatch(name)


def test_a_long_title_ends_at_a_word_and_leaves_room_for_a_suffix() -> None:
    name = channel_name(IncidentId(42), "checkout " * 33)
    assert name == "inc-42" + "-checkout" * 7
    assert len(name) <= 76


def test_a_long_word_is_cut_and_not_lost() -> None:
    assert channel_name(IncidentId(42), "x" * 300) == "inc-42-" + "x" * 69


def test_whatever_people_type_slack_accepts_the_name() -> None:
    letters = random.Random(42)
    for _ in range(300):
        title = "".join(chr(letters.choice([letters.randrange(32, 127), letters.randrange(0xD000)])) for _ in range(40))
        assert LEGAL.fullmatch(channel_name(IncidentId(letters.randrange(1, 10**6)), title)), title


def titled(title: str) -> str:
    declared = Story().declare(DeclareIncident(by=ADA, title=title)).log[0]
    assert isinstance(declared, IncidentDeclared)
    return declared.title


def test_the_name_of_a_private_channel_tells_nothing() -> None:
    (opened,) = opening(private=True).effects
    assert isinstance(opened, OpenChannel)
    assert (opened.name, opened.private) == ("inc-42", True)


@pytest.mark.parametrize(
    "title",
    [
        "x" * 300,
        "结账失败",
        "فشل الدفع",
        "می\u200cخواهم",
        "👨\u200d👩\u200d👧 lost",
        "🫨 shaking",
        "<!channel> *b* {{7*7}}",
        "“smart” quotes",
    ],
)
def test_a_title_is_kept_as_it_was_written(title: str) -> None:
    assert titled(title) == title


@pytest.mark.parametrize("written", ["Pay\nment\tdown", "  Pay  ment down ", "Pay\u2028ment\x00 down"])
def test_a_title_is_one_line_without_control_characters(written: str) -> None:
    assert titled(written) == "Pay ment down"


def test_a_title_cannot_turn_the_text_around_it() -> None:
    assert titled("\u202egnp.exe\u2066") == "gnp.exe"


@pytest.mark.parametrize("title", ["", " \n\t", "\u200b", "\u200d\ufeff", "\x00", "\u202e"])
def test_a_title_that_shows_nothing_is_refused(title: str) -> None:
    with pytest.raises(Rejected, match="needs a title") as refusal:
        titled(title)
    assert refusal.value.field == "title"


def test_a_title_that_is_too_long_is_refused_with_its_length() -> None:
    with pytest.raises(Rejected, match="has 301 characters and at most 300 fit"):
        titled("x" * 301)
