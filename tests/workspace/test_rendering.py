"""What a reader sees of a message, whom it pings and where it leads."""

from bot.workspace.rendering import links, pings, render_text
from tests.workspace.dialogue import BUTTON, ROW, plain, section

NAMES = {"U0ADA00001": "ada", "C000000001": "general"}


def test_tokens_become_names() -> None:
    text = "<@U0ADA00001> in <#C000000001|old-name>, <!here>"
    assert render_text({"text": text}, NAMES) == "@ada in #general, @here"


def test_a_date_is_shown_in_the_readers_zone() -> None:
    text = "<!date^1700000000^{date_num} {time}|2023-11-14 22:13 UTC>"
    assert render_text({"text": text}, NAMES, "America/New_York") == "2023-11-14 17:13"


def test_blocks_are_shown_instead_of_the_text() -> None:
    assert render_text({"text": "notification", "blocks": [section("*card*"), *ROW]}, NAMES) == "*card*\n[Go on]"


def test_an_unknown_block_is_shown_as_json() -> None:
    assert render_text({"blocks": [{"type": "banner"}]}, NAMES) == '[banner] {"type": "banner"}'


def test_escaped_mentions_ping_nobody() -> None:
    assert pings({"text": "&lt;!channel&gt; @channel @here"}) == set()


def test_plain_text_pings_nobody_but_mrkdwn_does() -> None:
    header = {"type": "header", "text": plain("<!channel>")}
    assert pings({"text": "", "blocks": [header]}) == set()
    assert pings({"text": "", "blocks": [section("<!channel> <@U0ADA00001>")]}) == {"channel", "U0ADA00001"}


def test_rich_text_pings() -> None:
    parts = [{"type": "broadcast", "range": "here"}, {"type": "user", "user_id": "U0ADA00001"}]
    block = {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": parts}]}
    assert pings({"blocks": [block]}) == {"here", "U0ADA00001"}


def test_a_disguised_link_is_seen_with_its_target() -> None:
    message = {"text": "<https://evil.example|bank>"}
    assert links(message) == [("bank", "https://evil.example")]
    assert render_text(message, {}) == "bank (https://evil.example)"


def test_escaped_link_syntax_links_only_what_slack_would_link_itself() -> None:
    assert links({"text": "&lt;evil|bank&gt;"}) == []


def test_a_button_with_an_address_is_a_link() -> None:
    row = {"type": "actions", "elements": [{**BUTTON, "url": "https://example.org"}]}
    assert links({"blocks": [row]}) == [("Go on", "https://example.org")]
