# SPDX-License-Identifier: GPL-2.0
"""What the logs of a run say: the RESULT and COUNTER lines, and complaints.

A run is good when each step that was expected of a side has exactly one RESULT
with "ok", when no kernel complained, and, where our C++ units were expected,
when their counters prove that they ran.  Nothing here knows about processes.
"""

import re
from dataclasses import dataclass, field
from typing import Any

RESULT = re.compile(r"RESULT (\S+) (ok|FAIL)(?: (.*))?$")
COUNTER = re.compile(r"COUNTER (\S+) (\S+) (-?\d+)$")
TTY_LINE = re.compile(r"TTY (\d+) of 16 \w+ \w+ 0123456789 end$")
TTY_ENOUGH = 12

# What a healthy kernel or hypervisor does not say.
COMPLAINT = re.compile(
    r"\bBUG: |kernel BUG at|\bWARNING: CPU|\bOops\b|Call Trace:|multicall\(s\) failed|"
    # What our units say when the hypervisor refuses something, or they are wrong.
    r"of a multicall failed|refused to halt|broken invariant|"
    r"unchecked MSR access error|general protection fault|segfault at|unable to handle|Kernel panic|soft lockup|"
    r"rcu_\w+ (self-)?detected.*stall|Assertion '.*' failed|"
    # Xen about a guest's request that it refused.
    r"\(XEN\) (?=.*\bd\d).*\b(Bad|Invalid|Unhandled|Attempt|Error)\b")
# The one trace a healthy run has: QEMU's qemu64 says it is an old AMD processor
# and does not have that one's register; Linux reads it, is told off, goes on.
HARMLESS = re.compile(r"unchecked MSR access error: RDMSR from 0xc0010055 ")
# What a case of the live KUnit suites provokes on purpose, named by who queued it.
PROVOKED = re.compile(r"of a multicall failed: .* a_refused_entry_stops_nobody\+")
TRACE = "Call Trace:"
# A crash of one user process, which the emulator is known to cause by itself on
# some processor models (see execute in run.py): as the kernel and as a step say it.
USER_CRASH = re.compile(r"traps: .*general protection fault|segfault at")
STEP_CRASH = re.compile(r"^\w+: [\w-]+: crash: ")

WORKLOAD = ("processes", "memory", "pipes", "threads", "signals", "timers", "clock", "cpus")
DOMU_STEPS = WORKLOAD + ("disk-read", "disk-write", "net", "tracepoints", "dmesg")
DOM0_STEPS = ("disk-seed", "net", "domu-end", "disk-verify", "dmesg")
KUNIT_STEPS = ("kunit",)
SERVING_STEPS = ("disk-seed", "domu-end", "dmesg")

# Counters that must be above zero where our units are in the kernel.
CXX_COUNTERS = ("batch.flushes", "batch.entries", "flags.forced_callbacks")


@dataclass
class Step:
    """One RESULT line: figures are what it measured, or reason why it failed."""
    ok: bool
    text: str

    @property
    def figures(self) -> dict[str, str]:
        """The name=value words of the line."""
        return dict(word.split("=", 1) for word in self.text.split() if "=" in word)


@dataclass
class Verdict:
    """Everything the logs told; failures is empty for a good run.

    kunit is the ktap.Report of a run with KUnit suites.
    """
    steps: dict[str, dict[str, Step]] = field(default_factory=dict)
    counters: dict[str, dict[str, int]] = field(default_factory=dict)
    failures: list[str] = field(default_factory=list)
    kunit: Any = None

    def fail(self, text: str) -> None:
        """Add a failure once."""
        if text not in self.failures:
            self.failures.append(text)

    @property
    def only_one_user_crash(self) -> bool:
        """Whether all that went wrong is what one crashed user process causes.

        That is at most one complaint of the kernel, at most one step that
        crashed, and the step dmesg, which only repeats a complaint.
        """
        told = [f for f in self.failures if USER_CRASH.search(f)]
        complaints = [f for f in told if ": complaint: " in f]
        steps = [f for f in self.failures if STEP_CRASH.search(f)]
        others = [f for f in self.failures if f not in told and f not in steps]
        return bool(complaints or steps) and not others and len(complaints) <= 1 and len(steps) <= 1


def read(verdict: Verdict, side: str, text: str) -> None:
    """Collect the RESULT and COUNTER lines and the complaints of one side's log."""
    steps = verdict.steps.setdefault(side, {})
    counters = verdict.counters.setdefault(side, {})
    forgiven = False
    for line in text.replace("\r", "").splitlines():
        if found := RESULT.search(line):
            name, word, rest = found.groups()
            if name in steps and (word == "ok") == steps[name].ok:
                verdict.fail(f"{side}: {name}: more than one RESULT")
            if name not in steps or word == "FAIL":
                steps[name] = Step(word == "ok", rest or "")
        elif found := COUNTER.search(line):
            counters[f"{found.group(1)}.{found.group(2)}"] = int(found.group(3))
        elif HARMLESS.search(line):
            forgiven = True
        elif PROVOKED.search(line):
            pass
        elif forgiven and TRACE in line:
            forgiven = False
        elif COMPLAINT.search(line):
            verdict.fail(f"{side}: complaint: {line.strip()}")


def require_steps(verdict: Verdict, side: str, expected: tuple[str, ...]) -> None:
    """Every failed step is a failure; so are those expected and not there, together."""
    steps = verdict.steps.get(side, {})
    for name, step in steps.items():
        if not step.ok:
            verdict.fail(f"{side}: {name}: {step.text}")
    missing = [name for name in expected if name not in steps]
    if missing:
        verdict.fail(f"{side}: no RESULT in the log: {', '.join(missing)}")


def require_vcpus(verdict: Verdict, side: str, count: int) -> None:
    """All vcpus that were asked for ran."""
    step = verdict.steps.get(side, {}).get("cpus")
    if step and step.ok and step.figures.get("online") != str(count):
        verdict.fail(f"{side}: {step.figures.get('online')} vcpus ran, {count} were asked for")


def console(verdict: Verdict, side: str, text: str) -> None:
    """Add the step "console": most of the lines written through the tty layer arrived whole.

    Not all: the kernel's own messages may tear some.
    """
    seen = {found.group(1) for line in text.replace("\r", "").splitlines()
            if (found := TTY_LINE.search(line))}
    good = len(seen) >= TTY_ENOUGH
    verdict.steps.setdefault(side, {})["console"] = Step(
        good, f"lines={len(seen)}" if good else f"{len(seen)} of 16 lines arrived whole")


def require_cxx(verdict: Verdict, side: str) -> None:
    """The counters show that our batch and flag units worked on this side."""
    counters = verdict.counters.get(side, {})
    if not counters:
        verdict.fail(f"{side}: no COUNTER in the log")
        return
    for name in CXX_COUNTERS:
        if name not in counters:
            verdict.fail(f"{side}: counter {name}: not in the log")
        elif counters[name] <= 0:
            verdict.fail(f"{side}: counter {name} is {counters[name]}")
