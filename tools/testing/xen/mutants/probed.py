# SPDX-License-Identifier: GPL-2.0
"""Mutants of the reference hypervisor against its probe.

One copy of the folders concerned is kept with everything built in it; for a mutant the
patch is applied there, refhv is built, and the harness runs the probe with a few sets
of options that differ in everything.  The probe itself is not touched by any mutant.
"""

import os
import re
import time

import process
import verdicts
from mutant import BUILD, LOGS, WORK, Broken, Mutant, sync

FOLDERS = ("include/xen", "arch/powerpc/platforms/xen", "scripts/cxx", "tools/testing/xen/refhv",
           "tools/testing/xen/qemu")
TREE = WORK / "probe" / "tree"
RUNS = ("--mode direct --start flat --upcall faithful --rma 64 --vcpus 2",
        "--mode translated --start of --upcall prompt --rma 128 --vcpus 4",
        "--mode translated --start of --upcall faithful --rma 64 --vcpus 1 --quirks")
BUILD_LIMIT_S = 300
RUN_LIMIT_S = 100


def _build(log) -> str:
    status, output = process.command(["make", "-C", TREE / "tools/testing/xen/refhv", "-j2"], log,
                                     BUILD_LIMIT_S)
    if status == 0:
        return ""
    error = re.search(r"^.*error: .*$", output, re.M)
    return f"does not build: {error.group() if error else output[-200:]}"


def _probe(log) -> tuple[str, str]:
    """("ok"|"killed"|"broken", why) of all runs, up to the first that fails."""
    for options in RUNS:
        status, output = process.command([TREE / "tools/testing/xen/qemu/boot", "ppc-probe",
                                          "--patience", "0.5", *options.split()], log, RUN_LIMIT_S)
        if status == 0:
            continue
        closing = re.search(r"^(\d+) passed, (\d+) failed$", output, re.M)
        if not closing or not int(closing.group(2)):
            return "broken", f"the harness gave no result, status {status}"
        shown = [line.strip() for line in output.splitlines() if re.match(r"  \S", line)]
        return "killed", f"the probe: {shown[0] if shown else 'a run failed'} ({options})"
    return "ok", ""


def _judge(mutant: Mutant) -> tuple[bool, str]:
    log = LOGS / f"probe-{mutant.name}.log"
    log.unlink(missing_ok=True)
    sync(FOLDERS, TREE)
    begin = time.monotonic()
    why = mutant.apply(TREE) or _build(log)
    if why:
        return False, why
    verdict, why = _probe(log)
    if verdict == "killed":
        return True, f"killed by {why} ({time.monotonic() - begin:.0f} s)"
    return False, why or "SURVIVED"


def run(mutants: list[Mutant]) -> tuple[int, int]:
    """Those that the probe has to notice; numbers of killed and others."""
    mutants = [mutant for mutant in mutants if mutant.for_probe]
    log = LOGS / "probe-unbroken.log"
    log.unlink(missing_ok=True)
    if not (BUILD / "pristine").is_dir():
        raise Broken("there is no kernel source in build/pristine: make source")
    process.say("probe: build and run the unbroken copy")
    sync(FOLDERS, TREE)
    (TREE / "build").mkdir(exist_ok=True)
    source = TREE / "build/pristine"
    if not source.is_symlink():
        source.symlink_to(os.path.relpath(BUILD / "pristine", TREE / "build"))
    why = _build(log)
    verdict = "broken"
    if not why:
        verdict, why = _probe(log)
    if verdict != "ok":
        raise Broken(f"the probe fails without a mutant and can judge none: {why} "
                     f"(log: build/logs/mutants/{log.name})")
    try:
        return verdicts.one_by_one("probe", mutants, _judge)
    finally:
        sync(FOLDERS, TREE)
