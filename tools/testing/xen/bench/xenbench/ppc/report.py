# SPDX-License-Identifier: GPL-2.0
"""The ppc table that people read: figures, budgets, and where the hypercalls come from."""

from ..report import RARE, TOGETHER, aligned, figure, ratio, wrapped
from .gate import BUDGETS, Verdict
from .result import Measured
from .rows import Row


def with_noise(row: Row) -> str:
    """Kernel instructions, and their noise in percent."""
    noise = 100 * row.kernel.noise / row.kernel.value if row.kernel.value else 0
    return f"{figure(row.kernel.value)} ±{noise:.1f}%"


def kinds_of(row: Row) -> str:
    """Hypercalls by kind, most frequent first."""
    parts = sorted(((n, kind) for kind, n in row.kinds.items() if n >= RARE),
                   key=lambda part: (-round(part[0], 1), part[1]))
    return ", ".join(f"{kind} {n:.1f}".removesuffix(".0").replace(" ", TOGETHER)
                     for n, kind in parts) or "none"


def remark(row: Row, over: bool) -> str:
    """What is to be known of a row beside its figures."""
    parts = ["over"] * over
    if row.interrupts:
        parts.append(f"{row.interrupts} tick{'s' * (row.interrupts > 1)} a sample")
    return ", ".join(parts)


def table(tested: Measured, reference: Measured, verdicts: list[Verdict], mode: str) -> str:
    """The whole text."""
    over = {verdict.name for verdict in verdicts if verdict.complaints}
    theirs = {row.name: row for row in reference.rows}
    pairs = [(row, theirs[row.name]) for row in tested.rows if row.name in theirs]
    body = [["operation", "hcalls", "LPAR", "ratio", "kernel insn", "LPAR", "ratio",
             "refhv insn", ""]]
    for row, other in pairs:
        body.append([row.name, figure(row.calls.value), figure(other.calls.value),
                     ratio(row.calls.value, other.calls.value), with_noise(row),
                     with_noise(other), ratio(row.kernel.value, other.kernel.value),
                     figure(row.hypervisor.value), remark(row, row.name in over)])
    lines = [f"ours: {tested.release} on refhv, {mode}   "
             f"LPAR: Linux {reference.release} on pseries",
             "per operation, one processor; hcalls: executed sc 1; ±: half the quartile distance",
             "", *aligned(body), "", "Budgets, in hypercalls:"]
    other = {budget.name: budget for budget in reference.budgets}
    body = [["for each", "spent", "budget", "LPAR", ""]]
    for budget in tested.budgets:
        body.append([budget.name, f"{budget.spent:.3f}", str(BUDGETS[budget.name][0]),
                     f"{other[budget.name].spent:.3f}" if budget.name in other else "-",
                     "over" if budget.name in over else ""])
    lines += [*aligned(body), "", "Hypercalls by kind, per operation:"]
    width = max((len(row.name) for row, _ in pairs), default=0)
    for row, other in pairs:
        if row.kinds or other.kinds:
            lines += wrapped(f"{row.name.ljust(width)}  ours  ", kinds_of(row))
            lines += wrapped(f"{''.ljust(width)}  LPAR  ", kinds_of(other))
    return "\n".join(lines) + "\n"
