"""The environment and `.env` as one frozen value, read once at start and passed down as arguments.

Must not be imported by the rooms below `assemble`: what a room needs of it, it is given.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, ClassVar, Final

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, SecretStr, ValidationError, ValidationInfo
from pydantic import field_validator as checks
from pydantic_settings import BaseSettings, SettingsConfigDict

from bot import setting_values, tracker_choice
from bot.api_tokens import ApiToken, read_tokens
from bot.signal_targets import SignalTarget, read_targets

ENV_FILE: Final = Path(".env")


class Transport(StrEnum):
    """How Slack's requests reach us."""

    SOCKET_MODE = "Socket Mode"
    HTTP = "HTTP"


class LogLevel(StrEnum):
    DEBUG = "debug"
    INFO = "info"
    WARNING = "warning"
    ERROR = "error"


class LogFormat(StrEnum):
    """`auto` is `console` on a terminal and `json` elsewhere."""

    AUTO = "auto"
    JSON = "json"
    CONSOLE = "console"


class SettingsInvalid(Exception):  # noqa: N818 - what they are, as said to the operator
    """`problems`: one sentence a fault, each naming the variable and the fix; none repeats a secret."""

    def __init__(self, problems: tuple[str, ...]) -> None:
        super().__init__(" ".join(problems))
        self.problems = problems


class LocalSettings(BaseModel):
    """What is needed before there is a Slack app: to make its manifest and to write playbooks."""

    model_config: ClassVar[ConfigDict] = ConfigDict(
        frozen=True, extra="forbid", hide_input_in_errors=True, str_strip_whitespace=True, validate_default=True
    )

    command_name: Annotated[str, AfterValidator(setting_values.command_name)] = "/incident"
    playbooks_dir: Path = Path("./playbooks")


class Settings(LocalSettings):
    """Every setting, by the name of its variable in lower case. `.env.example` says what each is for.

    Made from values alone; `read_settings` makes it from the environment.
    """

    slack_bot_token: Annotated[SecretStr, AfterValidator(setting_values.bot_token)]
    slack_app_token: Annotated[SecretStr | None, AfterValidator(setting_values.app_token)] = None
    slack_signing_secret: SecretStr | None = None
    slack_api_url: Annotated[str, AfterValidator(setting_values.api_url)] = "https://slack.com/api/"
    announcement_channel: Annotated[str | None, AfterValidator(setting_values.channel)] = None
    drill_channel: Annotated[str | None, AfterValidator(setting_values.channel)] = None
    digest_channel: Annotated[str | None, AfterValidator(setting_values.channel)] = None
    triage_channel: Annotated[str | None, AfterValidator(setting_values.channel)] = None
    redis_url: Annotated[SecretStr | None, AfterValidator(setting_values.redis_url)] = None
    data_dir: Path = Path("./data")
    audit_key: Annotated[SecretStr | None, AfterValidator(setting_values.audit_key)] = None
    audit_channel: Annotated[str | None, AfterValidator(setting_values.channel)] = None
    alert_secrets: Annotated[SecretStr | None, AfterValidator(setting_values.alert_secrets)] = None
    github_token: SecretStr | None = None
    github_repository: Annotated[str | None, AfterValidator(tracker_choice.repository)] = None
    github_api_url: Annotated[str, AfterValidator(tracker_choice.web_url)] = "https://api.github.com"
    github_webhook_secret: Annotated[SecretStr | None, AfterValidator(tracker_choice.webhook_secret)] = None
    jira_url: Annotated[str | None, AfterValidator(tracker_choice.site)] = None
    jira_user: str | None = None
    jira_token: SecretStr | None = None
    jira_project: Annotated[str | None, AfterValidator(tracker_choice.project)] = None
    jira_issue_type: Annotated[str, Field(min_length=1, max_length=60)] = "Task"
    smtp_url: Annotated[SecretStr | None, AfterValidator(setting_values.smtp_url)] = None
    mail_from: Annotated[str | None, AfterValidator(setting_values.mail_from)] = None
    api_tokens: Annotated[SecretStr | None, AfterValidator(setting_values.api_tokens)] = None
    signal_targets: Annotated[SecretStr | None, AfterValidator(setting_values.signal_targets)] = None
    host: str = "127.0.0.1"
    port: Annotated[int, Field(ge=0, le=65535)] = 3000
    log_level: LogLevel = LogLevel.INFO
    log_format: LogFormat = LogFormat.AUTO

    @checks("log_level", "log_format", mode="before")
    @classmethod
    def _in_any_case(cls, value: object) -> object:
        return value.lower() if isinstance(value, str) else value

    @checks("slack_signing_secret")
    @classmethod
    def _some_transport(cls, value: SecretStr | None, info: ValidationInfo) -> SecretStr | None:
        if value and value.get_secret_value().startswith(("xoxb-", "xapp-")):
            raise ValueError("holds a token: copy the Signing Secret from Basic Information instead.")
        # Absent from `data`: the app token was set, and is itself refused.
        if not value and info.data.get("slack_app_token", "refused") is None:
            raise ValueError("and SLACK_APP_TOKEN are both unset: set SLACK_APP_TOKEN (Socket Mode), or this (HTTP).")
        return value

    @checks("drill_channel")
    @classmethod
    def _no_real_announcements(cls, value: str | None, info: ValidationInfo) -> str | None:
        if value and value == info.data.get("announcement_channel"):
            raise ValueError("is ANNOUNCEMENT_CHANNEL: choose another channel, for drills are never announced there.")
        return value

    @checks("github_repository")
    @classmethod
    def _token_and_repository(cls, value: str | None, info: ValidationInfo) -> str | None:
        if bool(value) != bool(info.data.get("github_token")):
            raise ValueError("and GITHUB_TOKEN belong together: set both, or neither.")
        return value

    @checks("jira_project")
    @classmethod
    def _all_of_jira(cls, value: str | None, info: ValidationInfo) -> str | None:
        given = [bool(info.data.get(name)) for name in ("jira_url", "jira_user", "jira_token")]
        if any(given) != bool(value) or any(given) != all(given):
            raise ValueError("belongs with JIRA_URL, JIRA_USER and JIRA_TOKEN: set all four, or none.")
        if value and info.data.get("github_repository"):
            raise ValueError("and GITHUB_REPOSITORY are both set: follow-ups are kept in step with one tracker only.")
        return value

    @property
    def github_rings(self) -> str:
        """The secret of GitHub's webhook, where there is one and GitHub is the tracker."""
        is_github = self.github_repository is not None and self.github_webhook_secret is not None
        return self.github_webhook_secret.get_secret_value() if is_github and self.github_webhook_secret else ""

    @property
    def tracker(self) -> tracker_choice.TrackerChoice | None:
        """None: follow-ups are kept here alone."""
        if self.github_token and self.github_repository:
            return tracker_choice.TrackerChoice(
                name="GitHub", url=self.github_api_url, place=self.github_repository, token=self.github_token
            )
        if self.jira_url and self.jira_user and self.jira_token and self.jira_project:
            return tracker_choice.TrackerChoice(
                name="Jira",
                url=self.jira_url,
                place=self.jira_project,
                token=self.jira_token,
                user=self.jira_user,
                issue_type=self.jira_issue_type,
            )
        return None

    @checks("mail_from")
    @classmethod
    def _some_sender(cls, value: str | None, info: ValidationInfo) -> str | None:
        if value is None and info.data.get("smtp_url"):
            raise ValueError("is not set: SMTP_URL needs the address that invitations come from.")
        return value

    @property
    def transport(self) -> Transport:
        """An app-level token means Socket Mode, whatever else is set."""
        return Transport.SOCKET_MODE if self.slack_app_token else Transport.HTTP

    @property
    def audit_keys(self) -> tuple[str, ...]:
        """The first one seals the log, all of them verify it."""
        return setting_values.split_keys(self.audit_key)

    @property
    def secrets_of_alerts(self) -> Mapping[str, tuple[str, ...]]:
        """By source; of two secrets of one source each lets it in, so that one can be replaced by the other."""
        pairs = setting_values.named_secrets(self.alert_secrets)
        return {source: tuple(secret for name, secret in pairs if name == source) for source, _ in pairs}

    @property
    def callers(self) -> tuple[ApiToken, ...]:
        """Who may call the API; none: there is none."""
        return read_tokens(self.api_tokens.get_secret_value()) if self.api_tokens else ()

    @property
    def targets(self) -> tuple[SignalTarget, ...]:
        """Who outside is told of events; none: nobody is."""
        return read_targets(self.signal_targets.get_secret_value()) if self.signal_targets else ()

    def console_logs(self, terminal: bool) -> bool:
        """Whether logs are for a person to read; `terminal`: whether they go to one."""
        return self.log_format is LogFormat.CONSOLE or (self.log_format is LogFormat.AUTO and terminal)


