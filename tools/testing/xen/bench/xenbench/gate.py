# SPDX-License-Identifier: GPL-2.0
"""The bar: no row may cost more than Linux's C port.

Instructions per operation (kernel, Xen, and both) may exceed the reference by
1 % or 2 instructions, whichever is more, for rebuilding identical code moves a
figure by up to 0.8 %.  Transitions may exceed it by 0.5 % or 0.01, for timer
ticks come by the clock, not by the operation.  A row that only one side has is a failure.
"""

from .counts import Row

INSN_FACTOR, INSN_MARGIN = 1.01, 2.0
TRANSITION_FACTOR, TRANSITION_MARGIN = 1.005, 0.01

INSN_FIGURES = (("kernel instructions", "kernel"), ("Xen instructions", "xen"),
                ("kernel + Xen instructions", "both"))


def insn_limit(reference: float) -> float:
    """The most instructions per operation that pass."""
    return max(reference * INSN_FACTOR, reference + INSN_MARGIN)


def row_violations(tested: Row, reference: Row) -> list[str]:
    """What one row has above the bar, in words; empty if nothing."""
    found = []
    for label, attribute in INSN_FIGURES:
        ours, theirs = getattr(tested, attribute), getattr(reference, attribute)
        if ours > insn_limit(theirs):
            found.append(f"{label} {ours:.1f}, reference {theirs:.1f}, "
                         f"limit {insn_limit(theirs):.1f}")
    limit = max(reference.transitions * TRANSITION_FACTOR,
                reference.transitions + TRANSITION_MARGIN)
    if tested.transitions > limit:
        found.append(f"transitions {tested.transitions:.3f}, reference "
                     f"{reference.transitions:.3f}, limit {limit:.3f}")
    return [f"{tested.name}: {text}" for text in found]


def violations(tested: list[Row], reference: list[Row]) -> list[str]:
    """Everything above the bar, one line each; empty means passed."""
    theirs = {row.name: row for row in reference}
    ours = {row.name for row in tested}
    found = [f"{name}: not measured for the kernel under test"
             for name in theirs if name not in ours]
    for row in tested:
        if row.name not in theirs:
            found.append(f"{row.name}: not measured for the reference")
        elif row.iterations != theirs[row.name].iterations:
            found.append(f"{row.name}: {row.iterations} iterations, reference "
                         f"{theirs[row.name].iterations}")
        else:
            found += row_violations(row, theirs[row.name])
    if not tested:
        found.append("nothing was measured")
    return found
