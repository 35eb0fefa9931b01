# SPDX-License-Identifier: GPL-2.0
"""`boot ppc-dom0-fault`: every hypercall that a boot makes fails once, on refhv.

A traced boot says which calls there are, by number and sub-op, and at which count of its
call each comes first.  Then each is made to fail: first, in the middle of many, and always.
A run is good if refhv says that the call came and failed and counts no broken rule, and the
kernel carries on to the end of the workload without a complaint, or stops with a line that
names call, sub-op and code and the domain ends.  A step may fail if it, or the kernel
meanwhile, says that a call was refused.  Silence for longer than the balloon's patience and no
end is a hang, whatever was said before.
"""

import errno
import os
import re
import sys

import dom0_judge
import dom0_sets
import ppc_dom0
import refhv_report
import tree
import verdict
from dom0_case import AXES, Case
from fault_list import PAPR, SUB_OPS, XEN, XEN_CODE, Fault, faults_of
from stage import Stage
from verdict import Verdict

FINISHED = Stage("finished", "serial", r"refhv: (finished|FAILED): ", 240)
WORKLOAD_END = "STAGE end"
END = "power off"
# How a step of the workload tells that XEN_CODE reached it: as errno, or as a call's answer.
REFUSED = re.compile(rf"{os.strerror(errno.EINVAL)}|(?<!\w)({XEN_CODE}|-1|0xffffffff)\b")
# What a refusal at boot takes away for good.
LASTING = {"grant_table_op": ("grants", "window", "window-32", "twins")}


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


def _unexplained(fault: Fault, text: str) -> list[str]:
    """Steps that failed for no reason that has to do with the fault."""
    failures = []
    said = False
    for line in text.splitlines():
        said = said or ("refhv: " not in line and names(line, fault))
        if not (found := verdict.RESULT.search(line)):
            continue
        name, word, reason = found.groups()
        # The step "dmesg" repeats what the kernel complained of.
        if word == "FAIL" and name not in ("dmesg", *LASTING.get(fault.call, ())) and \
                not said and not REFUSED.search(reason or ""):
            failures.append(f"{name}: {reason}")
        said = False
    return failures


def judge(fault: Fault, text: str, early: list[str],
          expected: tuple[str, ...] = ()) -> tuple[list[str], str]:
    """What was wrong, and how the run went; early is why it did not end by itself, expected
    are the steps that a run which carries on comes through."""
    text = text.replace("\r", "")
    report = refhv_report.read(text)
    text = refhv_report.without_faults(text)
    failures = list(early)
    if report.failed:
        failures.append(f"refhv failed: {report.failed}")
    if not report.finished:
        failures.append("the domain did not end")
    if failures:
        return failures, "hung or broken"
    failures += refhv_report.violations(report)
    if f"{fault.call}:{fault.nth}" not in report.faults:
        failures.append(f"the call that was to fail never came: {fault.name}")
    found = Verdict()
    verdict.read(found, dom0_judge.SIDE, text)
    steps = found.steps[dom0_judge.SIDE]
    if WORKLOAD_END in text and report.finished == END:
        failures += [failure for failure in found.failures if ": complaint: " in failure]
        failures += _unexplained(fault, text)
        # A refused write loses lines of the console, the harness's among them.
        missing = [name for name in expected if name not in steps and fault.call != "console_io"]
        failures += [f"no RESULT in the log: {', '.join(missing)}"] if missing else []
        bad = [name for name, step in steps.items() if not step.ok]
        return failures, f"carried on, {len(steps) - len(bad)} steps good, {len(bad)} failed" + \
            f"{': ' if bad else ''}{', '.join(bad)}"
    if fault.call == "console_io" and not fault.nth and report.finished in (END, "crash"):
        return failures, f"went on without a voice to its end: {report.finished}"
    said = next((line.strip() for line in text.splitlines()
                 if not line.startswith("refhv:") and names(line, fault)), "")
    if not said and fault.call != "console_io":
        failures.append(f"stopped ({report.finished}) without a line that names call, sub-op and code")
    return failures, f"stopped ({report.finished}): {said or 'in refhv log'}"


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


def _only(fault: Fault) -> str:
    """The argument of --only."""
    return f"{fault.call}:{fault.nth}{'' if fault.sub is None else f':{fault.sub}'}"


def instead(fault: Fault, text: str) -> Fault | None:
    """What to try after a run that made fewer calls than the traced one, so that the fault never
    came: the middle one of those it made.  None if it came, or there was no such call at all."""
    report = refhv_report.read(text)
    made = sum(report.calls.get(fault.call, []))
    if not made or f"{fault.call}:{fault.nth}" in report.faults:
        return None
    return Fault(fault.call, (made + 1) // 2, fault.sub)


def _booted(arguments, fault: Fault) -> tuple[ppc_dom0.Run, list[str], str]:
    case = Case(vcpus=arguments.vcpus, quirks=arguments.quirks, mode=arguments.mode,
                faults=(fault.word,))
    run = ppc_dom0.execute(case, _setting(arguments, silence=ppc_dom0.SILENCE_S), marks=(),
                           last=FINISHED)
    return run, *judge(fault, run.text, ppc_dom0.stage_failures(run),
                       dom0_judge.steps_of(case, quick=True, keys=0))


def _one(arguments) -> int:
    words = arguments.only.split(":")
    if len(words) not in (2, 3) or not all(word.isdigit() for word in words[1:]) or \
            words[0] not in {*PAPR.values(), *XEN.values()}:
        raise tree.Missing("--only takes CALL:N or CALL:N:SUB, as --list shows them")
    fault = Fault(words[0], int(words[1]), int(words[2]) if len(words) == 3 else None)
    run, failures, how = _booted(arguments, fault)
    if nearer := instead(fault, run.text):
        print(f"ppc-dom0-fault {fault.name}: it never came; {nearer.name}, instead", flush=True)
        fault = nearer
        run, failures, how = _booted(arguments, fault)
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
          f"ppc-dom0-fault --only {_only(fault)} --vcpus {arguments.vcpus}"
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
            print(f"  --only {_only(fault)}\t{fault.name}")
        return 0 if faults else 1
    jobs = []
    for fault in faults:
        jobs.append((fault.name, ["ppc-dom0-fault", "--only", _only(fault),
                                  "--kernel", str(arguments.kernel), "--vcpus", str(arguments.vcpus),
                                  "--patience", str(arguments.patience), "--mode", arguments.mode,
                                  *(["--quirks"] if arguments.quirks else [])]))
    return dom0_sets.summed(jobs, arguments.at_once, arguments.json)
