"""Settings come from the environment, are checked once, and are documented where people look."""

import itertools
import re
from pathlib import Path

import pytest
from pydantic import SecretStr, ValidationError

from bot.settings import LogFormat, LogLevel, Settings, SettingsInvalid, Transport, read_local_settings, read_settings

EXAMPLE = Path(__file__).parents[1] / ".env.example"


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """Nothing but what the test sets."""
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
    monkeypatch.setenv("SLACK_BOT_TOKEN", "xoxb-ada")
    monkeypatch.setenv("SLACK_APP_TOKEN", "xapp-ada")
    return monkeypatch


def problems() -> tuple[str, ...]:
    with pytest.raises(SettingsInvalid) as caught:
        read_settings(None)
    return caught.value.problems


def test_two_tokens_are_enough() -> None:
    settings = read_settings(None)
    assert settings.slack_bot_token.get_secret_value() == "xoxb-ada"
    assert settings.redis_url is None
    assert settings.command_name == "/incident"


def test_an_app_level_token_means_socket_mode_even_beside_a_signing_secret(environment: pytest.MonkeyPatch) -> None:
    environment.setenv("SLACK_SIGNING_SECRET", "0123456789abcdef")
    assert read_settings(None).transport is Transport.SOCKET_MODE


def test_a_signing_secret_alone_means_http(environment: pytest.MonkeyPatch) -> None:
    environment.delenv("SLACK_APP_TOKEN")
    environment.setenv("SLACK_SIGNING_SECRET", "0123456789abcdef")
    assert read_settings(None).transport is Transport.HTTP


def test_every_missing_variable_is_named_at_once(environment: pytest.MonkeyPatch) -> None:
    environment.delenv("SLACK_BOT_TOKEN")
    environment.delenv("SLACK_APP_TOKEN")
    bot, transport = problems()
    assert bot.startswith("SLACK_BOT_TOKEN is not set")
    assert "SLACK_APP_TOKEN" in transport
    assert "SLACK_SIGNING_SECRET" in transport


def test_an_empty_variable_is_an_unset_one(environment: pytest.MonkeyPatch) -> None:
    environment.setenv("REDIS_URL", "")
    environment.setenv("PORT", "")
    settings = read_settings(None)
    assert (settings.redis_url, settings.port) == (None, 3000)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SLACK_BOT_TOKEN", "xoxp-ada"),
        ("SLACK_APP_TOKEN", "xoxb-ada"),
        ("SLACK_SIGNING_SECRET", "xapp-ada"),
        ("SLACK_API_URL", "slack.com/api"),
        ("REDIS_URL", "localhost:6379"),
        ("ANNOUNCEMENT_CHANNEL", "All Incidents"),
        ("DRILL_CHANNEL", "All Drills"),
        ("SMTP_URL", "mail.example.org:587"),
        ("SMTP_URL", "smtp://mail.example.org:post"),
        ("SMTP_URL", "smtp://muster:pass word/@mail.example.org"),
        ("MAIL_FROM", "Muster"),
        ("MAIL_FROM", "Muster <muster@example.org"),
        ("COMMAND_NAME", "incident"),
        ("COMMAND_NAME", "/In cident"),
        ("PORT", "http"),
        ("PORT", "65536"),
        ("LOG_LEVEL", "loud"),
        ("LOG_FORMAT", "xml"),
    ],
)
def test_a_wrong_value_is_refused_in_one_sentence_that_names_its_variable(
    environment: pytest.MonkeyPatch, name: str, value: str
) -> None:
    environment.setenv(name, value)
    (sentence,) = problems()
    assert sentence.startswith(f"{name} ")
    assert sentence.endswith(".")


@pytest.mark.parametrize(
    "url",
    [
        "redis://localhost",
        "rediss://ada:pw@store.example.com:6380/1?ssl_ca_certs=/etc/ca.pem",
        "unix:///run/redis.sock?db=2",
        "redis+sentinel://one:26379,two:26379,three/mymaster",
        "rediss+sentinel://ada:pw@one,two/mymaster/3?sentinel_password=pw",
        "redis+cluster://one:7000,two:7001",
        "rediss+cluster://:pw@[::1]:7000,[::1]:7001/0?ssl_ca_certs=/etc/ca.pem",
    ],
)
def test_the_store_is_one_server_or_several(environment: pytest.MonkeyPatch, url: str) -> None:
    environment.setenv("REDIS_URL", url)
    kept = read_settings(None).redis_url
    assert kept
    assert kept.get_secret_value() == url


@pytest.mark.parametrize(
    ("url", "advice"),
    [
        ("redis+sentinel://one:26379,two:26379", "what they call the master"),
        ("redis+sentinel:///mymaster", "must name the Sentinels"),
        ("redis+sentinel://one,,two/mymaster", "must name the Sentinels"),
        ("redis+cluster://one:7000/3", "no database"),
        ("redis+cluster://", "some servers of the Cluster"),
        ("redis+clusters://one", "must be a URL such as"),
    ],
)
def test_a_wrong_url_of_several_servers_is_told_with_the_right_form(
    environment: pytest.MonkeyPatch, url: str, advice: str
) -> None:
    environment.setenv("REDIS_URL", url)
    (sentence,) = problems()
    assert advice in sentence


