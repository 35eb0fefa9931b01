# SPDX-License-Identifier: GPL-2.0
"""What refhv says of a run: calls, events that waited, broken rules, and the end."""

import re
from dataclasses import dataclass, field

HEAD = re.compile(r"^refhv: hypercalls of d(\d+) by vcpu:$")
CALLS = re.compile(r"^refhv:((?:\t\d+)+)\t(\S.*)$")
WAITED = re.compile(r"^refhv: domain (\d+) vcpu (\d+): (\d+) events waited for an exit$")
RULE = re.compile(r"^refhv: (V\d\d [\w-]+): (\d+)$")
BROKEN = re.compile(r"^refhv: V\d\d [\w-]+: domain \d+: .*$")
SUM = re.compile(r"^refhv: violations: (\d+)$")
BUILT = re.compile(r"^refhv: domain (\d+): (\d+) MB, .*, (direct|translated), ")
REASON = re.compile(r"^refhv: domain 0: (.+)$")
FINISHED = re.compile(r"refhv: finished: (.+)$")
FAILED = re.compile(r"refhv: FAILED: (.+)$")

# Of one vcpu in a run with race=event, in which it gets some hundred events.
MOST_WAITS = 3
ABSENT = re.compile(r"^refhv: d0: (\w+ call 0x[0-9a-f]+) is not implemented$")
# A call that was made to fail; it may stand in the middle of a line that dom0 is writing.
FAULT = re.compile(r"refhv: fault (\w+:\d+)\n")


@dataclass
class Report:
    """The last words of refhv; violations is None if it did not come that far."""
    calls: dict[str, list[int]] = field(default_factory=dict)
    waited: dict[str, int] = field(default_factory=dict)
    rules: dict[str, int] = field(default_factory=dict)
    broken: list[str] = field(default_factory=list)
    absent: list[str] = field(default_factory=list)
    violations: int | None = None
    reason: str = ""
    finished: str = ""
    failed: str = ""
    faults: list[str] = field(default_factory=list)
    modes: dict[str, str] = field(default_factory=dict)
    memory_mb: dict[str, int] = field(default_factory=dict)

    def figures(self) -> dict:
        """For JSON."""
        return {"calls": self.calls, "waited": self.waited, "rules": self.rules,
                "violations": self.violations, "absent": self.absent, "finished": self.finished,
                "modes": self.modes}


def _line(report: Report, line: str, domain: str) -> str:
    if found := HEAD.match(line):
        return found.group(1)
    if found := CALLS.match(line):
        if domain == "0":
            report.calls[found.group(2)] = [int(n) for n in found.group(1).split()]
    elif found := WAITED.match(line):
        report.waited[f"d{found.group(1)}v{found.group(2)}"] = int(found.group(3))
    elif found := RULE.match(line):
        report.rules[found.group(1)] = int(found.group(2))
    elif BROKEN.match(line):
        report.broken.append(line)
    elif found := SUM.match(line):
        report.violations = int(found.group(1))
    elif found := BUILT.match(line):
        report.memory_mb[found.group(1)] = int(found.group(2))
        report.modes[found.group(1)] = found.group(3)
    elif found := REASON.match(line):
        report.reason = report.reason or found.group(1)
    elif found := ABSENT.match(line):
        report.absent.append(found.group(1))
    if found := FINISHED.search(line):
        report.finished = found.group(1)
    if found := FAILED.search(line):
        report.failed = found.group(1)
    return domain


def without_faults(text: str) -> str:
    """A log as if nobody had told of the calls that failed: lines that were torn are whole."""
    return FAULT.sub("", text)


def read(text: str) -> Report:
    """Collect refhv's lines of a console log."""
    text = text.replace("\r", "")
    report = Report(faults=FAULT.findall(text))
    domain = ""
    for line in without_faults(text).splitlines():
        if "refhv:" in line:
            domain = _line(report, line, domain)
    return report


def violations(report: Report) -> list[str]:
    """What the guest did that the contract forbids."""
    if report.violations is None:
        return ["refhv did not sum up its rules"]
    if not (report.violations or report.rules or report.broken):
        return []
    return [*(f"rule broken: {name} ({count} times)" for name, count in report.rules.items()),
            *report.broken[:5], f"refhv counted {report.violations} violations"]


def complaints(report: Report, reason: str, raised_at_ticks: bool = False) -> list[str]:
    """What is wrong with a run that was to end by a reason.

    No event may wait for a tick, but for one case.  Where refhv raises events at its
    ticks on purpose (race=event), thousands in a run, a tick can hit the few instructions
    between an exit's last look and rfid, which no guest can close: some do not count.
    """
    most = MOST_WAITS if raised_at_ticks else 0
    found = [f"refhv failed: {report.failed}"] if report.failed else []
    found += violations(report)
    found += [f"{count} events of {vcpu} waited for an exit"
              for vcpu, count in report.waited.items() if count > most]
    if report.finished != reason:
        found.append(f"refhv ended with '{report.finished or report.failed}', not '{reason}'")
    return found
