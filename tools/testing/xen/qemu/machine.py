# SPDX-License-Identifier: GPL-2.0
"""A QEMU process that never outlives us.

It runs in its own process group, so that it can be killed whole, and asks the
kernel to be killed when the harness dies, whatever killed that.  Everything it
writes besides the guests' consoles goes to qemu.log.

Limits: start it from the main thread, for the death signal belongs to the
thread that started the process.
"""

import ctypes
import os
import signal
import subprocess
from pathlib import Path

import tree

PR_SET_PDEATHSIG = 1
NICE = 5


def tie_to(parent: int):
    """For preexec_fn: the child is killed when the parent dies, and runs behind others."""
    libc = ctypes.CDLL(None, use_errno=True)

    def in_child() -> None:
        libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
        # The parent may have died before prctl; then no signal comes.
        if os.getppid() != parent:
            os._exit(127)
        os.nice(NICE)

    return in_child


class Machine:
    """A context manager around one emulator."""

    def __init__(self, command: list[str], folder: Path, stdio: bool = False) -> None:
        """Prepare; QEMU's working folder is the log folder.

        stdio: connect QEMU's stdin and stdout to pipes (self.process.stdin and
        .stdout) instead of /dev/null and qemu.log.
        """
        self.command = command
        self.folder = folder
        self.stdio = stdio
        self.process: subprocess.Popen | None = None

    def __enter__(self) -> "Machine":
        log = open(self.folder / "qemu.log", "wb")
        pipe = subprocess.PIPE
        try:
            self.process = subprocess.Popen(
                self.command, cwd=self.folder, process_group=0, bufsize=0,
                stdin=pipe if self.stdio else subprocess.DEVNULL,
                stdout=pipe if self.stdio else log, stderr=log,
                preexec_fn=tie_to(os.getpid()))
        except (FileNotFoundError, PermissionError):
            name = self.command[0]
            package = "qemu-system-ppc" if "ppc" in name else "qemu-system-x86"
            raise tree.Missing(f"no {name}: install the package {package}") from None
        finally:
            log.close()
        return self

    def __exit__(self, *unused) -> None:
        self.kill()

    def running(self) -> bool:
        """Whether the emulator still runs."""
        return self.process.poll() is None

    def kill(self) -> None:
        """End the emulator's process group and wait for it."""
        if self.process is None or self.process.returncode is not None:
            return
        try:
            os.killpg(self.process.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
        self.process.wait(timeout=20)

    def complaint(self) -> str:
        """What QEMU itself said, one line at most."""
        text = (self.folder / "qemu.log").read_text(errors="replace").strip()
        return text.splitlines()[-1] if text else ""
