# SPDX-License-Identifier: GPL-2.0
"""The measured user space: one static program that is process 1, and nothing else.

Also builds QEMU's plugin.  Both are compiled anew each time: that takes two
seconds, and nobody has to wonder which version was measured.
"""

import os
import subprocess
from pathlib import Path

from cpio import Archive
from tree import Missing

from . import HERE
from .symbols import Symbols

BUILD_TIMEOUT = 120
MARKS = {"begin": "bench_begin_at", "end": "bench_end_at"}
HEADERS = {"/usr/include/stdio.h": "libc6-dev", "/usr/include/xen/sys/evtchn.h": "libxen-dev"}

COMPILER = ["gcc", "-std=gnu11", "-O2", "-Wall", "-Wextra", "-Werror"]
# Position dependent and far from where other programs are linked, so that the
# addresses of the marks are known and nobody else's.
PROGRAM_FLAGS = ["-static", "-no-pie", "-fno-pie", "-pthread", "-Wl,-Ttext-segment=0x6b000000"]
# Callbacks have the parameters that QEMU gives them, needed or not.
PLUGIN_FLAGS = ["-shared", "-fPIC", "-fvisibility=hidden", "-Wno-unused-parameter"]


def compile_all(sources: list[str], flags: list[str], target: Path, cross: str = "") -> None:
    """Compile the C files that match some patterns into one file; Missing says why not."""
    files = sorted(str(path) for pattern in sources for path in HERE.glob(pattern))
    compiler = f"{cross}{COMPILER[0]}"
    try:
        done = subprocess.run([compiler, *COMPILER[1:], *flags, "-o", str(target), *files],
                              capture_output=True, text=True, timeout=BUILD_TIMEOUT, check=False)
    except FileNotFoundError:
        package = f"gcc{'-' if cross else ''}{cross.removesuffix('-')}"
        raise Missing(f"no {compiler}: install the package {package}") from None
    if done.returncode:
        raise Missing(f"{target.name} does not compile:\n{done.stderr.strip()}")


def archive_of(program: Path) -> bytes:
    """An initramfs in which a program is process 1."""
    archive = Archive()
    archive.copy(program, "init", 0o755)
    archive.folder("dev")
    archive.folder("proc")
    archive.folder("tmp", 0o1777)
    archive.character_device("dev/console", 5, 1)
    return archive.bytes()


class Guest:
    """The built micro-benchmark and plugin."""

    def __init__(self, folder: Path) -> None:
        """Build both into a folder."""
        for header, package in HEADERS.items():
            if not os.path.exists(header):
                raise Missing(f"no {header}: install the package {package}")
        folder.mkdir(parents=True, exist_ok=True)
        self.program = folder / "micro"
        self.plugin = folder / "transitions.so"
        compile_all(["guest/*.c"], PROGRAM_FLAGS, self.program)
        compile_all(["plugin/*.c"], PLUGIN_FLAGS, self.plugin)
        symbols = Symbols.of(self.program)
        self.marks = {name: symbols.address(mark) for name, mark in MARKS.items()}

    def operations(self) -> list[str]:
        """The names of all rows, in the order in which they run."""
        done = subprocess.run([self.program, "--list"], capture_output=True, text=True,
                              timeout=20, check=True)
        return [line.split()[0] for line in done.stdout.splitlines()]

    def initramfs(self) -> bytes:
        """The user space as the kernel unpacks it."""
        return archive_of(self.program)
