# SPDX-License-Identifier: GPL-2.0
"""The programs of ours that run in guests: static, built by gcc into build/guest.

A program is guest/NAME.c, or the files guest/NAME/*.c together.  What is newer
than its sources is not built again; two harnesses may build at the same time,
because the result is renamed into place.
"""

import os
import subprocess
from pathlib import Path

import tree

SOURCES = tree.HERE / "guest"
OUT = tree.BUILD / "guest"
CFLAGS = ("-std=gnu11", "-O2", "-g0", "-static", "-pthread", "-Wall", "-Wextra", "-Werror")


def _programs() -> dict[str, list[Path]]:
    found = {path.stem: [path] for path in sorted(SOURCES.glob("*.c"))}
    for folder in sorted(path for path in SOURCES.iterdir() if path.is_dir()):
        if files := sorted(folder.glob("*.c")):
            found[folder.name] = files
    return found


def _fresh(program: Path, inputs: list[Path]) -> bool:
    return program.exists() and all(path.stat().st_mtime < program.stat().st_mtime
                                    for path in inputs)


def build() -> list[Path]:
    """Build what is out of date; returns all programs."""
    OUT.mkdir(parents=True, exist_ok=True)
    headers = sorted(SOURCES.glob("**/*.h"))
    result = []
    for name, files in _programs().items():
        program = OUT / name
        result.append(program)
        if _fresh(program, files + headers):
            continue
        partial = OUT / f".{name}.{os.getpid()}"
        command = ["gcc", *CFLAGS, "-o", str(partial), *map(str, files)]
        try:
            done = subprocess.run(command, capture_output=True, text=True, timeout=120)
        except FileNotFoundError:
            raise tree.Missing("no gcc: install the packages gcc and libc6-dev") from None
        if done.returncode:
            raise tree.Missing(f"guest program {name} does not compile:\n{done.stderr}")
        partial.rename(program)
    return result
