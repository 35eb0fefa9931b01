# SPDX-License-Identifier: GPL-2.0
"""The bar: no row may cost more than in Linux's LPAR port, and budgets are kept.

Hypercalls per operation may exceed the reference by 0.5 % or 0.01, for what is
not measured by the operation.  Instructions may by 1 % or 2, whichever is more,
where the figures are exact; otherwise each is taken at the favourable end of its
noise.
A budget may be exceeded by 1 % of its events: other interrupts come, too.
A row that only one side has is a failure.
"""

from dataclasses import dataclass

from ..gate import INSN_FACTOR, INSN_MARGIN, TRANSITION_FACTOR, TRANSITION_MARGIN
from .rows import Budget, Row

# Hypercalls, and why.
BUDGETS = {
    "idle": (1, "sched_op poll, or none, for each time it was woken"),
    "timer": (0, "nothing: the decrementer is the guest's own"),
    "ipi sender": (1, "event_channel_op send"),
    "ipi receiver": (0, "nothing: the event comes with an interrupt and is cleared in place"),
}
BUDGET_MARGIN = 0.01
# Below that, nothing happened: an idle processor that makes fewer does not sleep, and a
# sender was not measured sending.
LEAST = {"idle": 0.5, "ipi sender": 0.5}


@dataclass
class Verdict:
    """One judged row: what is wrong with it, in words; empty if nothing."""
    name: str
    complaints: list[str]


def judge_row(tested: Row, reference: Row) -> list[str]:
    """What one row has above the bar."""
    found = []
    for label, ours, theirs, factor, margin in (
            ("hypercalls", tested.calls, reference.calls, TRANSITION_FACTOR, TRANSITION_MARGIN),
            ("kernel instructions", tested.kernel, reference.kernel, INSN_FACTOR, INSN_MARGIN)):
        most = theirs.value + theirs.noise
        limit = max(most * factor, most + margin) + ours.noise
        if ours.value > limit:
            found.append(f"{label} {ours.value:.2f}, reference {theirs.value:.2f}, "
                         f"limit {limit:.2f} with noise")
    if tested.iterations != reference.iterations:
        found.append(f"{tested.iterations} iterations, reference {reference.iterations}")
    return found


def judge_budget(budget: Budget) -> list[str]:
    """Whether a budget was kept."""
    allowed = BUDGETS[budget.name][0]
    if not budget.events:
        return ["nothing happened that the budget is for"]
    if budget.spent > allowed + BUDGET_MARGIN:
        return [f"hypercalls {budget.spent:.3f}, budget {allowed}"]
    if budget.spent < LEAST.get(budget.name, 0):
        return [f"hypercalls {budget.spent:.3f}: too few to be true"]
    return []


def verdicts(tested: list[Row], reference: list[Row], budgets: list[Budget],
             wanted: list[str]) -> list[Verdict]:
    """Every wanted row or budget, judged in that order."""
    ours = {row.name: row for row in tested}
    theirs = {row.name: row for row in reference}
    spent = {budget.name: budget for budget in budgets}
    result = []
    for name in wanted:
        if name in BUDGETS:
            complaints = judge_budget(spent[name]) if name in spent else ["not measured"]
        elif name not in ours or name not in theirs:
            missing = "kernel under test" if name not in ours else "reference"
            complaints = [f"not measured for the {missing}"]
        else:
            complaints = judge_row(ours[name], theirs[name])
        result.append(Verdict(name, complaints))
    return result
