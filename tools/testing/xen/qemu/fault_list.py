# SPDX-License-Identifier: GPL-2.0
"""Which hypercalls a boot made, by refhv's trace of it, and which of them are to fail."""

import re
from dataclasses import dataclass

TRACE = re.compile(r"^refhv: trace \d+ cpu \d+ (hcall|papr) 0x([0-9a-f]+) 0x([0-9a-f]+) 0x[0-9a-f]+")
# What a call says that the hypervisor could not do, and what a page-table call does.
XEN_CODE, PAPR_CODE = -22, -1
# So often a call is made that it is to fail in the middle as well.
MANY = 20

PAPR = {0x04: "H_REMOVE", 0x08: "H_ENTER", 0x0c: "H_READ", 0x10: "H_CLEAR_MOD", 0x14: "H_CLEAR_REF",
        0x18: "H_PROTECT", 0x28: "H_SET_DABR", 0x7c: "H_PERFMON", 0x124: "H_BULK_REMOVE",
        0x134: "H_SET_XDABR"}
XEN = {3: "sched_op_compat", 12: "memory_op", 13: "multicall", 15: "set_timer_op", 17: "xen_version",
       18: "console_io", 20: "grant_table_op", 21: "vm_assist", 24: "vcpu_op", 28: "nmi_op",
       29: "sched_op", 32: "event_channel_op", 33: "physdev_op", 35: "sysctl", 36: "domctl"}
# Sub-ops by their names in the ABI; a call that is not here has none.
SUB_OPS = {
    "memory_op": {0: "increase_reservation", 1: "decrease_reservation", 2: "maximum_ram_page",
                  3: "current_reservation", 4: "maximum_reservation", 6: "populate_physmap",
                  8: "translate_gpfn_list"},
    "xen_version": {0: "version", 1: "extraversion", 2: "compile_info", 3: "capabilities",
                    4: "changeset", 5: "platform_parameters", 6: "get_features", 7: "pagesize",
                    8: "guest_handle"},
    "console_io": {0: "write", 1: "read"},
    "grant_table_op": {0: "map_grant_ref", 1: "unmap_grant_ref", 2: "setup_table", 5: "copy",
                       6: "query_size"},
    "vm_assist": {0: "enable", 1: "disable"},
    "vcpu_op": {0: "initialise", 1: "up", 2: "down", 3: "is_up", 4: "get_runstate_info",
                5: "register_runstate", 6: "set_periodic_timer", 7: "stop_periodic_timer",
                8: "set_singleshot_timer", 9: "stop_singleshot_timer"},
    "sched_op": {0: "yield", 1: "block", 2: "shutdown", 3: "poll", 4: "remote_shutdown"},
    "event_channel_op": {0: "bind_interdomain", 1: "bind_virq", 2: "bind_pirq", 3: "close",
                         4: "send", 5: "status", 6: "alloc_unbound", 7: "bind_ipi",
                         8: "bind_vcpu", 9: "unmask", 10: "reset"},
    "physdev_op": {5: "irq_status_query", 8: "set_iopl", 9: "set_iobitmap", 10: "alloc_irq_vector",
                   12: "eoi"},
}
# The word of memory_op has the first extent still to do above its sub-op (abi/memory.hh).
MEMORY_OP_MASK = 15


@dataclass(frozen=True)
class Fault:
    """The nth call of a name fails (0: each); sub is the sub-op that is meant, if any."""
    call: str
    nth: int
    sub: int | None = None

    @property
    def code(self) -> int:
        """What refhv answers."""
        return PAPR_CODE if self.call.startswith("H_") else XEN_CODE

    @property
    def word(self) -> str:
        """The argument of fault=."""
        return f"{self.call}:{self.nth}:{self.code}"

    @property
    def name(self) -> str:
        """For people."""
        sub = "" if self.sub is None else f" {SUB_OPS[self.call].get(self.sub, self.sub)}"
        return f"{self.call}{sub}, {f'call {self.nth}' if self.nth else 'every call'}"


def faults_of(trace: str) -> list[Fault]:
    """The faults worth trying, from refhv's trace of a boot."""
    counts: dict[str, int] = {}
    places: dict[tuple[str, int | None], list[int]] = {}
    for line in trace.replace("\r", "").splitlines():
        if not (found := TRACE.match(line)):
            continue
        number, first = int(found.group(2), 16), int(found.group(3), 16)
        call = (PAPR if found.group(1) == "papr" else XEN).get(number)
        if call is None:
            continue
        first &= MEMORY_OP_MASK if call == "memory_op" else 0xffffffff
        counts[call] = counts.get(call, 0) + 1
        places.setdefault((call, first if call in SUB_OPS else None), []).append(counts[call])
    faults = []
    for (call, sub), at in places.items():
        faults.append(Fault(call, at[0], sub))
        if len(at) >= MANY:
            faults.append(Fault(call, at[len(at) // 2], sub))
    # Nobody can end a domain whose every shutdown is refused.
    return faults + [Fault(call, 0) for call in counts if call != "sched_op"]
