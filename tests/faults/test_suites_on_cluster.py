"""The whole store suite and the scenario suite, again, with a Cluster of three masters for a store."""

import asyncio
import os
import subprocess
import sys

import pytest

from tests.muster_process import ROOT

SUITES = ("tests/store", "tests/scenarios")


@pytest.mark.long
@pytest.mark.timeout(300)
async def test_the_store_and_scenario_suites_pass_on_a_cluster() -> None:
    """Dialogues in Socket Mode only: the transport knows nothing of the store."""
    chosen = ("-m", "not long", "-k", "not http", "-n", "2", "--redis", "cluster")
    command = (sys.executable, "-m", "pytest", *SUITES, *chosen, "-q", "-p", "no:cacheprovider")
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")}
    ended = await asyncio.to_thread(
        subprocess.run,
        command,
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    assert ended.returncode == 0, ended.stdout[-6000:]
    assert " passed" in ended.stdout
