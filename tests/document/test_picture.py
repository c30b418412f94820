"""The picture: readable for five minutes and nine days, for one entry and a thousand, in any light or without eyes."""

import random
import re
from datetime import datetime, timedelta
from itertools import pairwise
from xml.etree import ElementTree as Xml

import pytest

from bot.document.axis import MOST_TICKS, axis
from bot.document.picture import HEIGHT, STYLE, WIDTH, describe, marks, picture
from bot.incident.commands import AddNote, ChangeStatus, CorrectMilestone, ResolveIncident
from bot.incident.events import NoteAdded
from bot.incident.postmortem import Postmortem, postmortem
from bot.incident.terms import Milestone, Severity, Status
from bot.incident.timeline import entries
from tests.incident.given import ADA, BEN, NOON, Story, after, led, minutes

SVG = "{http://www.w3.org/2000/svg}"


def draft(story: Story) -> Postmortem:
    return postmortem(story.log, story.policy)


def drawn(story: Story) -> Xml.Element:
    return Xml.fromstring(picture(draft(story)))


def lasting(length: timedelta, notes: int = 1) -> Story:
    """With so many notes, at times that are the same in each run."""
    story, chance = led(Severity.SEV1), random.Random(7)
    for at in sorted(chance.random() for _ in range(notes)):
        story.do(AddNote(by=BEN, text="A note."), NOON + length * at)
    story.do(ChangeStatus(by=ADA, status=Status.MITIGATED), NOON + length * 0.999)
    story.do(ResolveIncident(by=ADA), NOON + length)
    return story


def words(picture: Xml.Element) -> list[str]:
    return [text.text or "" for text in picture.iter(f"{SVG}text")]


@pytest.mark.parametrize(
    ("length", "step"),
    [
        (timedelta(), minutes(1)),
        (minutes(5), minutes(1)),
        (minutes(60), minutes(10)),
        (timedelta(hours=7), timedelta(hours=1)),
        (timedelta(days=9), timedelta(days=2)),
        (timedelta(days=400), timedelta(days=56)),
    ],
)
def test_the_axis_has_a_few_whole_ticks_however_long_it_is(length: timedelta, step: timedelta) -> None:
    line = axis(NOON, NOON + length, left=0, width=100)
    assert line.step == step
    assert 2 <= len(list(line.ticks())) <= MOST_TICKS + 1


def test_ticks_are_whole_hours_of_utc_and_midnight_shows_its_date() -> None:
    line = axis(NOON, NOON + timedelta(hours=24), left=0, width=100)
    assert [line.label(tick) for tick in line.ticks()] == [
        *("12:00", "15:00", "18:00", "21:00", "03 Mar", "03:00", "06:00", "09:00", "12:00"),
    ]


def test_what_lies_outside_stands_at_the_edge() -> None:
    line = axis(NOON, NOON + minutes(50), left=10, width=100)
    assert (line.place(after(-500)), line.place(after(500))) == (10, 110)
    assert line.place(after(25)) == pytest.approx(60)


@pytest.mark.parametrize("length", [timedelta(), minutes(5), timedelta(days=9)])
def test_nothing_is_drawn_outside_of_the_picture(length: timedelta) -> None:
    for rect in drawn(lasting(length)).iter(f"{SVG}rect"):
        x, y = float(rect.get("x", "0")), float(rect.get("y", "0"))
        assert x + float(rect.get("width", "0")) <= WIDTH
        assert y + float(rect.get("height", "0")) <= HEIGHT


def test_a_thousand_entries_are_told_apart_and_none_is_lost() -> None:
    found = lasting(timedelta(hours=5), notes=1000)
    line = axis(NOON, NOON + timedelta(hours=5), left=122, width=818)
    told = marks([entry for entry in draft(found).entries if entry.text == "A note."], line)
    assert sum(len(mark.entries) for mark in told) == 1000
    assert min(b.x - a.x for a, b in pairwise(told)) >= 22
    assert len(picture(draft(found))) < 40_000


