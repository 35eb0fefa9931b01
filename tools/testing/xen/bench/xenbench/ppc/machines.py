# SPDX-License-Identifier: GPL-2.0
"""The two machines: our dom0 on refhv, and Linux's LPAR on QEMU's own hypervisor.

Both guests see a POWER5+ with segments of 256 MB and pages of 4 KB, an equally
large hashed page table, the same memory, and no workaround for processor bugs:
what these cost depends on what a hypervisor claims, not on the port.  That the
guests are alike is checked by what they print.
"""

import re
from dataclasses import dataclass
from pathlib import Path

import tree

from ..symbols import Symbols
from .guest import CROSS, Guest
from .rows import Inconsistent

EMULATOR = "qemu-system-ppc64"
# Who keeps the map of dom0's frames: the hypervisor, or dom0.
MODES = ("translated", "direct")
MEMORY_MB = 512
REFHV = tree.BUILD / "refhv/refhv.bin"
OURS = tree.LINUX / "out-ppc-dom0/vmlinux"
LPAR = tree.BUILD / "cport/out-ppc-pseries/vmlinux"
KERNEL_OPTIONS = "console=hvc0 norandmaps mitigations=off disable_1tb_segments panic=5"
# By default, pages of 4 KB are all that this processor offers there.
PSERIES = "pseries,resize-hpt=disabled,cap-ccf-assist=off"
PSERIES_CPU = "power5+"
# The page table is made for the memory that there could be: as large as refhv's.
PSERIES_MEMORY = f"{MEMORY_MB},slots=1,maxmem=1G"
# What must be printed by both, with the same values.
ALIKE = ("cpu_features", "cpu_user_features", "mmu_features", "ppc64_pft_size",
         "phys_mem_size", "vmalloc start")

# Functions of Linux's LPAR port that trap through a common stub, by the calls they
# make.  Ours trap in place and are named by where they do.
LPAR_CALLERS = {
    "pSeries_lpar_hpte_insert": "H_ENTER", "pSeries_lpar_hpte_remove": "H_REMOVE to evict",
    "pSeries_lpar_hpte_updatepp": "H_PROTECT", "pSeries_lpar_hpte_invalidate": "H_REMOVE",
    "pSeries_lpar_flush_hash_range": "H_BULK_REMOVE",
    "pseries_lpar_idle": "H_CEDE", "icp_hv_get_irq": "H_XIRR", "icp_hv_eoi": "H_EOI",
    "icp_hv_ipi_action": "H_IPI", "icp_hv_cause_ipi": "H_IPI",
    "hvterm_raw_put_chars": "console", "hvterm_raw_get_chars": "console",
}
IDLE = "arch_cpu_idle"

DEATHS = ("Kernel panic", "refhv: FAILED", "Oops:")


