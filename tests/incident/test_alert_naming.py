"""What people read in the first second: a title that one of them might have written."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.incident.alert_naming import LONGEST_TITLE, burning, title_of
from bot.incident.alert_wording import readable, without_noise
from bot.incident.declaring import is_readable, one_line_title
from tests.incident.alerts import alert


def title(name: str, summary: str = "", service: str = "checkout", **labels: str) -> str:
    return title_of(alert(name, summary=summary, labels=labels), service)


def test_the_sentence_of_the_alert_is_the_title() -> None:
    assert title("HighErrorRate", "Checkout returns 500.") == "Checkout returns 500"
    assert title_of(alert(summary="One in three"), "", "Checkout is down") == "Checkout is down"


def test_a_name_alone_is_read_out_and_says_its_service_once() -> None:
    assert title("HighErrorRate") == "High error rate (checkout)"
    assert title("CheckoutHighErrorRate") == "Checkout high error rate"
    assert title("HighErrorRate", service="payment-provider") == "High error rate (payment-provider)"
    assert title("x", "The payment provider is down", service="payment-provider") == "The payment provider is down"


@pytest.mark.parametrize(
    ("told", "read"),
    [
        ("[FIRING:1] Queue grows", "Queue grows"),
        ("[FIRING:2, RESOLVED:1] CheckoutHighErrorRate (checkout prod)", "Checkout high error rate (checkout prod)"),
        ("[Triggered on {host:db-3}] Disk of checkout is full", "Disk of checkout is full"),
        ("[Re-Triggered] [P1] Too many 500s", "Too many 500s"),
        ("[#1234] [SEV2] DB down", "DB down"),
        ("\U0001f6a8 :fire: ALERT: payments fail", "Payments fail"),
        ("CRITICAL - 40 % of payments fail", "40 % of payments fail"),
        ("** PROBLEM Service Alert: db-1/Disk is CRITICAL **", "db-1/Disk is CRITICAL"),
        ("ALARM: 5xx in EU (Ireland)", "5xx in EU (Ireland)"),
        ("<b>Payments</b> `fail`: https://graphs.example/d/1", "Payments fail"),
        ("Error budget & errors", "Error budget & errors"),
        ("[prod] db-3 is down", "[prod] db-3 is down"),
    ],
)
def test_the_noise_of_sources_is_left_out(told: str, read: str) -> None:
    assert without_noise(told) == read


@pytest.mark.parametrize(
    ("told", "read"),
    [
        ("Error rate of <no value> is high", "Error rate is high"),
        ("Checkout answers slowly (p99: [no value] s)", "Checkout answers slowly"),
        ("Too many errors on {{ $labels.instance }}", "Too many errors"),
        ("Queue grows by %!f(string=) a minute", "Queue grows a minute"),
        ("Error rate is [no value]% on ${host}", ""),
        ("<no value> is down", ""),
        ("%!s(<nil>)", ""),
        ("null", ""),
        ("**Firing**\n\nValue: A=3", ""),
    ],
)
def test_what_a_template_left_over_is_no_title(told: str, read: str) -> None:
    """Where nothing whole is left, the alert's name is the title."""
    assert without_noise(told) == read
    assert title("HostDown", told).removesuffix(" (checkout)") == (read or "Host down")


@pytest.mark.parametrize(
    ("told", "read"),
    [
        ("HIGH ERROR RATE ON CHECKOUT API IN EU-WEST-1", "High error rate on checkout API in EU-WEST-1"),
        ("DISK FULL", "Disk full"),
        ("CPU_HIGH", "CPU high"),
        ("DB down", "DB down"),
        ("支払いが失敗しています", "支払いが失敗しています"),
    ],
)
def test_nobody_shouts(told: str, read: str) -> None:
    assert without_noise(told) == read


def test_a_name_that_people_wrote_goes_before_a_summary_that_a_machine_wrote() -> None:
    """As Datadog tells of a monitor."""
    measured = "system.disk.in_use over host:db-3 was > 0.97 at least once during the last 5m"
    assert title("[Triggered] Disk of checkout is full", measured) == "Disk of checkout is full"
    assert title("HostDown", "db-3.eu.internal is down") == "db-3.eu.internal is down (checkout)"


def test_names_are_read_out() -> None:
    assert readable("KubePodCrashLooping") == "Kube pod crash looping"
    assert readable("node_disk_IO") == "Node disk IO"
    assert readable("http_5xx_rate") == "HTTP 5xx rate"
    assert readable("com.acme.backup.late") == "Backup late"
    assert title("orders.stuck") == "Orders stuck (checkout)"
    assert readable("db-3.eu.internal:9100") == "db-3.eu.internal:9100"
    assert readable("Web server: 5xx > 1 %") == "Web server: 5xx > 1 %"


def test_of_many_sentences_the_first_is_the_title() -> None:
    long = (
        "The p99 latency of checkout has been above 2 s for five minutes. Look at the dashboard and follow the runbook."
    )
    assert title("x", long) == "The p99 latency of checkout has been above 2 s for five minutes"


def test_what_is_long_is_cut_and_never_lost() -> None:
    assert title("x", "word " * 200).endswith(" … (checkout)")
    assert len(title("x", "w" * 400, service="s" * 200)) <= LONGEST_TITLE


def test_what_says_nothing_is_called_by_its_source() -> None:
    assert title("\u200b\u202e", service="") == "Alert from alertmanager"
    assert title("CRITICAL", "[FIRING:1]") == "Alert from alertmanager (checkout)"


def test_a_budget_is_spoken_of_in_words() -> None:
    assert title("SLOBurn", burn_rate="14.39999") == "The error budget of checkout burns 14 times too fast"
    assert title("SLOBurn", burn_rate="2.51") == "The error budget of checkout burns 2.5 times too fast"
    assert title("SLOBurn", budget_remaining="-0.02") == "The error budget of checkout is exhausted"
    assert title("SLOBurn", "Half of all payments fail", burn_rate="14") == "Half of all payments fail (checkout)"


@pytest.mark.parametrize("rate", ["1", "0.5", "fast", "NaN", "inf", ""])
def test_a_budget_that_is_used_up_no_faster_than_it_may_is_no_news(rate: str) -> None:
    assert burning(alert(labels={"burn_rate": rate})) == ""


@given(st.text(max_size=400), st.text(max_size=400), st.text(max_size=200))
def test_every_alert_has_a_title_of_one_line(name: str, summary: str, service: str) -> None:
    found = title(name, summary, service)
    assert is_readable(found)
    assert len(found) <= LONGEST_TITLE
    assert "\n" not in one_line_title(found)


def test_no_text_takes_long_to_read() -> None:
    """Repetitions that make a careless pattern look at everything again from each of its letters."""
    begun = time.perf_counter()
    for part in (
        "[P1]",
        ",",
        "%!(",
        "{{",
        "<a ",
        "$",
        "((",
        "https://",
        " of",
        "`",
        "a.b",
        ":a:",
        "aA",
        "ALERT: ",
        "** ",
    ):
        without_noise(part * 3000)
    assert time.perf_counter() - begun < 0.5
