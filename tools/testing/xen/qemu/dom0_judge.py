# SPDX-License-Identifier: GPL-2.0
"""The verdict on a boot of a dom0 on Xen/PPC, from its console log alone.

The log has the guest's lines and refhv's on one console.  On a genuine hypervisor only
the guest's are judged, and that it ended.
"""

import re

import dom0_words
import refhv_report
import verdict
from dom0_case import REASON, Case
from verdict import Verdict

SIDE = "dom0"
SHORT = ("xen", "memory-size", "wallclock", "processes", "memory", "pipes", "threads", "signals",
         "clock", "cpus", "interrupts", "evtchn", "grants", "privcmd", "bad-calls", "twins", "tool", "dmesg")
LONG = SHORT + ("timers", "area", "accuracy")
# Where the hypervisor announces areas.
AREAS = ("xencomm-area", "xencomm-hostile", "xencomm-area-32", "xencomm-hostile-32")
# Where a domain may map its own grants.
WINDOW = ("window", "window-32")
# Where memory can come and go.
BALLOON = "balloon"
# Of a run with a second domain.
PEER = ("xen", "memory-size", "cpus", "foreign", "peer-grants", "bad-calls", "twins", "tool", "dmesg")
SAME_NUMBER = "same-number"
# With more memory than this the frame of both lies above the I/O hole.
MOST_LOW_MB = 4096
FOUR_GB = 1 << 20
KEYS = "console-input"

# Where a kernel says on which platform it runs.
ON_XEN = re.compile(r"\bxen: domain 0 on Xen/PPC\b")
# Where it says who keeps the map of its frames.
MODE = re.compile(r"\bxen: domain 0 on Xen/PPC, (\w+) mode\b")
# Where it says how large the pages of its linear map are.
LINEAR = re.compile(r"\bxen: linear map in pages of (\d+ \w+)")
LINEAR_SIZES = {"4k": "4 KB", "16m": "16 MB"}
SPURIOUS = re.compile(r"spurious", re.IGNORECASE)
FAULT = re.compile(r"(\w+):(0x[0-9a-f]+|[0-9]+):")
FACILITY = re.compile(r"[Ff]acility .*\bunavailable")
CLAMPED = re.compile(r"\b(clamped|limited|capped|cut)\b", re.IGNORECASE)
# What a genuine hypervisor says of each end.
GENUINE_END = {"poweroff": "Domain 0 halted", "reboot": "Domain 0 shutdown: rebooting machine",
               "panic": "Domain 0 crashed"}
PANIC = "Kernel panic - not syncing: sysrq triggered crash"
THE_END = "STAGE end"
TTY = re.compile(r"^TTY \d+ of 16 ")

# Upper bounds of what is late on an emulated machine, in microseconds; 0.3 ms are usual.
# The caller's patience has in it how long the emulator waited for a processor.
MEDIAN_US = 20_000
P90_US = 200_000
EVENT_MEDIAN_US = 20_000
# Events that came with MSR[EE] but not RI, and ports that could not be unmasked.
NEVER = ("events.ri_lost", "events.unmask_failed")
CALLS = "hypercalls."
# Frames of dom0 that the step "tool" asks for, and gets.
TOOL_FRAMES = 4096
# In so many rounds of the balloon some of the pages that stay with a process got another frame:
# what goes is memory in use, not only what was free.
MOVING_ROUNDS = 10
# The kernel, its page tables and what the firmware keeps, at most.
KEPT_MB = 56


def _bounds(found: Verdict, patience: float) -> None:
    for step, figure, bound in (("accuracy", "median_us", MEDIAN_US), ("accuracy", "p90_us", P90_US),
                                ("evtchn", "median_us", EVENT_MEDIAN_US)):
        result = found.steps[SIDE].get(step)
        if result is None or not result.ok:
            continue
        value = result.figures.get(figure, "")
        if not value.isdigit():
            found.fail(f"{SIDE}: {step}: no figure {figure}")
        elif int(value) > bound * patience:
            found.fail(f"{SIDE}: {step}: {figure} is {value}, more than {bound * patience:.0f}")