def test_a_refusal_does_not_repeat_the_secret(environment: pytest.MonkeyPatch) -> None:
    environment.setenv("SLACK_BOT_TOKEN", "hunter2")
    environment.setenv("REDIS_URL", "redis+cluster://:hunter2@localhost/9")
    assert "hunter2" not in " ".join(problems())


def test_secrets_do_not_show_when_settings_are_printed(environment: pytest.MonkeyPatch) -> None:
    environment.setenv("REDIS_URL", "redis://:hunter2@localhost")
    assert "hunter2" not in repr(read_settings(None))
    assert "xoxb-ada" not in repr(read_settings(None))


@pytest.mark.parametrize(
    "url", ["smtp://mail.example.org", "smtps://muster:p%40ss@mail.example.org:465", "smtp+plain://[::1]:2525/"]
)
def test_a_mail_server_needs_an_address_to_send_from(environment: pytest.MonkeyPatch, url: str) -> None:
    environment.setenv("SMTP_URL", url)
    assert problems() == ("MAIL_FROM is not set: SMTP_URL needs the address that invitations come from.",)
    environment.setenv("MAIL_FROM", "Muster <muster@example.org>")
    assert read_settings(None).mail_from == "Muster <muster@example.org>"


def test_the_mail_servers_password_does_not_show(environment: pytest.MonkeyPatch) -> None:
    environment.setenv("MAIL_FROM", "muster@example.org")
    environment.setenv("SMTP_URL", "smtp://muster:hunter2@mail.example.org")
    assert "hunter2" not in repr(read_settings(None))
    environment.setenv("SMTP_URL", "smtp://muster:hunter2@mail.example.org/inbox")
    assert "hunter2" not in " ".join(problems())


@pytest.mark.parametrize(
    ("given", "kept"), [("#incidents", "#incidents"), ("incidents", "#incidents"), ("C0123ABCD", "C0123ABCD")]
)
def test_the_announcement_channel_is_an_id_or_a_name(environment: pytest.MonkeyPatch, given: str, kept: str) -> None:
    environment.setenv("ANNOUNCEMENT_CHANNEL", given)
    assert read_settings(None).announcement_channel == kept


@pytest.mark.parametrize(("drills", "incidents"), [("drills", "incidents"), ("#drills", "C0123ABCD"), ("drills", "")])
def test_drills_have_a_channel_of_their_own(environment: pytest.MonkeyPatch, drills: str, incidents: str) -> None:
    environment.setenv("DRILL_CHANNEL", drills)
    environment.setenv("ANNOUNCEMENT_CHANNEL", incidents)
    assert read_settings(None).drill_channel == "#drills"


@pytest.mark.parametrize("drills", ["#incidents", "incidents"])
def test_it_is_not_that_of_announcements(environment: pytest.MonkeyPatch, drills: str) -> None:
    environment.setenv("DRILL_CHANNEL", drills)
    environment.setenv("ANNOUNCEMENT_CHANNEL", "incidents")
    with pytest.raises(SettingsInvalid) as refused:
        read_settings(None)
    assert refused.value.problems == (
        "DRILL_CHANNEL is ANNOUNCEMENT_CHANNEL: choose another channel, for drills are never announced there.",
    )


def test_the_api_url_always_ends_in_a_slash(environment: pytest.MonkeyPatch) -> None:
    environment.setenv("SLACK_API_URL", "http://127.0.0.1:8080/api")
    assert read_settings(None).slack_api_url == "http://127.0.0.1:8080/api/"


def test_words_are_read_in_any_case(environment: pytest.MonkeyPatch) -> None:
    environment.setenv("LOG_LEVEL", "WARNING")
    environment.setenv("LOG_FORMAT", "Json")
    settings = read_settings(None)
    assert (settings.log_level, settings.log_format) == (LogLevel.WARNING, LogFormat.JSON)


