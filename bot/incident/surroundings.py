"""What is known around an incident when its channel opens: one value, each incident told once. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.incident.likeness import Likeness
from bot.incident.maintenance import Window
from bot.incident.nearby import Neighbour, Relation
from bot.incident.service_change import Suspect


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """`window`: the maintenance that its service is in. `suspects`: what was changed shortly before. `neighbours`:
    other incidents near it. `precedents`: earlier ones like it.
    """

    window: Window | None = None
    suspects: Sequence[Suspect] = ()
    neighbours: Sequence[Neighbour] = ()
    precedents: Sequence[Likeness] = ()

    def is_worth_telling(self, *, alarmed: bool) -> bool:
        """What is open and has nothing to do with it is no reason to speak, unless an alert opened it: people who
        declare know what else goes on.
        """
        near = [each for each in self.neighbours if alarmed or each.relation is not Relation.NONE]
        return bool(self.window or self.suspects or near or self.precedents)

    def each_once(self) -> "Surroundings":
        """An open incident is told as a neighbour, for somebody works on it; one that is over by how it was alike."""
        open_ones = {each.listing.incident for each in self.neighbours if each.listing.active}
        precedents = [each for each in self.precedents if each.listing.incident not in open_ones]
        alike = {each.listing.incident for each in precedents}
        neighbours = [each for each in self.neighbours if each.listing.incident not in alike]
        return replace(self, neighbours=neighbours, precedents=precedents)
