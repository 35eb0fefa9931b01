# SPDX-License-Identifier: GPL-2.0
"""Runs the hostile probe on refhv: it must break every rule, and refhv must not care.

A run is good when the probe reached its end, refhv ended as expected, and its canary in
memory that no guest may reach is whole.  Over all runs every rule of base/rules.hh must
have been broken, but for those of hostile/rules.txt that nobody can break.
"""

import re
import sys
from dataclasses import dataclass

import ppc_probe
import probe_facts
import tree
from probe_case import Case

RULES = ppc_probe.REFHV / "base/rules.hh"
REASONS = ppc_probe.REFHV / "probe/hostile/rules.txt"
RULE = re.compile(r"^\t\w+,\s*/\* (V\d\d) ", re.MULTILINE)
NOBODY = re.compile(r"^(V\d\d)\s+nobody: ", re.MULTILINE)
BROKEN = re.compile(r"^refhv: (V\d\d) [\w-]+: (\d+)$", re.MULTILINE)
CANARY = re.compile(r"^refhv: canary: \d+ frames intact", re.MULTILINE)
CALLS = 20_000
MANY_CALLS = 1_000_000


@dataclass(frozen=True)
class Attack:
    """One run: its case, further words for refhv and for the guest, how it must end."""
    case: Case
    words: str = ""
    guest: str = ""
    end: str = "refhv: finished: power off"


ATTACKS = (
    Attack(Case(vcpus=4)),
    Attack(Case("direct", "flat", "prompt", 128, 2)),
    Attack(Case(upcall="prompt", rma=256, vcpus=2, quirks=True)),
    Attack(Case(vcpus=2), words="race=hpt"),
    Attack(Case("direct"), guest="ri", end="refhv: finished: crash"),
)


def judge(run: ppc_probe.Run, attack: Attack) -> None:
    """Add what went wrong in one run."""
    log = run.log.replace("\r", "")
    if attack.guest == "ri":
        # The domain ends by a crash of its own making; the probe cannot say good-bye.
        run.failures = [f for f in run.failures if f != probe_facts.UNFINISHED]
    if "hostile: end" not in log:
        run.failures.append("the hostile calls did not come to their end")
    if attack.end not in log:
        run.failures.append(f"refhv did not end with '{attack.end}'")
    if not CANARY.search(log):
        run.failures.append("refhv's canary is not whole")
    expected = probe_facts.resolve(probe_facts.read(ppc_probe.EXPECTED, ("hostile",)), run.case)
    run.failures += probe_facts.differences(run.printed.facts, expected)


def broken(log: str) -> set[str]:
    """The rules that a run broke, by refhv's table at shutdown."""
    return {rule for rule, count in BROKEN.findall(log.replace("\r", "")) if int(count)}


def unbroken(rules: str, reasons: str, seen: set[str]) -> tuple[list[str], int]:
    """Rules that no run broke though somebody can, and the number of those rules."""
    due = [rule for rule in RULE.findall(rules) if rule not in set(NOBODY.findall(reasons))]
    if not due:
        raise tree.Missing(f"{tree.shown(RULES)} names no rule")
    return [rule for rule in due if rule not in seen], len(due)


def main(arguments) -> int:
    """Run all attacks; 0 if none succeeded and every rule was seen."""
    ppc_probe.build(["all", "hostile", "second"])
    seen: set[str] = set()
    failed = 0
    for attack in ATTACKS:
        calls = f"calls={MANY_CALLS if arguments.all else CALLS}"
        run = ppc_probe.execute(attack.case, "hostile", f"{calls} {attack.guest}".rstrip(),
                                arguments.patience * (10 if arguments.all else 1),
                                f"canary {attack.words}".rstrip())
        judge(run, attack)
        ppc_probe.show(run, verbose=False)
        seen |= broken(run.log)
        failed += bool(run.failures)
    missing, due = unbroken(RULES.read_text(), REASONS.read_text(), seen)
    for rule in missing:
        print(f"ppc-hostile: no run broke rule {rule}", file=sys.stderr)
    print(f"{len(ATTACKS) + due - failed - len(missing)} passed, {failed + len(missing)} failed")
    return 1 if failed or missing else 0
