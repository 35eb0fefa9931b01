# SPDX-License-Identifier: GPL-2.0
"""Boots both kernels, side by side, and collects rows and budgets.

Two boots of each: one processor for all that is compared, and two for
interrupts from one to the other.
"""

import contextlib
import dataclasses
import re
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import tree
from machine import Machine

from . import profile, rows
from .guest import Guest
from .machines import DEATHS, MODES, Side, refhv_calls, require_alike, require_handled
from .rows import Budget, Inconsistent, Row

# In the order in which the guest runs them.
COMPARED = (
    "getppid clock_gettime fork_exit fork_exit_8m fork_exec thread signal segv_unprotect "
    "mmap_touch_1 mmap_touch_256 populate_256 mprotect_64 madvise_64 mremap_64 file_read_64 "
    "file_cow_64 pipe_pingpong switch_4 futex_pingpong mprotect_use_64 mremap_use_64 "
    "read_write_64 fork_write_1m"
).split()
ALONE, TOGETHER = ("idle", "timer"), ("ipi",)
# Of our side alone: the other has no hypervisor to ask.
TOOLS = "getdomaininfolist"
NAMES = (*COMPARED, *ALONE, *TOGETHER)

SAMPLES, QUICK_SAMPLES = 40, 15
TIMEOUT = 120
POLL_SECONDS = 0.2
LAST_LINES = 12


class Failed(Exception):
    """A run that gave no result; str() says all that is known."""


class Late(Failed):
    """A run that did not end; role says whose."""

    def __init__(self, failed: Failed, role: str) -> None:
        super().__init__(str(failed))
        self.role = role


@dataclass
class Options:
    """What is the same for all boots of a run."""
    only: tuple[str, ...] = ()
    samples: int = SAMPLES
    profile: bool = False
    timeout: float = TIMEOUT
    rerun: str = ""
    mode: str = MODES[0]


def failure(side: Side, machine: Machine, what: str, options: Options) -> Failed:
    """A failure's report: last lines, log, and how to run just that again."""
    lines = [line for line in side.console().splitlines() if line.strip()][-LAST_LINES:]
    said = machine.complaint()
    return Failed("\n".join([
        f"{side.role} kernel {tree.shown(side.kernel)}: {what}",
        *(f"  | {line}" for line in lines), *([f"  QEMU: {said}"] if said else []),
        f"  log: {tree.shown(side.folder / 'console.log')}", f"  again: {options.rerun}"]))


def watch(sides: list[Side], machines: list[Machine], options: Options) -> None:
    """Wait for all machines; Failed at the time-out or when a guest dies."""
    start = time.monotonic()
    while any(machine.running() for machine in machines):
        time.sleep(POLL_SECONDS)
        for side, machine in zip(sides, machines):
            if machine.running() and time.monotonic() - start > options.timeout:
                machine.kill()
                raise Late(failure(side, machine,
                                   f"not finished after {options.timeout:.0f} s", options),
                           side.role)
            if machine.running() and (death := next(
                    (d for d in DEATHS if d in side.console()), None)):
                time.sleep(1)
                raise failure(side, machine, death, options)


def finished(side: Side, machine: Machine, wanted: list[str], options: Options) -> list[tuple]:
    """The samples of a guest that did all its work, or Failed; Inconsistent if they
    cannot be right."""
    log = side.console()
    if complaint := re.search(r"bench: failed: .*", log):
        raise failure(side, machine, complaint.group(), options)
    if machine.process.returncode:
        raise failure(side, machine, f"QEMU ended with {machine.process.returncode}", options)
    if "bench: done" not in log:
        raise failure(side, machine, "the machine ended early", options)
    reported = [(name, int(n)) for name, n in re.findall(r"bench: row (\S+) (\d+)", log)]
    if [name for name, _ in reported] != wanted:
        raise failure(side, machine, "other operations ran than were asked for", options)
    if side.ours:
        broken = re.search(r"refhv: violations: (\d+)", log)
        if not broken or int(broken.group(1)):
            raise failure(side, machine, broken.group() if broken else "refhv did not finish",
                          options)
    samples, total = rows.read(side.folder / "counts", reported, options.samples)
    if side.ours:
        require_handled(total, refhv_calls(log))
    return samples


