# SPDX-License-Identifier: GPL-2.0
"""The user spaces of the guests: busybox, our programs, and Xen's tools in dom0.

A guest boots from the concatenation of a base archive, which only changes with
the installed packages and the files in guest/, and a small one for this run.
Base archives are kept in build/initramfs under a hash of their contents.
Dynamic programs bring the libraries that ldd finds for them.
"""

import functools
import hashlib
import os
import subprocess
from pathlib import Path

import guestprog
import tree
from cpio import Archive

STORE = tree.BUILD / "initramfs"
KEEP = 12

XEN_PROGRAMS = ("xl", "xenstored", "xenconsoled", "xenconsole", "libxl-save-helper",
                "xen-init-dom0", "xenstore-control")
XENSTORE_CLIENTS = ("xenstore-read", "xenstore-write", "xenstore-list", "xenstore-exists",
                    "xenstore-rm", "xenstore-ls", "xenstore-chmod", "xenstore-watch")
# Debian's hotplug scripts are bash and call these with options busybox lacks.
HOTPLUG_PROGRAMS = ("/bin/bash", "/usr/bin/flock", "/usr/bin/stat")
# libc opens this one by name when a thread is cancelled: xl aborts without it.
DLOPENED = "libgcc_s.so.1"


def need(path: str, package: str) -> Path:
    """A file of this machine that a package provides."""
    if not Path(path).exists():
        raise tree.Missing(f"no {path}: install the package {package}")
    return Path(path)


@functools.lru_cache(maxsize=None)
def libraries(program: Path) -> tuple[str, ...]:
    """Absolute paths of the shared objects a program is started with."""
    told = subprocess.run(["ldd", str(program)], capture_output=True, text=True, timeout=20)
    found = []
    for line in told.stdout.splitlines():
        if "not found" in line:
            raise tree.Missing(f"{program} misses a library: {line.strip()}")
        words = line.split()
        if "=>" in words and len(words) > 2:
            found.append(words[2])
        elif words and words[0].startswith("/"):
            found.append(words[0])
    return tuple(found)


def add_program(archive: Archive, program: Path, path: str | None = None) -> None:
    """Add a program and the libraries it needs, at the same paths as here."""
    archive.copy(program, path or str(program), 0o755)
    for library in libraries(program):
        if library not in archive:
            archive.copy(Path(library), library, 0o755)


def own_busybox() -> tuple[Path, list[str]]:
    """This machine's busybox and the names it goes by."""
    busybox = need("/bin/busybox", "busybox-static")
    return busybox, subprocess.run([busybox, "--list"], capture_output=True, text=True,
                                   check=True, timeout=20).stdout.split()


def skeleton(busybox: Path, applets: list[str], programs: list[Path]) -> Archive:
    """A busybox user space with static programs of ours and the shell library."""
    archive = Archive()
    archive.copy(busybox, "bin/busybox", 0o755)
    for applet in applets:
        if applet != "busybox":
            archive.link(f"bin/{applet}", "busybox")
    for folder in ("dev", "proc", "sys", "mnt", "root", "sbin", "run", "usr/bin", "usr/sbin"):
        archive.folder(folder)
    archive.folder("tmp", 0o1777)
    archive.character_device("dev/console", 5, 1)
    archive.character_device("dev/null", 1, 3, 0o666)
    archive.file("etc/passwd", "root:x:0:0:root:/root:/bin/sh\n")
    archive.file("etc/group", "root:x:0:\n")
    for program in programs:
        archive.copy(program, f"bin/{program.name}", 0o755)
    for script in sorted((tree.HERE / "guest").glob("*.sh")):
        archive.copy(script, f"guest/{script.name}", 0o755)
    return archive


def guest(role: str) -> Archive:
    """The user space of a guest without Xen's tools; role names its init."""
    archive = skeleton(*own_busybox(), guestprog.build())
    archive.link("init", f"guest/{role}.sh")
    return archive


def dom0() -> Archive:
    """The user space of a dom0 that can create guests."""
    archive = guest("dom0")
    tools = tree.xen_tools()
    for name in XEN_PROGRAMS:
        add_program(archive, need(str(tools / name), "xen-utils-4.17"))
    archive.link("xen-tools", str(tools))
    for name in XENSTORE_CLIENTS:
        add_program(archive, need(f"/usr/bin/{name}", "xenstore-utils"))
    for name in HOTPLUG_PROGRAMS:
        add_program(archive, need(name, "bash, util-linux or coreutils"))
    libc = next(lib for lib in libraries(tools / "xl") if "libc.so" in lib)
    dlopened = f"{os.path.dirname(libc)}/{DLOPENED}"
    archive.copy(need(dlopened, "libgcc-s1"), dlopened, 0o755)
    for script in sorted(need("/etc/xen/scripts", "xen-utils-common").iterdir()):
        if script.is_file():
            archive.copy(script, f"etc/xen/scripts/{script.name}")
    archive.copy(need("/etc/xen/xl.conf", "xen-utils-common"), "etc/xen/xl.conf")
    for folder in ("var/lib/xen/dump", "var/lib/xenstored", "var/log/xen/console"):
        archive.folder(folder)
    archive.link("var/run", "/run")
    archive.link("var/lock", "/run/lock")
    return archive


def stored(name: str, archive: Archive) -> Path:
    """Write an archive to the store unless it is there, and say where it is."""
    raw = archive.bytes()
    STORE.mkdir(parents=True, exist_ok=True)
    path = STORE / f"{name}-{hashlib.sha256(raw).hexdigest()[:16]}.cpio"
    if path.exists() and path.stat().st_size == len(raw):
        os.utime(path)
        return path
    partial = path.with_suffix(f".{os.getpid()}")
    partial.write_bytes(raw)
    partial.rename(path)
    for old in sorted(STORE.glob("*.cpio"), key=lambda p: p.stat().st_mtime)[:-KEEP]:
        old.unlink(missing_ok=True)
    return path


def joined(target: Path, base: Path, extra: Archive) -> Path:
    """One initramfs of a stored base and this run's own files."""
    target.write_bytes(base.read_bytes() + extra.bytes())
    return target
