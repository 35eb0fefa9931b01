# SPDX-License-Identifier: GPL-2.0
"""`boot dom0-xencomm`: xencomm-info in dom0 under the real Xen, against Xen's own tools.

Our kernel is dom0 and makes a paused domU.  Both tools are asked the same; the answers
come over the second serial port (guest/xencomm.sh) and are compared by xencomm_judge.
"""

import argparse
import os
from pathlib import Path

import guestprog
import initramfs
import kmodules
import run
import stage
import tree
import under_xen
import verdict
import xencomm_judge
from cpio import Archive
from plan import Options, Plan, parameters

OUT = tree.BUILD / "xencomm/x86_64"
STEPS = ("domu-paused", "dmesg")
STAGES = (stage.XEN, stage.DOM0_KERNEL, stage.DOM0_USERSPACE, stage.XEN_TOOLS,
          stage.Stage("xencomm", "serial", r"STAGE xencomm", 180), stage.POWEROFF)

DOMU_CONFIG = """\
type = "pv"
name = "d1"
kernel = "/domu/kernel"
extra = "console=hvc0"
memory = 64
vcpus = 2
"""


def _ramdisk(options: Options, target: Path) -> None:
    extra = Archive()
    kmodules.add(extra, options.kernel, kmodules.DOM0)
    extra.copy(options.kernel, "domu/kernel", 0o644)
    extra.file("domu/config", DOMU_CONFIG)
    extra.copy(guestprog.xencomm_info("x86_64", OUT), "bin/xencomm-info", 0o755)
    extra.file("parameters", parameters(MODE="xencomm"))
    initramfs.joined(target, initramfs.stored("dom0", initramfs.dom0()), extra)


def _judge(texts: dict[str, str]) -> verdict.Verdict:
    found = verdict.Verdict()
    verdict.read(found, "dom0", texts["serial"])
    xencomm_judge.judge(found, texts["domu"])
    verdict.require_steps(found, "dom0", STEPS + xencomm_judge.STEPS)
    return found


def plan(options: Options, folder: Path) -> Plan:
    """The plan of the run."""
    tree.kernel(options.kernel, "build it first (make kernel), or name one with --kernel")
    ramdisk = folder / "dom0-initrd"
    _ramdisk(options, ramdisk)
    return Plan(folder=folder, command=under_xen.command(options, folder, options.kernel),
                stages=STAGES,
                logs={"serial": folder / "serial.log", "domu": folder / "domu.log"},
                judge=_judge, kernels={"dom0": options.kernel}, throwaway=[ramdisk])


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The command line."""
    parser.add_argument("--kernel", type=Path, default=tree.OURS, help="dom0's kernel (%(default)s)")
    parser.add_argument("--pcpus", type=int, default=2, choices=range(1, 9), metavar="N",
                        help="processors Xen sees (%(default)s)")
    parser.add_argument("--patience", type=float, default=1.0, metavar="X",
                        help="multiply all time limits")


def main(arguments: argparse.Namespace) -> int:
    """Run and judge."""
    if arguments.patience <= 0:
        raise tree.Missing("--patience takes a number above 0")
    options = Options(command="dom0-xencomm", kernel=arguments.kernel, pcpus=arguments.pcpus,
                      patience=arguments.patience, name="dom0-xencomm",
                      debug=bool(os.environ.get("DEBUG")))
    return 0 if run.execute(options, plan).ok else 1
