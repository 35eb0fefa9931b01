# SPDX-License-Identifier: GPL-2.0
"""What a run is made of: the options a user gave and the plan made of them.

A Plan is complete before anything starts: files in its folder, the command,
the stages, and how its logs are judged.  run.py executes it.
"""

import fcntl
import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import Callable

import tree
from stage import Stage
from verdict import Verdict

BREAKABLE = ("", "processes", "disk-read", "net", "crash", "warning", "hang", "segfault")


@dataclass
class Options:
    """The command line, after defaults.  kernel is the one under test."""
    command: str = "domu"
    kernel: Path = tree.OURS
    dom0: str = "debian"
    vcpus: int = 1
    pcpus: int = 1
    cpu: str = "qemu64"
    memory: int = 0
    expect_cxx: bool | None = None
    debug: bool = False
    wait: bool = False
    shell: str = ""
    patience: float = 1.0
    name: str = ""
    broken: str = ""

    @property
    def ours(self) -> bool:
        """Whether the kernel under test is to prove that it has our units."""
        if self.expect_cxx is not None:
            return self.expect_cxx
        return Path(self.kernel).resolve() == tree.OURS.resolve()


class Folder:
    """A log folder that belongs to one run while that runs.

    Another run of the same name at the same time gets NAME-2 and so on.
    """

    def __init__(self, name: str) -> None:
        for number in range(1, 100):
            path = tree.LOGS / (name if number == 1 else f"{name}-{number}")
            path.mkdir(parents=True, exist_ok=True)
            lock = os.open(path / ".lock", os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o644)
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                os.close(lock)
                continue
            self.path = path
            self._lock = lock
            for old in path.iterdir():
                if old.name != ".lock":
                    old.unlink()
            return
        raise tree.Missing(f"99 runs named {name} are going on already")

    def close(self) -> None:
        """Give the folder back; the logs stay."""
        os.close(self._lock)


@dataclass
class Plan:
    """A run, ready to start."""
    folder: Path
    command: list[str]
    stages: tuple[Stage, ...]
    logs: dict[str, Path]
    judge: Callable[[dict[str, str]], Verdict]
    kernels: dict[str, Path] = field(default_factory=dict)
    throwaway: list[Path] = field(default_factory=list)

    def facts(self) -> dict[str, str]:
        """Release of each kernel by role."""
        return {role: tree.release(image) for role, image in self.kernels.items()}


def debug_arguments(options: Options) -> list[str]:
    """QEMU's gdb stub on a socket in the log folder; held before start on wish."""
    if not options.debug:
        return []
    return ["-gdb", "unix:gdb.sock,server=on,wait=off"] + (["-S"] if options.wait else [])


def linked(folder: Path, name: str, target: Path) -> str:
    """A short name in the log folder for a file anywhere.

    QEMU's -initrd splits its argument at commas and spaces, so that a path of
    the user's choosing must not come near it.
    """
    (folder / name).symlink_to(Path(target).resolve())
    return name


def parameters(**values: str | int) -> str:
    """The shell assignments that a guest reads as /parameters."""
    return "".join(f"{name}='{value}'\n" for name, value in values.items())
