# SPDX-License-Identifier: GPL-2.0
"""What translating a frame and naming memory costs, in instructions of the ppc port.

The objects of the built kernel are linked into a program for user mode, which calls each
function once.  An emulator that executes one instruction at a time writes down where each
one stands.  Counted is what lies between the call and the return, both left out, without
what is borrowed from Linux.  Counts are exact, and the same each time.
"""

import re
import shlex
import subprocess
from dataclasses import dataclass
from pathlib import Path

import tree

from .. import HERE
from ..symbols import Symbols
from .guest import CROSS
from .rows import Row

BUILT = tree.LINUX / "out-ppc-dom0"
PORT = "arch/powerpc/platforms/xen"
EMULATOR = "qemu-ppc64-static"
TIMEOUT = 120
# By what Linux lends to our units: not ours.
BORROWED = ("xen_glue_",)
# Instructions that a RAM look-up may take in direct mode.
MOST_FOR_RAM = 12
# What a figure with noise may be above.
MARGIN = 0.01
STEP = re.compile(r"^Trace \d+: 0x[0-9a-f]+ \[[0-9a-f]+/([0-9a-f]+)/")


class Failed(Exception):
    """Nothing could be counted; str() says why."""


@dataclass(frozen=True)
class Cost:
    """Instructions of one function: all, and the most that there may be, if any."""
    name: str
    spent: float
    most: int | None = None

    @property
    def over(self) -> bool:
        """Whether that is too much."""
        return self.most is not None and self.spent > self.most + MARGIN


def run(command: list[str], what: str, **more) -> str:
    """What a command prints; Failed says why there is nothing."""
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=TIMEOUT,
                              check=False, **more)
    except FileNotFoundError:
        raise tree.Missing(f"no {command[0]}: install qemu-user-static and "
                           "g++-powerpc64-linux-gnu") from None
    except subprocess.TimeoutExpired:
        raise Failed(f"{what}: not finished after {TIMEOUT} s") from None
    if done.returncode:
        raise Failed(f"{what} failed with {done.returncode}:\n{done.stderr.strip()}")
    return done.stdout


def kernel_command(recorded: str) -> list[str]:
    """Kbuild's command for an object, without what names the object."""
    found = re.match(r"cmd_\S+ := (.*?)(?: ;|$)", recorded.splitlines()[0])
    if not found:
        raise Failed("Kbuild's record of a command is not understood")
    words = shlex.split(found.group(1))
    kept, skip = [], False
    for word in words:
        if skip:
            skip = False
        elif word == "-o":
            skip = True
        elif word != "-c" and not word.startswith(("-Wp,-MMD", "-DKBUILD_", "-D__KBUILD_")) \
                and not word.endswith(".cc"):
            kept.append(word)
    return kept


def build(folder: Path) -> Path:
    """The program, linked with what it needs of the kernel's objects."""
    folder.mkdir(parents=True, exist_ok=True)
    record = BUILT / PORT / ".p2m.o.cmd"
    if not record.exists():
        raise tree.Missing(f"no {tree.shown(record)}: make kernel-ppc-dom0")
    sample, cases, units, program = (folder / name for name in (
        "sample.o", "cases.o", "units.a", "costs"))
    run([*kernel_command(record.read_text()), "-DKBUILD_MODNAME=\"costs\"", "-c", "-o",
         str(sample), str(HERE / "cost/sample.cc")], "cost/sample.cc", cwd=BUILT)
    compiler = f"{CROSS}g++"
    # Where the look-ups of the cases are is no secret, so optimisation must not use it.
    run([compiler, "-std=c++20", "-O1", "-mcall-aixdesc", "-mcpu=power4", "-fno-pie",
         "-fno-exceptions", "-fno-rtti", "-Wall", "-Wextra", "-Werror",
         f"-I{tree.ROOT / PORT}", f"-I{tree.ROOT / 'include'}", f"-I{BUILT / PORT}",
         "-c", "-o", str(cases), str(HERE / "cost/cases.cc")], "cost/cases.cc")
    units.unlink(missing_ok=True)
    objects = [str(found) for source in sorted((tree.ROOT / PORT).glob("*.cc"))
               if (found := BUILT / PORT / f"{source.stem}.o").exists()]
    run([f"{CROSS}ar", "rcs", str(units), *objects], "the archive of the units")
    # What is not there is not called, or the program dies of it.
    run([compiler, "-static", "-no-pie", "-Wl,--unresolved-symbols=ignore-in-object-files",
         "-o", str(program), str(cases), str(sample), str(units)], "linking")
    return program


def steps(log: Path, symbols: Symbols) -> list[int]:
    """Instructions between each pair of marks, in the order of the calls."""
    enter, leave = (symbols.address(name) for name in ("cost_enter", "cost_leave"))
    counts: list[int] = []
    inside = False
    borrowed: dict[int, bool] = {}
    with log.open(encoding="ascii", errors="replace") as lines:
        executed = [int(found.group(1), 16) for line in lines if (found := STEP.match(line))]
    for at in executed:
        if at == enter:
            counts.append(0)
            inside = True
        elif at == leave:
            # The last instruction was the return.
            counts[-1] -= inside
            inside = False
        elif inside:
            if at not in borrowed:
                borrowed[at] = (symbols.function(at) or "").startswith(BORROWED)
            counts[-1] += not borrowed[at]
    return counts


def measure(folder: Path) -> list[Cost]:
    """Count everything."""
    program = build(folder)
    log = folder / "steps"
    said = run([EMULATOR, "-singlestep", "-d", "exec,nochain", "-D", str(log), str(program)],
               "the counted program")
    names = re.findall(r"^cost (\S+)$", said, re.MULTILINE)
    counts = steps(log, Symbols.of(program, CROSS))
    log.unlink()
    if len(names) != len(counts) or 0 in counts:
        raise Failed(f"{len(names)} functions ran, but these were counted: {counts}")
    return costs(dict(zip(names, counts)))


def costs(count: dict[str, int]) -> list[Cost]:
    """The rows, from the counts of the cases; KeyError if one is missing."""
    first, all_pages = count["descriptor-2"], count["descriptor-511"]
    return [
        Cost("RAM look-up, direct", count["ram"], MOST_FOR_RAM),
        Cost("RAM look-up, code for both modes, direct", count["translate-direct"]),
        Cost("RAM look-up, code for both modes, translated", count["translate-translated"]),
        Cost("inline handle, in the real-mode area or translated", count["inline-rma"]),
        Cost("inline handle, direct, elsewhere", count["inline-above"]),
        Cost("descriptor of two scattered pages of kernel memory", first),
        Cost("descriptor of 511 such pages, for each page", all_pages / 511),
    ]


def of_tools(row: Row) -> list[Cost]:
    """The rows of a call by a dom0's tools, all of the kernel counted."""
    return [
        Cost(f"{row.name} by privcmd, all of the kernel", row.kernel.value),
        Cost(f"{row.name} by privcmd, hypercalls", row.calls.value, 1),
    ]


def table(rows: list[Cost]) -> str:
    """The text that people read."""
    width = max(len(row.name) for row in rows)
    lines = ["Instructions, of the port alone unless said, call and return left out:"]
    for row in rows:
        figure = f"{row.spent:.1f}".removesuffix(".0")
        most = f"  at most {row.most}" if row.most is not None else ""
        lines.append(f"{row.name.ljust(width)}  {figure.rjust(6)}{most}"
                     f"{'  over' if row.over else ''}")
    return "\n".join(lines) + "\n"
