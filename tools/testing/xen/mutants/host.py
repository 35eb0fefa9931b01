# SPDX-License-Identifier: GPL-2.0
"""Mutants against the host tests.

One copy of the folders concerned is kept with everything built in it, so that a
mutant, in a copy of that copy, costs the compilation of what it touches.  Quick
tests come first; what survives them meets the next ones.
"""

import os
import re
import shutil
import subprocess
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import process
from mutant import BUILD, LOGS, ROOT, WORK, Broken, Mutant, sync

FOLDERS = ("include/xen", "drivers/xen/core", "arch/x86/xen", "arch/powerpc/platforms/xen",
           "tools/testing/xen/host", "tools/testing/xen/abi", "tools/testing/xen/refhv",
           "tools/testing/xen/xencomm-lib", "tools/lib/xencomm", "include/uapi")
BASE = WORK / "host" / "base"
WITH_CCACHE = 'root=$0; . "$root/scripts/xen/ccache-env"; exec "$@"'
BUILD_LIMIT_S = 400
TEST_LIMIT_S = 90


@dataclass(frozen=True)
class Step:
    """One make target and the programs it makes."""
    name: str
    folder: str
    target: str
    programs: tuple[str, ...]
    arguments: tuple[str, ...] = ()
    variables: tuple[str, ...] = ()


CORE = (Step("core", "tools/testing/xen/host", "native", ("out/native/core-test",)),
        Step("core under sanitizers", "tools/testing/xen/host", "gcc", ("out/gcc/core-test",),
             ("--gtest_fail_fast", "--gtest_brief=1")))
X86 = (Step("x86", "tools/testing/xen/host/x86", "gcc", ("out/gcc/jump-test", "out/gcc/keys-test"),
            ("--gtest_fail_fast", "--gtest_brief=1")),)
REFHV_TESTS = tuple(f"out/gcc/{path.name.removesuffix('_test.cc')}" for path in
                    sorted((ROOT / "tools/testing/xen/host/refhv").glob("*_test.cc")))
REFHV = (Step("refhv", "tools/testing/xen/host/refhv", "gcc", REFHV_TESTS,
              ("--gtest_fail_fast", "--gtest_brief=1")),)
XENCOMM = (Step("xencomm", "tools/testing/xen/xencomm-lib", "all",
                tuple(f"out/gcc/{path.name.removesuffix('_test.c')}" for path in sorted(
                    (ROOT / "tools/testing/xen/xencomm-lib").glob("*_test.c")))),)


def _ppc(mutants: list[Mutant]) -> tuple[Step, ...]:
    """Only the programs that these mutants name, in one step."""
    tests = sorted({test for mutant in mutants if mutant.of_ppc for test in mutant.tests})
    units = sorted({unit for mutant in mutants for unit in mutant.units})
    if not tests:
        return ()
    programs = tuple(f"out/gcc/{test}" for test in tests)
    return (Step("ppc", "tools/testing/xen/host/ppc", " ".join(programs), programs,
                 ("--gtest_fail_fast", "--gtest_brief=1"),
                 (f"UNITS={' '.join(units)}",) if units and len(mutants) == 1 else ()),)


def _steps(mutant: Mutant) -> tuple[Step, ...]:
    """What judges a mutant: nothing of the port is built into refhv but its types."""
    if mutant.of_refhv:
        return REFHV
    if mutant.of_ppc:
        return _ppc([mutant])
    if mutant.of_xencomm:
        return XENCOMM
    return CORE + X86 if mutant.of_core else X86 + CORE


def _reason(status: int, output: str) -> str:
    """Which test or sanitizer stopped a program; nothing if none did."""
    for pattern in (r"^\[  FAILED  \] ([\w/.]+)", r"^FAILED ([\w.]+)", r"broken invariant: .*",
                    r"^test machine: .*",
                    r"(AddressSanitizer: [\w-]+)", r"runtime error: .*"):
        found = re.search(pattern, output, re.M)
        if found:
            return found.group(found.lastindex or 0)
    closing = re.search(r"^\d+ passed, (\d+) failed$", output, re.M)
    if closing and int(closing.group(1)):
        return f"status {status}"
    return ""


