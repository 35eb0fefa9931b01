# SPDX-License-Identifier: GPL-2.0
"""Executes a plan: starts the machine, watches it, judges the logs.

A run is good when every stage was reached, the machine ended by itself, and
the verdict on the logs has no failure.
"""

import sys
import time
from dataclasses import dataclass, replace
from typing import Callable

import report
import stage
from machine import Machine
from plan import Folder, Options, Plan
from symbols import Demangler
from verdict import Verdict


@dataclass
class Run:
    """One finished run."""
    options: Options
    plan: Plan
    outcome: stage.Outcome
    verdict: Verdict
    texts: dict[str, str]
    complaint: str = ""
    repeated: bool = False

    @property
    def ok(self) -> bool:
        """Whether nothing failed."""
        return not self.verdict.failures


def _echo(options: Options) -> Callable[[str, str], None]:
    """In debug mode both logs are shown as they grow, each line with its source."""
    if not options.debug:
        return lambda log, line: None
    demangle = Demangler()
    source = {"serial": "xen+dom0", "domu": "domU"}
    return lambda log, line: print(f"{source.get(log, log):>8} | {demangle(line)}", flush=True)


def _stage_failures(verdict: Verdict, outcome: stage.Outcome, code: int | None) -> None:
    """A run that stopped early fails first of all because of that."""
    text = ""
    if outcome.stopped:
        text = f"stopped in stage {outcome.stage}: {outcome.stopped}"
    elif outcome.missing:
        text = f"the machine ended in stage {outcome.stage}, before {outcome.missing}"
    elif code:
        text = f"QEMU ended with status {code}"
    if text:
        verdict.failures.insert(0, text)


def once(options: Options, make: Callable[[Options, object], Plan]) -> Run:
    """Run once, with a log folder of its own."""
    started = time.monotonic()
    folder = Folder(options.name)
    try:
        plan = make(options, folder.path)
        for path in plan.logs.values():
            path.touch()
        progress = report.Progress(options.name, started)
        progress.start(plan, options)
        with Machine(plan.command, plan.folder) as machine:
            watch = stage.Watch(plan.stages, plan.logs,
                                patience=None if options.debug else options.patience,
                                progress=progress.stage, echo=_echo(options))
            outcome = watch.follow(machine.running)
            code = machine.process.returncode
            machine.kill()
            texts = {name: path.read_text(errors="replace").replace("\r", "")
                     for name, path in plan.logs.items()}
            verdict = plan.judge(texts)
            _stage_failures(verdict, outcome, code)
            complaint = machine.complaint()
        outcome.seconds = time.monotonic() - started
        if verdict.kunit is not None:
            (folder.path / "kunit.txt").write_text(verdict.kunit.account)
        if not options.debug:
            for path in plan.throwaway:
                path.unlink(missing_ok=True)
        return Run(options, plan, outcome, verdict, texts, complaint)
    finally:
        folder.close()


def execute(options: Options, make: Callable[[Options, object], Plan]) -> Run:
    """Run, and once more if all that failed may be the emulator's own doing.

    Under Xen with the processor model max, QEMU 7.2 crashes about one user
    process in a thousand, whatever the kernel.  On those models one crashed
    process is blamed on the kernel only if the next run is not clean either.
    """
    run = once(options, make)
    if "max" in options.cpu.split(",") and run.verdict.only_one_user_crash:
        print(f"{options.name}: one user process crashed, which this processor model is known "
              "to cause; running once more", file=sys.stderr)
        run = once(replace(options, name=f"{options.name}-again"), make)
        run.repeated = True
    report.show(run)
    return run


