"""Which playbook fits an incident, and why; and which one a person means by a name. Pure.

A severity that a playbook lists is a condition. Of services, words and labels, where it names any, one must fit.
Each fitting label weighs 8, the service 3, each word of a fitting word or phrase 2 (the best three of them), a listed
severity 1. The highest sum wins; between equals, the first by id. So the answer never depends on the order of files.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from functools import lru_cache
from typing import Final

from bot.incident.terms import Severity
from bot.playbook.document import Match, Playbook

LABEL: Final = 8
SERVICE: Final = 3
WORD: Final = 2
SEVERITY: Final = 1
BEST_WORDS: Final = 3
SHORTEST_PREFIX: Final = 2

# Scripts that put no spaces between words; a word of theirs is looked for anywhere in the title.
_UNSPACED = re.compile(r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Fit:
    score: int
    reasons: tuple[str, ...]


def best(
    playbooks: Iterable[Playbook],
    *,
    severity: Severity,
    title: str,
    service: str = "",
    labels: Mapping[str, str] | None = None,
) -> tuple[Playbook, str] | None:
    """The playbook and the reason, as in "matches the word 'checkout' and SEV1"; None where none fits."""
    fits = [(playbook, _fit(playbook.match, severity, title, service, labels or {})) for playbook in playbooks]
    found = [(playbook, fit) for playbook, fit in fits if fit is not None]
    if not found:
        return None
    playbook, fit = min(found, key=lambda pair: (-pair[1].score, pair[0].id))
    return playbook, "matches " + _and(fit.reasons)


def find(playbooks: Iterable[Playbook], name: str) -> Playbook | None:
    """By id, by title, or by the beginning of either where that is the beginning of one playbook only."""
    wanted = _plain(name)
    by_name = [(playbook, _own_names(playbook)) for playbook in playbooks]
    exact = [playbook for playbook, names in by_name if wanted in names]
    if exact:
        return exact[0]
    if len(wanted) < SHORTEST_PREFIX:
        return None
    begun = [playbook for playbook, names in by_name if any(own.startswith(wanted) for own in names)]
    return begun[0] if len(begun) == 1 else None


def suggestions(playbooks: Iterable[Playbook], name: str, *, most: int = 3) -> tuple[Playbook, ...]:
    """What may have been meant by a name that `find` does not know, the likeliest first."""
    wanted = _plain(name)[:100]
    by_name = {own: playbook for playbook in playbooks for own in _own_names(playbook)}
    near = [own for own in by_name if wanted and any(word.startswith(wanted) for word in own.split())]
    near += get_close_matches(wanted, by_name, n=most * 2, cutoff=0.5)
    return tuple({by_name[own].id: by_name[own] for own in near}.values())[:most]


def _own_names(playbook: Playbook) -> tuple[str, ...]:
    return (_plain(playbook.id), _plain(playbook.title))


@lru_cache(maxsize=2000)
def _plain(text: str) -> str:
    """As compared: compatibility forms, case, hyphens, punctuation and spaces make no difference."""
    return " ".join(_WORD.findall(unicodedata.normalize("NFKC", text).casefold().replace("_", " ")))


def _fit(match: Match, severity: Severity, title: str, service: str, labels: Mapping[str, str]) -> _Fit | None:
    if match.severities and severity not in match.severities:
        return None
    found = [*_labels(match, labels), *_service(match, service), *_words(match, title)]
    if not found and (match.labels or match.services or match.words or not match.severities):
        return None
    if match.severities:
        found.append((SEVERITY, severity.value))
    return _Fit(score=sum(score for score, _ in found), reasons=tuple(reason for _, reason in found))


def _labels(match: Match, labels: Mapping[str, str]) -> list[tuple[int, str]]:
    return [
        (LABEL, f"the label {name}={labels[name]}")
        for name, values in sorted(match.labels.items())
        if labels.get(name) in values
    ]


def _service(match: Match, service: str) -> list[tuple[int, str]]:
    fits = bool(service) and _plain(service) in {_plain(known) for known in match.services}
    return [(SERVICE, f"the service '{service}'")] if fits else []


def _words(match: Match, title: str) -> list[tuple[int, str]]:
    """The weightiest few; a phrase that holds another fitting word says more than the word, and stands first."""
    plain = _plain(title)
    fitting = {_plain(word): word for word in match.words if _stands_in(_plain(word), plain)}
    weighed = [(WORD * len(own.split()), _word_reason(word)) for own, word in fitting.items()]
    return sorted(weighed, key=lambda pair: -pair[0])[:BEST_WORDS]


def _stands_in(word: str, title: str) -> bool:
    if _UNSPACED.search(word):
        return word in title
    return bool(word) and f" {word} " in f" {title} "


def _word_reason(word: str) -> str:
    return f"the words '{word}'" if " " in word else f"the word '{word}'"


def _and(reasons: Sequence[str]) -> str:
    *most, last = reasons
    return f"{', '.join(most)} and {last}" if most else last
