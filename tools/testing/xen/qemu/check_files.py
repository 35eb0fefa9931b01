# SPDX-License-Identifier: GPL-2.0
"""Checks of what is made before a boot: archives, module lists, log folders,
names of programs and versions."""

import subprocess
import tempfile
from pathlib import Path

import kmodules
import symbols
import tree
from cpio import Archive
from plan import Folder


def _archive() -> Archive:
    archive = Archive()
    archive.file("etc/x", "contents\n", 0o600)
    archive.character_device("dev/console", 5, 1)
    archive.link("bin/sh", "busybox")
    archive.folder("tmp", 0o1777)
    return archive


def check_archive_is_understood() -> None:
    """Another implementation reads back what was put in."""
    listed = subprocess.run(["/bin/busybox", "cpio", "-itv"], input=_archive().bytes(),
                            capture_output=True, check=True, timeout=20).stdout.decode()
    modes = {line.split(" -> ")[0].split()[-1]: line.split()[0] for line in listed.splitlines()}
    assert modes["etc/x"] == "-rw-------", listed
    assert modes["dev/console"] == "crw-------", listed
    assert modes["bin/sh"] == "lrwxrwxrwx", listed
    assert modes["tmp"] == "drwxrwxrwt", listed
    assert modes["bin"] == "drwxr-xr-x", listed


def check_archive_is_reproducible() -> None:
    """The same entries in another order are the same bytes."""
    other = Archive()
    other.folder("tmp", 0o1777)
    other.link("bin/sh", "busybox")
    other.character_device("dev/console", 5, 1)
    other.file("etc/x", "replaced")
    other.file("etc/x", "contents\n", 0o600)
    assert other.bytes() == _archive().bytes()
    assert len(other.bytes()) % 512 == 0


def _modules(folder: Path) -> Path:
    (folder / "modules.dep").write_text(
        "kernel/net/bridge/bridge.ko: kernel/net/802/stp.ko kernel/net/llc/llc.ko\n"
        "kernel/net/802/stp.ko: kernel/net/llc/llc.ko\n"
        "kernel/net/llc/llc.ko:\n"
        "kernel/drivers/xen/xen-gntdev.ko:\n")
    (folder / "modules.builtin").write_text("kernel/drivers/tty/hvc/hvc_xen.ko\n")
    return folder


def check_module_order() -> None:
    """Dependencies come first and once; built-in ones not at all."""
    with tempfile.TemporaryDirectory() as name:
        found = kmodules.resolve(_modules(Path(name)), ("bridge", "hvc_xen", "xen_gntdev", "llc"))
    assert [path.name for path in found] == ["llc.ko", "stp.ko", "bridge.ko", "xen-gntdev.ko"], found


def check_unknown_module() -> None:
    """A module that a distribution's kernel lacks is named."""
    with tempfile.TemporaryDirectory() as name:
        try:
            kmodules.resolve(_modules(Path(name)), ("xen-blkback",))
        except tree.Missing as error:
            assert "no module xen-blkback" in str(error)
            return
    raise AssertionError("it was accepted")


def check_folders_are_apart() -> None:
    """Two runs of one name at the same time get two folders; later the first again."""
    one, two = Folder("selftest-folder"), Folder("selftest-folder")
    try:
        assert one.path != two.path
    finally:
        one.close()
        two.close()
    again = Folder("selftest-folder")
    again.close()
    assert again.path == one.path


def check_versions_are_numbers() -> None:
    """4.17 is newer than 4.9, and nothing at all is one clear line."""
    with tempfile.TemporaryDirectory() as name:
        for version in ("4.9", "4.17", "4.2"):
            Path(name, f"xen-{version}.gz").touch()
        assert tree.newest(f"{name}/xen-*.gz", "package").name == "xen-4.17.gz"
        try:
            tree.newest(f"{name}/other-*", "the-package")
        except tree.Missing as error:
            assert "install the package the-package" in str(error)
            return
    raise AssertionError("nothing was found and nothing said")


def check_names_are_demangled() -> None:
    """C++ names in traces become readable, everything else stays."""
    demangle = symbols.Demangler()
    assert demangle("[ 1.0]  _ZN3xen5Batch5flushEv+0x12/0x40") == "[ 1.0]  xen::Batch::flush()+0x12/0x40"
    assert demangle("[ 1.0]  do_idle+0xa6/0x110") == "[ 1.0]  do_idle+0xa6/0x110"
