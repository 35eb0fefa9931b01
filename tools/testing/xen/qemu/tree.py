# SPDX-License-Identifier: GPL-2.0
"""Where things are: this checkout, its build folder, Debian's Xen and kernels.

Nothing here is created by looking at it.  A path that must exist and does not
is a Missing, whose text is one line and says what to do about it.
"""

import glob
import os
import re
import struct
from pathlib import Path

ROOT = Path(__file__).resolve().parents[4]
HERE = Path(__file__).resolve().parent
BUILD = ROOT / "build"
LOGS = BUILD / "logs"
LINUX = BUILD / "linux"
OURS = LINUX / "out-x86/arch/x86/boot/bzImage"
CPORT = BUILD / "cport/out-x86/arch/x86/boot/bzImage"
PPC = LINUX / "out-ppc64/vmlinux"


class Missing(Exception):
    """Something the run needs is not there; str() is one line for the user."""


def shown(path: Path) -> str:
    """A path as the user would type it: relative to the checkout if inside."""
    try:
        return str(Path(path).relative_to(ROOT))
    except ValueError:
        return str(path)


def by_version(name: str) -> list:
    """Sort key of a file name that carries a version: 4.9 is older than 4.17."""
    return [int(part) if part.isdigit() else part for part in re.split(r"(\d+)", name)]


def newest(pattern: str, package: str) -> Path:
    """The file of the highest version that matches a glob."""
    found = sorted(glob.glob(pattern), key=by_version)
    if not found:
        raise Missing(f"no {pattern}: install the package {package}")
    return Path(found[-1])


def xen_image() -> Path:
    """Debian's hypervisor, gzip as packaged."""
    return newest("/boot/xen-[0-9]*-amd64.gz", "xen-hypervisor-4.17-amd64")


def xen_tools() -> Path:
    """The folder with xl and the daemons, of the installed Xen version."""
    return newest("/usr/lib/xen-[0-9]*/bin", "xen-utils-4.17")


def kernel(path: Path, how: str) -> Path:
    """Check that a kernel image can be read and looks like one."""
    path = Path(path)
    if not path.is_file():
        raise Missing(f"no kernel {shown(path)}: {how}")
    if not os.access(path, os.R_OK):
        raise Missing(f"kernel {shown(path)} cannot be read by this user")
    return path


def debian_kernel() -> Path:
    """The newest of Debian's own kernels that has its modules installed."""
    images = [image for image in glob.glob("/boot/vmlinuz-*-amd64")
              if Path("/lib/modules", image.split("vmlinuz-")[1], "modules.dep").exists()]
    if not images:
        raise Missing("no /boot/vmlinuz-*-amd64 with its modules: "
                      "install the package linux-image-amd64")
    return kernel(Path(max(images, key=by_version)), "install the package linux-image-amd64")


def release(image: Path) -> str:
    """The kernel release an image says of itself.

    A bzImage has it in its boot header; an ELF vmlinux in its banner.
    """
    with open(image, "rb") as stream:
        head = stream.read(0x10000)
        if head[0x202:0x206] == b"HdrS":
            offset = struct.unpack_from("<H", head, 0x20e)[0] + 0x200
            return head[offset:offset + 256].split(b"\0")[0].split(b" ")[0].decode()
        stream.seek(0)
        banner = re.search(rb"Linux version (\S+)", stream.read())
    return banner.group(1).decode() if banner else "unknown"


def symbols_of(image: Path) -> Path | None:
    """The vmlinux with symbols that belongs to an image, if it is there."""
    image = Path(image).resolve()
    if image.name == "vmlinux":
        return image
    candidates = [image.parents[3] / "vmlinux"] if len(image.parents) > 3 else []
    candidates.append(Path("/usr/lib/debug/boot", image.name.replace("vmlinuz", "vmlinux")))
    return next((c for c in candidates if c.is_file()), None)