def _try(step: Step, tree: Path, log: Path, *words: str) -> tuple[str, str]:
    """("passed"|"killed"|"broken", why) of one step in one tree; words are for make."""
    folder = tree / step.folder
    # The unbroken copy is compiled as the host tests are, so that ccache knows most of it.
    mutant = () if tree == BASE else ("WERROR=",)
    status, output = process.command(["sh", "-c", WITH_CCACHE, ROOT, "make", "-C", folder, "OUT=out", *mutant,
                                      *step.variables, *words, *step.target.split()], log, BUILD_LIMIT_S)
    if status:
        asserted = re.search(r"^(?:.*/)?([\w.]+):\d+.*static assertion failed", output, re.M)
        if asserted:
            return "killed", f"static_assert in {asserted.group(1)}"
        error = re.search(r"^.*error: .*$", output, re.M)
        return "broken", f"does not compile: {error.group() if error else output[-200:]}"
    for program in step.programs:
        status, output = process.command([folder / program, *step.arguments], log, TEST_LIMIT_S)
        if status == process.TIMED_OUT:
            return "broken", f"{step.name}: a test hangs for {TEST_LIMIT_S} s instead of failing"
        if status:
            why = _reason(status, output)
            if why:
                return "killed", why
            return "broken", f"{step.name}: crashes without a verdict, status {status}"
        if not re.search(r"^[1-9]\d* passed, 0 failed$", output, re.M):
            return "broken", f"{step.name}: says no result"
    return "passed", ""


def _judge(mutant: Mutant) -> tuple[bool, str]:
    """Whether it was killed, and by what or why not."""
    tree, log = WORK / "host" / mutant.name, LOGS / f"host-{mutant.name}.log"
    log.unlink(missing_ok=True)
    shutil.rmtree(tree, ignore_errors=True)
    subprocess.run(["cp", "-a", BASE, tree], check=True)
    try:
        refused = mutant.apply(tree)
        if refused:
            return False, refused
        last = ""
        for step in _steps(mutant):
            verdict, why = _try(step, tree, log)
            if verdict == "killed":
                return True, f"killed by {why}"
            if verdict == "broken" and "crashes without" not in why:
                return False, why
            last = last or why  # sanitizers, next, may name what crashed here
        return False, last or "SURVIVED"
    finally:
        shutil.rmtree(tree, ignore_errors=True)


def _report(mutant: Mutant) -> bool:
    begin = time.monotonic()
    killed, why = _judge(mutant)
    took = time.monotonic() - begin
    process.say(f"{mutant.name}: {'' if killed else 'FAILED: '}{why} ({took:.0f} s)")
    if not killed:
        print(f"       log:   build/logs/mutants/host-{mutant.name}.log\n"
              f"       rerun: tools/testing/xen/mutants/run host {mutant.name}", flush=True)
    return killed


def run(mutants: list[Mutant]) -> tuple[int, int]:
    """Those that the host tests have to notice; numbers of killed and others."""
    mutants = [mutant for mutant in mutants if mutant.for_host]
    process.say("host: build and test the unbroken copy")
    log = LOGS / "host-unbroken.log"
    log.unlink(missing_ok=True)
    sync(FOLDERS, BASE)
    # What is built from the pristine source is found as in the tree itself.
    if not (BASE / "build").is_symlink():
        (BASE / "build").symlink_to(BUILD)
    steps = dict.fromkeys(step for mutant in mutants if not mutant.of_ppc for step in _steps(mutant))
    for step in (*steps, *_ppc([mutant for mutant in mutants if mutant.of_ppc])):
        verdict, why = _try(step, BASE, log, "-j2")
        if verdict != "passed":
            raise Broken(f"the tests fail without a mutant and can judge none: {why} "
                         f"(log: build/logs/mutants/{log.name})")
    process.say(f"host: {len(mutants)} mutants")
    pool = ThreadPoolExecutor(int(os.environ.get("JOBS") or 2))
    try:
        results = list(pool.map(_report, mutants))
    except BaseException:
        process.stop_all()
        raise
    finally:
        pool.shutdown(cancel_futures=True)
    return sum(results), len(results) - sum(results)
