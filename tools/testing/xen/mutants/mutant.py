# SPDX-License-Identifier: GPL-2.0
"""What a mutant is: a small patch with a head that says what it breaks.

The head is all text before the first "--- " line: first what no longer works, then
"boot: yes", or "boot: no, because ..." for what a live kernel does not show.  The
patches of the core (core-*) have no such line: boot-core.list names those that a
live kernel has to notice, all others are for the host alone.  Those of the reference
hypervisor (refhv-*) have "judge: host", "judge: probe" or "judge: host and probe".

Those of the Xen/PPC port (ppc-*) have "judge: host", "judge: ppc-dom0" or "judge: host
and ppc-dom0".  For the host, "tests: ..." names the test programs that are to notice, and
"units: ..." the units to link them with, where all of them would be compiled again for
nothing.  For ppc-dom0, "with: ..." has the options of `boot ppc-dom0`.

Those of libxencomm and its tool (xencomm-*) are for their host tests.
"""

import contextlib
import fcntl
import os
import re
import shutil
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[3]
BUILD = ROOT / "build"
WORK = BUILD / "mutants"
LOGS = BUILD / "logs" / "mutants"


class Broken(Exception):
    """Something is wrong with a mutant or the tree; str() is one line."""


@dataclass(frozen=True)
class Mutant:
    """One patch."""
    name: str
    path: Path
    breaks: str
    boot: str
    judge: str = "host"
    tests: tuple[str, ...] = ()
    units: tuple[str, ...] = ()
    options: tuple[str, ...] = ()

    @property
    def for_host(self) -> bool:
        """Whether the host tests have to notice."""
        return "host" in self.judge

    @property
    def for_probe(self) -> bool:
        """Whether a guest of the reference hypervisor has to notice."""
        return "probe" in self.judge

    @property
    def for_dom0(self) -> bool:
        """Whether a dom0 on the reference hypervisor has to notice."""
        return "ppc-dom0" in self.judge

    @property
    def for_boot(self) -> bool:
        """Whether a live kernel has to notice."""
        return self.boot == "yes"

    @property
    def of_core(self) -> bool:
        """Whether it changes the shared core, which has tests of its own."""
        return self.name.startswith("core-")

    @property
    def of_refhv(self) -> bool:
        """Whether it changes the reference hypervisor: judged by its host tests or the probe."""
        return self.name.startswith("refhv-")

    @property
    def of_ppc(self) -> bool:
        """Whether it changes the Xen/PPC port."""
        return self.name.startswith("ppc-")

    @property
    def of_xencomm(self) -> bool:
        """Whether it changes libxencomm or its tool."""
        return self.name.startswith("xencomm-")

    def apply(self, tree: Path) -> str:
        """Patch a tree; returns why it does not apply, or nothing."""
        done = subprocess.run(["patch", "-p1", "--batch", "--no-backup-if-mismatch", "-d", tree,
                               "-i", self.path], capture_output=True, text=True, timeout=60)
        if done.returncode == 0:
            return ""
        said = [line for line in done.stdout.splitlines()
                if "FAILED" in line or "find file" in line]
        return f"does not apply: {said[0] if said else done.stdout.strip()[-200:]}"


def _core_for_boot() -> set[str]:
    names = set()
    for line in (HERE / "boot-core.list").read_text().splitlines():
        words = line.split("#")[0].split(None, 1)
        if not words:
            continue
        if len(words) != 2:
            raise Broken(f"boot-core.list: {words[0]} has no reason beside it")
        names.add(words[0])
    return names


def _read(path: Path, core_for_boot: set[str]) -> Mutant:
    head, found, body = path.read_text().partition("\n--- ")
    if not found or "\n+++ " not in body:
        raise Broken(f"{path.name} is no unified diff with a head")
    boot = re.search(r"^boot: (yes|no, because .+)$", head, re.M)
    own = {"refhv-": "probe", "ppc-": "ppc-dom0"}.get(path.stem.partition("-")[0] + "-", "")
    judge = re.search(rf"^judge: (host|{own}|host and {own})$", head, re.M) if own else None
    if own:
        if not judge:
            raise Broken(f"{path.name} has no line 'judge: host', '{own}' or 'host and {own}'")
        said = "no"
    elif path.stem.startswith(("core-", "xencomm-")):
        said = "yes" if path.stem in core_for_boot else "no"
    elif boot:
        said = boot.group(1)
    else:
        raise Broken(f"{path.name} has no line 'boot: yes' or 'boot: no, because ...'")
    words = {name: tuple(text.split())
             for name, text in re.findall(r"^(tests|units|with): (.+)$", head, re.M)}
    breaks = " ".join(re.sub(r"^(boot|judge|tests|units|with): .*$", "", head, flags=re.M).split())
    if not breaks:
        raise Broken(f"{path.name} does not say what it breaks")
    found = Mutant(path.stem, path, breaks, said, judge.group(1) if judge else "host",
                   words.get("tests", ()), words.get("units", ()), words.get("with", ()))
    if found.of_ppc and found.for_host and not found.tests:
        raise Broken(f"{path.name} has no line 'tests: ...'")
    return found


def load(names: list[str]) -> list[Mutant]:
    """The mutants of these names, or all."""
    core_for_boot = _core_for_boot()
    found = {path.stem: _read(path, core_for_boot) for path in sorted(HERE.glob("*.patch"))}
    for name in core_for_boot - found.keys():
        raise Broken(f"boot-core.list names {name}, which is not there")
    for name in names:
        if name not in found:
            raise Broken(f"there is no mutant {name}")
    return [mutant for name, mutant in found.items() if not names or name in names]


@contextlib.contextmanager
def sole_run(kind: str, waiting: Callable[[], None]) -> Iterator[None]:
    """Have a kind's working folder alone; says once if another run has it."""
    WORK.mkdir(parents=True, exist_ok=True)
    with open(WORK / f".{kind}.lock", "w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            waiting()
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def our_files(folders: tuple[str, ...]) -> list[str]:
    """Files of these folders that are tracked or new, as paths in the tree."""
    listed = subprocess.run(["git", "-C", ROOT, "ls-files", "-z", "-co", "--exclude-standard",
                             *folders], capture_output=True)
    if listed.returncode == 0:
        names = [name for name in listed.stdout.decode().split("\0") if name]
    else:  # a tarball of this tree
        names = [str(path.relative_to(ROOT)) for folder in folders
                 for path in (ROOT / folder).rglob("*") if path.is_file()]
    return [name for name in names if (ROOT / name).is_file()]


def sync(folders: tuple[str, ...], target: Path) -> None:
    """Make the folders in target like ours; what is alike keeps its time stamp.

    Files there that are not ours (objects) stay, except former ones of ours.
    """
    names = our_files(folders)
    record = target / ".files"
    target.mkdir(parents=True, exist_ok=True)
    before = set(record.read_text().splitlines()) if record.exists() else set()
    record.write_text("\n".join(sorted(before | set(names))))
    for name in before - set(names):
        (target / name).unlink(missing_ok=True)
    for name in names:
        source, copy = ROOT / name, target / name
        mode = 0o755 if os.access(source, os.X_OK) else 0o644
        if copy.is_file() and copy.read_bytes() == source.read_bytes() and \
                copy.stat().st_mode & 0o777 == mode:
            continue
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.unlink(missing_ok=True)
        shutil.copyfile(source, copy)
        copy.chmod(mode)
    record.write_text("\n".join(sorted(names)))
