# SPDX-License-Identifier: GPL-2.0
"""Mutants of the Xen/PPC port against a live dom0 on the reference hypervisor.

One copy of this tree with a kernel build folder of its own is kept; for a mutant the
patch is applied there, the kernel and its modules are built, and booted twice: with the
workload and lines typed at the console meanwhile, and with the KUnit suites.  Both get
the options that the mutant asks for.
"""

import json
import time
from pathlib import Path

import kernel_tree
import process
import verdicts
from mutant import LOGS, ROOT, WORK, Broken, Mutant

TREE = WORK / "ppc-dom0" / "tree"
KERNEL = TREE / "build/linux/out-ppc-dom0/vmlinux"
BOOT_LIMIT_S = 300
# Of the harness's limits, which are for slow machines: what hangs is to be noticed soon.
PATIENCE = "0.5"


def _boot(command: str, options: tuple[str, ...], log: Path, name: str) -> tuple[str, str]:
    """("ok"|"killed"|"broken", why) of one boot."""
    result = WORK / "ppc-dom0" / f"{name}.json"
    result.unlink(missing_ok=True)
    process.command(["nice", "-n", "5", ROOT / "tools/testing/xen/qemu/boot", command, *options,
                     "--kernel", KERNEL, "--patience", PATIENCE, "--json", result],
                    log, BOOT_LIMIT_S)
    if not result.exists():
        return "broken", f"{command}: the harness gave no result"
    said = json.loads(result.read_text())
    if said["ok"]:
        return "ok", ""
    return "killed", f"{command} in stage {said['stage']}: {said['failures'][0]}"


def _both_boots(options: tuple[str, ...], name: str, log: Path) -> tuple[str, str]:
    """The workload, and KUnit if that went well."""
    for command in ("ppc-dom0", "kunit-ppc-dom0"):
        verdict, why = _boot(command, options, log, name)
        # What fails once on a busy machine is no mutant's death: it has to fail again.
        if verdict != "ok":
            verdict, why = _boot(command, options, log, name)
        if verdict != "ok":
            return verdict, why
    return "ok", ""


def _judge(mutant: Mutant) -> tuple[bool, str]:
    log = LOGS / f"ppc-dom0-{mutant.name}.log"
    log.unlink(missing_ok=True)
    kernel_tree.restore(TREE)
    begin = time.monotonic()
    refused = mutant.apply(TREE) or kernel_tree.build(TREE, "ppc-dom0", log)
    if refused:
        return False, refused
    built = time.monotonic() - begin
    verdict, why = _both_boots(mutant.options, mutant.name, log)
    took = f"(build {built:.0f} s, boot {time.monotonic() - begin - built:.0f} s)"
    if verdict == "killed":
        return True, f"killed by {why} {took}"
    return False, f"{why or 'SURVIVED'} {took}"


def run(mutants: list[Mutant]) -> tuple[int, int]:
    """Those that a dom0 on Xen/PPC has to notice; numbers of killed and others."""
    mutants = [mutant for mutant in mutants if mutant.for_dom0]
    log = LOGS / "ppc-dom0-unbroken.log"
    log.unlink(missing_ok=True)
    process.say("ppc-dom0: build the unbroken kernel in a tree of its own")
    kernel_tree.prepare(TREE)
    refused = kernel_tree.build(TREE, "ppc-dom0", log)
    if refused:
        raise Broken(f"without a mutant the kernel {refused} (log: build/logs/mutants/{log.name})")
    process.say("ppc-dom0: boot the unbroken kernel in every way that a mutant asks for")
    for options in sorted({mutant.options for mutant in mutants}):
        verdict, why = _both_boots(options, "unbroken", log)
        if verdict != "ok":
            raise Broken(f"the boot ({' '.join(options)}) fails without a mutant and can judge "
                         f"none: {why} (log: build/logs/mutants/{log.name})")
    try:
        return verdicts.one_by_one("ppc-dom0", mutants, _judge)
    finally:
        kernel_tree.restore(TREE)
