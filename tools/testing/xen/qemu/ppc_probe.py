# SPDX-License-Identifier: GPL-2.0
"""Runs the probes of the Xen/PPC contract on refhv, in stock QEMU, and judges them.

Each run has a log folder of its own; one that hangs is stopped.  The number of passed
and failed runs is the last line.
"""

import os
import shlex
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

import probe_case
import probe_facts
import tree
from machine import Machine
from plan import Folder
from probe_case import Case

REFHV = tree.ROOT / "tools/testing/xen/refhv"
OUT = tree.BUILD / "refhv"
EXPECTED = REFHV / "probe/expected"
HANG_S = 120.0
SLOW_S = 10.0
POLL_S = 0.02
MOST_DIFFERENCES = 30
ENDED = "refhv: finished: power off"


@dataclass
class Run:
    """One finished run of one binary."""
    case: Case
    binary: str
    seconds: float
    log: str
    folder: Path
    failures: list[str] = field(default_factory=list)
    printed: probe_facts.Printed = field(default_factory=probe_facts.Printed)


def qemu() -> str:
    """The emulator: Debian's, or the one that QEMU_PPC64_SYSTEM names."""
    return os.environ.get("QEMU_PPC64_SYSTEM", "qemu-system-ppc64")


def build(targets: list[str]) -> None:
    """Build refhv and the probes if needed."""
    command = ["make", "-C", str(REFHV), f"B={tree.BUILD}", f"OUT={OUT}", *targets]
    made = subprocess.run(command, capture_output=True, text=True, check=False)
    if made.returncode:
        print(made.stdout + made.stderr, file=sys.stderr)
        raise tree.Missing(f"refhv does not build: {shlex.join(command)}")


def command(case: Case, image: Path, second: Path, guest: str, more: str) -> list[str]:
    """The emulator's command line; one core for each vcpu, one for the second domain."""
    return [qemu(), "-M", "powernv8", "-accel", "tcg", "-m", f"{probe_case.MACHINE_MB}M",
            "-smp", str(case.vcpus + 1), "-display", "none", "-monitor", "none", "-no-reboot",
            "-serial", "file:serial.log", "-serial", "null",
            "-bios", str(OUT / "refhv.bin"), "-kernel", str(image),
            "-append", case.command_line(second.stat().st_size, guest, more),
            "-device", f"loader,file={second},addr={probe_case.SECOND_AT:#x},force-raw=on"]


def execute(case: Case, binary: str, guest: str, patience: float, more: str = "") -> Run:
    """Boot once and wait for the end; only the log's completeness is judged here.

    guest: further boot arguments of the probe; more: of refhv.
    """
    folder = Folder("-".join(["ppc", binary, case.name, *more.replace("=", " ").split()]))
    second = OUT / "probe/second.elf"
    serial = folder.path / "serial.log"
    started = time.monotonic()
    failure = ""
    try:
        serial.touch()
        image = OUT / f"probe/{binary}.elf"
        with Machine(command(case, image, second, guest, more), folder.path) as machine:
            while machine.running():
                if time.monotonic() - started > HANG_S * patience:
                    failure = f"no end after {HANG_S * patience:.0f} s"
                    break
                time.sleep(POLL_S)
            code = machine.process.poll()
            machine.kill()
            complaint = machine.complaint()
        run = Run(case, binary, time.monotonic() - started, serial.read_text(errors="replace"),
                  folder.path)
    finally:
        folder.close()
    if failure or code:
        run.failures.append(failure or f"QEMU ended with status {code}: {complaint}")
    run.printed = probe_facts.collect(run.log)
    run.failures += run.printed.failures
    return run


def judge(run: Run) -> None:
    """The facts of abi-probe against the expected files."""
    expectations = probe_facts.read(EXPECTED, run.case.expected_files)
    expected = probe_facts.resolve(expectations, run.case)
    run.failures += probe_facts.differences(run.printed.facts, expected)
    if ENDED not in run.log:
        run.failures.append("refhv did not end by a power off")


def again(run: Run) -> str:
    """The command that repeats a run."""
    words = [tree.shown(tree.HERE / "boot"), "ppc-probe"]
    return shlex.join(words + (["--hostile"] if run.binary == "hostile" else run.case.options))


def show(run: Run, verbose: bool) -> None:
    """One line for a good run; for a bad one what differs, the log, and how to repeat it."""
    slow = f", more than {SLOW_S:.0f} s" if run.seconds > SLOW_S else ""
    figures = "".join(f", {name.removeprefix('speed.')} {value}"
                      for name, value in run.printed.figures.items()
                      if name.startswith("speed.") and verbose)
    name = f"ppc-{run.binary} {run.case.name}"
    if not run.failures:
        print(f"{name}: ok, {len(run.printed.facts)} facts in {run.seconds:.1f} s{slow}{figures}",
              flush=True)
        return
    print(f"{name}: FAILED after {run.seconds:.1f} s{slow}", file=sys.stderr)
    for failure in run.failures[:MOST_DIFFERENCES]:
        print(f"  {failure}", file=sys.stderr)
    if len(run.failures) > MOST_DIFFERENCES:
        print(f"  … and {len(run.failures) - MOST_DIFFERENCES} more", file=sys.stderr)
    if not run.printed.facts or run.printed.failures:
        last = [line for line in run.log.replace("\r", "").splitlines() if line.strip()][-12:]
        print("".join(f"  | {line}\n" for line in last), end="", file=sys.stderr)
    print(f"  logs: {tree.shown(run.folder)}/\n  again: {again(run)}", file=sys.stderr, flush=True)


def cases_of(arguments) -> list[Case]:
    """The runs that the command line asks for."""
    if arguments.all:
        return probe_case.everything()
    if arguments.pairwise:
        return probe_case.pairwise()
    case = Case(arguments.mode, arguments.start, arguments.upcall, arguments.rma, arguments.vcpus,
                arguments.quirks)
    if not case.possible:
        raise tree.Missing("--quirks goes with --mode translated only")
    return [case]


def add_arguments(parser) -> None:
    """The options of `boot ppc-probe`."""
    for axis in ("mode", "start", "upcall", "rma", "vcpus"):
        values = probe_case.AXES[axis]
        parser.add_argument(f"--{axis}", choices=values, type=type(values[0]), default=values[0],
                            help="(%(default)s)")
    parser.add_argument("--quirks", action="store_true", help="refhv behaves as Xen did in 2007")
    parser.add_argument("--pairwise", action="store_true",
                        help="few runs that cover every pair of options")
    parser.add_argument("--all", action="store_true", help="every combination of options")
    parser.add_argument("--hostile", action="store_true",
                        help="the hostile guest, which must break every rule of refhv")
    parser.add_argument("--facts", default="", metavar="GROUP",
                        help="print one group of facts only, and judge nothing")
    parser.add_argument("--patience", type=float, default=1.0, metavar="X",
                        help="multiply the time after which a run counts as hung")


def main(arguments) -> int:
    """Run what was asked for; 0 if all went well."""
    if arguments.hostile:
        import ppc_hostile
        return ppc_hostile.main(arguments)
    cases = cases_of(arguments)
    build(["all", "probe", "second"])
    failed = 0
    for case in cases:
        run = execute(case, "abi-probe", f"facts={arguments.facts}" if arguments.facts else "",
                      arguments.patience)
        if arguments.facts:
            print(run.log.replace("\r", ""))
        else:
            judge(run)
        show(run, verbose=len(cases) == 1)
        failed += bool(run.failures)
    print(f"{len(cases) - failed} passed, {failed} failed")
    return 1 if failed else 0
