"""The setting SIGNAL_TARGETS: what it may say, and that no sentence about it tells a secret."""

import pytest
from pydantic import ValidationError

from bot.settings import Settings
from bot.signal_parts import listeners
from bot.signal_targets import Mark, read_targets
from tests.signals.receiver import ANOTHER, SECRET

TOKENS = {"slack_bot_token": "xoxb-1", "slack_app_token": "xapp-1"}


def test_a_target_is_a_name_an_address_and_a_secret() -> None:
    (target,) = read_targets(f"siem:https://siem.example:8443/in?token=x:{SECRET}")
    assert (target.name, target.url) == ("siem", "https://siem.example:8443/in?token=x")
    assert target.secrets == (b"0123456789abcdef01234567",)
    assert target.marks == frozenset()


def test_marks_and_a_second_secret_stand_at_the_end() -> None:
    first, second = read_targets(
        f"siem:http://10.0.0.1/in:{SECRET}:{ANOTHER}:private-address+private , page:https://page.example/:{SECRET}:drills"
    )
    assert len(first.secrets) == 2
    assert first.marks == {Mark.PRIVATE, Mark.PRIVATE_ADDRESS}
    assert second.marks == {Mark.DRILLS}


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("siem", "target 1 is not name:https"),
        (f"Siem!:https://a.example/:{SECRET}", "target 1 is not name:https"),
        (f"siem:ftp://a.example/:{SECRET}", "target 1 is not name:https"),
        (f"siem:http://a.example/:{SECRET}", "must have an address with https://"),
        ("siem:https://a.example/:whsec_c2hvcnQ=", "the secret of siem must be whsec_"),
        ("siem:https://a.example/:whsec_hidden====", "the secret of siem must be whsec_"),
        (f"siem:https://a.example/:{SECRET}:loud", "unknown mark"),
        (f"siem:https://ada:pw@a.example/:{SECRET}", "no user"),
        (f"siem:https://a.example/#x:{SECRET}", "no user or fragment"),
        (f"siem:https://2130706433/:{SECRET}", "a host's name or address"),
        (f"siem:https://0x7f.1/:{SECRET}", "a host's name or address"),
        (f"siem:https://127.1/:{SECRET}", "a host's name or address"),
        (f"siem:https://a.example:99999/:{SECRET}", "must be a URL"),
        (f"siem:https://a.example/:{SECRET},siem:https://b.example/:{SECRET}", "siem twice"),
        (",".join(f"s{each}:https://a.example/:{SECRET}" for each in range(9)), "8 are the most"),
    ],
)
def test_what_is_wrong_is_said_without_the_secret(text: str, why: str) -> None:
    with pytest.raises(ValueError, match=why) as refused:
        read_targets(text)
    assert SECRET not in str(refused.value)
    assert "hidden" not in str(refused.value)


def test_the_settings_refuse_it_in_the_same_sentence() -> None:
    with pytest.raises(ValidationError, match="unknown mark") as refused:
        Settings.model_validate({**TOKENS, "signal_targets": f"siem:https://a.example/:{SECRET}:loud"})
    assert SECRET not in str(refused.value)


def test_neither_secret_nor_address_is_in_any_representation() -> None:
    settings = Settings.model_validate({**TOKENS, "signal_targets": f"siem:https://a.example/hidden:{SECRET}"})
    told = f"{settings!r} {settings} {settings.targets!r} {settings.model_dump()!r}"
    for secret in (SECRET, "0123456789abcdef", "hidden", "a.example"):
        assert secret not in told


def test_the_core_is_told_of_names_and_marks_alone() -> None:
    settings = Settings.model_validate({**TOKENS, "signal_targets": f"siem:https://a.example/:{SECRET}:private"})
    (listener,) = listeners(settings)
    assert (listener.name, listener.private, listener.drills) == ("siem", True, False)
    assert listeners(Settings.model_validate(TOKENS)) == ()
