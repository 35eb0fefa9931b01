# SPDX-License-Identifier: GPL-2.0
"""Checks of stage.py with logs that grow under its eyes."""

import tempfile
from pathlib import Path

from stage import Stage, Watch

STAGES = (Stage("first", "serial", "mark one", 0.3), Stage("second", "guest", "mark two", 0.3),
          Stage("third", "serial", "mark three", 0.3))


class Script:
    """A machine that writes one piece to a log at each look, then ends."""

    def __init__(self, folder: Path, pieces: list[tuple[str, str]], endless: bool = False) -> None:
        self._folder = folder
        self._pieces = list(pieces)
        self._endless = endless

    def running(self) -> bool:
        """Add the next piece; still running while there was one."""
        if self._pieces:
            log, text = self._pieces.pop(0)
            with open(self._folder / log, "a", encoding="ascii") as stream:
                stream.write(text)
            return True
        return self._endless


def _follow(pieces, endless=False, patience=1.0):
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        watch = Watch(STAGES, {"serial": folder / "serial", "guest": folder / "guest"},
                      patience=patience)
        return watch.follow(Script(folder, pieces, endless).running)


def check_all_stages() -> None:
    """All marks, one of them written in two pieces, and an end."""
    outcome = _follow([("serial", "mark o"), ("serial", "ne\n"), ("guest", "mark two\r\n"),
                       ("serial", "mark three")])
    assert [name for name, _ in outcome.reached] == ["first", "second", "third"], outcome
    assert not outcome.stopped and not outcome.missing, outcome


def check_early_end() -> None:
    """A machine that ends early leaves the next stage missing."""
    outcome = _follow([("serial", "mark one\n")])
    assert outcome.stage == "first" and outcome.missing == "second", outcome


def check_order() -> None:
    """A later mark does not stand for an earlier one."""
    outcome = _follow([("serial", "mark one\nmark three\n")])
    assert outcome.stage == "first" and outcome.missing == "second", outcome


def check_time_limit() -> None:
    """A machine that hangs is stopped, with the stage that did not come."""
    outcome = _follow([("serial", "mark one\n")], endless=True)
    assert outcome.stopped.startswith("no second after"), outcome
    assert outcome.seconds < 5, outcome


def check_panic() -> None:
    """A panic ends the wait, although no limit has passed."""
    import stage
    kept, stage.LAST_WORDS_S = stage.LAST_WORDS_S, 0.1
    try:
        outcome = _follow([("serial", "mark one\nKernel panic - not syncing: x\n")],
                          endless=True, patience=1000)
    finally:
        stage.LAST_WORDS_S = kept
    assert outcome.stopped == "panic" and outcome.stage == "first", outcome
