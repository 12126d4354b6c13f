"""The supervisor with real processes: every part that dies, freezes or was left behind is mended."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from portal import embedded
from portal.embedded.server import Server
from portal.supervisor import Part, Supervisor
from tests.platform.waiting import lives, until

# A main process and a child, like a web server and its worker. The word is found in both command lines.
FAMILY = (
    "import subprocess, sys, time; "
    "subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(1000)', 'stand-in']); "
    "time.sleep(1000)"
)
STUBBORN = "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); " + FAMILY


def part(folder: Path, program: str = FAMILY, **more: object) -> Part:
    command = [sys.executable, "-c", program, "stand-in"]
    return Part("stand-in", command, ("stand-in",), folder / "stand-in.json", **more)  # type: ignore[arg-type]


@pytest.fixture
def stand_in(tmp_path: Path) -> Iterator[Part]:
    chosen = part(tmp_path)
    yield chosen
    chosen.kill()


def started(supervisor: Supervisor, chosen: Part) -> int:
    """Look until main process and child run; gives the pid of the main process."""

    def both() -> int:
        supervisor.look()
        return chosen.process.pid if chosen.process and len(chosen.processes()) == 2 else 0

    return until(both, "main process and child")


@pytest.mark.parametrize("victim", ["main process", "all"])
def test_starts_a_killed_part_again_without_orphans(stand_in: Part, victim: str) -> None:
    said: list[str] = []
    supervisor = Supervisor([stand_in], say=said.append)
    first = started(supervisor, stand_in)
    family = stand_in.processes()
    for process in family:
        if victim == "all" or process.pid == first:
            process.kill()
    until(lambda: stand_in.process and stand_in.process.poll() is not None, "the kill to be seen")

    assert started(supervisor, stand_in) != first
    assert not any(lives(process) for process in family)
    assert "SIGKILL" in said[0]


def test_waits_longer_each_time_a_part_fails_at_once(tmp_path: Path) -> None:
    said: list[str] = []
    failing = part(tmp_path, "raise SystemExit(3)")
    supervisor = Supervisor([failing], say=said.append)

    def three() -> bool:
        supervisor.look()
        return len(said) == 3

    until(three, "three failures")
    assert [line.split("again in ")[1] for line in said] == ["0.5 s.", "1 s.", "2 s."]
    assert "status 3" in said[0]


def test_kills_and_restarts_a_part_with_a_fault(tmp_path: Path) -> None:
    faults = ["has frozen"]
    chosen = part(tmp_path, STUBBORN, fault=lambda _: faults.pop() if faults else None)
    said: list[str] = []
    supervisor = Supervisor([chosen], say=said.append)
    try:
        first = started(supervisor, chosen)
        os.kill(first, signal.SIGSTOP)

        def mended() -> bool:
            supervisor.look()
            return bool(said)

        until(mended, "the fault to be seen")
        assert started(supervisor, chosen) != first
        assert "has frozen" in said[0]
    finally:
        chosen.kill()


def test_stopping_leaves_nothing_even_of_a_part_that_ignores_it(tmp_path: Path) -> None:
    chosen = part(tmp_path, STUBBORN)
    supervisor = Supervisor([chosen], say=lambda _: None, stop_seconds=0.5)
    started(supervisor, chosen)
    family = chosen.processes()

    supervisor.stop_parts()

    assert len(family) == 2
    assert not any(lives(process) for process in family)
    assert not chosen.record.exists()


def test_ends_what_an_earlier_supervisor_left(tmp_path: Path, stand_in: Part) -> None:
    started(Supervisor([stand_in], say=lambda _: None), stand_in)
    family = stand_in.processes()
    said: list[str] = []

    Supervisor([part(tmp_path)], say=said.append).end_stale()

    until(lambda: not any(lives(process) for process in family), "the old processes to end")
    assert "2 processes of stand-in" in said[0]


@pytest.mark.parametrize("difference", ["command line", "age"])
def test_leaves_a_stranger_alone_that_has_a_recorded_pid(tmp_path: Path, difference: str) -> None:
    word = "another" if difference == "command line" else "stand-in"
    stranger = subprocess.Popen(
        [sys.executable, "-c", "import time; time.sleep(1000)", word], start_new_session=True
    )
    try:
        at = time.time() + (3600 if difference == "age" else 0)
        chosen = part(tmp_path)
        chosen.record.write_text(json.dumps({"session": stranger.pid, "at": at}))
        Supervisor([chosen], say=lambda _: None).end_stale()
        assert stranger.poll() is None
    finally:
        stranger.kill()
        stranger.wait()


def test_starts_a_killed_database_again(tmp_path: Path) -> None:
    database: Server = embedded.server(tmp_path, fast=True)
    said: list[str] = []
    supervisor = Supervisor([], database=database, say=said.append)
    try:
        supervisor.look()
        running = database.postmaster()
        assert running
        os.kill(running.pid, signal.SIGKILL)

        def back() -> bool:
            supervisor.look()
            again = database.postmaster()
            return bool(said) and again is not None and database.is_running()

        until(back, "the database to come back")
        assert "does not answer" in said[0]
    finally:
        database.remove()
