# SPDX-License-Identifier: GPL-2.0
"""The user space of a dom0 on Xen/PPC: busybox from Debian's source, our programs.

One archive for all runs but KUnit's: what differs between them is said on the kernel's
command line.  It is compressed, because kernel and initrd must end below 31 MB.
"""

import gzip
import hashlib
import os
import subprocess
from pathlib import Path

import guestprog
import initramfs
import kmodules
import tree
from cpio import Archive

BUSYBOX = tree.BUILD / "guest/ppc64/busybox"
SCRIPT = tree.ROOT / "scripts/xen/busybox-ppc64"
PROGRAMS = ("entropy", "workload", "twin")
XENCOMM_OUT = guestprog.OUT / "ppc64/xencomm"
KEEP = 4


def busybox() -> tuple[Path, list[str]]:
    """The static big-endian busybox, built if need be, and the names it goes by."""
    if subprocess.run([SCRIPT], stdin=subprocess.DEVNULL, check=False).returncode:
        raise tree.Missing(f"{tree.shown(SCRIPT)} failed: see above")
    links = BUSYBOX.with_suffix(".links").read_text().split()
    return BUSYBOX, [link.rpartition("/")[2] for link in links]


def _skeleton() -> Archive:
    archive = initramfs.skeleton(*busybox(), guestprog.build("ppc64", PROGRAMS))
    for program in guestprog.build("ppc32", ("twin", "workload")):
        archive.copy(program, f"bin/{program.name}32", 0o755)
    archive.copy(guestprog.xencomm_info("ppc64", XENCOMM_OUT, "LDFLAGS=-s"), "bin/xencomm-info", 0o755)
    for script in sorted((tree.HERE / "guest/ppc").glob("*.sh")):
        archive.copy(script, f"guest/ppc/{script.name}", 0o755)
    archive.file("parameters", "")
    archive.file("modules/list", "")
    return archive


def _stored(name: str, archive: Archive) -> Path:
    raw = archive.bytes()
    path = initramfs.STORE / f"{name}-{hashlib.sha256(raw).hexdigest()[:16]}.cpio.gz"
    if path.exists():
        os.utime(path)
        return path
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_suffix(f".{os.getpid()}")
    partial.write_bytes(gzip.compress(raw, 9, mtime=0))
    partial.rename(path)
    found = sorted(initramfs.STORE.glob(f"{name}-*.cpio.gz"), key=lambda p: p.stat().st_mtime)
    for old in found[:-KEEP]:
        old.unlink(missing_ok=True)
    return path


def dom0() -> Path:
    """The initrd, from the store if its contents did not change."""
    archive = _skeleton()
    archive.link("init", "guest/ppc/dom0.sh")
    return _stored("ppc-dom0", archive)


def kunit(kernel: Path) -> Path:
    """The same with a kernel's KUnit modules, which its init loads."""
    archive = _skeleton()
    archive.link("init", "guest/kunit.sh")
    kmodules.add_kunit(archive, kernel)
    return _stored("ppc-kunit", archive)
