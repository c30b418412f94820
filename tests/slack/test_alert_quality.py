"""Alert quality as people read it: what to fix, in plain words, with nothing that a source could make of them."""

from datetime import timedelta
from typing import Any

from bot.incident.alert_quality import RuleQuality, Week, WeekQuality
from bot.incident.alert_tally import Figure, Sounding
from bot.slack.blocks.quality_cards import PAGE, quality_page, weekly_list
from bot.slack.message import Message

WEEK = Week(2968)
"""Of 16 November 2026."""


def rule(name: str = "HighErrorRate", *, service: str = "checkout", **figures: int) -> RuleQuality:
    counted = {Figure(figure): count for figure, count in figures.items()}
    sounding = Sounding(source="alertmanager", name=name, service=service, rule="grave")
    return RuleQuality(sounding=sounding, figures=counted)


def of_week(*rules: RuleQuality, week: int = WEEK) -> WeekQuality:
    return WeekQuality(week=Week(week), rules=rules)


def texts(message: Message) -> list[str]:
    return [block["text"]["text"] for block in message.blocks if block["type"] == "section"]


def buttons(message: Message) -> list[Any]:
    return [each for block in message.blocks if block["type"] == "actions" for each in block["elements"]]


def test_the_weekly_list_says_what_to_fix_and_how_it_was_before() -> None:
    flapping = rule(fired=41, opened=1, joined=40, flapped=12, unguided=41)
    told = weekly_list(of_week(flapping), of_week(rule(fired=60, opened=2), week=WEEK - 1))
    assert told
    assert told.text == "Alerts of the week of 16 Nov 2026: 1 rule to fix first"
    head, listed = texts(told)
    assert "1 rule fired 41 times and opened 1 incident (the week before: 60 times, 2 incidents)." in head
    assert "1. *HighErrorRate* · alertmanager · checkout" in listed
    assert "fired 41, the week before 60" in listed
    assert "no runbook: add runbook_url to the alert, or runbooks to its service; flapped 12 times" in listed
    assert [each["text"]["text"] for each in buttons(told)] == ["Show all rules"]


def test_where_nothing_is_to_be_fixed_there_is_no_list() -> None:
    assert weekly_list(of_week(rule(fired=41, opened=1, joined=40)), of_week()) is None


def test_the_page_begins_with_what_is_to_be_fixed() -> None:
    rules = [rule("Good", fired=900, joined=900), rule("Noise", fired=20)]
    head, first, second = texts(quality_page([of_week(*rules), of_week(week=WEEK - 1)], 1))
    assert "Alert quality since 9 Nov 2026: 2 rules fired 920 times and opened 0 incidents" in head
    assert ("*Noise*" in first, "To fix: fired 20 times and led to no incident" in first) == (True, True)
    assert ("*Good*" in second, "fired 900, joined 900" in second, "To fix" in second) == (True, True, False)


def test_the_page_is_turned_and_ends() -> None:
    rules = [rule(f"R{number}", fired=number) for number in range(1, PAGE + 2)]
    first, last = (quality_page([of_week(*rules)], number) for number in (1, 99))
    assert ("page 1 of 2" in texts(first)[0], "page 2 of 2" in texts(last)[0]) == (True, True)
    assert [[each["text"]["text"] for each in buttons(page)] for page in (first, last)] == [["Next"], ["Previous"]]


def test_where_no_alert_has_fired_the_page_says_so() -> None:
    assert texts(quality_page([of_week()], 1)) == ["No alert has fired since 16 Nov 2026."]


def test_what_a_source_wrote_neither_pings_nor_formats() -> None:
    hostile = rule("<!channel> *x* <https://evil.example|Click>" + "y" * 300, service="<@U1>", fired=40)
    for message in (quality_page([of_week(hostile)], 1), weekly_list(of_week(hostile), of_week())):
        assert message
        told = " ".join(texts(message))
        assert "<!" not in told
        assert "<http" not in told
        assert "<@" not in told
        assert "y" * 120 not in told


def test_minutes_to_command_are_told() -> None:
    slow = RuleQuality(
        sounding=rule().sounding, figures={Figure.FIRED: 3, Figure.OPENED: 3}, took=(timedelta(minutes=18),)
    )
    assert "18 min to command" in texts(quality_page([of_week(slow)], 1))[1]
