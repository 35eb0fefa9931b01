# SPDX-License-Identifier: GPL-2.0
"""The table that people read: figures first, then where the transitions come from.

Only what a result file holds is printed, so that equal results give equal text.
"""

import textwrap

from .counts import Row
from .gate import row_violations
from .result import Measured

# Rarer than this per operation is a timer tick's doing and not shown by kind.
RARE = 0.05
LINE = 100
# Stands for a space at which no line may be broken.
TOGETHER = "\u00a0"


def figure(value: float) -> str:
    """A number with as many digits as are of use."""
    if value >= 1000:
        return f"{value:.0f}"
    return f"{value:.1f}" if value >= 100 else f"{value:.2f}"


def ratio(ours: float, theirs: float) -> str:
    """How many times as much, to three digits after the point."""
    return f"{ours / theirs:.3f}" if theirs else "-"


def columns(row: Row, other: Row) -> list[str]:
    """One line of the main table."""
    return [
        row.name,
        figure(row.transitions), figure(other.transitions),
        ratio(row.transitions, other.transitions),
        figure(row.kernel), figure(other.kernel), figure(row.xen), figure(other.xen),
        ratio(row.both, other.both),
        "over" if row_violations(row, other) else "",
    ]


def kinds_of(row: Row) -> str:
    """Transitions by kind, most frequent first, and what hides behind them."""
    def listed(counts: dict[str, int], skip: tuple[str, ...] = ()) -> str:
        parts = [(row.per_op(n), kind) for kind, n in counts.items()
                 if row.per_op(n) >= RARE and kind not in skip]
        return ", ".join(f"{kind} {value:.1f}".removesuffix(".0").replace(" ", TOGETHER)
                         for value, kind in sorted(parts, key=lambda p: (-round(p[0], 1), p[1])))

    text = listed(row.kinds) or "none"
    if inside := listed(row.suboperations):
        text += f"; inside multicalls: {inside}"
    if emulated := listed(row.emulated):
        text += f"; emulated: {emulated}"
    return text


def aligned(lines: list[list[str]]) -> list[str]:
    """Columns of equal width: the first to the left, the others to the right."""
    widths = [max(len(line[i]) for line in lines) for i in range(len(lines[0]))]
    return ["  ".join(cell.ljust(width) if i == 0 else cell.rjust(width)
                      for i, (cell, width) in enumerate(zip(line, widths))).rstrip()
            for line in lines]


def wrapped(label: str, text: str) -> list[str]:
    """A label and a text beside it, in lines that fit a terminal."""
    lines = textwrap.wrap(text, LINE, initial_indent=label, subsequent_indent=" " * len(label))
    return [line.replace(TOGETHER, " ") for line in lines]


def table(tested: Measured, reference: Measured) -> str:
    """The whole report of two kernels."""
    theirs = {row.name: row for row in reference.rows}
    pairs = [(row, theirs[row.name]) for row in tested.rows if row.name in theirs]
    lines = [
        f"ours: {tested.release}    C port: {reference.release}",
        "Per operation, as dom0 on one processor.  Ratios: ours / C port.", "",
    ]
    body = [["operation", "into Xen", "C port", "ratio", "kernel insn", "C port",
             "Xen insn", "C port", "insn ratio", ""]]
    body += [columns(row, other) for row, other in pairs]
    lines += aligned(body)
    lines += ["", "Into Xen by kind, per operation (by = means: as ours):"]
    width = max((len(row.name) for row, _ in pairs), default=0)
    for row, other in pairs:
        ours, their = kinds_of(row), kinds_of(other)
        lines += wrapped(f"{row.name.ljust(width)}  ours    ", ours)
        lines += wrapped(f"{''.ljust(width)}  C port  ", "=" if ours == their else their)
    return "\n".join(lines) + "\n"
