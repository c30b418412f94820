"""Who works in the demo's workspace, and the channels they have. What they said before is in small_talk.py."""

from typing import Final

from bot.workspace.cast import Account, ChannelPlan

OUTSIDER: Final = "sam"
"""In sales, and in no incident: must see nothing of a private one."""

PEOPLE: Final = (
    Account(
        id="U0ADA00001", name="ada", real_name="Ada Lovelace", title="Incident commander on duty", tz="Europe/Berlin"
    ),
    Account(id="U0BEN00001", name="ben", real_name="Ben Okri", title="Communications lead", tz="America/New_York"),
    Account(id="U0CLEO0001", name="cleo", real_name="Cleo Tanaka", title="Engineer, checkout", tz="Asia/Tokyo"),
    Account(id="U0FINN0001", name="finn", real_name="Finn Larsen", title="Engineer, databases", tz="Europe/Oslo"),
    Account(id="U0GRACE001", name="grace", real_name="Grace Obi", title="Customer support", tz="America/Los_Angeles"),
    Account(id="U0SAM00001", name=OUTSIDER, real_name="Sam Rivera", title="Sales", tz="Europe/London"),
)

BOTS: Final = (
    Account(
        id="U0PAGER001",
        name="pagerbot",
        real_name="Pager",
        title="Alerts",
        is_bot=True,
        bot_id="B0PAGER001",
        app_id="A0PAGER001",
    ),
    Account(
        id="U0DEPLOY01",
        name="deploybot",
        real_name="Deploys",
        title="Releases",
        is_bot=True,
        bot_id="B0DEPLOY01",
        app_id="A0DEPLOY01",
    ),
)

NAMES: Final = tuple(account.name for account in PEOPLE)

CHANNELS: Final = (
    ChannelPlan(name="general", with_app=True),
    ChannelPlan(name="incidents", with_app=True),
    ChannelPlan(name="drills", with_app=True),
    ChannelPlan(name="support"),
    ChannelPlan(name="deploys", members=(*NAMES, "deploybot")),
    ChannelPlan(name="alerts", members=(*NAMES, "pagerbot")),
    ChannelPlan(name="random"),
)
