"""The command line. It names each command's room and loads it only when the command is given, so that --help is quick.

It decides nothing: what a command does is written where the command's room is.
"""

import asyncio
import gc
import importlib
import inspect
import json
import os
import sys
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from importlib.metadata import version as installed_version
from pathlib import Path
from typing import Annotated, Any, Final

import typer

FAILED: Final = 1
USAGE_ERROR: Final = 2
"""The exit code for settings that cannot be used, as for a command line that cannot."""
STOPPED: Final = 130
"""The shell's exit code for an end by Ctrl-C."""

_ADVICE: Final = {
    "the store": "See that it runs and that REDIS_URL or DATA_DIR is right; muster check says more.",
    "Slack": "See to the tokens, SLACK_API_URL and the network; muster check says more.",
}
"""By the part that Unavailable names."""

app = typer.Typer(
    name="muster",
    help="Muster, an incident bot for Slack.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)

Name = Annotated[str, typer.Argument(help="Who acts: ada, ben, cleo …")]
Channel = Annotated[str, typer.Argument(help="A channel's name or id.")]
Ts = Annotated[str, typer.Option(help="The message's ts.")]
Where = Annotated[str, typer.Option("--at", envvar="MUSTER_WORKSPACE", help="The workspace's control address.")]
Team = Annotated[str, typer.Option(metavar="T0123", help="The Slack workspace, where Slack cannot be asked.")]
DEMO_PORT: Final = 4390
DEMO: Final = f"http://127.0.0.1:{DEMO_PORT}/control"
"""Where `muster demo` has its workspace, unless that port was taken."""


@app.command()
def run() -> None:
    """Run the bot."""
    gc.disable()  # nothing is given back while all is built; bot.running enables it again
    sys.modules.setdefault("rich", None)  # type: ignore[arg-type]  # structlog would load 3 MB for colours we do not use
    with _told_plainly():
        settings = _call("bot.settings:read_settings")
        _call("bot.crash_point:arm", os.environ)
        _finish(_call("bot.running:run", settings, _call("bot.clock:clock_of", os.environ)))


@app.command()
def demo(
    once: Annotated[bool, typer.Option("--once", help="Play a dialogue here; status 0 if all was seen.")] = False,
    open_: Annotated[bool, typer.Option("--open", help="Open the link in your browser.")] = False,
    playbooks: Annotated[
        Path | None, typer.Option(metavar="FOLDER", help="Your own playbooks, policy and drills.")
    ] = None,
    port: Annotated[int, typer.Option(min=0, max=65535, help="Where it listens; 0 takes a free one.")] = DEMO_PORT,
) -> None:
    """Try Muster, or practise, in a browser; needs neither Slack nor Redis.

    It prints one link, to a small workspace on this machine, and stays up until Ctrl-C. Nothing of it is kept.

    From another terminal, act as one of its people (ada, ben, cleo, finn, grace, sam):

    \b
        muster slash ben general '/incident declare sev2 Search is slow'
        muster say ada general 'All quiet.'
        muster react cleo general pushpin
    """
    with _told_plainly():
        _finish(_call("bot.demo.play:play", once, port, playbooks, open_))


@app.command()
def begin(
    after: Annotated[int, typer.Option(min=0, help="The last number given; the next incident is one more.")],
) -> None:
    """Go on with an empty store, where the record is lost for good."""
    with _told_plainly():
        _finish(_call("bot.checkup.beginning:main", _call("bot.settings:read_settings"), after))


@app.command()
def check() -> None:
    """Examine all that Muster needs, and say what to do."""
    with _told_plainly():
        _finish(_call("bot.checkup.examination:main", _call("bot.settings:read_settings")))


@app.command()
def doctor(
    retry: Annotated[str, typer.Option(metavar="ID", help="Try again what was given up, by its number.")] = "",
    retry_all: Annotated[bool, typer.Option("--retry-all", help="Try all of it again.")] = False,
    team: Team = "",
) -> None:
    """Say what is ill while Muster runs, and what to do."""
    with _told_plainly():
        _finish(_call("bot.checkup.doctor:main", _call("bot.settings:read_settings"), retry, retry_all, team))


@app.command()
def audit(
    head: Annotated[str, typer.Option(metavar="HEAD", help="A head that was posted in Slack.")] = "",
    lines: Annotated[bool, typer.Option("--lines", help="Print every entry as a line of JSON instead.")] = False,
    private: Annotated[bool, typer.Option("--private", help="With --lines: private incidents, too.")] = False,
    drills: Annotated[bool, typer.Option("--drills", help="With --lines: drills, too.")] = False,
    team: Team = "",
) -> None:
    """Verify that no log entry was changed or removed."""
    with _told_plainly():
        if lines:
            settings = _call("bot.settings:read_settings")
            _finish(_call("bot.custody.audit_lines:main", settings, private, drills, team))
        _finish(_call("bot.custody.audit:main", _call("bot.settings:read_settings"), head, team))


@app.command()
def backup(file: Annotated[Path, typer.Argument(help="A new file, of your own choice.")], team: Team = "") -> None:
    """Save every incident to a file, also while Muster runs."""
    with _told_plainly():
        _finish(_call("bot.custody.backup:main", _call("bot.settings:read_settings"), file, team))


@app.command()
def restore(
    file: Annotated[Path, typer.Argument(help="What muster backup wrote.")],
    into: Annotated[Path | None, typer.Option(metavar="FOLDER", help="A new data folder, for a drill.")] = None,
) -> None:
    """Put a backup into an empty store; nothing is posted again."""
    with _told_plainly():
        _finish(_call("bot.custody.restore:main", _call("bot.settings:read_settings"), file, into))


@app.command()
def postmortem(
    number: Annotated[str, typer.Argument(metavar="NUMBER", help="The incident's: 42 or INC-42.")],
    to: Annotated[Path, typer.Option(metavar="FOLDER", help="Where the files go; it is made.")] = Path(),
    read: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Take up what people wrote in its markdown instead.")
    ] = None,
    team: Team = "",
) -> None:
    """Write an incident's postmortem: markdown, HTML, JSON and a picture."""
    with _told_plainly():
        settings = _call("bot.settings:read_settings")
        if read is None:
            _finish(_call("bot.custody.postmortem_files:main", settings, number, to, team))
        _finish(_call("bot.custody.postmortem_reading:main", settings, number, read, team))


