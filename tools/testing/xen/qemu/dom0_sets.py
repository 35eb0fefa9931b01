# SPDX-License-Identifier: GPL-2.0
"""`boot ppc-dom0`: one boot of a dom0 on Xen/PPC, repeated ones, and sets of them.

Runs of a set are processes of their own, a few at a time: what one prints stays together,
and each ends with this one, however that ends.
"""

import json
import os
import re
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import dom0_case
import ppc_dom0
import tree
from dom0_case import Case
from machine import tie_to

POLL_S = 0.1
# The exit status of a run that was skipped.
SKIPPED = 77
# A run's own lines on its stages, which are of no use in a set.
PROGRESS = re.compile(r"\S+: +\d+\.\d s  ")


@dataclass
class Job:
    """One run of a set."""
    number: int
    name: str
    process: subprocess.Popen
    result: Path
    output: Path


class Crew:
    """The running processes of a set; leaving it ends them."""

    def __init__(self) -> None:
        self.jobs: list[Job] = []

    def __enter__(self) -> "Crew":
        return self

    def __exit__(self, *unused) -> None:
        for job in self.jobs:
            job.process.terminate()
        for job in self.jobs:
            try:
                job.process.wait(timeout=20)
            except subprocess.TimeoutExpired:
                job.process.kill()


def _start(number: int, job: tuple[str, list[str]], folder: Path) -> Job:
    name, words = job
    result, output = folder / f"{number}.json", folder / f"{number}.out"
    command = [sys.executable, str(tree.HERE / "boot"), *words, "--json", str(result)]
    with open(output, "wb") as stream:
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=stream,
                                   stderr=subprocess.STDOUT, preexec_fn=tie_to(os.getpid()))
    return Job(number, name, process, result, output)


def _told(job: Job, total: int, began: float) -> dict:
    """Print how a run of the set ended; its result, or what stands for a missing one."""
    lines = job.output.read_text(errors="replace").splitlines()
    good = job.process.returncode in (0, SKIPPED)
    last = "\n".join(line for line in lines if not PROGRESS.match(line))
    stream = sys.stdout if good else sys.stderr
    print(f"[{time.monotonic() - began:5.0f} s] {job.number} of {total}: {last}", file=stream,
          flush=True)
    try:
        return json.loads(job.result.read_text())
    except (FileNotFoundError, ValueError):
        return {"name": job.name, "ok": False, "failures": ["the run left no result"]}


def several(wanted: list[tuple[str, list[str]]], at_once: int) -> list[dict]:
    """Run (name, words of `boot`) jobs, some at once; one line for each as it ends."""
    began = time.monotonic()
    waiting = list(enumerate(wanted, start=1))
    results = []
    with tempfile.TemporaryDirectory() as name, Crew() as crew:
        while waiting or crew.jobs:
            while waiting and len(crew.jobs) < at_once:
                crew.jobs.append(_start(*waiting.pop(0), Path(name)))
            for job in [job for job in crew.jobs if job.process.poll() is not None]:
                crew.jobs.remove(job)
                results.append(_told(job, len(wanted), began))
            time.sleep(POLL_S)
    return results


def summed(wanted: list[tuple[str, list[str]]], at_once: int, path: Path | None) -> int:
    """Run jobs, name those that failed and how many; the exit status."""
    results = several(wanted, at_once)
    skipped = [result["name"] for result in results if result.get("skipped")]
    failed = [result["name"] for result in results if not result["ok"] and not result.get("skipped")]
    for name in failed:
        print(f"failed: {name}", file=sys.stderr)
    for name in skipped:
        print(f"skipped: {name}")
    print(f"{len(results) - len(failed) - len(skipped)} passed, {len(failed)} failed"
          f"{f', {len(skipped)} skipped' if skipped else ''}")
    if path:
        ppc_dom0.write_json(path, results)
    return 1 if failed else 0


def add_arguments(parser) -> None:
    """The options of `boot ppc-dom0`."""
    ppc_dom0.add_common(parser)
    ppc_dom0.add_case(parser)
    parser.add_argument("--quick", action="store_true", help="without the long steps")
    parser.add_argument("--repeat", type=int, default=1, metavar="N", help="so many boots in a row")
    parser.add_argument("--balloon", type=int, default=ppc_dom0.ROUNDS, metavar="N",
                        help="rounds of the balloon (%(default)s)")
    parser.add_argument("--pairwise", action="store_true",
                        help="few boots that cover every pair of options")
    parser.add_argument("--all", action="store_true",
                        help=f"{len(dom0_case.everything())} boots: every combination, memory and "
                        "end taking turns")
    parser.add_argument("--at-once", type=int, default=min(2, os.cpu_count() or 1), metavar="N",
                        help="boots of a set at a time (%(default)s)")


def _cases(arguments) -> list[Case]:
    if arguments.all or arguments.pairwise:
        if ppc_dom0.genuine():
            raise tree.Missing("sets of options are refhv's; a genuine hypervisor has none of them")
        return dom0_case.everything() if arguments.all else dom0_case.pairwise()
    return [ppc_dom0.case_of(arguments)] * arguments.repeat


def _skip(name: str, why: str, path: Path | None) -> int:
    """Say that a run did not take place; it is neither passed nor failed."""
    print(f"{name}: SKIPPED: {why}", flush=True)
    if path:
        ppc_dom0.write_json(path, {"name": name, "ok": False, "skipped": why, "failures": []})
    return SKIPPED


def main(arguments) -> int:
    """Run what was asked for; 0 if all went well."""
    if not 1 <= arguments.balloon <= 1000:
        raise tree.Missing("--balloon takes 1 to 1000")
    if not 1 <= arguments.repeat <= 1000 or not 1 <= arguments.at_once <= 16:
        raise tree.Missing("--repeat takes 1 to 1000, --at-once 1 to 16")
    cases = _cases(arguments)
    if len(cases) == 1:
        patience = arguments.patience * max(1, arguments.balloon / ppc_dom0.ROUNDS / 2)
        setting = ppc_dom0.Setting(arguments.kernel, arguments.quick, rounds=arguments.balloon,
                                   patience=patience, verbose=True)
        name = f"ppc-dom0 {cases[0].name}"
        if lacking := ppc_dom0.memory_for(cases[0]):
            return _skip(name, lacking, arguments.json)
        run = ppc_dom0.boot(cases[0], setting)
        ppc_dom0.show(run, name)
        if arguments.json:
            ppc_dom0.write_json(arguments.json, ppc_dom0.as_json(run, name))
        return 0 if run.ok else 1
    # Built once, before several processes want it at the same time.
    ppc_dom0.prepare(arguments.kernel)
    at_once = arguments.at_once if arguments.all or arguments.pairwise else 1
    extra = ["--kernel", str(arguments.kernel), "--patience", str(arguments.patience)]
    extra += ["--balloon", str(arguments.balloon)]
    extra += ["--quick"] * (arguments.quick or arguments.all)
    print(f"ppc-dom0: {len(cases)} boots, {at_once} at a time", flush=True)
    return summed([(case.name, ["ppc-dom0", *case.options, *extra]) for case in cases], at_once,
                  arguments.json)