def _figures(found: Verdict, case: Case) -> None:
    """What the steps measured fits the case."""
    steps = found.steps[SIDE]
    verdict.require_vcpus(found, SIDE, case.vcpus)
    if (step := steps.get("interrupts")) and step.ok:
        if step.figures.get("spurious") != "0":
            found.fail(f"{SIDE}: interrupts: {step.figures.get('spurious')} were spurious")
        if step.figures.get("cpus") != str(case.vcpus):
            found.fail(f"{SIDE}: interrupts: on {step.figures.get('cpus')} processors only")
    if case.genuine:
        return
    if (step := steps.get("wallclock")) and step.ok:
        source = "user" if case.quirks else "tree"
        if step.figures.get("source") != source:
            found.fail(f"{SIDE}: wallclock: from {step.figures.get('source')}, not {source}")
    if (step := steps.get(SAME_NUMBER)) and step.ok and case.mem > MOST_LOW_MB:
        if int(step.figures.get("frame", "0")) < FOUR_GB:
            found.fail(f"{SIDE}: {SAME_NUMBER}: frame {step.figures.get('frame')} is below 4 GB")
    if (step := steps.get("tool")) and step.ok:
        told = {"domains": str(1 + case.domu), "vcpus": str(case.vcpus),
                "pages": str(case.gets_mb << 8), "schemes": str(1 if case.quirks else 2),
                "frames": str(TOOL_FRAMES)}
        for figure, value in told.items():
            if step.figures.get(figure) != value:
                found.fail(f"{SIDE}: tool: {figure} is {step.figures.get(figure)}, not {value}")
    if (step := steps.get("memory-size")) and step.ok:
        total = int(step.figures.get("total_kb", "0")) >> 10
        # Linux counts a 64th for its page table, and its struct pages, as gone.
        least = case.gets_mb - case.gets_mb // 16 - KEPT_MB
        if not least <= total <= case.gets_mb:
            found.fail(f"{SIDE}: memory-size: {total} MB of {case.gets_mb}")


def _balloon(found: Verdict) -> None:
    """Memory that went was memory in use: pages that stay were moved to other frames."""
    step = found.steps[SIDE].get(BALLOON)
    if step is None or not step.ok:
        return
    rounds, moved = (step.figures.get(name, "") for name in ("rounds", "moved"))
    if not rounds.isdigit() or not moved.isdigit():
        found.fail(f"{SIDE}: {BALLOON}: no figure {'moved' if rounds.isdigit() else 'rounds'}")
    elif int(rounds) >= MOVING_ROUNDS and not int(moved):
        found.fail(f"{SIDE}: {BALLOON}: no page was moved in {rounds} rounds")


def _faults(found: Verdict, case: Case, report: refhv_report.Report) -> None:
    """Each call that was to fail did."""
    for fault in case.faults:
        # What is no such word refhv did not start with.
        words = FAULT.match(fault)
        if words and f"{words.group(1)}:{int(words.group(2), 0)}" not in report.faults:
            found.fail(f"refhv: the call of fault={fault} never came")


def _log(found: Verdict, case: Case, text: str) -> None:
    """Words that a healthy log has, and words that it has not."""
    lines = text.splitlines()
    if not any(ON_XEN.search(line) for line in lines):
        found.fail(f"{SIDE}: the kernel does not say that it runs on Xen")
    for line in lines:
        told = "RESULT " in line or "COUNTER " in line
        if not told and (SPURIOUS.search(line) or FACILITY.search(line)):
            found.fail(f"{SIDE}: complaint: {line.strip()}")
    if not case.faults:
        for message in dom0_words.complaints(case, text):
            found.fail(f"{SIDE}: complaint: {message}")
    sizes = [said.group(1) for line in lines if (said := LINEAR.search(line))]
    if case.linear and sizes != [LINEAR_SIZES[case.linear]]:
        found.fail(f"{SIDE}: the linear map has pages of {' and '.join(sizes) or 'no size'}, not "
                   f"{LINEAR_SIZES[case.linear]}")
    if case.clamped and not case.genuine:
        clamped = [line for line in lines if CLAMPED.search(line) and "memory" in line.lower()]
        if len(clamped) != 1:
            found.fail(f"{SIDE}: {len(clamped)} lines say that memory was clamped, not one")