@app.command()
def followups(
    file: Annotated[Path, typer.Argument(help="A CSV file: a new one, or one to take back.")],
    take_back: Annotated[bool, typer.Option("--import", help="Take back what was changed in it.")] = False,
    team: Team = "",
) -> None:
    """Write all follow-ups as CSV, or take back what was changed in it."""
    with _told_plainly():
        _finish(_call("bot.custody.followup_file:main", _call("bot.settings:read_settings"), file, take_back, team))


@app.command()
def maintenance(team: Team = "") -> None:
    """Print every maintenance window that there was: what became of it, when and by whom."""
    with _told_plainly():
        _finish(_call("bot.custody.register_log:windows", _call("bot.settings:read_settings"), team))


@app.command()
def freezes(team: Team = "") -> None:
    """Print every deploy freeze that there was: what became of it, when and by whom."""
    with _told_plainly():
        _finish(_call("bot.custody.register_log:freezes", _call("bot.settings:read_settings"), team))


@app.command()
def risks(
    file: Annotated[Path, typer.Argument(help="A new file: register.csv, or register.json.")], team: Team = ""
) -> None:
    """Write what contributed to incidents and is still open."""
    with _told_plainly():
        _finish(_call("bot.custody.risk_file:main", _call("bot.settings:read_settings"), file, team))


alerts_app = typer.Typer(help="Say what was decided about alerts, and what would be.", no_args_is_help=True)
app.add_typer(alerts_app, name="alerts")


@alerts_app.command()
def why(
    alert: Annotated[str, typer.Argument(metavar="ID", help="The digits that name an alert, or its name.")],
    team: Team = "",
) -> None:
    """Say what was decided about an alert, and why."""
    with _told_plainly():
        _finish(_call("bot.custody.alert_why:main", _call("bot.settings:read_settings"), alert, team))


@alerts_app.command()
def replay(
    files: Annotated[list[Path], typer.Argument(metavar="FILE…", help="Bodies as they were sent; .jsonl: one a line.")],
    source: Annotated[str, typer.Option(help="Where they came from; else their names begin with it.")] = "",
) -> None:
    """Say what recorded deliveries would lead to, by the rules as they are now."""
    with _told_plainly():
        folder = _call("bot.settings:read_local_settings").playbooks_dir
        _finish(_call("bot.custody.alert_replay:main", files, folder, source))


@alerts_app.command()
def quality(
    file: Annotated[Path | None, typer.Argument(help="A new file, rules.csv; else it is printed.")] = None,
    weeks: Annotated[int, typer.Option(min=1, max=13, help="How many, with the running one.")] = 4,
    team: Team = "",
) -> None:
    """Say how good the rules of the monitoring are, and which to fix first."""
    with _told_plainly():
        settings = _call("bot.settings:read_settings")
        _finish(_call("bot.custody.alert_quality_file:main", settings, file, weeks, team))


