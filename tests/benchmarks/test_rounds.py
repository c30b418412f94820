"""The bench's arithmetic. What the bench measures is never asserted in a test."""

from tests.benchmarks.rounds import Span, chain, percentile, ratio, span_of


def call(method: str, begin: float, end: float) -> Span:
    return Span(method=method, begin=begin, end=end)


def test_calls_at_once_are_one_round() -> None:
    assert len(chain([call("invite", 0, 2), call("topic", 1, 3), call("post", 0, 3)])) == 1


def test_a_call_that_waited_for_another_is_a_round_of_its_own() -> None:
    spans = [call("pin", 4, 5), call("create", 0, 1), call("post", 2, 3), call("invite", 2, 3)]
    assert [each.method for each in chain(spans)] == ["create", "post", "pin"]


def test_the_longest_chain_counts_though_another_ends_later() -> None:
    spans = [call("a", 0, 1), call("slow", 0, 9), call("b", 1, 2), call("c", 2, 3)]
    assert [each.method for each in chain(spans)] == ["a", "b", "c"]


def test_no_calls_are_no_rounds() -> None:
    assert chain([]) == ()


def test_a_journal_entry_ends_its_duration_after_it_began() -> None:
    span = span_of({"method": "pins.add", "time": 10.0, "duration_ms": 250.0})
    assert (span.begin, span.end) == (10.0, 10.25)


def test_a_percentile_is_a_sample() -> None:
    samples = [float(number) for number in range(1, 201)]
    assert (percentile(samples, 0.5), percentile(samples, 0.99)) == (100.0, 198.0)


def test_the_highest_of_few_samples_is_their_99th_percentile() -> None:
    assert percentile([3.0, 1.0, 2.0], 0.99) == 3.0


def test_a_ratio_is_of_medians() -> None:
    assert ratio([2.0, 4.0, 100.0], [1.0, 2.0, 3.0]) == 2.0
