# SPDX-License-Identifier: GPL-2.0
"""One mutant after the other, each with a line that says what became of it."""

from collections.abc import Callable

import process
from mutant import Mutant


def one_by_one(kind: str, mutants: list[Mutant],
               judge: Callable[[Mutant], tuple[bool, str]]) -> tuple[int, int]:
    """Judge all; numbers of killed and others."""
    process.say(f"{kind}: {len(mutants)} mutants")
    killed = 0
    for mutant in mutants:
        good, why = judge(mutant)
        killed += good
        process.say(f"{mutant.name}: {'' if good else 'FAILED: '}{why}")
        if not good:
            print(f"       log:   build/logs/mutants/{kind}-{mutant.name}.log\n"
                  f"       rerun: tools/testing/xen/mutants/run {kind} {mutant.name}", flush=True)
    return killed, len(mutants) - killed
