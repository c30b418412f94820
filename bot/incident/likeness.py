"""Which incidents are told first, and why: of a search, and of earlier ones like a new one. Pure.

What counts: how rare the words are that they share, where these stand, how long ago it was, how grave.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import log
from typing import Final

from bot.incident.factor import Surrounding
from bot.incident.gist import FACTOR, PLAYBOOK, SERVICE, Gist, factor_words_of, marks_of
from bot.incident.listing import Listing
from bot.incident.search_words import mark, words_of
from bot.incident.state import Incident
from bot.incident.terms import IncidentId, Severity

MOST_PRECEDENTS: Final = 3
MOST_WORDS_ASKED: Final = 24
"""Of a new incident's title and impact."""
MOST_FACTOR_WORDS_ASKED: Final = 12
"""Of these, of its contributing factors, once it has some."""
SHARED_AT_LEAST: Final = 2
"""Words, service or playbook: with one alone in common, two incidents are hardly alike."""
RARE_SHARE: Final = 4
"""A word in more than every fourth incident does not make two of them alike, once there are some."""
RARE_ENOUGH: Final = 3
HALVED_EVERY: Final = timedelta(days=180)
IN_TITLE: Final = 2.0
_GRAVITY: Final = {severity: (5 - place) / 20 for place, severity in enumerate(Severity, start=1)}
"""A SEV1 counts for a fifth more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Matches:
    """What one shelf holds of the words asked. `count`: all incidents, drills and private ones too, so only a measure.

    `holders`: of each word, how many incidents have it, and the newest of these; `whole`: the newest that have all.
    """

    count: int
    frequency: Mapping[str, int]
    holders: Mapping[str, frozenset[IncidentId]]
    whole: frozenset[IncidentId]

    def rarity(self, word: str) -> float:
        return log(1 + self.count / max(self.frequency.get(word, 0), 1))

    def is_telling(self, word: str) -> bool:
        return ":" in word or self.frequency.get(word, 0) <= max(RARE_ENOUGH, self.count / RARE_SHARE)

    def shared_by(self, words: Iterable[str]) -> dict[IncidentId, list[str]]:
        """Of each incident, the words that it has, in the order asked."""
        found: dict[IncidentId, list[str]] = {}
        for word in words:
            for incident in self.holders.get(word, ()):
                found.setdefault(incident, []).append(word)
        return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Likeness:
    """An earlier incident and why it is told of. `words` as written; `titled`: those of them that its title has, and
    `factored` those that its contributing factors have. `surroundings`: kinds of environment that contributed to both.
    """

    listing: Listing
    gist: Gist
    words: tuple[str, ...] = ()
    titled: tuple[str, ...] = ()
    factored: tuple[str, ...] = ()
    surroundings: tuple[Surrounding, ...] = ()
    same_service: bool = False
    same_playbook: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Findings:
    """One page of what somebody's search has found. `count`: of what this person may see, and of nothing else.

    `whole`: these have all the words that were asked; False: none has, and these have some. `words`: as written.
    """

    words: tuple[str, ...]
    drills: bool
    hits: tuple[Likeness, ...] = ()
    count: int = 0
    page: int = 1
    pages: int = 1
    whole: bool = True


def asked_of(incident: Incident) -> dict[str, str]:
    """What to look for to find incidents like this one: marks, then words, each with how it is written.

    The service's own name is said by its mark; as a word it would count twice.
    """
    words, service = words_of(f"{incident.title} \n{incident.impact}"), words_of(incident.service)
    factored = [(word, how) for word, how in factor_words_of(incident).items() if word not in words]
    known = {**words, **dict(factored[:MOST_FACTOR_WORDS_ASKED])}
    telling = {word: written for word, written in known.items() if word not in service}
    asked = {**{each: each for each in marks_of(incident)}, **telling}
    return dict(list(asked.items())[:MOST_WORDS_ASKED])


def alike(incident: IncidentId, asked: Mapping[str, str], matches: Matches, most: int) -> dict[IncidentId, list[str]]:
    """Earlier incidents with enough in common, the likest first: the telling words of each."""
    telling = [word for word in asked if matches.is_telling(word)]
    shared = matches.shared_by(telling)
    enough = {each: words for each, words in shared.items() if each < incident and len(words) >= SHARED_AT_LEAST}
    ranked = sorted(enough, key=lambda each: (-sum(map(matches.rarity, enough[each])), -each))
    return {each: enough[each] for each in ranked[:most]}


def weight(listing: Listing, words: Iterable[str], matches: Matches, at: datetime) -> float:
    """By which hits are ordered, the greatest first."""
    titled = words_of(listing.title)
    told = sum(matches.rarity(word) * (IN_TITLE if word in titled else 1.0) for word in words)
    age = max(at - listing.declared_at, timedelta()) / HALVED_EVERY
    return float(told * (1 + 0.5 * 0.5**age) * (1 + _GRAVITY[listing.severity]))


def likeness(listing: Listing, gist: Gist, words: Iterable[str], asked: Mapping[str, str]) -> Likeness:
    """`words`: what they share, in compared form and marks; `asked`: how each is written."""
    shared, titled = list(words), words_of(listing.title)
    plain = [word for word in shared if ":" not in word]
    return Likeness(
        listing=listing,
        gist=gist,
        words=tuple(dict.fromkeys(asked[word] for word in plain)),
        titled=tuple(dict.fromkeys(asked[word] for word in plain if word in titled)),
        factored=tuple(dict.fromkeys(asked[word] for word in plain if word in gist.factor_words)),
        surroundings=tuple(each for each in Surrounding if mark(FACTOR, each) in shared),
        same_service=any(word.startswith(f"{SERVICE}:") for word in shared),
        same_playbook=any(word.startswith(f"{PLAYBOOK}:") for word in shared),
    )
