"""Foreign text is shown as written: no ping, no link, no formatting."""

import ast
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.incident.terms import MUSTER, ChannelId, UserId
from bot.slack import blocks, mrkdwn
from bot.slack.mrkdwn import Mrkdwn, escape, fill, line, link, plain, prose, shorten, spoken
from tests.slack.blocks.given import HOSTILE
from tests.slack.blocks.rules import _assert_mrkdwn, readable

AT = datetime(2026, 11, 20, 14, 35, tzinfo=UTC)


@given(st.text())
def test_no_text_can_make_a_token(text: str) -> None:
    _assert_mrkdwn(escape(text))


@given(st.text(), st.integers(min_value=8, max_value=60))
def test_a_shortened_text_keeps_within_its_limit_and_cuts_no_entity(text: str, most: int) -> None:
    cut = shorten(escape(text), most)
    assert len(cut) <= most
    _assert_mrkdwn(cut)


@given(st.text())
def test_no_message_of_slack_can_make_a_broadcast_or_a_link(text: str) -> None:
    assert "<!" not in spoken(text)
    assert "<http" not in spoken(text)


@given(st.text(alphabet="<>!@#|&;UC1htps:/ab*`", max_size=80))
def test_no_crooked_token_survives(text: str) -> None:
    _assert_mrkdwn(spoken(text))


def test_code_that_the_organisation_wrote_is_code_and_can_be_copied_as_it_stands() -> None:
    assert prose("Run `kubectl -n <ns> get pods`, *then* wait.") == (
        f"Run `kubectl -n &lt;ns&gt; get pods`, {escape('*then*')} wait."
    )


@given(st.text())
def test_prose_can_make_no_token_either(text: str) -> None:
    _assert_mrkdwn(prose(text))


def test_a_lone_backtick_opens_no_code() -> None:
    assert prose("5` of it") == escape("5` of it")


@pytest.mark.parametrize("text", HOSTILE)
def test_a_hostile_text_reads_as_it_was_written(text: str) -> None:
    assert readable(escape(text)) == mrkdwn.clean(text)


@pytest.mark.parametrize("text", ["*b*", "_i_", "~s~", "`c`", "*_b_*", "a *b* c"])
def test_formatting_signs_stand_between_joiners_so_that_they_open_nothing(text: str) -> None:
    shown = escape(text)
    for at, sign in enumerate(shown):
        assert sign not in "*_~`" or (shown[at - 1], shown[at + 1]) == ("\u2060", "\u2060")


def test_signs_within_a_word_are_left_alone() -> None:
    assert escape("{{7*7}} checkout_api_v2") == "{{7*7}} checkout_api_v2"


def test_a_quote_sign_at_the_start_of_a_line_quotes_nothing() -> None:
    assert escape("> said") == "\u2060&gt; said"


def test_a_line_is_one_line_of_so_many_characters() -> None:
    assert line("a\n b\t\tc", 10) == "a b c"
    assert line("&" * 20, 5) == "&amp;" * 4 + "…"


def test_right_to_left_text_is_isolated_and_other_text_is_not() -> None:
    assert line("תקלה") == "\u2068תקלה\u2069"
    assert line("fault 障害") == "fault 障害"


def test_a_direction_override_is_dropped() -> None:
    assert line("\u202egnp.exe") == "gnp.exe"


def test_people_and_channels_become_mentions_only_if_they_are_ids() -> None:
    assert mrkdwn.user(UserId("UADA")) == "<@UADA>"
    assert mrkdwn.user(UserId("!channel")) == "!channel"
    assert mrkdwn.channel(ChannelId("C42")) == "<#C42>"
    assert mrkdwn.user(MUSTER) == "Muster"


def test_a_time_is_localised_and_falls_back_to_utc() -> None:
    assert mrkdwn.time(AT) == f"<!date^{int(AT.timestamp())}^{{time}}|14:35 UTC>"
    assert readable(mrkdwn.date_time(AT)) == "20 Nov 2026 14:35"


@pytest.mark.parametrize("url", ["javascript:alert(1)", "https://a|b", "https://a> <!channel>", "ftp://x", ""])
def test_an_address_that_is_not_of_the_web_is_no_link(url: str) -> None:
    assert not link(url, Mrkdwn("here")).startswith("<")


def test_a_web_address_is_a_link() -> None:
    assert link("https://a.example/x?a=1&b=2", Mrkdwn("↗")) == "<https://a.example/x?a=1&amp;b=2|↗>"


def test_what_fills_a_template_is_no_template() -> None:
    assert fill("{a} and {b}", a=escape("{b}"), b=escape("{{a}}")) == "{b} and {{a}}"


def test_code_cannot_be_closed_from_within() -> None:
    assert mrkdwn.code("a`b") == "`a'b`"
    assert mrkdwn.code_block("```\n<!here>").count("```") == 2


def test_a_message_shows_where_its_links_lead_and_calls_nobody_at_large() -> None:
    assert readable(spoken("<!here> <https://evil.example|bank> &lt;3")) == "@here bank (https://evil.example) <3"
    assert spoken("<@UADA> in <#C42|general>") == "<@UADA> in <#C42>"


def test_plain_text_of_a_message_is_what_somebody_reads() -> None:
    assert plain("<@UADA|ada> &amp; <!subteam^S1|@ops> &lt;b&gt;") == "@ada & @ops <b>"


def test_bold_stands_on_each_line() -> None:
    assert mrkdwn.bold(Mrkdwn("a\n\nb")) == "*a*\n\n*b*"


def _calls() -> list[tuple[str, ast.Call]]:
    sources = list(Path(blocks.__path__[0]).glob("*.py"))
    trees = [(path.name, ast.parse(path.read_text())) for path in sources]
    return [(name, node) for name, tree in trees for node in ast.walk(tree) if isinstance(node, ast.Call)]


def test_renderers_vouch_only_for_words_of_their_own() -> None:
    vouched = [(name, call) for name, call in _calls() if isinstance(call.func, ast.Name) and call.func.id == "Mrkdwn"]
    assert vouched
    assert [name for name, call in vouched if not isinstance(call.args[0], ast.Constant)] == []
