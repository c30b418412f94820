"""What returns over incidents is said when a factor is added, and in the panel; each counts what they may see."""

from datetime import timedelta
from pathlib import Path

from tests.scenarios import witness
from tests.scenarios.conftest import StartTeam
from tests.scenarios.house_rules import playbooks
from tests.scenarios.team import Team
from tests.scenarios.test_followups import DIGEST, digests, to_the_round_of
from tests.scenarios.test_private_incidents import declare_privately


async def over(team: Team, title: str, *factors: str, by: str = "ada", verb: str = "declare") -> tuple[str, str]:
    """Declared and resolved, with these factors; answers with the channel and what the last one was answered."""
    channel = await team.declare(f"sev2 {title}", by=by, verb=verb)
    await team.type(by, "resolve Rolled back.", channel)
    answer = ""
    for text in factors:
        answer = await said(team, by, f"factor {text}", channel)
    await team.settle()
    return channel, answer


async def said(team: Team, name: str, text: str, channel: str) -> str:
    """With the lines on the screen."""
    answer = await team.type(name, text, channel)
    ephemerals = await team.person(name).ephemerals()
    return f"{answer}\n{ephemerals[-1].rendered}"


async def test_whoever_adds_a_factor_hears_that_it_returns(team: Team) -> None:
    _, first = await over(team, "Orders are lost", "recent changes: A release")
    assert "in 90 days" not in first
    await over(team, "Search is slow", "recent changes: A migration")
    _, third = await over(team, "Mail is late", "recent changes: A flag")
    assert "The third incident in 90 days with “recent changes”: INC-3, INC-2, INC-1" in third
    _, worded = await over(team, "Login fails", "process: Nobody tests the kestrel limit")
    assert "in 90 days" not in worded
    _, again = await over(team, "Reports fail", "technology: The kestrel limit was untested")
    assert "The second incident in 90 days with a factor about “kestrel”, “limit”: INC-5, INC-4" in again


async def test_after_90_days_it_counts_for_nothing(team: Team) -> None:
    await over(team, "Orders are lost", "recent changes: A release")
    await team.move_on(timedelta(days=91))
    _, later = await over(team, "Mail is late", "recent changes: A flag")
    assert "in 90 days" not in later


async def test_the_panel_says_what_returns_and_which_were_like_it_and_why(team: Team) -> None:
    await over(team, "Orders are lost", "recent changes: Two kestrel releases", "process: Nobody reviews merlin flags")
    channel, _ = await over(team, "Mail is late", "recent changes: A kestrel release")
    panel = await said(team, "ada", "postmortem", channel)
    assert "The second incident in 90 days with “recent changes”: INC-2, INC-1" in panel
    assert "Like this one: INC-1 Orders are lost. Why: same factor recent changes; in its factors: kestrel" in panel
    review = await said(team, "ada", "review", channel)
    assert "Review of INC-2" in review
    assert "The second incident in 90 days with “recent changes”: INC-2, INC-1" in review
    assert "Like this one: INC-1 Orders are lost" in review
    await said(team, "ada", "postmortem", channel)
    await witness.opens(team, "ada", "Factors: process", channel)
    await witness.fills(team, "ada", **{"What is to stand there": "- Flags."})
    shown = await team.person("ada").wait_for_ephemeral("1 of 11 sections are written", channel)
    assert "Like this one: INC-1" in shown.rendered


async def test_what_is_private_counts_for_its_members_alone(team: Team) -> None:
    await declare_privately(team)
    await team.type("ada", "INC-1 factor recent changes: Kestrel keys rolled", "general")
    await team.type("ada", "INC-1 resolve Contained.", "general")
    await team.settle()
    _, seen = await over(team, "Mail is late", "recent changes: Kestrel keys expired", by="cleo")
    assert "in 90 days" not in seen
    channel, _ = await over(team, "Orders are lost")
    _, hers = channel, await said(team, "ada", "factor recent changes: A flag", channel)
    assert "The third incident in 90 days" in hers
    await team.person("ada").invite(channel, "cleo")
    theirs = await said(team, "cleo", "postmortem", channel)
    assert "The second incident in 90 days with “recent changes”: INC-3, INC-2" in theirs


async def test_a_drill_neither_counts_nor_hears(team: Team) -> None:
    _, practised = await over(team, "Orders are lost", "recent changes: A release", verb="drill")
    _, real = await over(team, "Mail is late", "recent changes: A flag")
    _, again = await over(team, "Search is slow", "recent changes: A flag too", verb="drill")
    assert all("in 90 days" not in each for each in (practised, real, again))


async def test_the_weekly_digest_names_what_returns_of_public_incidents(start_team: StartTeam, tmp_path: Path) -> None:
    """Nobody is asked to close them meanwhile, which would be news of another kind."""
    team = await start_team(digest_channel=DIGEST, playbooks_dir=playbooks(tmp_path, "closing: {ask_after: 90d}\n"))
    await over(team, "Orders are lost", "recent changes: A release")
    await to_the_round_of(team, "ben")
    assert await digests(team) == []
    await declare_privately(team)
    await team.type("ada", "INC-2 factor recent changes: Keys rolled", "general")
    await to_the_round_of(team, "ben")
    assert await digests(team) == []
    await over(team, "Mail is late", "recent changes: A flag")
    await to_the_round_of(team, "ben")
    await to_the_round_of(team, "ben")
    first, second = await digests(team)
    for digest in (first, second):
        assert "The second incident in 90 days with “recent changes”: INC-3, INC-1" in digest.rendered
        assert "Contributing factors: 2 open, 2 without a follow-up." in digest.rendered
        assert "INC-2" not in digest.rendered
    for number in (1, 3):
        await team.type("ada", f"INC-{number} factor remove CF1 it was none", "general")
    await to_the_round_of(team, "ben")
    assert len(await digests(team)) == 2, "what does not return is no news"
