# SPDX-License-Identifier: GPL-2.0
"""Where a row's kernel instructions go, by function, for both kernels side by side.

Counted by translation block, in the samples of n iterations: a block left
early by a fault counts whole, so the sum may exceed the table's figure a little.
"""

from ..report import aligned, figure
from .machines import Side

SHOWN = 40
# Less difference per operation is the timer tick's.
NOTABLE = 0.5


def functions(side: Side, n: int, used: list[dict]) -> dict[str, float]:
    """Instructions per operation by function of the guest kernel, in samples of n."""
    found: dict[str, float] = {}
    for line in used:
        for address, insns in line["blocks"]:
            name = side.symbols.function(address) or "[vectors]"
            found[name] = found.get(name, 0) + insns / n / len(used)
    return found


def table(name: str, ours: dict[str, float], theirs: dict[str, float]) -> str:
    """The functions in which the kernels differ most, then the most expensive ones."""
    lines = [["function", "ours", "LPAR", "difference"]]

    def add(names: list[str]) -> None:
        for function in names[:SHOWN]:
            a, b = ours.get(function, 0.0), theirs.get(function, 0.0)
            lines.append([function, figure(a), figure(b), f"{a - b:+.1f}"])

    def difference(function: str) -> float:
        return abs(ours.get(function, 0) - theirs.get(function, 0))

    every = sorted(ours.keys() | theirs.keys())
    add(sorted((f for f in every if difference(f) >= NOTABLE), key=lambda f: -difference(f)))
    lines.append(["", "", "", ""])
    add(sorted(every, key=lambda f: -max(ours.get(f, 0), theirs.get(f, 0))))
    lines.append(["all", figure(sum(ours.values())), figure(sum(theirs.values())),
                  f"{sum(ours.values()) - sum(theirs.values()):+.1f}"])
    return f"{name}: kernel instructions per operation; where they differ, then where they go\n" \
        + "\n".join(aligned(lines)) + "\n"