@app.command()
def manifest(
    http: Annotated[str, typer.Option(metavar="URL", help="Deliver over HTTP to https://… instead.")] = "",
) -> None:
    """Print the app manifest to paste at api.slack.com/apps."""
    if http and not http.startswith("https://"):
        raise typer.BadParameter("Slack delivers to https:// addresses only.", param_hint="--http")
    with _told_plainly():
        command_name = _call("bot.settings:read_local_settings").command_name
        typer.echo(json.dumps(_call("bot.slack.manifest:manifest", command_name, http or None), indent=2))


@app.command()
def playbooks() -> None:
    """List the playbooks and guides, or what is wrong with them."""
    with _told_plainly():
        _finish(_call("bot.checkup.playbook_check:main", _call("bot.settings:read_local_settings").playbooks_dir))


@app.command()
def say(person: Name, channel: Channel, text: str, at: Where = DEMO) -> None:
    """In the local workspace: write a message as one of its people."""
    _act(at, person, lambda actor: actor.say(channel, text))


@app.command()
def react(person: Name, channel: Channel, emoji: str, at: Where = DEMO, ts: Ts = "") -> None:
    """In the local workspace: put an emoji on a message, the newest one by default."""

    async def flag(actor: Any) -> None:
        await actor.react(channel, ts or (await actor.messages(channel))[-1].ts, emoji.strip(":"))

    _act(at, person, flag)


@app.command()
def slash(person: Name, channel: Channel, command: str, at: Where = DEMO) -> None:
    """In the local workspace: type a command, such as '/incident list'."""
    name, _, arguments = command.partition(" ")
    _act(at, person, lambda actor: actor.slash(name, arguments, channel))


@app.command()
def version() -> None:
    """Print the version."""
    typer.echo(installed_version("muster"))


def main() -> None:
    app(prog_name="muster")


def _find(target: str) -> Any:
    """'module:name' -> what it names; the only place where a room is loaded by its name."""
    module, _, name = target.partition(":")
    return getattr(importlib.import_module(module), name)


def _call(target: str, *arguments: object) -> Any:
    """Its result; a coroutine is run to its end. Of a group of one failure, the failure is raised."""
    try:
        result = _find(target)(*arguments)
        return asyncio.run(result) if inspect.iscoroutine(result) else result
    except BaseExceptionGroup as group:
        raise _sole(group) from group


def _sole(failure: BaseException) -> BaseException:
    """What task groups have wrapped, as long as it is one thing."""
    while isinstance(failure, BaseExceptionGroup) and len(failure.exceptions) == 1:
        failure = failure.exceptions[0]
    return failure


def _act(at: str, name: str, deed: Callable[[Any], Awaitable[Any]]) -> None:
    """Prints what came of it: a message's ts, or what the app answered."""

    async def acting() -> Any:
        async with _find("bot.workspace.client:WorkspaceClient")(at) as client:
            return await deed(client.person(name))

    try:
        came = asyncio.run(acting())
    except _find("bot.workspace.client:Refused") as refused:
        _tell(f"The workspace refuses: {refused.error}.")
        raise typer.Exit(FAILED) from None
    except OSError:
        _tell(f"No workspace answers at {at}: muster demo starts one and prints its address.")
        raise typer.Exit(FAILED) from None
    typer.echo(came if isinstance(came, str) else getattr(came, "text", "") or getattr(came, "error", "") or "ok")


def _finish(status: object) -> None:
    """A command that answers a number ends with it as its status."""
    raise typer.Exit(status if isinstance(status, int) else 0)


@contextmanager
def _told_plainly() -> Iterator[None]:
    """What the operator can mend is told in sentences; anything else is a bug and keeps its traceback."""
    try:
        yield
    except KeyboardInterrupt:
        raise typer.Exit(STOPPED) from None
    except _find("bot.settings:SettingsInvalid") as invalid:
        _tell(*invalid.problems, "Set them in .env or the environment; .env.example explains each.")
        raise typer.Exit(USAGE_ERROR) from None
    except _find("bot.playbook.problems:LibraryProblems") as broken:
        _tell(*broken.problems)
        raise typer.Exit(FAILED) from None
    except _find("bot.ports:Unavailable") as failure:
        _tell(f"Muster ends: {failure}. {_ADVICE.get(failure.what, '')}".rstrip())
        raise typer.Exit(FAILED) from None


def _tell(*sentences: object) -> None:
    for sentence in sentences:
        typer.echo(_find("bot.telemetry:redacted")(str(sentence)), err=True)


if __name__ == "__main__":
    main()
