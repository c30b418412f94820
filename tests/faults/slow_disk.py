"""A server whose disk takes half a second for each fsync, by a few lines of C that are loaded before it."""

import shutil
import subprocess
from pathlib import Path

import pytest

SECONDS = 0.5
_SHIM = """
#define _GNU_SOURCE
#include <dlfcn.h>
#include <unistd.h>
int fdatasync(int file) { usleep(MICROSECONDS); return ((int (*)(int))dlsym(RTLD_NEXT, "fdatasync"))(file); }
int fsync(int file) { usleep(MICROSECONDS); return ((int (*)(int))dlsym(RTLD_NEXT, "fsync"))(file); }
"""


def slow_server(server: Path, folder: Path) -> Path:
    """A program that runs `server` so. Skips the test where nothing compiles C."""
    compiler = shutil.which("cc")
    if compiler is None:
        pytest.skip("needs a C compiler, to slow fsync down")
    source, shim, program = folder / "slow.c", folder / "slow.so", folder / "slow-server"
    source.write_text(_SHIM)
    options = ["-shared", "-fPIC", f"-DMICROSECONDS={int(SECONDS * 1_000_000)}", "-o", str(shim), str(source), "-ldl"]
    subprocess.run([compiler, *options], check=True)
    program.write_text(f'#!/bin/sh\nLD_PRELOAD="{shim}" exec "{server}" "$@"\n')
    program.chmod(0o755)
    return program
