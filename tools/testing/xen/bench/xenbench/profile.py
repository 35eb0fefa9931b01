# SPDX-License-Identifier: GPL-2.0
"""Where a row's instructions go, by function, for both kernels side by side.

Counted by translation block: a block left early by a fault counts whole, so
the sum may exceed the table's figure a little.  Kernel functions need vmlinux
beside the image; without it all of the kernel is one line.
"""

import tree

from .counts import Row
from .hypervisor import Hypervisor
from .report import aligned, figure
from .run import Job
from .symbols import Symbols

SHOWN = 40
# Less difference per operation is the timer tick's.
NOTABLE = 0.5
USER_END = 0x0000800000000000


def functions(row: Row, kernel: Symbols | None, xen: Symbols) -> dict[str, float]:
    """Instructions per operation by function; Xen's are marked as such."""
    found: dict[str, float] = {}
    for address, insns in row.blocks:
        if address < USER_END:
            name = "[user]"
        elif xen.within(address):
            name = f"xen: {xen.function(address)}"
        elif kernel:
            name = kernel.function(address) or "[kernel]"
        else:
            name = "[kernel]"
        found[name] = found.get(name, 0) + row.per_op(insns)
    return found


def table(name: str, jobs: list[Job], rows: dict[str, list[Row]], xen: Hypervisor) -> str:
    """The functions in which the kernels differ most, then the most expensive ones."""
    sides = []
    for job in jobs:
        image = tree.symbols_of(job.kernel)
        row = next(row for row in rows[job.role] if row.name == name)
        sides.append(functions(row, Symbols.of(image) if image else None, xen.symbols))
    ours, theirs = sides
    lines = [["function", "ours", "C port", "difference"]]

    def add(names: list[str]) -> None:
        for function in names[:SHOWN]:
            a, b = ours.get(function, 0.0), theirs.get(function, 0.0)
            lines.append([function, figure(a), figure(b), f"{a - b:+.1f}"])

    every = sorted(ours.keys() | theirs.keys())
    different = [f for f in every if abs(ours.get(f, 0) - theirs.get(f, 0)) >= NOTABLE]
    add(sorted(different, key=lambda f: -abs(ours.get(f, 0) - theirs.get(f, 0))))
    lines.append(["", "", "", ""])
    add(sorted(every, key=lambda f: -max(ours.get(f, 0), theirs.get(f, 0))))
    lines.append(["all", figure(sum(ours.values())), figure(sum(theirs.values())),
                  f"{sum(ours.values()) - sum(theirs.values()):+.1f}"])
    return f"{name}: instructions per operation; where they differ, then where they go\n" + \
        "\n".join(aligned(lines)) + "\n"