def boot(sides: list[Side], guest: Guest, wanted: list[str], options: Options) \
        -> list[list[tuple]]:
    """Boot all sides at the same time; the samples of each."""
    commands = [side.prepare(guest) for side in sides]
    with contextlib.ExitStack() as stack:
        machines = [stack.enter_context(Machine(command, side.folder))
                    for side, command in zip(sides, commands)]
        watch(sides, machines, options)
    result = [finished(side, machine, wanted, options)
              for side, machine in zip(sides, machines)]
    require_alike(sides)
    return result


def boot_patiently(sides: list[Side], guest: Guest, wanted: list[str], options: Options) \
        -> list[list[tuple]]:
    """boot(), once more if the reference hangs.

    Seen once, on a busy machine: in the idle row, QEMU's pseries made no progress any
    more.  Why is not known; four repetitions ended.  The reference is not under test.
    """
    try:
        return boot(sides, guest, wanted, options)
    except Late as late:
        if late.role != "reference":
            raise
        print(f"bench: ppc: once more, for this happened:\n{late}", file=sys.stderr)
        return boot(sides, guest, wanted, options)


def side_of(role: str, image: Path, folder: Path, processors: int, wanted: list[str],
            options: Options) -> Side:
    """A kernel with what it is to run."""
    environment = f"BENCH_SAMPLES={options.samples} BENCH_ONLY={'+'.join(wanted)}"
    return Side(role, image, folder / f"{role}-{processors}", processors, environment,
                options.profile, options.mode)


def tools(kernel: Path, folder: Path, guest: Guest, options: Options) -> Row:
    """What a call of a dom0's tools costs, on our side."""
    side = side_of("tested", kernel, folder, 1, [TOOLS], options)
    [[(name, n, lines)]] = boot([side], guest, [TOOLS], options)
    return rows.compared(name, n, rows.usable([lines])[0], side.kind)


def boots(kernels: dict[str, Path], folder: Path, guest: Guest, options: Options):
    """Boot as often as the wanted rows need it; gives the sides, and the samples of each."""
    for processors, names in ((1, (*COMPARED, *ALONE)), (2, TOGETHER)):
        wanted = [name for name in names if not options.only or name in options.only]
        if not wanted:
            continue
        sides = [side_of(role, image, folder, processors, wanted, options)
                 for role, image in kernels.items()]
        start = time.monotonic()
        yield sides, boot_patiently(sides, guest, wanted, options)
        print(f"bench: ppc, {processors} vcpu: measured in {time.monotonic() - start:.0f} s",
              file=sys.stderr)


def measure(kernels: dict[str, Path], folder: Path, guest: Guest, options: Options) \
        -> dict[str, tuple[list[Row], list[Budget]]]:
    """Rows and budgets by role; kernels has an image for each."""
    result: dict[str, tuple[list[Row], list[Budget]]] = {role: ([], []) for role in kernels}
    for sides, samples in boots(kernels, folder, guest, options):
        for same in zip(*samples):
            usable = rows.usable([lines for _, _, lines in same]) if same[0][0] in COMPARED else ()
            for side, of, (name, n, lines) in zip(sides, usable or sides, same):
                found, spent = result[side.role]
                if usable:
                    found.append(rows.compared(name, n, of, side.kind))
                else:
                    spent += rows.budgets(name, n, lines)
    return result


def profile_of(row: str, kernels: dict[str, Path], folder: Path, guest: Guest,
               options: Options) -> str:
    """The text that says in which functions a row spends its instructions."""
    options = dataclasses.replace(options, only=(row,), profile=True)
    found = {}
    for sides, samples in boots(kernels, folder, guest, options):
        for same in zip(*samples):
            usable = rows.usable([lines for _, _, lines in same])
            for side, of, (_, n, _) in zip(sides, usable, same):
                found[side.role] = profile.functions(side, n, of.single)
    return profile.table(row, *(found[role] for role in kernels))
