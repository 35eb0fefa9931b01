# SPDX-License-Identifier: GPL-2.0
"""Mutants against a live kernel under the real Xen.

One copy of this tree with a kernel build folder of its own is kept; for a mutant
the patch is applied there, the units concerned are compiled, the kernel is linked
and booted as a domU, first with the workload, then with KUnit.  dom0 is Linux's own
C port, which no mutant touches: a run that fails before the domU was created tells
nothing about the mutant and is repeated once.
"""

import json
import time
from pathlib import Path

import kernel_tree
import process
import verdicts
from mutant import BUILD, LOGS, ROOT, WORK, Broken, Mutant

TREE = WORK / "boot" / "tree"
IMAGE = TREE / "build/linux/out-x86/arch/x86/boot/bzImage"
BOOT_LIMIT_S = 240
# Of the harness's limits, which are for slow machines: a mutant that hangs is to be
# noticed in less than a minute.  Still six times what a sound kernel takes.
PATIENCE = "0.2"


def _boot(command: str, log: Path, name: str) -> tuple[str, str]:
    """("ok"|"killed"|"broken", why) of one boot."""
    result = WORK / "boot" / f"{name}.json"
    result.unlink(missing_ok=True)
    process.command(["nice", "-n", "5", ROOT / "tools/testing/xen/qemu/boot", command,
                     "--dom0", "cport", "--kernel", IMAGE, "--expect-cxx", "--vcpus", "2",
                     "--patience", PATIENCE, "--name", f"mutant-{name}", "--json", result],
                    log, BOOT_LIMIT_S)
    if not result.exists():
        return "broken", f"{command}: the harness gave no result"
    said = json.loads(result.read_text())
    if said["ok"]:
        return "ok", ""
    why = f"{command} in stage {said['stage']}: {said['failures'][0]}"
    return ("killed" if "domu-created" in said["stages"] else "broken"), why


def _both_boots(name: str, log: Path) -> tuple[str, str]:
    """The workload, and KUnit if that went well."""
    for command in ("domu", "kunit-domu"):
        verdict, why = _boot(command, log, name)
        if verdict == "broken":
            verdict, why = _boot(command, log, name)
        if verdict != "ok":
            return verdict, why
    return "ok", ""


def _judge(mutant: Mutant) -> tuple[bool, str]:
    log = LOGS / f"boot-{mutant.name}.log"
    log.unlink(missing_ok=True)
    kernel_tree.restore(TREE)
    refused = mutant.apply(TREE)
    if refused:
        return False, refused
    begin = time.monotonic()
    refused = kernel_tree.build(TREE, "x86", log)
    if refused:
        return False, refused
    built = time.monotonic() - begin
    verdict, why = _both_boots(mutant.name, log)
    took = f"(build {built:.0f} s, boot {time.monotonic() - begin - built:.0f} s)"
    if verdict == "killed":
        return True, f"killed by {why} {took}"
    return False, f"{why or 'SURVIVED'} {took}"


def run(mutants: list[Mutant]) -> tuple[int, int]:
    """Those that a live kernel has to notice; numbers of killed and others."""
    mutants = [mutant for mutant in mutants if mutant.for_boot]
    log = LOGS / "boot-unbroken.log"
    log.unlink(missing_ok=True)
    process.say("boot: build the unbroken kernel in a tree of its own (minutes the first time)")
    if not (BUILD / "cport/out-x86/arch/x86/boot/bzImage").is_file():
        raise Broken("dom0 is Linux's C port, which is not built: make kernel-cport")
    kernel_tree.prepare(TREE)
    refused = kernel_tree.build(TREE, "x86", log)
    if refused:
        raise Broken(f"without a mutant the kernel {refused} (log: build/logs/mutants/{log.name})")
    process.say("boot: boot the unbroken kernel")
    verdict, why = _both_boots("unbroken", log)
    if verdict != "ok":
        raise Broken(f"the boot fails without a mutant and can judge none: {why} "
                     f"(log: build/logs/mutants/{log.name})")
    try:
        return verdicts.one_by_one("boot", mutants, _judge)
    finally:
        kernel_tree.restore(TREE)
