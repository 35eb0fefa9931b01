# SPDX-License-Identifier: GPL-2.0
"""Boots kernels as dom0 under Xen in QEMU, side by side, and collects their rows.

Time in the emulator is the count of executed instructions, so what else this
machine does changes how long it takes and nothing else: two runs of the same
kernel give the same counts to the last digit.

Limits: one processor, for the emulator counts only then, and dom0, for there
nobody but the measured kernel runs.
"""

import contextlib
import re
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import tree
from machine import Machine

from . import counts
from .guest import Guest
from .hypervisor import Hypervisor

# No erms: QEMU counts each byte of a "rep stosb" as an instruction, so clearing
# a page would hide the rest.  With fsgsbase, for what current hardware has in
# it decides how a PV kernel switches.  With "max", one user process in a
# thousand crashes under Xen, with any kernel.
CPU = "qemu64,+fsgsbase"
# Memory that Xen scrubs when idle would be charged to whoever sleeps.
XEN_OPTIONS = "console=com1 com1=115200,8n1 dom0_mem=512M,max:512M bootscrub=0"
KERNEL_OPTIONS = "console=hvc0 earlyprintk=xen panic=5 nokaslr norandmaps"
EMULATOR = "qemu-system-x86_64"
FULL, QUICK = 100, 8
PROGRESS_SECONDS = 10
POLL_SECONDS = 0.2
LAST_LINES = 12

LAST_WORDS_SECONDS = 1
DEATHS = ("Panic on CPU", "Kernel panic", "Domain 0 crashed")

STAGES = (
    ("bench: done", "after the last operation"),
    ("bench: ", "in the micro-benchmark"),
    ("Run /init", "when user space started"),
    ("Linux version", "while the kernel booted"),
    ("Xen version", "while Xen booted"),
)


class Failed(Exception):
    """A run that gave no result; str() says all that is known."""


@dataclass
class Job:
    """One kernel to be measured: role is "tested" or "reference"."""
    role: str
    kernel: Path
    folder: Path

    @property
    def image(self) -> Path:
        """The copy that is booted."""
        return self.folder / "kernel"


@dataclass
class Options:
    """What is the same for all kernels of a run."""
    percent: int = FULL
    only: tuple[str, ...] = ()
    profile: str | None = None
    timeout: float = 600
    rerun: str = ""


def prepare(job: Job, guest: Guest, xen: Hypervisor, options: Options) -> list[str]:
    """Fill the job's folder and give QEMU's command, to be run inside it.

    Everything is called by a short name in that folder, for QEMU and Xen split
    their arguments at commas and spaces.
    """
    job.folder.mkdir(parents=True, exist_ok=True)
    for name in ("counts", "console.log", "kernel", "transitions.so"):
        (job.folder / name).unlink(missing_ok=True)
    # A copy, so that a build in the meantime does not change what is measured.
    job.image.write_bytes(job.kernel.read_bytes())
    (job.folder / "transitions.so").symlink_to(guest.plugin.resolve())
    (job.folder / "xen").write_bytes(xen.image)
    (job.folder / "initramfs").write_bytes(guest.initramfs())
    (job.folder / "watch").write_text(xen.watch_list())
    plugin = (f"./transitions.so,begin={guest.marks['begin']:#x},end={guest.marks['end']:#x},"
              "watch=watch,out=counts")
    if options.profile:
        rows = options.only or tuple(guest.operations())
        plugin += f",profile={rows.index(options.profile)}"
    environment = f"BENCH_PERCENT={options.percent}"
    if options.only:
        environment += f" BENCH_ONLY={'+'.join(options.only)}"
    return [
        EMULATOR, "-M", "q35", "-accel", "tcg", "-cpu", CPU, "-smp", "1", "-m", "1024",
        "-icount", "shift=0,sleep=off", "-rtc", "base=2024-01-01,clock=vm",
        "-display", "none", "-monitor", "none", "-nodefaults", "-no-reboot",
        "-serial", "file:console.log", "-kernel", "xen", "-append", XEN_OPTIONS,
        "-initrd", f"kernel {KERNEL_OPTIONS} {environment},initramfs", "-plugin", plugin,
    ]


