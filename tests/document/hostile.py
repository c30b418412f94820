"""Texts that would break or act in a document if they were not escaped, and an incident that is full of them."""

from dataclasses import replace
from typing import Final

from bot.incident.alert import AlertOpening
from bot.incident.commands import (
    AddNote,
    AttachPlaybook,
    ChangeSeverity,
    ChangeStep,
    Command,
    DeclareIncident,
    FlagMessage,
    PostUpdate,
    RecordFailure,
    RecordMessageEdit,
    RecordMessageText,
    ResolveIncident,
)
from bot.incident.factor import FactorClass, FactorContent
from bot.incident.factor_commands import AddFactor, ChangeFactor, RemoveFactor
from bot.incident.followup import FollowupContent
from bot.incident.followup_commands import AddFollowup
from bot.incident.terms import (
    MUSTER_ITSELF,
    Checklist,
    EntryKind,
    File,
    Severity,
    Step,
    StepState,
    Version,
)
from tests.incident.given import ADA, BEN, ROOM, Story, after, ts

HOSTILE: Final = (
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "[x](javascript:alert(1))",
    "![x](https://evil.example/pixel.png)",
    "# heading",
    "a\n# heading\n\n---\n",
    "a\n===\nb\n---",
    "| a | b |\n|---|---|\n| c | d |",
    "x | y",
    "<!channel> help",
    "<https://evil.example|bank>",
    "<javascript:alert(1)|click>",
    "<@U0ADA> look",
    "```\nfence\n```",
    "~~~ a",
    "`code` and ``more``",
    "*b* _i_ **bb** __ii__ ~~s~~ $x^2$",
    "1. one\n2. two",
    "- item\n+ item\n* item",
    "> quoted",
    "[a]: https://evil.example\n[a]",
    "&lt;b&gt; &amp; &#60;script&#62; &copy;",
    "\\[x](https://evil.example) ends with \\",
    "{{ 7*7 }} {% raw %} {# x #} {title} %s",
    "\u202egnp.exe \x00\x07",
    "line\u2028separator\u2029paragraph\x85next",
    "תקלה [x](https://evil.example)",
    "https://evil.example/<script>?a=1&copy=2|3(4)[5]*6*_7_",
    "x" * 300,
    '" onmouseover="alert(1)" \' <!-- --> ]]> </style></svg></title></desc>',
    "\ufffe\uffff",
    ":---|",
)


def hostile_story(text: str, *, private: bool = False) -> Story:
    """This text wherever people, files or Slack can put one."""
    story = Story()
    title = " ".join(text.split())[:300] or "x"
    alerts = AlertOpening(judged=(), rule=text, severity_why=text, told_by=text, detected_at=after(0))
    declaration = DeclareIncident(by=ADA, title=title, service=text, impact=text, private=private, source=text)
    story.declare(replace(declaration, opening=alerts))
    story.open_channel()
    for minute, command in enumerate(_commands(text), start=1):
        story.do(command, after(minute))
    return story


def _commands(text: str) -> list[Command]:
    steps = (Step(id="1", title=text), Step(id="2", title=text))
    file = File(name=text, link=text)
    safe_file = File(name=text, link="https://files.example/a.png")
    readable = f"{text}."
    return [
        AddNote(by=BEN, text=readable, kind=EntryKind.DECISION),
        ChangeSeverity(by=BEN, severity=Severity.SEV1, why=text),
        FlagMessage(by=BEN, channel=ROOM, ts=ts(1), emoji="bulb", flagged_ts="1.0"),
        RecordMessageText(
            by=MUSTER_ITSELF, ts=ts(1), author=ADA.id, text=text, files=(file, safe_file), permalink=text
        ),
        RecordMessageEdit(by=MUSTER_ITSELF, ts=ts(1), text=f"{text} again", edited_ts="9.0"),
        FlagMessage(by=BEN, channel=ROOM, ts=ts(2), emoji="boom", flagged_ts="1.0"),
        RecordMessageText(by=MUSTER_ITSELF, ts=ts(2), author=ADA.id, text=text, permalink="https://a.slack.com/p1"),
        FlagMessage(by=BEN, channel=ROOM, ts=ts(3), emoji="memo", flagged_ts="1.0"),
        RecordMessageText(by=MUSTER_ITSELF, ts=ts(3), author=ADA.id, text=text),
        PostUpdate(by=BEN, known=readable, impact=text, doing=text),
        AttachPlaybook(by=ADA, checklist=Checklist(playbook="p", title=text, steps=steps, why=text, revision=text)),
        ChangeStep(by=ADA, playbook="p", step="1", state=StepState.FAILED, note=text),
        RecordFailure(by=MUSTER_ITSELF, step=text, reason=text),
        ResolveIncident(by=ADA, summary=text),
        AddFollowup(by=ADA, content=FollowupContent(what=readable[-300:], metric=text[:300])),
        AddFactor(by=ADA, content=_factor(f"{readable}1", followups=(1,))),
        ChangeFactor(by=BEN, number=1, content=_factor(f"{readable}2", entry=Version(5), followups=(1,))),
        AddFactor(by=ADA, content=_factor(f"{readable}3")),
        RemoveFactor(by=ADA, number=2, why=readable),
    ]


def _factor(text: str, *, entry: Version | None = None, followups: tuple[int, ...] = ()) -> FactorContent:
    return FactorContent(text=text[-300:], kind=FactorClass.PROCESS, entry=entry, followups=followups)
