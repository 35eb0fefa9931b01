# SPDX-License-Identifier: GPL-2.0
"""Checks that no emulator stays behind; `sleep` plays the emulator."""

import os
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import tree
from machine import Machine

HARNESS = """
import sys, time
sys.path.insert(0, {here!r})
import boot_signals
from machine import Machine
from pathlib import Path
boot_signals.leave_on_signals()
with Machine(["sleep", "1000"], Path({folder!r})) as machine:
    print(machine.process.pid, flush=True)
    # In short sleeps, as the harness waits: a signal that comes between Python's look
    # for signals and the system call is seen only when the sleep ends.
    while True:
        time.sleep(0.1)
"""


def _dead(pid: int) -> bool:
    """Whether a process ends soon; one that its new parent has not reaped counts."""
    for _ in range(50):
        try:
            if Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z":
                return True
        except (FileNotFoundError, ProcessLookupError):
            return True
        time.sleep(0.1)
    os.kill(pid, signal.SIGKILL)
    return False


def check_emulator_dies_with_the_harness() -> None:
    """Whatever signal ends the harness, the emulator ends too."""
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGKILL):
        with tempfile.TemporaryDirectory() as folder:
            script = HARNESS.format(here=str(tree.HERE), folder=folder)
            with subprocess.Popen([sys.executable, "-B", "-c", script], stdout=subprocess.PIPE,
                                  text=True) as harness:
                pid = int(harness.stdout.readline())
                harness.send_signal(number)
                harness.wait(timeout=20)
            assert _dead(pid), f"alive after {number.name}"


def check_emulator_is_killed_at_the_end() -> None:
    """Leaving the context ends the emulator, whether it wants or not."""
    with tempfile.TemporaryDirectory() as folder:
        with Machine(["sh", "-c", "trap '' TERM INT; sleep 1000 & wait"], Path(folder)) as machine:
            assert machine.running()
        assert machine.process.returncode is not None


def check_missing_emulator() -> None:
    """An emulator that is not installed is one clear line."""
    with tempfile.TemporaryDirectory() as folder:
        try:
            with Machine(["qemu-system-nonesuch"], Path(folder)):
                raise AssertionError("it started")
        except tree.Missing as error:
            assert "install the package qemu-system-x86" in str(error)


def check_missing_kernel() -> None:
    """A kernel that is not there is one clear line and status 2."""
    for command in ("domu", "dom0", "kunit-x86", "kunit-ppc"):
        done = subprocess.run([sys.executable, "-B", str(tree.HERE / "boot"), command, "--kernel",
                               "/nonexistent/image", "--name", "selftest"],
                              capture_output=True, text=True, timeout=60)
        assert done.returncode == 2, done
        assert done.stderr.count("\n") == 1 and "no kernel /nonexistent/image" in done.stderr, done
