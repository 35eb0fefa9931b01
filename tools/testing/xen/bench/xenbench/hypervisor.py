# SPDX-License-Identifier: GPL-2.0
"""Debian's Xen, its symbols, and which of its functions are worth watching.

The symbols come from the package's debug file.  Image and debug file must have
the same build id, for addresses of another build would count anything.
"""

import gzip
from pathlib import Path

import tree
from tree import Missing

from .symbols import Symbols

DEBUG_FOLDER = Path("/usr/lib/debug/boot")

# The functions do_NAME that perform what a 64-bit PV guest can ask for.  One
# that is not listed is still counted as a transition, as "unnamed".
HYPERCALLS = (
    "set_trap_table mmu_update set_gdt stack_switch set_callbacks fpu_taskswitch "
    "platform_op set_debugreg get_debugreg update_descriptor memory_op multicall "
    "update_va_mapping set_timer_op xen_version console_io physdev_op grant_table_op "
    "vm_assist update_va_mapping_otherdomain iret vcpu_op set_segment_base mmuext_op "
    "xsm_op nmi_op sched_op callback_op event_channel_op hvm_op sysctl domctl kexec_op "
    "argo_op xenpmu_op dm_op hypfs_op mca"
).split()

# Which of them a Xen must have before its symbols are believed.
INDISPENSABLE = ("mmu_update", "mmuext_op", "update_va_mapping", "iret", "multicall")

GATES = {"pv_hypercall": "G", "pv_do_multicall_call": "M"}

# What Xen does on the guest's behalf after a trap, by what the table calls it.
EMULATIONS = {
    "pv_ro_page_fault": "page table write",
    "pv_emulate_privileged_op": "instruction",
    "pv_emulate_invalid_op": "cpuid",
    "pv_emulate_gate_op": "call gate",
}

# Xen's entry for the syscall instruction; its stub lies outside the image.
SYSCALL_ENTRY = "lstar_enter"

NOTE = b"\x04\0\0\0\x14\0\0\0\x03\0\0\0GNU\0"
BUILD_ID_SIZE = 20


def build_id(raw: bytes) -> str | None:
    """The GNU build id in an image, in hexadecimal."""
    at = raw.find(NOTE)
    if at < 0:
        return None
    at += len(NOTE)
    return raw[at:at + BUILD_ID_SIZE].hex()


class Hypervisor:
    """The installed hypervisor and its symbols."""

    def __init__(self, image: Path | None = None, debug: Path | None = None) -> None:
        """Find them and make sure that they belong together, or raise Missing."""
        self.path = image or tree.xen_image()
        version = self.path.name.removeprefix("xen-").removesuffix(".gz")
        package = f"xen-hypervisor-{version}-dbg"
        debug = debug or DEBUG_FOLDER / f"xen-syms-{version}"
        if not debug.is_file():
            raise Missing(f"no {debug}: install the package {package}")
        self.image = gzip.decompress(self.path.read_bytes())
        self.build_id = build_id(self.image)
        if not self.build_id or self.build_id != build_id(debug.read_bytes()):
            raise Missing(f"{debug} is of another build than {self.path}: "
                          f"install the same version of {package}")
        self.symbols = Symbols.of(debug)
        for name in (*GATES, SYSCALL_ENTRY, *(f"do_{name}" for name in INDISPENSABLE)):
            if self.symbols.address(name) is None:
                raise Missing(f"{debug} lacks {name}: this version of Xen cannot be measured")

    def watch_list(self) -> str:
        """What the plugin watches, in its own format."""
        wanted = [(name, role, name) for name, role in GATES.items()]
        wanted += [(f"do_{name}", "H", name) for name in HYPERCALLS]
        wanted += [(name, "E", name) for name in (SYSCALL_ENTRY, *EMULATIONS)]
        lines = []
        for function, role, name in wanted:
            address = self.symbols.address(function)
            if address is not None:
                lines.append(f"{address:#x} {role} {name}\n")
        return "".join(lines)
