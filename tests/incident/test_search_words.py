"""Which words a text is found by: written in any way, they compare alike."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.incident.search_words import LONGEST_WORD, as_read, mark, words_of


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Failover", "FAILOVER"),
        ("réplica", "Replicas"),
        ("re\u0301plica", "réplica"),
        ("crash", "crashes"),
        ("cache", "caches"),
        ("database", "Databases"),
        ("query", "queries"),
        ("address", "addresses"),
        ("status", "STATUS"),
        ("Straße", "strasse"),
        ("Ørsted", "orsted"),
        ("１２３", "123"),
        ("max_connections", "max connection"),
        ("checkout-api", "Checkout API"),
        ("чекаут", "ЧЕКАУТ"),
    ],
)
def test_these_are_the_same_words(one: str, other: str) -> None:
    assert list(words_of(one)) == list(words_of(other)) != []


@pytest.mark.parametrize(("one", "other"), [("й", "и"), ("が", "か"), ("ORA-04031", "ORA-04032"), ("has", "hash")])
def test_these_are_not(one: str, other: str) -> None:
    assert list(words_of(one)) != list(words_of(other))


def test_chinese_japanese_and_korean_are_read_by_pairs() -> None:
    assert list(words_of("DB障害発生")) == ["db", "障害", "害発", "発生"]
    assert "장애" in words_of("서버장애")
    assert list(words_of("火")) == ["火"]


def test_a_word_keeps_the_signs_that_shape_it() -> None:
    assert list(words_of("हिन्दी में")) == ["हिन्दी", "में"]


def test_words_that_stand_everywhere_tell_nothing() -> None:
    assert words_of("What is it that we have? a, I. https://www") == {}


def test_each_word_once_and_as_it_was_first_written() -> None:
    assert words_of("Replicas: the replica of the primary") == {"replica": "replicas", "primary": "primary"}


def test_a_message_is_read_by_what_people_see_of_it() -> None:
    message = "<@U0ADA> see <https://grafana.example/d/7|the graph> in <#C1|ops> &amp; <!here>"
    assert list(words_of(as_read(message))) == ["see", "grafana", "exampl", "graph", "ops"]


def test_a_mark_is_no_word_of_any_text() -> None:
    assert mark("service", "Check  out") == "service:check_out"
    assert "service:check_out" not in words_of("service:check_out")


@given(st.text(max_size=80))
def test_any_text_gives_words_that_are_found_again(text: str) -> None:
    for compared, written in words_of(text).items():
        assert 0 < len(compared) <= LONGEST_WORD
        assert not any(sign.isspace() or sign == ":" for sign in compared)
        assert compared in words_of(written)