def _mode(found: Verdict, case: Case, text: str, report: refhv_report.Report) -> None:
    """refhv built what was asked for, and the kernel took it for that."""
    if report.modes.get("0") != case.mode:
        found.fail(f"refhv: domain 0 is {report.modes.get('0', 'not told of')}, not {case.mode}")
    if report.memory_mb.get("0") != case.gets_mb:
        found.fail(f"refhv: domain 0 has {report.memory_mb.get('0', 0)} MB of {case.gets_mb}")
    if case.domu and report.modes.get("1") != "translated":
        found.fail("refhv: there is no second domain")
    told = [said.group(1) for line in text.splitlines() if (said := MODE.search(line))]
    if told != [case.mode]:
        found.fail(f"{SIDE}: the kernel runs in {' and '.join(told) or 'no'} mode, not {case.mode}")


def _counters(found: Verdict, report: refhv_report.Report) -> None:
    """The kernel's own counters: there, none of what must not be, no more than refhv's."""
    counters = found.counters.get(SIDE, {})
    if not any(value for name, value in counters.items() if name.startswith(CALLS)):
        found.fail(f"{SIDE}: no COUNTER of hypercalls above zero in the log")
    for name in NEVER:
        if counters.get(name):
            found.fail(f"{SIDE}: counter {name} is {counters[name]}")
    for name, value in counters.items():
        call = name.removeprefix(CALLS)
        if name.startswith(CALLS) and call in report.calls and value > sum(report.calls[call]):
            found.fail(f"{SIDE}: counter {name} is {value}, refhv saw {sum(report.calls[call])}")


def steps_of(case: Case, quick: bool, keys: int) -> tuple[str, ...]:
    """The RESULTs that a run must have."""
    areas = () if case.quirks or case.genuine else AREAS
    if case.domu:
        return PEER + areas + ((SAME_NUMBER,) if case.direct else ())
    window = () if case.quirks or case.genuine else WINDOW
    return (SHORT if quick else LONG) + areas + window + ((KEYS,) if keys else ()) + \
        ((BALLOON,) if case.balloons else ())


def guest(found: Verdict, case: Case, text: str, expected: tuple[str, ...]) -> None:
    """What the guest said: before its end everything, after it the right last words."""
    living, end, dying = text.partition(THE_END)
    if case.end == "panic" and end:
        if PANIC not in dying:
            found.fail(f"{SIDE}: no '{PANIC}'")
    else:
        living = text
    verdict.read(found, SIDE, living)
    verdict.require_steps(found, SIDE, expected)
    if not end:
        found.fail(f"{SIDE}: the workload did not come to its end")


# Failures that only follow from a run that did not come to its end.
FOLLOWS = re.compile(r"no RESULT in the log|arrived whole$|no COUNTER|say that memory was clamped|"
                     r"did not come to its end|did not sum up|^refhv ended with|"
                     r"^the hypervisor did not say")


def without_consequences(failures: list[str]) -> list[str]:
    """What is left to say of a run that is known to have stopped on its way."""
    return [failure for failure in failures if not FOLLOWS.search(failure)]


def judge(case: Case, text: str, *, quick: bool = False, keys: int = 0,
          patience: float = 1.0) -> tuple[Verdict, refhv_report.Report]:
    """Everything that was wrong in a run, and what refhv counted."""
    text = text.replace("\r", "")
    report = refhv_report.read(text)
    text = refhv_report.without_faults(text)
    found = Verdict()
    guest(found, case, text, steps_of(case, quick, keys))
    verdict.console(found, SIDE, text)
    if not found.steps[SIDE]["console"].ok:
        found.fail(f"{SIDE}: console: {found.steps[SIDE]['console'].text}")
    _figures(found, case)
    _balloon(found)
    _bounds(found, patience)
    _log(found, case, text)
    _counters(found, report)
    if case.genuine and GENUINE_END[case.end] not in text:
        found.fail(f"the hypervisor did not say '{GENUINE_END[case.end]}'")
    if not case.genuine:
        _faults(found, case, report)
        _mode(found, case, text, report)
        for complaint in refhv_report.complaints(report, REASON[case.end],
                                                 case.race == "event"):
            found.fail(complaint)
    return found, report
