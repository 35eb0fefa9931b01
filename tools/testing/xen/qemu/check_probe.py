# SPDX-License-Identifier: GPL-2.0
"""Checks of the probes' harness: sets of cases, expected files, verdicts on logs."""

import itertools
import subprocess
import sys

import ppc_hostile
import ppc_probe
import probe_case
import probe_facts
import tree
from probe_case import Case

LOG = """refhv: reference hypervisor
a.b: 1\r
info speed.x: 77
a.c: two words
(d1) probe: finished
refhv: V01 frame-out-of-range: 3
probe: finished
refhv: finished: power off
"""
EXPECTED = "# text\na.b: 1\na.c[start=of]: two words\na.c[start=flat]: 0\nd.e[mode=direct]: ${rma}\n"


def _differences(log: str, case: Case = Case(), expected: str = EXPECTED) -> list[str]:
    printed = probe_facts.collect(log)
    values = probe_facts.resolve(probe_facts.parse(expected, "x"), case)
    return printed.failures + probe_facts.differences(printed.facts, values)


def _expect(found: list[str], *words: str) -> None:
    assert len(found) == len(words), found
    for word in words:
        assert any(word in line for line in found), (word, found)


def check_good_log() -> None:
    """The facts that are expected are no difference; figures and the hypervisor's lines are none."""
    _expect(_differences(LOG))
    assert probe_facts.collect(LOG).figures == {"speed.x": "77"}


def check_each_difference() -> None:
    """Wrong, missing, unknown, double: each is one line that names the fact."""
    _expect(_differences(LOG.replace("a.b: 1", "a.b: 2")), "a.b: expected '1', printed '2'")
    _expect(_differences(LOG.replace("a.b: 1\r\n", "")), "a.b: not printed; expected '1'")
    _expect(_differences(LOG + "x.y: 1\n"), "x.y: nobody expects it")
    _expect(_differences(LOG + "a.b: 1\n"), "a.b: printed twice")


def check_conditions() -> None:
    """A condition decides which line counts; variables are those of the case."""
    _expect(_differences(LOG, Case(start="flat")), "a.c: expected '0'")
    direct = Case("direct", rma=128)
    _expect(_differences(LOG, direct), "d.e: not printed; expected '0x8000000'")
    _expect(_differences(LOG + "d.e: 0x8000000\n", direct))
    either = "a.b[vcpus=2|4]: 1\na.b[vcpus=1]: 9\n"
    assert probe_facts.resolve(probe_facts.parse(either, "x"), Case(vcpus=4)) == {"a.b": "1"}


def check_bad_expectations() -> None:
    """A file that says nothing clear is refused with file and line."""
    for text, word in (("no colon\n", "x:1: not NAME"), ("a.b[when=now]: 1\n", "no such condition"),
                       ("a.b[rma=63]: 1\n", "no such condition"), ("a.b: ${moon}\n", "no variable"),
                       ("a.b: 1\na.b[start=of]: 2\n", "a.b is expected twice")):
        try:
            _differences(LOG, expected=text)
        except tree.Missing as error:
            assert word in str(error), error
        else:
            raise AssertionError(f"taken: {text}")


def check_unfinished_logs() -> None:
    """A run that stopped on its way is a failure, whatever it printed."""
    for log, word in ((LOG.replace("\nprobe: finished", ""), "did not reach its end"),
                      ("unexpected trap at 0x1\n" + LOG, "unexpected trap"),
                      ("probe: FAILED: x 0x0\n" + LOG, "probe: FAILED"),
                      ("refhv: FAILED: stack overflow\n" + LOG, "refhv: FAILED"),
                      ("refhv: canary: frame 0x1 was written to\n" + LOG, "was written to")):
        _expect(_differences(log), word)


def check_pairwise() -> None:
    """Every possible pair of values is in some chosen case, and the set is much smaller."""
    chosen = probe_case.pairwise()
    cases = probe_case.everything()
    missing = set().union(*map(probe_case.pairs, cases)) - \
        set().union(*map(probe_case.pairs, chosen))
    assert not missing, missing
    assert len(chosen) * 5 < len(cases) and len(set(cases)) == len(cases), (len(chosen), len(cases))
    assert all(case.possible for case in chosen)
    names = {case.name for case in cases}
    assert len(names) == len(cases)


def check_variables() -> None:
    """The table of direct mode lies below shared_info and fits its own formula."""
    values = Case("direct").variables
    assert (values["shared"], values["table"], values["table_bytes"]) == \
        ("0x3fff000", "0x3f70000", "0x80000"), values
    assert values["pft"] == "0x17" and values["rest"] == "0x1c000000", values


def check_expected_files() -> None:
    """The real files are clear for every case, and say something for each kind."""
    for case in probe_case.everything():
        expectations = probe_facts.read(ppc_probe.EXPECTED, case.expected_files)
        assert len(probe_facts.resolve(expectations, case)) > 500, case.name


def check_again() -> None:
    """The command that repeats a run names every option of it."""
    case = Case("translated", "flat", "prompt", 256, 4, True)
    run = ppc_probe.Run(case, "abi-probe", 1.0, "", tree.LOGS)
    for word in itertools.chain(case.options, ["ppc-probe", "--quirks", "--vcpus 4"]):
        assert word in ppc_probe.again(run), word


def check_rules_of_refhv() -> None:
    """A rule that no hostile run broke is named, unless nobody can break it."""
    rules = "\tOne,\t/* V01 a */\n\tTwo, /* V02 b */\n\tThree, /* V03 c */\n"
    seen = ppc_hostile.broken("refhv: V01 one: 2\r\nrefhv: V03 three: 0\n")
    assert seen == {"V01"}, seen
    assert ppc_hostile.unbroken(rules, "V02  nobody: x\nV03  later\n", seen) == (["V03"], 2)
    assert ppc_hostile.unbroken(rules, "", {"V01", "V02", "V03"}) == ([], 3)


def check_coverage_checker() -> None:
    """The checker of coverage.txt sees what it is there for."""
    checker = ppc_probe.REFHV / "probe/check_coverage.py"
    done = subprocess.run([sys.executable, str(checker), "--selftest"], capture_output=True,
                          text=True, check=False)
    assert done.returncode == 0, done.stderr
