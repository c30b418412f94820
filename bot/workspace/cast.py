"""The people and channels a workspace starts with. Who they are to an incident is not known here."""

from dataclasses import dataclass

TEAM_ID = "T0HARBOUR1"
TEAM_DOMAIN = "harbour"
TEAM_NAME = "Harbour"
OTHER_TEAM_ID = "T0LAGOON01"
BOT_USER_ID = "U0APPBOT01"


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """A user of the workspace: a person, a guest, somebody of another organisation, or a bot."""

    id: str
    name: str
    real_name: str
    title: str = ""
    tz: str = "Europe/Berlin"
    team_id: str = TEAM_ID
    is_admin: bool = False
    is_restricted: bool = False
    is_ultra_restricted: bool = False
    is_stranger: bool = False
    is_bot: bool = False
    bot_id: str | None = None
    app_id: str | None = None
    deleted: bool = False

    @property
    def email(self) -> str:
        return f"{self.name}@{'lagoon' if self.is_stranger else 'harbour'}.example"


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelPlan:
    """A channel that exists from the start. `members` are names; None = every full member."""

    name: str
    is_private: bool = False
    members: tuple[str, ...] | None = None
    with_app: bool = False


CAST = (
    Account(id="U0ADA00001", name="ada", real_name="Ada Lovelace", tz="Europe/Berlin"),
    Account(id="U0BEN00001", name="ben", real_name="Ben Okri", tz="America/New_York"),
    Account(id="U0CLEO0001", name="cleo", real_name="Cleo Tanaka", tz="Asia/Tokyo"),
    Account(id="U0DEE00001", name="dee", real_name="Dee Guest", tz="Europe/London", is_restricted=True),
    Account(
        id="U0EVE00001",
        name="eve",
        real_name="Eve Lagoon",
        team_id=OTHER_TEAM_ID,
        is_stranger=True,
        tz="Europe/Paris",
    ),
    Account(id="U0FINN0001", name="finn", real_name="Finn Larsen", tz="Europe/Oslo"),
    Account(id="U0GRACE001", name="grace", real_name="Grace Hopper", tz="America/Los_Angeles", is_admin=True),
    Account(
        id="U0PAGER001",
        name="pagerbot",
        real_name="Pager",
        is_bot=True,
        bot_id="B0PAGER001",
        app_id="A0PAGER001",
    ),
)

CHANNELS = (
    ChannelPlan(name="general", with_app=True),
    ChannelPlan(name="incidents", with_app=True),
    ChannelPlan(name="random"),
)
