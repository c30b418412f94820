"""Who outside is told of events, as far as the core decides about it. Values only."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Listener:
    """A target of signals by its name. `private`: of private incidents, too; `drills`: of drills, too."""

    name: str
    private: bool = False
    drills: bool = False

    def may_hear(self, *, private: bool, drill: bool) -> bool:
        return (self.private or not private) and (self.drills or not drill)
