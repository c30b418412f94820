"""THE table of verbs. Help, the command's usage hint, the manifest and "did you mean" are made from it.

To add a verb: one row here (or in ending_verbs.py), one function in arguments.py (or its subject's file beside it), and
its button or modal.
"""

import difflib
from typing import Final

from bot.slack import action_ids as ids
from bot.slack import arguments, freeze_arguments, maintenance_arguments
from bot.slack.ending_verbs import ENDING_VERBS
from bot.slack.verb import Verb

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
        name="alerts",
        group="Services and alerts",
        reads=arguments.alerts,
        arguments="[page] | quality",
        does="those of the incident and why; elsewhere, what waits for an answer and what was decided",
        aliases=("alert",),
        buttons=(
            ids.SHOW_ALERTS,
            ids.SHOW_ALERT_QUALITY,
            ids.MITIGATED,
            ids.NOT_MITIGATED,
            ids.DECLARE_PROPOSAL,
            ids.ATTACH_PROPOSAL,
            ids.ATTACH_PROPOSAL_MODAL,
            ids.IGNORE_PROPOSAL,
            ids.FREEZE_PROPOSAL,
            ids.IGNORE_PROPOSAL_MODAL,
        ),
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
        name="service",
        group="Services and alerts",
        reads=arguments.service,
        arguments="[name]",
        does="who answers for it, what hangs on it, its incidents; or all services",
        aliases=("services", "catalogue", "catalog"),
        buttons=(ids.SHOW_SERVICE, ids.SHOW_SERVICES, ids.DECLARE_FOR),
        text=True,
    ),
    Verb(
        name="maintenance",
        group="Services and alerts",
        reads=maintenance_arguments.maintenance,
        arguments="[checkout [at 22:00] 2h why] | end M3",
        does="when alerts of a service are expected and call nobody",
        aliases=("window", "windows"),
        buttons=(ids.SHOW_MAINTENANCE, ids.PLAN_MAINTENANCE, ids.END_MAINTENANCE, ids.MAINTENANCE_MODAL),
        text=True,
    ),
    Verb(
        name="freeze",
        group="Services and alerts",
        reads=freeze_arguments.freeze,
        arguments="[checkout [24h] why] | extend F3 24h | end F3",
        does="when nothing of a service is to be deployed",
        aliases=("freezes", "deployfreeze"),
        buttons=(ids.SHOW_FREEZES, ids.FREEZE_DEPLOYS, ids.EXTEND_FREEZE, ids.END_FREEZE),
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
    *ENDING_VERBS,
    Verb(
        name="help",
        group="Begin",
        reads=arguments.help_,
        arguments="[verb]",
        does="this list, or one of it",
        aliases=("?", "usage", "commands", "-h", "--help"),
        buttons=(ids.SHOW_HELP,),
    ),
)


def verb_named(word: str) -> Verb | None:
    """By name or alias, in lower case."""
    return next((verb for verb in VERBS if word == verb.name or word in verb.aliases), None)


_MEANT: Final = {
    **dict.fromkeys(("unfreeze", "thaw"), "freeze end"),
    **dict.fromkeys(("silence", "mute", "downtime"), "maintenance"),
    **dict.fromkeys(("proposals", "proposal", "firing"), "alerts"),
    "quality": "alerts quality",
}
"""What people try, and how that is asked for: near no verb, or near the one that does the opposite."""


def nearest_verb(word: str) -> str:
    """The verb that was probably meant, empty where none is near enough (by difflib's own 0.6 `end` was `remind`)."""
    if word in _MEANT:
        return _MEANT[word]
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
