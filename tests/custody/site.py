"""Muster with its own server in one data folder after another, and the commands that operators type."""

from pathlib import Path

from bot.clock import Clock
from bot.settings import Settings
from bot.store.audit_key import FILE
from bot.workspace.server import Workspace
from tests.muster_process import ROOT, muster_says, settings_in
from tests.scenarios.host import Host


class Site:
    """One workspace, and data folders that come and go."""

    def __init__(self, workspace: Workspace, clock: Clock, folder: Path) -> None:
        self.workspace = workspace
        self.clock = clock
        self.folder = folder

    def host(self, data: str, **overrides: object) -> Host:
        settings = Settings.model_validate(
            {
                "slack_bot_token": self.workspace.bot_token,
                "slack_app_token": self.workspace.app_token,
                "slack_api_url": self.workspace.api_url,
                "announcement_channel": "#incidents",
                "playbooks_dir": ROOT / "playbooks",
                "data_dir": self.folder / data,
                "port": 0,
                **overrides,
            }
        )
        return Host(workspace=self.workspace, settings=settings, clock=self.clock)

    async def muster(self, data: str, *arguments: str) -> tuple[int, str]:
        settings = settings_in(self.workspace, "socket mode", "") | {"DATA_DIR": str(self.folder / data)}
        return await muster_says(settings, self.folder, *arguments)

    def carry_key(self, before: str, after: str) -> None:
        (self.folder / after).mkdir(mode=0o700)
        (self.folder / after / FILE).write_bytes((self.folder / before / FILE).read_bytes())