def console(job: Job) -> str:
    """What Xen and the kernel have printed so far."""
    path = job.folder / "console.log"
    return path.read_bytes().decode(errors="replace").replace("\r", "") if path.exists() else ""


def failure(job: Job, machine: Machine, what: str, options: Options) -> Failed:
    """A failure's report: stage, last lines, log, and how to run just that again."""
    log = console(job)
    stage = next((text for mark, text in STAGES if mark in log), "before Xen printed anything")
    lines = [line for line in log.splitlines() if line.strip()][-LAST_LINES:]
    said = machine.complaint()
    return Failed("\n".join([
        f"{job.role} kernel {tree.shown(job.kernel)}: {what}, {stage}",
        *(f"  | {line}" for line in lines), *([f"  QEMU: {said}"] if said else []),
        f"  log: {tree.shown(job.folder / 'console.log')}", f"  again: {options.rerun}"]))


def require_success(job: Job, machine: Machine, options: Options) -> str:
    """The console's text of a finished guest that did all its work, or Failed."""
    log = console(job)
    if complaint := re.search(r"bench: failed: .*", log):
        raise failure(job, machine, complaint.group(), options)
    if machine.process.returncode:
        raise failure(job, machine, f"QEMU ended with {machine.process.returncode}", options)
    if "bench: done" not in log:
        raise failure(job, machine, "the machine ended early", options)
    return log


def finished_rows(job: Job, machine: Machine, options: Options) -> list[tuple[str, int]]:
    """The rows a finished guest reported."""
    log = require_success(job, machine, options)
    for name in re.findall(r"bench: skipped (\S+)", log):
        print(f"bench: {job.role} kernel: {name} left out, this kernel is built without it",
              file=sys.stderr)
    return [(name, int(n)) for name, n in re.findall(r"bench: row (\S+) (\d+)", log)]


def watch(jobs: list[Job], machines: list[Machine], names: list[str], options: Options) -> None:
    """Wait for all machines, telling how far they are; Failed at the time-out."""
    start = told = time.monotonic()
    while any(machine.running() for machine in machines):
        time.sleep(POLL_SECONDS)
        now = time.monotonic()
        for job, machine in zip(jobs, machines):
            if not machine.running():
                require_success(job, machine, options)
            elif death := next((d for d in DEATHS if d in console(job)), None):
                # Xen or the kernel may go round in circles instead of rebooting.
                time.sleep(LAST_WORDS_SECONDS)
                raise failure(job, machine, death, options)
        if now - start > options.timeout:
            late = next(i for i, machine in enumerate(machines) if machine.running())
            machines[late].kill()
            raise failure(jobs[late], machines[late],
                          f"not finished after {options.timeout:.0f} s", options)
        if now - told >= PROGRESS_SECONDS:
            told = now
            tell(now - start, jobs, machines, names)


def tell(elapsed: float, jobs: list[Job], machines: list[Machine], names: list[str]) -> None:
    """One line of progress, on standard error."""
    states = []
    for job, machine in zip(jobs, machines):
        path = job.folder / "counts"
        done = path.read_bytes().count(b"\n") if path.exists() else 0
        if not machine.running():
            states.append(f"{job.role}: finished")
        elif not done:
            states.append(f"{job.role}: booting")
        else:
            at = min(done, len(names) - 1)
            states.append(f"{job.role}: {at + 1}/{len(names)} {names[at]}")
    print(f"bench: {elapsed:4.0f} s  {'; '.join(states)}", file=sys.stderr, flush=True)


def measure(jobs: list[Job], guest: Guest, xen: Hypervisor, options: Options) \
        -> dict[str, list[counts.Row]]:
    """Boot every job's kernel at the same time and return the rows by role."""
    names = list(options.only) or guest.operations()
    commands = [prepare(job, guest, xen, options) for job in jobs]
    with contextlib.ExitStack() as stack:
        machines = [stack.enter_context(Machine(command, job.folder))
                    for job, command in zip(jobs, commands)]
        watch(jobs, machines, names, options)
    result = {}
    for job, machine in zip(jobs, machines):
        rows = finished_rows(job, machine, options)
        result[job.role] = counts.read(job.folder / "counts", rows, xen)
    return result
