"""The command line as people meet it: in a process of its own, in a folder of its own."""

import asyncio
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from bot.workspace.server import Workspace

ROOT = Path(__file__).parents[1]


@pytest.fixture
def muster(tmp_path: Path) -> "Muster":
    return Muster(tmp_path)


class Muster:
    """`muster ...` with no variable set but those given."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def __call__(self, *arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
        return self.python("-m", "bot", *arguments, **variables)

    def python(self, *arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
        environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), "PYTHONUTF8": "1", **variables}
        command = [sys.executable, *arguments]
        return subprocess.run(
            command, cwd=self.folder, env=environment, capture_output=True, text=True, timeout=30, check=False
        )


COMMANDS = (
    *("run", "demo", "check", "doctor", "audit", "backup", "restore", "postmortem"),
    *("begin", "manifest", "playbooks", "version", "say", "react", "slash"),
)


def test_without_a_command_it_says_which_there_are(muster: Muster) -> None:
    said = muster().stdout + muster().stderr
    assert all(command in said for command in COMMANDS)


def test_help_loads_no_room(muster: Muster) -> None:
    heavy = (
        "{'aiohttp', 'slack_bolt', 'slack_sdk', 'redis', 'pydantic', 'structlog', 'apscheduler', 'prometheus_client'}"
    )
    said = muster.python("-c", f"import sys, bot.__main__; print(sorted({heavy} & set(sys.modules)))")
    assert said.stdout == "[]\n"


def test_the_version_is_told(muster: Muster) -> None:
    assert muster("version").stdout[0].isdigit()


@pytest.mark.parametrize("command", ["run", "check"])
def test_missing_settings_are_named_without_a_traceback(muster: Muster, command: str) -> None:
    ended = muster(command)
    assert ended.returncode == 2
    assert "SLACK_BOT_TOKEN is not set" in ended.stderr
    assert "Traceback" not in ended.stderr


def test_settings_are_read_from_the_env_file_of_the_folder(muster: Muster) -> None:
    (muster.folder / ".env").write_text("SLACK_BOT_TOKEN=hunter2\n")
    ended = muster("run")
    assert "SLACK_BOT_TOKEN must be the bot token" in ended.stderr
    assert "hunter2" not in ended.stderr


def test_playbooks_are_listed_before_there_is_any_token(muster: Muster) -> None:
    (muster.folder / "playbooks").mkdir()
    text = "---\nid: bad-deploy\ntitle: Bad deploy\n---\nRoll back.\n\n- [ ] Roll back\n"
    (muster.folder / "playbooks" / "bad-deploy.md").write_text(text)
    ended = muster("playbooks")
    assert (ended.returncode, ended.stdout) == (0, "bad-deploy  Bad deploy (1 steps)\n")


def test_a_broken_playbook_is_named_without_a_traceback(muster: Muster) -> None:
    (muster.folder / "playbooks").mkdir()
    (muster.folder / "playbooks" / "policy.yaml").write_text("servity: 1\n")
    ended = muster("playbooks")
    assert ended.returncode == 1
    assert ended.stderr.startswith("playbooks/policy.yaml:1")
    assert "Traceback" not in ended.stderr


def test_slack_is_not_told_to_deliver_in_the_clear(muster: Muster) -> None:
    ended = muster("manifest", "--http", "http://muster.example")
    assert ended.returncode == 2
    assert "https://" in ended.stderr


def test_the_manifest_is_printed_before_there_is_any_token(muster: Muster) -> None:
    printed = json.loads(muster("manifest", COMMAND_NAME="/outage").stdout)
    assert printed["features"]["slash_commands"][0]["command"] == "/outage"
    assert printed["settings"]["socket_mode_enabled"] is True


def test_the_manifest_for_http_names_the_address(muster: Muster) -> None:
    assert "https://muster.example/slack/events" in muster("manifest", "--http", "https://muster.example").stdout


async def test_a_bot_in_the_local_workspace_passes_the_check(muster: Muster) -> None:
    (muster.folder / "playbooks").symlink_to(ROOT / "playbooks")
    async with Workspace() as workspace:
        variables = {
            "SLACK_API_URL": workspace.api_url,
            "SLACK_BOT_TOKEN": workspace.bot_token,
            "SLACK_APP_TOKEN": workspace.app_token,
            "ANNOUNCEMENT_CHANNEL": "#general",
        }
        ended = await asyncio.to_thread(muster, "check", **variables)
    assert ended.returncode == 0, ended.stdout + ended.stderr
    assert "Incidents are announced in #general" in ended.stdout


WRAPPED = """
import bot.__main__ as command_line
from bot.ports import (Unavailable)

async def run():
    raise ExceptionGroup("tasks", [ExceptionGroup("tasks", [Unavailable("the store", "its server ended")])])

with command_line._told_plainly():
    command_line._call("__main__:run")
"""


def test_an_outage_that_ends_the_bot_is_told_in_a_sentence_even_from_inside_task_groups(muster: Muster) -> None:
    assert muster.python("-c", WRAPPED).stderr.startswith("Muster ends: the store: its server ended. See that it runs")


async def test_people_of_a_local_workspace_can_be_played_from_the_shell(muster: Muster) -> None:
    async with Workspace() as workspace:
        at = {"MUSTER_WORKSPACE": workspace.control_url}
        said = await asyncio.to_thread(muster, "say", "ada", "general", "Checkout is down", **at)
        flagged = await asyncio.to_thread(muster, "react", "ben", "general", ":eyes:", **at)
        (message,) = await workspace.person("cleo").messages("general")
    assert (said.stdout.strip(), flagged.stdout.strip()) == (message.ts, "ok")
    assert message.reactions


def test_a_workspace_that_is_not_there_is_told_plainly(muster: Muster) -> None:
    ended = muster("say", "ada", "general", "hello", "--at", "http://127.0.0.1:1/control")
    assert ended.returncode == 1
    assert "muster demo" in ended.stderr
    assert "Traceback" not in ended.stderr


async def test_what_the_workspace_refuses_is_told_plainly(muster: Muster) -> None:
    async with Workspace() as workspace:
        ended = await asyncio.to_thread(muster, "say", "ada", "nowhere", "hello", "--at", workspace.control_url)
    assert ended.returncode == 1
    assert ended.stderr.startswith("The workspace refuses: ")
