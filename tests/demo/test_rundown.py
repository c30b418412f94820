"""Which line comes next, which waits and for what, which is left out: as a table of seconds, without any clock."""

from bot.demo.rundown import Place, Room, Rundown
from bot.playbook.drill_script import Line, Moment
from tests.demo.playing import drill, room

USERS = {name: f"U{name.upper()}" for name in ("ada", "ben", "cleo", "finn", "grace", "sam", "pagerbot")}
HERE = Place(channel="C1", ts="1.0")


def rundown(*lines: str) -> Rundown:
    return Rundown(drill=drill(*lines), started=0, users=USERS)


def said(plan: Rundown, now: float) -> Line | None:
    """The next line, said at once."""
    line = plan.next_line(now)
    if line:
        plan.note(line, now, HERE)
    return line


def numbers(plan: Rundown, now: float) -> list[int]:
    """All that is due, in the order in which it is said."""
    return [line.number for line in iter(lambda: said(plan, now), None)]


def test_nothing_is_said_before_its_time() -> None:
    plan = rundown("- at 1 min, Grace in #support: Hm")
    assert plan.next_line(59) is None
    assert plan.next_at(59) == 60
    assert plan.next_line(60) is not None


def test_what_is_due_is_said_in_the_order_of_its_times_not_of_the_file() -> None:
    plan = rundown(
        "- at 3 min, Grace in #support: third",
        "- at 1 min, Grace in #support: first",
        "- at 1 min, Cleo in #support: second",
    )
    assert numbers(plan, 600) == [1, 2, 0]


def test_a_line_after_a_moment_counts_from_when_it_was_reached() -> None:
    plan = rundown("- 1 min after declared, Cleo in #general: Here")
    assert plan.next_at(100) is None
    plan.learn(room("C1"), 100)
    plan.learn(room("C1"), 130)
    assert plan.next_at(130) == 160


def test_a_reply_waits_for_its_message_and_counts_from_it() -> None:
    plan = rundown("- at 1 min, Grace in #support: Hm", "  - 10 s later, Cleo replies: Yes?")
    assert said(plan, 90) is not None
    assert plan.next_at(90) == 100


def test_a_message_that_is_left_out_takes_its_replies_with_it() -> None:
    plan = rundown("- at 1 min, unless declared, Grace in #support: Anybody?", "  - Cleo reacts :eyes:")
    plan.learn(room("C1"), 30)
    assert numbers(plan, 90) == []
    assert numbers(plan, 200) == []
    assert plan.left_out == {0, 1}


def test_a_condition_is_asked_when_the_time_has_come() -> None:
    plan = rundown("- at 1 min, if private, Cleo in #general: Good")
    plan.learn(room("C1", private=True), 59)
    assert numbers(plan, 60) == [0]


def test_the_war_room_is_waited_for_while_others_go_on() -> None:
    plan = rundown("- at 1 min, Finn in the war room: Here", "- at 2 min, Grace in #support: Hm")
    assert numbers(plan, 200) == [1]
    assert plan.waits_for(200) == "an incident to be declared (/incident declare, in any channel)"
    plan.learn(room("C1"), 210)
    assert numbers(plan, 210) == [0]


def test_the_war_room_is_waited_for_while_it_is_being_opened() -> None:
    plan = rundown("- at 1 min, Finn in the war room: Here")
    plan.learn(room(""), 100)
    assert plan.next_line(100) is None


def test_nobody_speaks_in_a_private_war_room_to_which_they_were_not_invited() -> None:
    plan = rundown("- at 1 min, Finn in the war room: Here")
    plan.learn(room("C1", private=True), 100)
    assert plan.next_line(100) is None
    assert plan.waits_for(100) == "Finn, who is not in #inc-1 yet (give them a role, or invite them)"
    plan.learn(room("C1", private=True, members=frozenset({"UFINN"})), 110)
    assert numbers(plan, 110) == [0]


def test_whoever_commands_is_not_written_to_by_themselves() -> None:
    plan = rundown("- at 1 min, Cleo to the commander: A word")
    plan.learn(room("C1", commander="UCLEO"), 100)
    assert numbers(plan, 100) == []
    assert plan.left_out == {0}


def test_an_incident_that_is_cancelled_is_waited_for_again() -> None:
    plan = rundown("- at 1 min, Finn in the war room: Here")
    plan.learn(room("C1"), 10)
    plan.learn(None, 20)
    assert plan.waits_for(60) == "an incident to be declared (/incident declare, in any channel)"


def test_it_says_which_moment_it_waits_for_and_when_all_is_said() -> None:
    plan = rundown("- 1 min after mitigated, Grace in #support: Thanks")
    plan.learn(room("C1"), 10)
    assert plan.waits_for(20) == "the incident to be mitigated (change its status once the harm has stopped)"
    plan.learn(room("C1", moments=frozenset({Moment.DECLARED, Moment.MITIGATED})), 30)
    assert plan.waits_for(40) == ""
    assert numbers(plan, 90) == [0]
    assert plan.waits_for(90) == "the incident to be resolved; all has been said"


def test_a_room_knows_nothing_that_was_not_told() -> None:
    assert Room(channel="", name="", private=False, over=False).moments == frozenset()