@dataclass
class Side:
    """One kernel to be measured: role is "tested" or "reference"."""
    role: str
    kernel: Path
    folder: Path
    processors: int
    options: str
    profile: bool = False
    mode: str = MODES[0]
    symbols: Symbols | None = None

    @property
    def ours(self) -> bool:
        """Whether this is the port under refhv."""
        return self.role == "tested"

    def console(self) -> str:
        """What has been printed so far."""
        path = self.folder / "console.log"
        return path.read_bytes().decode(errors="replace").replace("\r", "") \
            if path.exists() else ""

    def prepare(self, guest: Guest) -> list[str]:
        """Fill the folder and give QEMU's command, to be run inside it."""
        self.folder.mkdir(parents=True, exist_ok=True)
        for name in ("counts", "console.log", "vmlinux", "calls.so"):
            (self.folder / name).unlink(missing_ok=True)
        # A copy, so that a build in the meantime does not change what is measured.
        (self.folder / "vmlinux").write_bytes(self.kernel.read_bytes())
        (self.folder / "calls.so").symlink_to(guest.plugin.resolve())
        (self.folder / "initramfs").write_bytes(guest.initramfs)
        self.symbols = Symbols.of(self.folder / "vmlinux", CROSS)
        plugin = (f"./calls.so,begin={guest.marks['begin']:#x},end={guest.marks['end']:#x},"
                  f"out=counts,idle={self._address(IDLE):#x}"
                  f"{',profile=yes' if self.profile else ''}")
        command = [EMULATOR, "-accel", "tcg", "-smp", str(self.processors), "-no-reboot",
                   "-display", "none", "-monitor", "none", "-serial", "file:console.log",
                   "-kernel", "vmlinux", "-initrd", "initramfs"]
        if self.ours:
            firmware = tree.kernel(REFHV, "make refhv")
            (self.folder / "refhv").write_bytes(firmware.read_bytes())
            words = (f"mode={self.mode} mem={MEMORY_MB} vcpus={self.processors} -- "
                     f"{KERNEL_OPTIONS} {self.options}")
            # Default devices stay: power-off is one of them.
            return command + ["-M", "powernv8", "-m", "2G", "-bios", "refhv", "-append", words,
                              "-plugin", f"{plugin},hv={firmware.stat().st_size}"]
        callers = [f"{address:#x} {function}\n" for function in LPAR_CALLERS
                   if (address := self.symbols.address(function)) is not None]
        (self.folder / "watch").write_text("".join(callers))
        return command + ["-M", PSERIES, "-cpu", PSERIES_CPU, "-m", PSERIES_MEMORY,
                          "-nodefaults", "-append", f"{KERNEL_OPTIONS} {self.options}",
                          "-plugin", f"{plugin},watch=watch"]

    def _address(self, function: str) -> int:
        address = self.symbols.address(function)
        if address is None:
            raise tree.Missing(f"kernel {tree.shown(self.kernel)} lacks {function}: "
                               "it cannot be measured")
        return address

    def kind(self, site: int, caller: str) -> str:
        """What a trap was, as well as can be told from outside."""
        if caller:
            return LPAR_CALLERS[caller]
        function = self.symbols.function(site) or hex(site)
        return function.rsplit("::", 1)[-1].split(".")[0]

    def properties(self) -> dict[str, str]:
        """What the guest printed of ALIKE."""
        found = {name: re.search(rf"\] (?:hash-mmu: )?{name} *= (\S.*)", self.console())
                 for name in ALIKE}
        return {name: match.group(1) if match else "not printed"
                for name, match in found.items()}


def require_alike(sides: list[Side]) -> None:
    """Inconsistent unless all guests run on the same kind of machine."""
    first, *others = sides
    for other in others:
        if different := [f"{name} {value} and {other.properties()[name]}"
                         for name, value in first.properties().items()
                         if value != other.properties()[name]]:
            raise Inconsistent(f"{first.role} and {other.role} are not comparable: "
                               + "; ".join(different))


def refhv_calls(log: str) -> list[int]:
    """How many hypercalls refhv says that each vcpu of dom0 made."""
    table = re.search(r"refhv: hypercalls of d0 by vcpu:\n((?:refhv:\t.*\n)+)", log)
    if not table:
        raise Inconsistent("tested: refhv printed no table of hypercalls")
    lines = [[int(field) for field in line.split("\t")[1:-1]]
             for line in table.group(1).splitlines()]
    return [sum(column) for column in zip(*lines)]


def require_handled(executed: list[int], handled: list[int]) -> None:
    """Inconsistent unless refhv handled what each processor executed.

    Which of QEMU's processors is vcpu 0 is decided by a race when refhv starts.  At the
    end one processor switches the domain off; each of the others may just have executed
    a trap that refhv does not handle any more.
    """
    lost = [e - h for e, h in zip(sorted(executed), sorted(handled))]
    if len(executed) != len(handled) or min(lost) < 0 or max(lost) > 1 or sum(lost) >= len(lost):
        raise Inconsistent(f"tested: {executed} traps executed, but refhv handled {handled} "
                           "hypercalls, by processor")
