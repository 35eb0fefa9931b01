# SPDX-License-Identifier: GPL-2.0
"""Plans of the runs under the real Xen: a domU, our kernel as dom0, KUnit in a
domU, and the consoles of both.

Two serial ports: Xen and dom0 share the first (serial.log), xenconsoled writes
the domU's console to the second (domu.log), so that the two never mix and the
domU's last words do not wait for dom0.
"""

import gzip
import os
from pathlib import Path

import initramfs
import kmodules
import ktap
import stage
import tree
import verdict
from cpio import Archive
from plan import Options, Plan, debug_arguments, linked, parameters

MACHINE_MIB = 1024
DOM0_MIB = 512
DOMU_MIB = 128
# A distribution's kernel unpacks to more than 64 MiB before it frees some.
DOMU_LARGE_MIB = 320
LARGE_IMAGE = 6 << 20
DISK_BLOCKS = 1024

DOMU_CONFIG = """\
type = "pv"
name = "d1"
kernel = "/domu/kernel"
ramdisk = "/domu/initrd"
extra = "console=hvc0 earlyprintk=xen panic=1 printk.devkmsg=on {extra}"
memory = {memory}
vcpus = {vcpus}
disk = ["phy:/dev/loop0,xvda,w"]
vif = ["mac=00:16:3e:00:00:02,bridge=xenbr0"]
on_poweroff = "destroy"
on_reboot = "destroy"
on_crash = "destroy"
"""


def dom0_kernel(options: Options) -> Path:
    """The image that --dom0 names."""
    if options.dom0 == "debian":
        return tree.debian_kernel()
    if options.dom0 == "cport":
        return tree.kernel(tree.CPORT, "build Linux's C port first, or use --dom0 debian")
    if options.dom0 == "self":
        return options.kernel
    return tree.kernel(Path(options.dom0), "--dom0 takes debian, cport, self or an image")


def hypervisor() -> Path:
    """Xen unpacked into build/xen: QEMU's loader wants it so."""
    packed = tree.xen_image()
    plain = tree.BUILD / "xen" / packed.name.removesuffix(".gz")
    if plain.exists() and plain.stat().st_mtime >= packed.stat().st_mtime:
        return plain
    plain.parent.mkdir(parents=True, exist_ok=True)
    partial = plain.with_suffix(f".{os.getpid()}")
    partial.write_bytes(gzip.decompress(packed.read_bytes()))
    partial.rename(plain)
    return plain


def domu_ramdisk(options: Options, mode: str) -> bytes:
    """The domU's whole initramfs."""
    extra = Archive()
    kmodules.add(extra, options.kernel, kmodules.DOMU)
    if mode == "kunit":
        kmodules.add_kunit(extra, options.kernel)
    extra.file("parameters", parameters(
        MODE=mode, BREAK=options.broken, DISK_BLOCKS=DISK_BLOCKS, DOM0_SEED=11, DOMU_SEED=22))
    base = initramfs.stored("domu", initramfs.guest("domu"))
    return base.read_bytes() + extra.bytes()


def dom0_ramdisk(options: Options, image: Path, mode: str, domu_mode: str, target: Path) -> None:
    """dom0's whole initramfs, with the domU's kernel, ramdisk and configuration."""
    extra = Archive()
    kmodules.add(extra, image, kmodules.DOM0)
    large = options.kernel.stat().st_size > LARGE_IMAGE
    extra.copy(options.kernel, "domu/kernel", 0o644)
    extra.file("domu/initrd", domu_ramdisk(options, domu_mode))
    extra.file("domu/config", DOMU_CONFIG.format(
        memory=options.memory or (DOMU_LARGE_MIB if large else DOMU_MIB), vcpus=options.vcpus,
        extra="nokaslr" if options.debug else ""))
    extra.file("parameters", parameters(
        MODE=mode, PING="yes" if domu_mode == "workload" else "no",
        DOM0_WORKLOAD="yes" if options.command == "dom0" else "no",
        DISK_BLOCKS=DISK_BLOCKS, DOM0_SEED=11, DOMU_SEED=22))
    initramfs.joined(target, initramfs.stored("dom0", initramfs.dom0()), extra)


