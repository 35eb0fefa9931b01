# SPDX-License-Identifier: GPL-2.0
"""What the user sees of a run, while it goes on and when it ended; and JSON.

Progress is one line per stage with the seconds since the start.  A failure
names the stage, shows the last lines of the log that matters (the guest's if
it has said anything), where the logs are, and the command that repeats it.
"""

import json
import re
import shlex
import sys
import time
from pathlib import Path

import tree
from symbols import Demangler, places

LAST_LINES = 20
MOST_FAILURES = 12
COMPLAINT_LINES = 12


def rerun(options) -> str:
    """The command that repeats a run."""
    words = [tree.shown(tree.HERE / "boot"), options.command]
    if options.kernel not in (tree.OURS, tree.PPC):
        words += ["--kernel", tree.shown(options.kernel)]
    for name, default in (("dom0", "debian"), ("vcpus", 1), ("pcpus", 1), ("cpu", "qemu64"),
                          ("memory", 0), ("broken", "")):
        value = getattr(options, name)
        fixed = (name == "dom0" and options.command == "dom0") or \
            (name == "cpu" and options.command == "kunit-ppc")
        if value != default and not fixed:
            words += [f"--{'break' if name == 'broken' else name}", str(value)]
    if options.expect_cxx is not None:
        words.append("--expect-cxx" if options.expect_cxx else "--no-expect-cxx")
    return shlex.join(words)


class Progress:
    """Prints the stages of one run."""

    def __init__(self, name: str, started: float) -> None:
        self._name = name
        self._started = started

    def _line(self, text: str) -> None:
        print(f"{self._name}: {time.monotonic() - self._started:6.1f} s  {text}", flush=True)

    def start(self, plan, options) -> None:
        """The first line: which kernels; in debug mode also how to attach gdb."""
        facts = ", ".join(f"{role} {release}" for role, release in plan.facts().items())
        self._line(f"start: {facts}, cpu {options.cpu}, {options.vcpus} vcpu(s)")
        if options.debug:
            for line in gdb_advice(plan, options):
                print(line, flush=True)

    def stage(self, name: str, _at: float) -> None:
        """A stage was reached."""
        self._line(name)


def gdb_advice(plan, options) -> list[str]:
    """How to attach a debugger to this run."""
    socket = shlex.quote(tree.shown(plan.folder / "gdb.sock"))
    vmlinux = tree.symbols_of(options.kernel)
    with_symbols = shlex.quote(tree.shown(vmlinux)) if vmlinux else "VMLINUX"
    lines = [f"gdb: cd {shlex.quote(str(tree.ROOT))} && gdb {with_symbols} -ex 'target remote {socket}'"]
    if "domu" in plan.logs:
        lines += ["gdb: early in the domU: add -ex 'hbreak xen_start_kernel' -ex continue; the stub sees a "
                  "guest's addresses while one of its vcpus runs (dom0 has the same ones: disable the "
                  "breakpoint while it boots, or use another kernel as dom0)"]
    if options.wait:
        lines += ["gdb: the machine waits; 'continue' starts it"]
    return lines


def _relevant_log(run) -> tuple[str, str]:
    """Name and text of the log that tells most about a failure."""
    if run.texts.get("domu", "").strip():
        later = {"domu-gone", "poweroff"} & {run.outcome.stage}
        dom0_only = all(f.startswith("dom0:") for f in run.verdict.failures)
        if not (later and dom0_only):
            return "domu", run.texts["domu"]
    return "serial", run.texts["serial"]


def _first_complaint(run, name: str, text: str) -> list[str]:
    """Where a kernel first complained, unless the last lines show it anyway."""
    lines = text.splitlines()
    first = next((failure.split("complaint: ", 1)[1] for failure in run.verdict.failures
                  if "complaint: " in failure), None)
    number = next((n for n, line in enumerate(lines) if first and first in line), None)
    if number is None or number >= len(lines) - LAST_LINES:
        return []
    return [f"first complaint, {name}.log:{number + 1}:"] + [
        f"| {line}" for line in lines[number:number + COMPLAINT_LINES]]


