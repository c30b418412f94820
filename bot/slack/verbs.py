"""THE table of verbs. Help, the command's usage hint, the manifest and "did you mean" are made from it.

To add a verb: one row here, one function in arguments.py (or its subject's file beside it), and its button or modal.
"""

import difflib
from dataclasses import dataclass
from typing import Final

from bot.slack import action_ids as ids
from bot.slack import arguments, ending_arguments, factor_arguments
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


VERBS: Final = (
    Verb(
        name="declare",
        group="Begin",
        reads=arguments.declare,
        arguments="[sev1] [title]",
        does="open one; without a title, a form",
        aliases=("new", "open", "start", "create", "report"),
        buttons=(ids.DECLARE, ids.DECLARE_MODAL, ids.DECLARE_SHORTCUT, ids.DECLARE_FROM_MESSAGE),
        text=True,
    ),
    Verb(
        name="drill",
        group="Begin",
        reads=arguments.drill,
        arguments="[sev1] [title]",
        does="practise: open one that pages nobody",
        aliases=("practise", "practice", "exercise"),
        buttons=(ids.DECLARE_MODAL,),
        text=True,
    ),
    Verb(
        name="severity",
        group="Work on it",
        reads=arguments.severity,
        arguments="sev2 [why]",
        does="change the severity",
        aliases=("sev",),
        buttons=(ids.CHANGE_SEVERITY, ids.SEVERITY_MODAL),
    ),
    Verb(
        name="status",
        group="Work on it",
        reads=arguments.status,
        arguments="mitigated [note]",
        does="change the status",
        aliases=("state",),
        buttons=(ids.CHANGE_STATUS, ids.STATUS_MODAL),
    ),
    Verb(
        name="assign",
        group="Who does what",
        reads=arguments.assign,
        arguments="commander @ada",
        does="give somebody a role",
        aliases=("role", "roles", "appoint"),
        buttons=(ids.ROLES, ids.ROLES_MODAL),
    ),
    Verb(
        name="claim",
        group="Who does what",
        reads=arguments.claim,
        arguments="scribe",
        does="take a free role",
        aliases=("take",),
        buttons=(ids.TAKE_COMMAND, ids.CLAIM_ROLE),
    ),
    Verb(
        name="release",
        group="Who does what",
        reads=arguments.release,
        arguments="[role]",
        does="give up your role",
        aliases=("drop",),
        buttons=(ids.RELEASE_ROLE,),
    ),
    Verb(
        name="acknowledge",
        group="Who does what",
        reads=arguments.acknowledge,
        does="say that somebody is working on it",
        aliases=("ack",),
        buttons=(ids.ACKNOWLEDGE,),
    ),
    Verb(
        name="note",
        group="Work on it",
        reads=arguments.note,
        arguments="[at 14:05] text",
        does="add an entry to the timeline",
        aliases=("log", "add"),
        buttons=(ids.ADD_NOTE, ids.NOTE_MODAL, ids.ADD_TO_TIMELINE),
        text=True,
    ),
    Verb(
        name="update",
        group="Work on it",
        reads=arguments.update,
        arguments="[text] [next 30m]",
        does="tell everybody where it stands",
        buttons=(ids.POST_UPDATE, ids.UPDATE_MODAL),
        text=True,
    ),
    Verb(
        name="remind",
        group="Clock and record",
        reads=arguments.remind,
        arguments="every 20m | off | snooze 10m | skip",
        does="when updates are due",
        aliases=("reminder", "reminders", "cadence"),
        buttons=(ids.SET_CADENCE, ids.CADENCE_MODAL, ids.SNOOZE_UPDATE, ids.SKIP_UPDATE),
    ),
    Verb(
        name="timeline",
        group="Work on it",
        reads=arguments.timeline,
        arguments="[page]",
        does="what happened so far",
        aliases=("history",),
        buttons=(ids.SHOW_TIMELINE,),
    ),
    Verb(
        name="show",
        group="Begin",
        reads=arguments.show,
        arguments="[INC-42]",
        does="the incident at a glance",
        aliases=("info", "summary"),
        buttons=(ids.SHOW_INCIDENT, ids.MORE),
    ),
    Verb(
        name="list",
        group="Begin",
        reads=arguments.listing,
        arguments="[all]",
        does="open incidents, or all of them",
        aliases=("ls",),
        buttons=(ids.SHOW_LIST,),
    ),
    Verb(
        name="search",
        group="Begin",
        reads=arguments.search,
        arguments="[drills] words",
        does="find earlier incidents by what was said",
        aliases=("find",),
        buttons=(ids.SEARCH, ids.SEARCH_MODAL),
        text=True,
    ),
    Verb(
        name="join",
        group="Begin",
        reads=arguments.join,
        arguments="INC-42",
        does="come into an incident's channel",
        buttons=(ids.JOIN,),
    ),
    Verb(
        name="channel",
        group="Clock and record",
        reads=arguments.channel,
        does="open its channel, where that failed",
        buttons=(ids.RETRY_CHANNEL,),
    ),
    Verb(
        name="playbook",
        group="Work on it",
        reads=arguments.playbook,
        arguments="[name]",
        does="the playbooks, or attach one",
        aliases=("playbooks", "runbook"),
        buttons=(ids.SHOW_PLAYBOOKS, ids.ATTACH_PLAYBOOK),
    ),
    Verb(
        name="correct",
        group="Clock and record",
        reads=arguments.correct,
        arguments="impact started 14:05",
        does="correct a time of the record",
        buttons=(ids.CORRECT_TIMES, ids.TIMES_MODAL),
    ),
    Verb(
        name="resolve",
        group="End",
        reads=ending_arguments.resolve,
        arguments="[summary]",
        does="end the response",
        aliases=("resolved", "fixed"),
        buttons=(ids.RESOLVE, ids.RESOLVE_MODAL),
    ),
    Verb(
        name="reopen",
        group="End",
        reads=ending_arguments.reopen,
        arguments="[why]",
        does="work on it again",
        buttons=(ids.REOPEN, ids.REOPEN_MODAL),
    ),
    Verb(
        name="cancel",
        group="End",
        reads=ending_arguments.cancel,
        arguments="[why]",
        does="it was no incident after all",
        buttons=(ids.CANCEL, ids.CANCEL_MODAL),
    ),
    Verb(
        name="close",
        group="End",
        reads=ending_arguments.close,
        arguments="[note] | because why",
        does="close a resolved incident, once nothing is missing",
        buttons=(ids.CLOSE, ids.CLOSE_MODAL, ids.NOT_YET),
    ),
    Verb(
        name="workaround",
        group="End",
        reads=ending_arguments.workaround,
        arguments="[what @owner until 14 days]",
        does="what is temporarily in place; also none, remove 1, keep 1 until 7 days",
        aliases=("workarounds",),
        buttons=(ids.WORKAROUNDS, ids.WORKAROUND_MODAL, ids.KEEP_WORKAROUND, ids.REMOVE_WORKAROUND),
        text=True,
    ),
    Verb(
        name="followup",
        group="End",
        reads=ending_arguments.followup,
        arguments="[text @owner]",
        does="add work that it leaves behind",
        aliases=("follow-up", "action"),
        buttons=(
            ids.ADD_FOLLOWUP,
            ids.FOLLOWUP_MODAL,
            ids.EDIT_FOLLOWUP,
            ids.GIVE_FOLLOWUP,
            ids.FOLLOWUP_OWNER_MODAL,
            ids.OWN_FOLLOWUP,
        ),
        text=True,
    ),
    Verb(
        name="followups",
        group="End",
        reads=ending_arguments.followups,
        arguments="[mine | @ada | team | overdue | all]",
        does="what is still to be done",
        aliases=("follow-ups", "actions"),
        buttons=(
            ids.SHOW_FOLLOWUPS,
            ids.SHOW_FOLLOWUP,
            ids.MOVE_FOLLOWUP,
            ids.SETTLE_FOLLOWUP,
            ids.FOLLOWUP_STATE_MODAL,
        ),
    ),
    Verb(
        name="postmortem",
        group="End",
        reads=ending_arguments.postmortem,
        arguments="[section]",
        does="write down together what was learnt",
        aliases=("retro", "retrospective"),
        buttons=(ids.SHOW_POSTMORTEM, ids.WRITE_SECTION, ids.SECTION_MODAL, ids.UPLOAD_DRAFT),
    ),
    Verb(
        name="factor",
        group="End",
        reads=factor_arguments.factor,
        arguments="[people | process | technology | environment] [text]",
        does="one of the things that made it possible, worse or longer",
        aliases=("cause", "root", "root-cause", "rootcause"),
        buttons=(ids.ADD_FACTOR, ids.FACTOR_MODAL, ids.EDIT_FACTOR, ids.DROP_FACTOR, ids.DROP_FACTOR_MODAL),
        text=True,
    ),
    Verb(
        name="factors",
        group="End",
        reads=factor_arguments.factors,
        does="the contributing factors so far",
        aliases=("causes",),
        buttons=(ids.SHOW_FACTORS, ids.SHOW_FACTOR),
    ),
    Verb(
        name="help",
        group="Begin",
        reads=arguments.help_,
        does="this list",
        aliases=("?", "usage", "commands", "-h", "--help"),
        buttons=(ids.SHOW_HELP,),
    ),
)


def verb_named(word: str) -> Verb | None:
    """By name or alias, in lower case."""
    return next((verb for verb in VERBS if word == verb.name or word in verb.aliases), None)


def nearest_verb(word: str) -> str:
    """The verb that was probably meant, empty where none is near enough (by difflib's own 0.6 `end` was `remind`)."""
    names = {name: verb.name for verb in VERBS for name in (verb.name, *verb.aliases)}
    near = difflib.get_close_matches(word, names, n=1, cutoff=0.7)
    return names[near[0]] if near else ""


def usages() -> dict[str, list[tuple[str, str]]]:
    """Under each heading of the help, in the order of the table: how its verbs are written and what they do."""
    groups = dict.fromkeys(verb.group for verb in VERBS)
    return {group: [(verb.usage, verb.does) for verb in VERBS if verb.group == group] for group in groups}


def usage_hint() -> str:
    """What Slack shows behind the command while it is typed."""
    return " | ".join(verb.name for verb in VERBS)
