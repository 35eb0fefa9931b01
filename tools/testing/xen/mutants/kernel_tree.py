# SPDX-License-Identifier: GPL-2.0
"""A copy of this tree that kernels with a mutant are built in.

It has a build folder of its own, so that nobody else's build is disturbed, and stays
from run to run: a mutant costs the compilation of what it touches, and a link.
"""

import os
import subprocess
from pathlib import Path

import process
from mutant import BUILD, Broken, sync

FOLDERS = ("arch", "drivers", "include", "scripts", "Documentation/xen", "configs", "patches")
BUILD_LIMIT_S = 3600


def prepare(tree: Path) -> None:
    """Make the copy, with the same kernel source; or bring it up to date."""
    source = BUILD / "pristine"
    if not source.is_dir():
        raise Broken("there is no kernel source in build/pristine: make source")
    ident = BUILD / "pristine.id"
    now = ident.read_text() if ident.exists() else ""
    mark = tree / "build" / "source.id"
    if not mark.exists() or mark.read_text() != now:
        subprocess.run(["rm", "-rf", tree], check=True)
        (tree / "build").mkdir(parents=True)
        (tree / "build/pristine").symlink_to(os.path.relpath(source, tree / "build"))
        # Hard links, as scripts/xen/unpack makes them.
        subprocess.run(["cp", "-al", source, tree / "build/linux"], check=True)
        # A repository of its own, else its files would count as ignored ones of ours.
        subprocess.run(["git", "init", "-q", tree], check=True)
        (tree / ".git/info/exclude").write_text("/build/\n")
        mark.write_text(now)
    restore(tree)


def restore(tree: Path) -> None:
    """Take a mutant out again."""
    sync(FOLDERS, tree)


def build(tree: Path, kernel: str, log: Path) -> str:
    """Build a kernel in the copy; why it does not build, or nothing."""
    status, output = process.command(
        ["nice", "-n", "5", tree / "scripts/xen/kernel", kernel], log, BUILD_LIMIT_S,
        CCACHE_DIR=os.environ.get("CCACHE_DIR") or str(BUILD / "ccache"))
    if status == 0:
        return ""
    error = next((line for line in output.splitlines() if "error" in line.lower()), output[-200:])
    return f"does not build: {error.strip()}"