def command(options: Options, folder: Path, image: Path) -> list[str]:
    """The QEMU command, relative to the log folder."""
    linux = "console=hvc0 earlyprintk=xen panic=5 printk.devkmsg=on" + \
        (" nokaslr" if options.debug else "")
    serial = ["-serial", "file:serial.log"]
    if options.shell:
        # Ctrl-A x belongs to QEMU; everything else goes to the guest.
        serial = ["-chardev", "stdio,id=console,mux=on,signal=off,logfile=serial.log",
                  "-serial", "chardev:console", "-mon", "chardev=console"]
    return ["qemu-system-x86_64", "-M", "q35", "-accel", "tcg", "-cpu", options.cpu,
            "-smp", str(options.pcpus), "-m", str(MACHINE_MIB + max(0, options.memory - DOMU_MIB)),
            "-display", "none", "-nodefaults", "-no-reboot", *serial,
            *([] if options.shell else ["-monitor", "none"]),
            "-serial", "file:domu.log", *debug_arguments(options),
            "-kernel", linked(folder, "xen", hypervisor()),
            "-append", "console=com1 com1=115200,8n1 loglvl=info guest_loglvl=all/all "
            f"dom0_mem={DOM0_MIB}M,max:{DOM0_MIB}M",
            "-initrd", f"{linked(folder, 'dom0-kernel', image)} {linux},dom0-initrd"]


def _judge(options: Options):
    def judge(texts: dict[str, str]) -> verdict.Verdict:
        found = verdict.Verdict()
        verdict.read(found, "domu", texts["domu"])
        verdict.read(found, "dom0", texts["serial"])
        in_dom0 = verdict.DOM0_STEPS
        if options.command == "dom0":
            in_dom0 += verdict.WORKLOAD + ("tracepoints",)
        verdict.console(found, "domu", texts["domu"])
        verdict.require_steps(found, "domu", verdict.DOMU_STEPS)
        verdict.require_vcpus(found, "domu", options.vcpus)
        verdict.require_steps(found, "dom0", in_dom0)
        if options.ours:
            for side in ("domu", "dom0") if options.command == "dom0" else ("domu",):
                verdict.require_cxx(found, side)
        return found
    return judge


def _judge_kunit(options: Options):
    suites = ktap.expected("domu")

    def judge(texts: dict[str, str]) -> verdict.Verdict:
        found = verdict.Verdict()
        verdict.read(found, "domu", texts["domu"])
        verdict.read(found, "dom0", texts["serial"])
        verdict.require_steps(found, "domu", verdict.KUNIT_STEPS)
        verdict.require_steps(found, "dom0", verdict.SERVING_STEPS)
        ktap.into(found, "domu", texts["domu"], suites)
        return found
    return judge


def plan(options: Options, folder: Path) -> Plan:
    """The plan of domu, dom0, kunit-domu or shell."""
    tree.kernel(options.kernel, "build it first (make), or name one with --kernel")
    image = dom0_kernel(options)
    mode = f"shell-{options.shell}" if options.shell else "cycle"
    domu_mode = "kunit" if options.command == "kunit-domu" else \
        "shell" if options.shell else "workload"
    ramdisk = folder / "dom0-initrd"
    dom0_ramdisk(options, image, mode, domu_mode, ramdisk)
    return Plan(folder=folder, command=command(options, folder, image),
                stages=stage.UNDER_XEN,
                logs={"serial": folder / "serial.log", "domu": folder / "domu.log"},
                judge=_judge_kunit(options) if domu_mode == "kunit" else _judge(options),
                kernels={"domu": options.kernel, "dom0": image}, throwaway=[ramdisk])
