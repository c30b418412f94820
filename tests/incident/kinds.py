"""Which commands, events or effects there are, so that whatever must be named in a table is looked for there."""

import pkgutil
from importlib import import_module
from typing import Any

import bot.incident


def kinds(subject: str, root: type[Any]) -> set[type[Any]]:
    """Every class under `root` in the modules of the subject: commands.py, followup_commands.py and so on.

    __subclasses__ would also tell of what `slots` leaves behind.
    """
    names = [found.name for found in pkgutil.iter_modules(bot.incident.__path__) if found.name.endswith(subject)]
    known = [each for name in names for each in vars(import_module(f"bot.incident.{name}")).values()]
    return {each for each in known if isinstance(each, type) and issubclass(each, root)} - {root}