def test_the_environment_wins_over_the_file_and_the_file_over_the_default(
    environment: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    env_file = tmp_path / ".env"
    env_file.write_text("SLACK_BOT_TOKEN=xoxb-file\nPORT=4000\nANNOUNCEMENT_CHANNEL=#incidents\nUNRELATED=1\n")
    settings = read_settings(env_file)
    assert settings.slack_bot_token.get_secret_value() == "xoxb-ada"
    assert (settings.port, settings.announcement_channel) == (4000, "#incidents")


def test_settings_made_from_values_ignore_the_environment(environment: pytest.MonkeyPatch) -> None:
    environment.setenv("PORT", "4000")
    settings = Settings(slack_bot_token=SecretStr("xoxb-ben"), slack_app_token=SecretStr("xapp-ben"))
    assert settings.port == 3000


def test_what_the_manifest_needs_is_read_without_tokens(environment: pytest.MonkeyPatch) -> None:
    environment.setenv("SLACK_BOT_TOKEN", "not yet")
    environment.setenv("COMMAND_NAME", "/outage")
    assert read_local_settings(None).command_name == "/outage"


@pytest.mark.parametrize(
    ("log_format", "terminal", "console"),
    [("auto", True, True), ("auto", False, False), ("json", True, False), ("console", False, True)],
)
def test_logs_are_for_people_on_a_terminal_and_json_elsewhere_unless_told(
    environment: pytest.MonkeyPatch, log_format: str, terminal: bool, console: bool
) -> None:
    environment.setenv("LOG_FORMAT", log_format)
    assert read_settings(None).console_logs(terminal) is console


def test_settings_cannot_be_changed() -> None:
    with pytest.raises(ValidationError):
        read_settings(None).port = 1


def example() -> dict[str, str]:
    return dict(re.findall(r"^([A-Z_]+)=(.*)$", EXAMPLE.read_text(), re.MULTILINE))


def test_the_example_names_every_setting_and_no_other() -> None:
    assert set(example()) == {name.upper() for name in Settings.model_fields}


def test_the_example_shows_each_default() -> None:
    def shown(default: object) -> str:
        return "" if default is None else f"./{default}" if isinstance(default, Path) else str(default)

    fields = {name.upper(): field for name, field in Settings.model_fields.items()}
    assert example() == {name: "" if field.is_required() else shown(field.default) for name, field in fields.items()}


def test_the_example_says_of_each_setting_what_it_is_for() -> None:
    lines = EXAMPLE.read_text().splitlines()
    for before, line in itertools.pairwise(lines):
        assert not re.match(r"[A-Z_]+=", line) or before.startswith("# "), line


def test_the_example_with_two_tokens_filled_in_is_a_working_env_file(
    environment: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    environment.delenv("SLACK_BOT_TOKEN")
    environment.delenv("SLACK_APP_TOKEN")
    filled = EXAMPLE.read_text().replace("BOT_TOKEN=", "BOT_TOKEN=xoxb-1").replace("APP_TOKEN=", "APP_TOKEN=xapp-1")
    (tmp_path / ".env").write_text(filled)
    assert read_settings(tmp_path / ".env").transport is Transport.SOCKET_MODE


def test_audit_keys_are_separated_by_commas_and_the_first_one_seals(environment: pytest.MonkeyPatch) -> None:
    environment.setenv("AUDIT_KEY", f"{'n' * 32}, {'o' * 32}")
    assert read_settings(None).audit_keys == ("n" * 32, "o" * 32)


def test_a_short_audit_key_is_refused_and_not_repeated(environment: pytest.MonkeyPatch) -> None:
    environment.setenv("AUDIT_KEY", f"{'n' * 32},hunter2")
    (problem,) = problems()
    assert problem.startswith("AUDIT_KEY must have 32 characters")
    assert "hunter2" not in problem


def test_a_tracker_needs_its_token_and_its_place(environment: pytest.MonkeyPatch) -> None:
    environment.setenv("GITHUB_REPOSITORY", "acme/ops")
    assert problems() == ("GITHUB_REPOSITORY and GITHUB_TOKEN belong together: set both, or neither.",)
    environment.setenv("GITHUB_TOKEN", "github_pat_1")
    choice = read_settings(None).tracker
    assert choice is not None
    assert (choice.name, choice.place) == ("GitHub", "acme/ops")
    assert "github_pat_1" not in repr(choice)
    environment.setenv("GITHUB_REPOSITORY", "https://github.com/acme/ops")
    assert problems() == ("GITHUB_REPOSITORY must be an owner and a repository, such as acme/ops.",)


def test_all_of_jira_belongs_together_and_one_tracker_is_enough(environment: pytest.MonkeyPatch) -> None:
    environment.setenv("JIRA_PROJECT", "OPS")
    assert problems() == ("JIRA_PROJECT belongs with JIRA_URL, JIRA_USER and JIRA_TOKEN: set all four, or none.",)
    environment.setenv("JIRA_URL", "https://acme.atlassian.net/")
    environment.setenv("JIRA_USER", "muster@example.com")
    environment.setenv("JIRA_TOKEN", "ATATT3xA")
    choice = read_settings(None).tracker
    assert choice is not None
    assert (choice.name, choice.url, choice.issue_type) == ("Jira", "https://acme.atlassian.net", "Task")
    environment.setenv("GITHUB_REPOSITORY", "acme/ops")
    environment.setenv("GITHUB_TOKEN", "github_pat_1")
    assert "with one tracker only" in problems()[0]


def test_a_webhook_without_the_repository_rings_for_nothing(environment: pytest.MonkeyPatch) -> None:
    environment.setenv("GITHUB_WEBHOOK_SECRET", "short")
    assert "16 characters" in problems()[0]
    environment.setenv("GITHUB_WEBHOOK_SECRET", "0123456789abcdef")
    assert read_settings(None).github_rings == ""
