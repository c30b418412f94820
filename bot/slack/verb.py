"""What a row of the table of verbs says."""

from dataclasses import dataclass

from bot.slack.asking import Reader


@dataclass(frozen=True, slots=True, kw_only=True)
class Verb:
    """`does`: a line of help. `buttons`: the buttons and modals by which the same is asked without typing.

    `group`: its heading in the help. `text`: what follows is free text, in which INC-42 is a word like any other.
    """

    name: str
    group: str
    reads: Reader
    does: str
    arguments: str = ""
    aliases: tuple[str, ...] = ()
    buttons: tuple[str, ...] = ()
    text: bool = False

    @property
    def usage(self) -> str:
        return f"{self.name} {self.arguments}".strip()