def _failure(run) -> list[str]:
    demangle = Demangler()
    lines = [f"{run.options.name}: FAILED in stage {run.outcome.stage} after {run.outcome.seconds:.1f} s"]
    shown = run.verdict.failures[:MOST_FAILURES]
    lines += [f"  {demangle(failure)}" for failure in shown]
    if len(run.verdict.failures) > len(shown):
        lines.append(f"  … and {len(run.verdict.failures) - len(shown)} more")
    if run.complaint:
        lines.append(f"  QEMU said: {run.complaint}")
    name, text = _relevant_log(run)
    if run.verdict.kunit is not None:
        lines += [f"  ! {demangle(line)}" for line in run.verdict.kunit.evidence]
    last = [line for line in text.splitlines()
            if line.strip() and "COUNTER " not in line][-LAST_LINES:]
    lines += [f"  {demangle(line)}" for line in _first_complaint(run, name, text)]
    lines.append(f"  last {len(last)} lines of {name}.log:")
    lines += [f"  | {demangle(line)}" for line in last]
    lines += [f"  = {place}" for place in places(text.splitlines(),
                                                tree.symbols_of(run.options.kernel))]
    lines.append(f"  logs: {tree.shown(run.plan.folder)}/")
    lines.append(f"  again: {rerun(run.options)}")
    return lines


def show(run) -> None:
    """Print how a run ended."""
    if not run.ok:
        if run.verdict.kunit is not None:
            print(f"{run.options.name}: KUnit cases: {run.verdict.kunit.summary()}", flush=True)
        print("\n".join(_failure(run)), file=sys.stderr, flush=True)
        return
    steps = sum(len(side) for side in run.verdict.steps.values())
    did = f"{steps} steps" if run.verdict.kunit is None else \
        f"KUnit cases: {run.verdict.kunit.summary()},"
    print(f"{run.options.name}: ok, {did} in {run.outcome.seconds:.1f} s"
          f"{' (second attempt)' if run.repeated else ''}, logs: {tree.shown(run.plan.folder)}/",
          flush=True)


def as_json(run) -> dict:
    """Everything a table or another program may want of a run."""
    verdict = run.verdict
    tested = "dom0" if run.options.command == "dom0" else \
        "domu" if "domu" in run.plan.logs else next(iter(verdict.steps), "")
    kernels = run.plan.facts()
    xen = re.search(r"Xen version (\S+)", run.texts["serial"])
    return {
        "name": run.options.name,
        "what": run.options.command,
        "ok": run.ok,
        # The side that is tested in the first place; all sides follow below.
        "kernel": kernels.get(tested) or next(iter(kernels.values())),
        "results": {name: step.ok for name, step in verdict.steps.get(tested, {}).items()},
        "counters": verdict.counters.get(tested, {}),
        "xen": f"Xen {xen.group(1)}" if xen else None,
        "kernels": kernels,
        "cpu": run.options.cpu,
        "vcpus": run.options.vcpus,
        "seconds": round(run.outcome.seconds, 1),
        "stage": run.outcome.stage,
        "stages": {name: round(at, 1) for name, at in run.outcome.reached},
        "steps": {side: {name: {"ok": step.ok, "text": step.text, "figures": step.figures}
                         for name, step in steps.items()}
                  for side, steps in verdict.steps.items()},
        "counters_by_side": verdict.counters,
        "kunit": {"passed": verdict.kunit.passed, "failed": verdict.kunit.failed}
                 if verdict.kunit is not None else None,
        "failures": verdict.failures,
        "repeated": run.repeated,
        "logs": tree.shown(run.plan.folder),
        "again": rerun(run.options),
    }


def write_json(run, path: Path) -> None:
    """Write the JSON of a run; the file is complete or not there."""
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(f".{path.name}.partial")
    partial.write_text(json.dumps(as_json(run), indent=1, sort_keys=True) + "\n")
    partial.rename(path)
