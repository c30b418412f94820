"""What the demo's people said before anybody came: put there silently, before the bot is connected. No events."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from bot.workspace import message_acts
from bot.workspace.refusal import Json
from bot.workspace.server import Workspace
from bot.workspace.team import Team, ignore_event


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """One older message. `replies`: who and what, each two minutes after the one before; `reactions`: emoji by name."""

    ago: timedelta
    who: str
    channel: str
    text: str
    replies: tuple[tuple[str, str], ...] = ()
    reactions: tuple[tuple[str, str], ...] = ()


TOPICS: Final[Mapping[str, str]] = {
    "general": "Everybody at Harbour",
    "incidents": "Announcements only: talk about an incident in its own channel",
    "drills": "Practice incidents are announced here, never in #incidents",
    "support": "What customers tell us. Ticket numbers, please",
    "deploys": "Releases to production",
    "alerts": "What the monitoring says",
    "random": "Anything but work",
}


def _hours(hours: float) -> timedelta:
    return timedelta(hours=hours)


EARLIER: Final = (
    Said(
        ago=_hours(49),
        who="ada",
        channel="general",
        text="For everybody who is new: `/incident declare` works in any channel, with half a sentence for a title. "
        "Better one too many than one too late.",
        reactions=(("cleo", "+1"), ("grace", "+1"), ("finn", "eyes")),
    ),
    Said(
        ago=_hours(47),
        who="sam",
        channel="general",
        text="The demo for the hotel chain is on Thursday at 15:00. Please, no big release that morning :pray:",
        replies=(("cleo", "Noted. 1.84 goes out the day before then."), ("sam", "Thank you!")),
    ),
    Said(
        ago=_hours(30),
        who="grace",
        channel="support",
        text="Ticket 4102: a customer asks for last year's invoices as one file. Is there an export?",
        replies=(("finn", 'Account, Invoices, "Download all". It takes a minute or two.'), ("grace", "Found it.")),
    ),
    Said(
        ago=_hours(27),
        who="pagerbot",
        channel="alerts",
        text="FIRING: disk of db-eu-1 is 83 % full (threshold 80 %)",
        replies=(("finn", "Old WAL archives, I am moving them."),),
        reactions=(("finn", "eyes"),),
    ),
    Said(ago=_hours(26), who="pagerbot", channel="alerts", text="RESOLVED: disk of db-eu-1 is 61 % full"),
    Said(
        ago=_hours(25),
        who="ben",
        channel="incidents",
        text="Last week's postmortem is in the wiki. In short: we told customers 40 minutes too late. "
        "That is why updates have a clock now.",
        reactions=(("ada", "heavy_check_mark"),),
    ),
    Said(ago=_hours(23), who="deploybot", channel="deploys", text="checkout 1.83 is live in eu and us (cleo)"),
    Said(
        ago=_hours(22),
        who="cleo",
        channel="random",
        text="The coffee machine on the third floor speaks Italian now. Nobody knows why.",
        replies=(("finn", "It was always Italian. It has just stopped pretending."),),
        reactions=(("ben", "joy"), ("sam", "coffee")),
    ),
    Said(
        ago=_hours(20),
        who="ada",
        channel="drills",
        text="We practise every second Wednesday, half an hour. Nobody is graded; the scorecard is for us all.",
    ),
    Said(ago=_hours(3.2), who="deploybot", channel="deploys", text="search 5.12 is live in eu (finn)"),
    Said(
        ago=_hours(2.5),
        who="grace",
        channel="support",
        text="A quiet morning: eleven tickets, nine of them about passwords.",
        reactions=(("ben", "tada"),),
    ),
    Said(ago=_hours(1.1), who="finn", channel="general", text="I am at my desk until six, if a database needs me."),
)


def say_earlier(workspace: Workspace) -> None:
    """Everybody has read it. Before `workspace.start()`: afterwards the bot would be told of it."""
    team = workspace.site.team
    listening, team.publish = team.publish, ignore_event
    try:
        for name, topic in TOPICS.items():
            channel = team.channels[workspace.channel_id(name)]
            channel.topic = {"value": topic, "creator": team.account_named("ada").id, "last_set": channel.created}
        for said in EARLIER:
            _say(team, workspace.channel_id(said.channel), said)
        for channel in team.channels.values():
            for user in channel.members:
                workspace.site.marks.move(user, channel, channel.top[-1])
    finally:
        team.publish = listening


def _say(team: Team, channel_id: str, said: Said) -> None:
    channel, at = team.channels[channel_id], team.clock.now() - said.ago.total_seconds()
    parent = message_acts.post(team, channel, team.account_named(said.who), _at(at, said.text))
    for place, (who, text) in enumerate(said.replies, start=1):
        reply = _at(at + 120 * place, text) | {"thread_ts": parent["ts"]}
        message_acts.post(team, channel, team.account_named(who), reply)
    for who, emoji in said.reactions:
        message_acts.react(team, channel, team.account_named(who), parent["ts"], emoji)


def _at(seconds: float, text: str) -> Json:
    return {"ts": f"{seconds:.6f}", "text": text}