def test_marks_at_one_place_are_one_with_its_number() -> None:
    notes = [NoteAdded(at=after(at), by=BEN.id, text="x", happened_at=after(at)) for at in (0, 0, 30)]
    line = axis(NOON, after(60), left=0, width=960)
    assert [len(mark.entries) for mark in marks(entries(notes), line)] == [2, 1]


def test_bands_are_as_long_as_the_status_lasted() -> None:
    story = led(Severity.SEV1)
    story.do(ChangeStatus(by=ADA, status=Status.MITIGATED), after(30))
    story.do(ResolveIncident(by=ADA), after(40))
    found = {rect.get("class"): rect for rect in drawn(story).iter(f"{SVG}rect")}
    triage, mitigated = (float(found[f"band {name}"].get("width", "0")) for name in ("triage", "mitigated"))
    assert triage == pytest.approx(3 * mitigated, rel=0.01)


def test_a_band_has_its_word_where_there_is_room() -> None:
    assert {"SEV1", "triage"} <= set(words(drawn(lasting(minutes(60)))))
    assert "mitigated" not in words(drawn(lasting(minutes(60))))


def test_moments_that_were_recorded_have_a_line_and_assumptions_have_none() -> None:
    story = led()
    story.do(CorrectMilestone(by=ADA, milestone=Milestone.IMPACT_STARTED, at=after(-20)), after(1))
    story.do(ResolveIncident(by=ADA), after(30))
    assert {"Impact started", "Restored"} <= set(words(drawn(story)))
    assert "Mitigated" not in words(drawn(story))


def test_the_words_of_moments_close_together_stand_below_each_other() -> None:
    story = led()
    for milestone, at in ((Milestone.ACKNOWLEDGED, 58), (Milestone.MITIGATED, 59)):
        story.do(CorrectMilestone(by=ADA, milestone=milestone, at=after(at)), after(60))
    story.do(ResolveIncident(by=ADA), after(60))
    placed = {each.text: each.get("y") for each in drawn(story).iter(f"{SVG}text")}
    assert len({placed[word] for word in ("Acknowledged", "Mitigated", "Restored")}) == 3


def test_who_cannot_see_it_is_told_what_it_shows() -> None:
    told = drawn(lasting(minutes(60)))
    assert (told.get("role"), told.get("aria-labelledby")) == ("img", "picture-title picture-description")
    assert describe(draft(lasting(minutes(60)))) == (
        "From 2026-03-02 12:00 to 2026-03-02 13:00 UTC. Severity: SEV1 for 1 h. Status: triage for 59 min,"
        " mitigated for 3 s, resolved for 0 s. Marks: entries 1, updates 0, roles 2, playbook 0."
    )


def test_the_picture_tells_no_text_but_the_title() -> None:
    story = lasting(minutes(60), notes=3)
    assert "A note." not in picture(draft(story))


def themes() -> list[dict[str, str]]:
    return [dict(re.findall(r"--(\w+): (#\w{6})", part)) for part in STYLE.split("@media")]


def brightness(colour: str) -> float:
    """Relative luminance: WCAG 2.2."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    light, dark = sorted((brightness(one), brightness(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_words_can_be_read_on_every_band_and_ground_in_light_dark_and_print() -> None:
    for theme in themes():
        bands = [theme[name] for name in ("worst", "bad", "mild", "good", "calm", "rest") if name in theme]
        assert all(contrast("#ffffff", band) >= 4.5 for band in bands)
        assert all(contrast(theme[name], theme["ground"]) >= 4.5 for name in ("ink", "quiet"))


def test_a_log_whose_clock_went_back_can_be_drawn() -> None:
    story = led()
    story.do(ChangeStatus(by=ADA, status=Status.MITIGATED), after(30))
    story.do(ResolveIncident(by=ADA), after(20))
    assert isinstance(drawn(story), Xml.Element)
    assert isinstance(story.state.ended_at, datetime)
