# SPDX-License-Identifier: GPL-2.0
"""The programs of ours that run in guests: static, built into build/guest.

Target x86 is built by gcc; ppc64, big-endian, by the cross compiler into
build/guest/ppc64, for the oldest processor Xen/PPC ran on, without vectors; ppc32 is the
same for 32 bits.  A program is guest/NAME.c, or the files guest/NAME/*.c together.  What is newer
than its sources is not built again; two harnesses may build at the same time,
because the result is renamed into place.
"""

import contextlib
import fcntl
import os
import subprocess
from pathlib import Path

import tree

SOURCES = tree.HERE / "guest"
# Where the layout that a guest's programs share with the second domain's lies.
SHARED = tree.HERE.parent / "refhv"
MAILBOX = SHARED / "probe/peer/mailbox.h"
LIBXENCOMM = tree.ROOT / "tools/lib/xencomm"
OUT = tree.BUILD / "guest"
# Programs that ask what only Xen/PPC has.
PPC_ONLY = ("twin",)
CFLAGS = ("-std=gnu11", "-O2", "-g0", "-static", "-pthread", "-Wall", "-Wextra", "-Werror",
          f"-I{SHARED}")
COMPILER = {
    "x86": (OUT, ("gcc",), "gcc and libc6-dev"),
    "ppc64": (OUT / "ppc64", ("powerpc64-linux-gnu-gcc", "-mcpu=power4", "-mno-altivec", "-mno-vsx",
                                  "-s"),
              "gcc-powerpc64-linux-gnu"),
    # A 32-bit process on the 64-bit kernel.
    "ppc32": (OUT / "ppc32", ("powerpc-linux-gnu-gcc", "-D_FILE_OFFSET_BITS=64", "-mcpu=power4",
                              "-mno-altivec", "-s"),
              "gcc-powerpc-linux-gnu and libc6-dev-powerpc-cross"),
}


# A 32-bit processor has no atomic instructions for 64 bits.
LIBRARIES = {"ppc32": ("-latomic",)}


def _programs() -> dict[str, list[Path]]:
    found = {path.stem: [path] for path in sorted(SOURCES.glob("*.c"))}
    for folder in sorted(path for path in SOURCES.iterdir() if path.is_dir()):
        if files := sorted(folder.glob("*.c")):
            found[folder.name] = files
    return found


def _fresh(program: Path, inputs: list[Path]) -> bool:
    return program.exists() and all(path.stat().st_mtime < program.stat().st_mtime
                                    for path in inputs)


@contextlib.contextmanager
def _alone(folder: Path):
    """Wait until no other harness runs make in this folder, and keep others from it."""
    folder.mkdir(parents=True, exist_ok=True)
    with open(folder / ".lock", "wb") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def xencomm_info(arch: str, out: Path, *words: str) -> Path:
    """The tool of libxencomm for an architecture, static, built into a folder if need be; words
    are more for make."""
    with _alone(out):
        made = subprocess.run(["make", "-s", "-C", LIBXENCOMM, f"ARCH={arch}", f"OUT={out}", *words],
                              stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=300,
                              check=False)
    if made.returncode:
        raise tree.Missing(f"{tree.shown(LIBXENCOMM)} does not build:\n{made.stdout}{made.stderr}")
    return out / "xencomm-info"


def build(target: str = "x86", only: tuple[str, ...] = ()) -> list[Path]:
    """Build what is out of date for a target, all programs or those named; returns them."""
    out, compiler, package = COMPILER[target]
    out.mkdir(parents=True, exist_ok=True)
    headers = [*sorted(SOURCES.glob("**/*.h")), MAILBOX]
    result = []
    for name, files in _programs().items():
        if (only and name not in only) or (target == "x86" and name in PPC_ONLY):
            continue
        program = out / name
        result.append(program)
        if _fresh(program, files + headers):
            continue
        partial = out / f".{name}.{os.getpid()}"
        command = [*compiler, *CFLAGS, "-o", str(partial), *map(str, files), *LIBRARIES.get(target, ())]
        try:
            done = subprocess.run(command, capture_output=True, text=True, timeout=120)
        except FileNotFoundError:
            raise tree.Missing(f"no {compiler[0]}: install {package}") from None
        if done.returncode:
            raise tree.Missing(f"guest program {name} does not compile:\n{done.stderr}")
        partial.rename(program)
    return result
