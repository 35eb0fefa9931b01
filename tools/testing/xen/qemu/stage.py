# SPDX-License-Identifier: GPL-2.0
"""How far a boot has come: stages, their marks in the logs, their time limits.

A Watch follows the logs while the machine runs.  Stages are in order; one is
reached when its mark and those of all before it were seen.  A stage's limit is
the time since the one before it.  No limit holds in debug mode.
"""

import re
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Callable

TOTAL_S = 900
# After a panic the machine gets this long to print its trace and end.
LAST_WORDS_S = 8
POLL_S = 0.05

FATAL = re.compile(r"Kernel panic - not syncing|\(XEN\) Panic on CPU|Hardware Dom0 (crashed|halted)|"
                   r"\( 700 \) Program Exception")


@dataclass(frozen=True)
class Stage:
    """A name, the log and the mark that show it, and its limit in seconds."""
    name: str
    log: str
    mark: str
    limit: float


XEN = Stage("xen", "serial", r"Xen version \d", 60)
DOM0_KERNEL = Stage("dom0-kernel", "serial", r"\] Linux version ", 60)
DOM0_USERSPACE = Stage("dom0-userspace", "serial", r"STAGE dom0-userspace", 120)
XEN_TOOLS = Stage("xen-tools", "serial", r"STAGE xen-tools", 90)
DOMU_CREATED = Stage("domu-created", "serial", r"xl: Waiting for domain", 120)
DOMU_KERNEL = Stage("domu-kernel", "domu", r"Linux version ", 60)
DOMU_USERSPACE = Stage("domu-userspace", "domu", r"STAGE domu-userspace", 120)
WORKLOAD = Stage("workload", "domu", r"STAGE workload", 30)
DOMU_GONE = Stage("domu-gone", "serial", r"STAGE domu-gone", 300)
POWEROFF = Stage("poweroff", "serial", r"reboot: Power down", 180)

UNDER_XEN = (XEN, DOM0_KERNEL, DOM0_USERSPACE, XEN_TOOLS, DOMU_CREATED, DOMU_KERNEL,
             DOMU_USERSPACE, WORKLOAD, DOMU_GONE, POWEROFF)
BARE = (Stage("kernel", "serial", r"Linux version ", 60),
        Stage("userspace", "serial", r"STAGE userspace", 120),
        Stage("workload", "serial", r"STAGE workload", 30),
        Stage("poweroff", "serial", r"reboot: Power down", 300))
BUILT_IN = (Stage("kernel", "serial", r"Linux version ", 90),
            Stage("workload", "serial", r"KTAP version 1", 180),
            Stage("poweroff", "serial", r"reboot: Power down", 300))


class Follower:
    """Reads what was added to a log, in whole lines."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._offset = 0
        self._partial = ""

    def lines(self, last: bool = False) -> list[str]:
        """The lines since the previous call; with last, also an unfinished one."""
        try:
            with open(self.path, "rb") as stream:
                stream.seek(self._offset)
                raw = stream.read()
        except FileNotFoundError:
            return []
        self._offset += len(raw)
        text = self._partial + raw.decode(errors="replace").replace("\r", "")
        *whole, self._partial = text.split("\n")
        if last and self._partial:
            whole.append(self._partial)
            self._partial = ""
        return whole


@dataclass
class Outcome:
    """What a Watch saw; stopped is "" when the machine ended by itself in time."""
    reached: list[tuple[str, float]] = field(default_factory=list)
    missing: str = ""
    stopped: str = ""
    seconds: float = 0.0

    @property
    def stage(self) -> str:
        """The last stage reached."""
        return self.reached[-1][0] if self.reached else "start"


class Watch:
    """Follows the logs of one machine through a list of stages."""

    def __init__(self, stages: tuple[Stage, ...], logs: dict[str, Path], *,
                 patience: float | None = 1.0,
                 progress: Callable[[str, float], None] = lambda name, at: None,
                 echo: Callable[[str, str], None] = lambda log, line: None) -> None:
        """patience scales all limits, None lifts them; progress(stage, seconds)
        is called at each stage and echo(log, line) for each line."""
        self._stages = stages
        self._followers = {name: Follower(path) for name, path in logs.items()}
        self._patience = patience
        self._progress = progress
        self._echo = echo
        self._seen: set[str] = set()
        self._fatal_at: float | None = None

    def _read(self, now: float, last: bool = False) -> None:
        for log, follower in self._followers.items():
            for line in follower.lines(last):
                self._echo(log, line)
                self._seen.update(stage.name for stage in self._stages
                                  if stage.log == log and re.search(stage.mark, line))
                if log == "serial" and self._fatal_at is None and FATAL.search(line):
                    self._fatal_at = now

    def _advance(self, outcome: Outcome, at: float) -> None:
        for stage in self._stages[len(outcome.reached):]:
            if stage.name not in self._seen:
                return
            outcome.reached.append((stage.name, at))
            self._progress(stage.name, at)

    def _overdue(self, outcome: Outcome, at: float, now: float) -> str:
        if self._patience is None:
            return ""
        if self._fatal_at is not None and now - self._fatal_at > LAST_WORDS_S:
            return "panic"
        if at > TOTAL_S * self._patience:
            return f"no end after {TOTAL_S * self._patience:.0f} s in all"
        stages = self._stages[len(outcome.reached):]
        since = outcome.reached[-1][1] if outcome.reached else 0.0
        if stages and at - since > stages[0].limit * self._patience:
            return f"no {stages[0].name} after {stages[0].limit * self._patience:.0f} s"
        return ""

    def follow(self, running: Callable[[], bool]) -> Outcome:
        """Watch until the machine ended or a limit passed; does not end it."""
        outcome = Outcome()
        start = time.monotonic()
        while True:
            alive = running()
            now = time.monotonic()
            at = now - start
            self._read(now, last=not alive)
            self._advance(outcome, at)
            if not alive:
                break
            outcome.stopped = self._overdue(outcome, at, now)
            if outcome.stopped:
                self._read(now, last=True)
                break
            time.sleep(POLL_S)
        outcome.seconds = time.monotonic() - start
        left = self._stages[len(outcome.reached):]
        outcome.missing = left[0].name if left else ""
        return outcome
