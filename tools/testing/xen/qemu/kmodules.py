# SPDX-License-Identifier: GPL-2.0
"""Which modules a kernel needs for a role, in the order insmod wants them.

A distribution's kernel has its modules in /lib/modules/RELEASE; a name is then
resolved through modules.dep, or is built in (modules.builtin), or else is an
error.  A kernel without that folder, such as ours, has all of it built in.
"""

import re
from pathlib import Path

import tree
from cpio import Archive

DOM0 = ("xenfs", "xen-privcmd", "xen-evtchn", "xen-gntdev", "xen-gntalloc", "loop",
        "xen-blkback", "bridge", "xen-netback")
DOMU = ("xen-blkfront", "xen-netfront")
NONE = ()


def _key(name: str) -> str:
    """Module names treat - and _ as the same; paths lose folder and suffix."""
    return re.sub(r"\.ko(\..*)?$", "", name.rpartition("/")[2]).replace("_", "-")


def resolve(folder: Path, wanted: tuple[str, ...]) -> list[Path]:
    """Paths of the wanted modules and all they depend on, dependencies first."""
    depends: dict[str, tuple[str, list[str]]] = {}
    for line in (folder / "modules.dep").read_text().splitlines():
        path, _, needs = line.partition(":")
        depends[_key(path)] = (path, needs.split())
    builtin = {_key(line) for line in (folder / "modules.builtin").read_text().splitlines()}
    ordered: dict[str, Path] = {}

    def visit(name: str) -> None:
        if name in ordered or name in builtin:
            return
        if name not in depends:
            raise tree.Missing(f"{folder} has no module {name}, and it is not built in")
        path, needs = depends[name]
        for need in needs:
            visit(_key(need))
        ordered[name] = folder / path

    for name in wanted:
        visit(_key(name))
    return list(ordered.values())


def add(archive: Archive, image: Path, wanted: tuple[str, ...]) -> None:
    """Put what a kernel image needs into /modules, with the list lib.sh reads."""
    folder = Path("/lib/modules", tree.release(image))
    found = resolve(folder, wanted) if (folder / "modules.dep").is_file() else []
    for module in found:
        if module.suffix != ".ko":
            raise tree.Missing(f"module {module} is compressed; insmod here takes .ko only")
        archive.copy(module, f"modules/{module.name}")
    archive.file("modules/list", "".join(f"{module.name}\n" for module in found))


def add_kunit(archive: Archive, image: Path) -> None:
    """Put kunit.ko and our suites, from the kernel's build folder, into /kunit."""
    image = Path(image).resolve()
    # A vmlinux stands in it, a bzImage three folders below.
    build = image.parent if image.name == "vmlinux" else image.parents[3]
    order = build / "modules.order"
    if not order.is_file():
        raise tree.Missing(f"no {tree.shown(order)}: build the kernel's modules first")
    names = [re.sub(r"\.o$", ".ko", line) for line in order.read_text().split()]
    suites = sorted((name for name in names if name.endswith("_kunit.ko")),
                    key=lambda name: ("drivers/xen/core" not in name, name))
    kunit = [name for name in names if name.endswith("/kunit.ko")]
    if not kunit or not suites:
        raise tree.Missing(f"{tree.shown(order)} lists no kunit.ko or no *_kunit.ko")
    for name in kunit + suites:
        # modules.order may name a path below the output folder or an absolute one.
        path = build / name
        if not path.is_file():
            raise tree.Missing(f"no module {tree.shown(path)}: build the kernel's modules first")
        archive.copy(path, f"kunit/{path.name}")
    archive.file("kunit/list", "".join(f"{Path(name).name}\n" for name in kunit + suites))
