# SPDX-License-Identifier: GPL-2.0
"""`boot ppc-dom0-fault`: every hypercall that a boot makes fails once, on refhv.

A traced boot says which calls there are, by number and sub-op, and at which count of its
call each comes first.  Then each is made to fail: first, in the middle of many, and always.
A run is good if the kernel carries on to the end of the workload without a complaint, or if
it stops with a line that names call, sub-op and code and the domain ends; silence for longer
than the balloon's patience and no end is a hang, whatever was said before.
"""

import re
import sys
from dataclasses import dataclass

import dom0_judge
import dom0_sets
import ppc_dom0
import refhv_report
import tree
import verdict
from dom0_case import AXES, Case
from stage import Stage
from verdict import Verdict

TRACE = re.compile(r"^refhv: trace \d+ cpu \d+ (hcall|papr) 0x([0-9a-f]+) 0x([0-9a-f]+) 0x[0-9a-f]+")
FINISHED = Stage("finished", "serial", r"refhv: (finished|FAILED): ", 240)
# What a call says that the hypervisor could not do, and what a page-table call does.
XEN_CODE, PAPR_CODE = -22, -1
MANY = 20
WORKLOAD_END = "STAGE end"
END = "power off"

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
        number, first = int(found.group(2), 16), int(found.group(3), 16) & 0xffffffff
        call = (PAPR if found.group(1) == "papr" else XEN).get(number)
        if call is None:
            continue
        counts[call] = counts.get(call, 0) + 1
        places.setdefault((call, first if call in SUB_OPS else None), []).append(counts[call])
    faults = []
    for (call, sub), at in places.items():
        faults.append(Fault(call, at[0], sub))
        if len(at) >= MANY:
            faults.append(Fault(call, at[len(at) // 2], sub))
    # Nobody can end a domain whose every shutdown is refused.
    return faults + [Fault(call, 0) for call in counts if call != "sched_op"]


def names(line: str, fault: Fault) -> bool:
    """Whether a line names the call, the sub-op if there are any, and the code."""
    words = set(re.findall(r"-?[\w]+", line))
    lower = {word.lower() for word in words}
    if fault.call not in words or str(fault.code) not in words:
        return False
    subs = SUB_OPS.get(fault.call)
    if subs is None:
        return True
    if fault.sub is None or fault.nth == 0:
        return any(name in lower for name in subs.values()) or bool(re.search(r"\(\d+\)", line))
    # Which sub-op the nth call is may differ from the traced run's.
    return any(name in lower for name in subs.values())


def judge(fault: Fault, text: str, early: list[str]) -> tuple[list[str], str]:
    """What was wrong, and how the run went; early is why it did not end by itself."""
    text = text.replace("\r", "")
    report = refhv_report.read(text)
    failures = list(early)
    if report.failed:
        failures.append(f"refhv failed: {report.failed}")
    if not report.finished:
        failures.append("the domain did not end")
    if failures:
        return failures, "hung or broken"
    found = Verdict()
    verdict.read(found, dom0_judge.SIDE, text)
    complaints = [failure for failure in found.failures if ": complaint: " in failure]
    steps = found.steps[dom0_judge.SIDE].values()
    violations = f", {report.violations} violations" if report.violations else ""
    if WORKLOAD_END in text and report.finished == END:
        bad = sum(not step.ok for step in steps)
        return complaints, f"carried on, {len(steps) - bad} steps good, {bad} failed{violations}"
    if fault.call == "console_io" and not fault.nth and report.finished in (END, "crash"):
        return [], f"went on without a voice to its end: {report.finished}"
    said = next((line.strip() for line in text.splitlines()
                 if not line.startswith("refhv:") and names(line, fault)), "")
    if not said and fault.call != "console_io":
        return [f"stopped ({report.finished}) without a line that names call, sub-op and code"], ""
    return [], f"stopped ({report.finished}): {said or 'in refhv log'}{violations}"


def add_arguments(parser) -> None:
    """The options of `boot ppc-dom0-fault`."""
    ppc_dom0.add_common(parser)
    parser.set_defaults(vcpus=2)
    parser.add_argument("--only", default="", metavar="CALL:N[:SUB]", help="this fault alone")
    parser.add_argument("--quirks", action="store_true", help="refhv behaves as Xen did in 2007")
    parser.add_argument("--mode", choices=AXES["mode"], default="translated", help="(%(default)s)")
    parser.add_argument("--list", action="store_true", help="only say which faults there are")
    parser.add_argument("--at-once", type=int, default=2, metavar="N", help="(%(default)s)")


def _setting(arguments, **more) -> ppc_dom0.Setting:
    return ppc_dom0.Setting(arguments.kernel, quick=True, keys=0, rounds=1,
                            patience=arguments.patience, **more)


def _one(arguments) -> int:
    words = arguments.only.split(":")
    if len(words) not in (2, 3) or not all(word.isdigit() for word in words[1:]) or \
            words[0] not in {*PAPR.values(), *XEN.values()}:
        raise tree.Missing("--only takes CALL:N or CALL:N:SUB, as --list shows them")
    fault = Fault(words[0], int(words[1]), int(words[2]) if len(words) == 3 else None)
    case = Case(vcpus=arguments.vcpus, quirks=arguments.quirks, mode=arguments.mode,
                faults=(fault.word,))
    run = ppc_dom0.execute(case, _setting(arguments, silence=ppc_dom0.SILENCE_S), marks=(),
                           last=FINISHED)
    failures, how = judge(fault, run.text, ppc_dom0.stage_failures(run))
    name = f"ppc-dom0-fault {fault.name}"
    if arguments.json:
        ppc_dom0.write_json(arguments.json, {"name": name, "ok": not failures, "failures": failures,
                                             "how": how, "seconds": round(run.seconds, 1)})
    if not failures:
        print(f"{name}: ok in {run.seconds:.1f} s: {how}", flush=True)
        return 0
    print(f"{name}: FAILED after {run.seconds:.1f} s ({fault.word}): {'; '.join(failures[:4])}")
    last = [line for line in run.text.splitlines() if line.strip()]
    last = [line for line in last if not line.startswith("refhv: trace ")][-12:]
    print("".join(f"  | {line}\n" for line in last), end="")
    print(f"  logs: {tree.shown(run.folder)}/\n  again: {tree.shown(tree.HERE / 'boot')} "
          f"ppc-dom0-fault --only {arguments.only} --vcpus {arguments.vcpus}"
          f"{' --quirks' if arguments.quirks else ''}"
          f"{f' --mode {arguments.mode}' if arguments.mode != 'translated' else ''}", flush=True)
    return 1


def _traced(arguments) -> list[Fault]:
    """Boot once with refhv's trace; the faults that follow from it."""
    case = Case(vcpus=arguments.vcpus, quirks=arguments.quirks, mode=arguments.mode)
    run = ppc_dom0.execute(case, _setting(arguments, trace=True), name="ppc-dom0-trace")
    if failures := ppc_dom0.stage_failures(run):
        print(f"ppc-dom0-fault: the traced boot: {failures[0]} (logs: {tree.shown(run.folder)}/)",
              file=sys.stderr)
        return []
    faults = faults_of((run.folder / "trace.log").read_text(errors="replace"))
    print(f"ppc-dom0-fault: {len(faults)} faults, from a boot of {run.seconds:.0f} s", flush=True)
    return faults


def main(arguments) -> int:
    """Run one fault, or all."""
    if arguments.only:
        return _one(arguments)
    faults = _traced(arguments)
    if arguments.list or not faults:
        for fault in faults:
            sub = "" if fault.sub is None else f":{fault.sub}"
            print(f"  --only {fault.call}:{fault.nth}{sub}\t{fault.name}")
        return 0 if faults else 1
    jobs = []
    for fault in faults:
        sub = "" if fault.sub is None else f":{fault.sub}"
        jobs.append((fault.name, ["ppc-dom0-fault", "--only", f"{fault.call}:{fault.nth}{sub}",
                                  "--kernel", str(arguments.kernel), "--vcpus", str(arguments.vcpus),
                                  "--patience", str(arguments.patience), "--mode", arguments.mode,
                                  *(["--quirks"] if arguments.quirks else [])]))
    return dom0_sets.summed(jobs, arguments.at_once, arguments.json)