# From the environment, then `.env`; an empty variable counts as unset.
_SOURCES: Final = SettingsConfigDict(env_ignore_empty=True, extra="ignore", env_file_encoding="utf-8")


class _Environment(BaseSettings, Settings):
    """Settings that fill themselves."""

    model_config: ClassVar[SettingsConfigDict] = _SOURCES


class _LocalEnvironment(BaseSettings, LocalSettings):
    """As above, where tokens may be missing or wrong."""

    model_config: ClassVar[SettingsConfigDict] = _SOURCES


def read_settings(env_file: Path | None = ENV_FILE) -> Settings:
    """The settings of this process. Raises SettingsInvalid with every fault at once."""
    with _explained():
        read = _Environment(_env_file=env_file)  # type: ignore[call-arg]  # the rest comes from the environment
        return Settings(**{name: getattr(read, name) for name in Settings.model_fields})


def read_local_settings(env_file: Path | None = ENV_FILE) -> LocalSettings:
    """As `read_settings`, without asking for tokens."""
    with _explained():
        read = _LocalEnvironment(_env_file=env_file)  # type: ignore[call-arg]  # mypy looks at LocalSettings only
        return LocalSettings(command_name=read.command_name, playbooks_dir=read.playbooks_dir)


@contextmanager
def _explained() -> Iterator[None]:
    try:
        yield
    except ValidationError as error:
        raise SettingsInvalid(tuple(_sentence(each) for each in error.errors(include_input=False))) from None


_FIXES: Final[Mapping[str, str]] = {
    "slack_bot_token": "is not set: copy the bot token (xoxb-…) from OAuth & Permissions.",
    "port": "must be a number from 0 to 65535.",
    "log_level": "must be one of debug, info, warning, error.",
    "log_format": "must be one of auto, json, console.",
}


def _sentence(error: Any) -> str:
    """Pydantic's own wording is for programmers; ours names the variable and the fix."""
    name = str(error["loc"][0])
    why = str(error["msg"]).removeprefix("Value error, ")
    fix = why if error["type"] == "value_error" else _FIXES.get(name, f"cannot be used: {why}.")
    return f"{name.upper()} {fix}"
