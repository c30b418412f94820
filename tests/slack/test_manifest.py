"""The manifest, the verbs and the scopes against the tables that register the listeners."""

import re
from pathlib import Path

import pytest

import bot.slack
from bot.slack import action_ids as ids
from bot.slack.buttons import BUTTONS
from bot.slack.event_table import EVENTS
from bot.slack.manifest import manifest
from bot.slack.scopes import EVENT_SCOPES, METHOD_SCOPES, NEEDED_SCOPES
from bot.slack.shortcuts import SHORTCUTS
from bot.slack.submissions import SUBMISSIONS
from bot.slack.verb import Verb
from bot.slack.verbs import VERBS, nearest_verb, usage_hint, usages, verb_named


def test_the_manifest_names_every_shortcut_event_and_scope() -> None:
    made = manifest()
    assert [each["callback_id"] for each in made["features"]["shortcuts"]] == list(SHORTCUTS)
    assert {name.split(".")[0] for name in made["settings"]["event_subscriptions"]["bot_events"]} == set(EVENTS)
    assert set(made["oauth_config"]["scopes"]["bot"]) == NEEDED_SCOPES


def test_the_slash_command_is_escaped_so_that_mentions_arrive_as_ids() -> None:
    (command,) = manifest("/inc")["features"]["slash_commands"]
    assert (command["command"], command["should_escape"], command["usage_hint"]) == ("/inc", True, usage_hint())


def test_over_socket_mode_no_address_is_named() -> None:
    made = manifest()
    assert made["settings"]["socket_mode_enabled"] is True
    assert "http" not in str(made)


@pytest.mark.parametrize("url", ["https://m.example", "https://m.example/", "https://m.example/slack/events"])
def test_over_http_everything_goes_to_one_address(url: str) -> None:
    made = manifest(http_url=url)
    where = "https://m.example/slack/events"
    assert made["settings"]["socket_mode_enabled"] is False
    assert made["settings"]["interactivity"]["request_url"] == where
    assert made["settings"]["event_subscriptions"]["request_url"] == where
    assert made["features"]["slash_commands"][0]["url"] == where


def test_every_subscribed_event_says_which_scope_it_needs() -> None:
    assert set(EVENT_SCOPES) == {name for row in EVENTS.values() for name in row.subscriptions}


def test_every_method_that_is_called_says_which_scope_it_needs() -> None:
    (folder,) = bot.slack.__path__
    sources = "".join(path.read_text(encoding="utf-8") for path in Path(folder).rglob("*.py"))
    called = set(re.findall(r"\.call\(\s*\"([a-zA-Z.]+)\"", sources))
    assert called
    assert called <= set(METHOD_SCOPES)


@pytest.mark.parametrize("verb", VERBS, ids=lambda verb: verb.name)
def test_each_verb_has_a_button_or_a_modal(verb: Verb) -> None:
    assert verb.buttons
    assert set(verb.buttons) <= {*BUTTONS, *SUBMISSIONS, *SHORTCUTS}


def test_each_button_and_modal_belongs_to_a_verb() -> None:
    of_verbs = {button for verb in VERBS for button in verb.buttons}
    no_verb = {ids.OPEN_CHANNEL, ids.STEP, ids.SHOW_GUIDE, ids.SEARCH_PAGE}
    assert {*BUTTONS, *SUBMISSIONS, *SHORTCUTS} - no_verb == of_verbs


def test_no_word_means_two_verbs() -> None:
    words = [word for verb in VERBS for word in (verb.name, *verb.aliases)]
    assert len(words) == len(set(words))
    assert all(verb_named(word) for word in words)


def test_a_word_near_an_alias_leads_to_its_verb() -> None:
    assert nearest_verb("resolvd") == "resolve"
    assert nearest_verb("runbok") == "playbook"


def test_help_and_hint_are_made_from_the_table() -> None:
    helped = {usage.split()[0] for rows in usages().values() for usage, _ in rows}
    assert helped == set(usage_hint().split(" | ")) == {verb.name for verb in VERBS}


@pytest.mark.parametrize(
    ("word", "meant"), [("unfreeze", "freeze end"), ("quality", "alerts quality"), ("proposals", "alerts")]
)
def test_what_people_try_is_answered_with_how_it_is_asked_for(word: str, meant: str) -> None:
    assert verb_named(word) is None
    assert nearest_verb(word) == meant
    assert verb_named(meant.split(maxsplit=1)[0])


@pytest.mark.parametrize("word", ["end", "delete", "who", "db", "xyzzy"])
def test_a_word_that_is_near_no_verb_leads_to_none(word: str) -> None:
    assert nearest_verb(word) == ""
