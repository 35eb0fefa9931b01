# SPDX-License-Identifier: GPL-2.0
"""Plans of the KUnit runs without Xen: x86-64 with modules, ppc64 built in."""

from pathlib import Path

import initramfs
import kmodules
import ktap
import stage
import tree
import verdict
from cpio import Archive
from plan import Options, Plan, debug_arguments, linked, parameters

PPC_MACHINE = "pseries,cap-cfpc=broken,cap-sbbc=broken,cap-ibs=broken,cap-ccf-assist=off"
PPC_CPU = "power8"
COMMON = ["-display", "none", "-nodefaults", "-no-reboot", "-monitor", "none",
          "-serial", "file:serial.log"]


def _judge(runner: str, steps: tuple[str, ...]):
    suites = ktap.expected(runner)

    def judge(texts: dict[str, str]) -> verdict.Verdict:
        found = verdict.Verdict()
        verdict.read(found, runner, texts["serial"])
        verdict.require_steps(found, runner, steps)
        ktap.into(found, runner, texts["serial"], suites)
        return found
    return judge


def x86(options: Options, folder: Path) -> Plan:
    """Our kernel on QEMU's own hardware, KUnit and the suites by insmod."""
    tree.kernel(options.kernel, "build it first (make), or name one with --kernel")
    extra = Archive()
    extra.file("modules/list", "")
    extra.file("parameters", parameters(MODE="kunit"))
    kmodules.add_kunit(extra, options.kernel)
    ramdisk = initramfs.joined(folder / "initrd",
                               initramfs.stored("kunit", initramfs.guest("kunit")), extra)
    linux = "console=ttyS0 panic=1 printk.devkmsg=on" + (" nokaslr" if options.debug else "")
    return Plan(folder=folder,
                command=["qemu-system-x86_64", "-M", "q35", "-accel", "tcg", "-cpu", options.cpu,
                         "-smp", str(options.pcpus), "-m", "512", *COMMON,
                         *debug_arguments(options),
                         "-kernel", linked(folder, "kernel", options.kernel),
                         "-initrd", "initrd", "-append", linux],
                stages=stage.BARE, logs={"serial": folder / "serial.log"},
                judge=_judge("x86", verdict.KUNIT_STEPS),
                kernels={"kernel": options.kernel}, throwaway=[ramdisk])


def ppc(options: Options, folder: Path) -> Plan:
    """The big-endian ppc64 kernel on a pseries machine; suites are built in."""
    tree.kernel(options.kernel, "build it first (make), or name one with --kernel")
    return Plan(folder=folder,
                command=["qemu-system-ppc64", "-M", PPC_MACHINE, "-accel", "tcg",
                         "-cpu", PPC_CPU, "-m", "512", "-vga", "none", *COMMON,
                         *debug_arguments(options),
                         "-kernel", linked(folder, "kernel", options.kernel),
                         "-append", "console=hvc0 panic=1 kunit_shutdown=poweroff"],
                stages=stage.BUILT_IN, logs={"serial": folder / "serial.log"},
                judge=_judge("ppc", ()), kernels={"kernel": options.kernel})
