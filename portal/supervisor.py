"""The watchdog behind ``manage.py up``: starts the parts, mends what breaks, stops all of it.

Each part (web server, background jobs) runs in a session of its own, so that a signal reaches everything it
forked. A process list is not enough to see that background jobs work: killing an idle worker of django-q2 can
freeze its whole cluster while every process looks alive and SIGTERM is ignored. Therefore the sweep's
heartbeat in the database is watched too, and the answer to any fault is SIGKILL to the group and a new start.
"""

from __future__ import annotations

import ctypes
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType
from typing import Protocol

import psutil

STOP_SECONDS = 8.0
KILL_SECONDS = 5.0
# The system tells the time of a start by ticks since it booted; the record holds the clock's time.
CREATED_SECONDS = 5.0
LOOK_SECONDS = 0.5
DATABASE_SECONDS = 2.0
FAULT_SECONDS = 2.0
LONGEST_BACK_OFF = 30.0
# What ran for so long does not fail at its start: the pause before a restart is short again.
SETTLED_SECONDS = 20.0
PR_SET_PDEATHSIG = 1

Say = Callable[[str], None]


class Database(Protocol):
    """What the supervisor needs of a database that it has to keep up."""

    def is_running(self) -> bool: ...
    def ensure_running(self) -> str: ...


@dataclass
class Part:
    """A program that must run for as long as the supervisor does.

    ``words`` are found in the command line of each of its processes (a recorded group is only killed if they
    match: process ids are used again). ``fault`` is asked now and then while the part runs; a text is the
    reason to kill and restart it.
    """

    name: str
    command: Sequence[str]
    words: Sequence[str]
    record: Path
    fault: Callable[[Part], str | None] = field(default=lambda _: None)
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    failures: int = 0
    start_at: float = 0.0
    asked: float = 0.0

    def start(self) -> None:
        self.process = subprocess.Popen(  # noqa: S603 - our own commands, no shell
            self.command,
            stdin=subprocess.DEVNULL,
            start_new_session=True,
            preexec_fn=_end_with(os.getpid()),  # noqa: PLW1509 - no threads run in this process
        )
        self.started = self.asked = time.monotonic()
        self.record.parent.mkdir(parents=True, exist_ok=True)
        self.record.write_text(json.dumps({"session": self.process.pid, "at": time.time()}))

    def running_for(self) -> float:
        """Seconds since the start."""
        return time.monotonic() - self.started

    def ask(self) -> None:
        """Send SIGTERM to the main process, which tells its own children."""
        if self.process and self.process.poll() is None:
            self.process.terminate()

    def is_gone(self) -> bool:
        """Whether no process of the part is left."""
        if self.process:
            self.process.poll()
        return not self.processes()

    def kill(self) -> None:
        """End every process of the part, whatever state it is in."""
        end = time.monotonic() + KILL_SECONDS
        # More than one round: a process may fork between being listed and being killed.
        while (left := self.processes()) and time.monotonic() < end:
            for process in left:
                with suppress(psutil.Error):
                    process.kill()
            psutil.wait_procs(left, timeout=0.2)
        if self.process:
            self.process.wait()
        self.process = None
        self.record.unlink(missing_ok=True)

    def processes(self) -> list[psutil.Process]:
        """Living processes of the part's session, or of the recorded one of an earlier supervisor."""
        if self.process:
            return _session(self.process.pid)
        try:
            recorded = json.loads(self.record.read_text())
            session, at = int(recorded["session"]), float(recorded["at"])
        except (FileNotFoundError, ValueError, KeyError):
            return []
        return [process for process in _session(session) if self._matches(process, at)]

    def _matches(self, process: psutil.Process, at: float) -> bool:
        """Whether a process of a recorded session is what was started ``at`` (seconds of the epoch)."""
        try:
            line = " ".join(process.cmdline())
            return process.create_time() > at - CREATED_SECONDS and any(word in line for word in self.words)
        except psutil.Error:
            return False


class Supervisor:
    """Keeps parts and database running until a signal asks it to stop."""

    def __init__(
        self,
        parts: Sequence[Part],
        *,
        database: Database | None = None,
        on_look: Callable[[], None] = lambda: None,
        say: Say = print,
        with_parent: bool = False,
        stop_seconds: float = STOP_SECONDS,
    ) -> None:
        """``on_look`` is called twice a second. ``with_parent`` also stops when the starting process ends.
        ``stop_seconds`` is how long parts have to end before they are killed."""
        self.parts = parts
        self.database = database
        self.on_look = on_look
        self.say = say
        self.parent = os.getppid() if with_parent else None
        self.stop_seconds = stop_seconds
        self.stopping = False
        self._database_asked = 0.0
        self._database_url = ""

    def end_stale(self) -> None:
        """Kill what a supervisor that was itself killed left running."""
        for part in self.parts:
            left = part.processes()
            if left:
                self.say(f"Ending {len(left)} processes of {part.name} that an earlier run left behind.")
            part.kill()

    def run(self) -> None:
        """Start all parts and watch them; returns after SIGINT, SIGTERM or SIGHUP, when all have ended."""
        handle_stop_signals(self._on_signal)
        try:
            while not self.stopping:
                self.look()
                time.sleep(LOOK_SECONDS)
        finally:
            self.stop_parts()

    def look(self) -> None:
        """One round: mend what is broken."""
        if self.parent and os.getppid() != self.parent:
            self.say("The process that started this one has ended.")
            self.stopping = True
            return
        self._mend_database()
        for part in self.parts:
            self._mend(part)
        self.on_look()

    def stop_parts(self) -> None:
        """Ask all parts to end, and after ``stop_seconds``, or a second signal, kill what is left."""
        self.stopping = False
        for part in self.parts:
            part.ask()
        end = time.monotonic() + self.stop_seconds
        while time.monotonic() < end and not self.stopping and not all(part.is_gone() for part in self.parts):
            time.sleep(0.1)
        for part in self.parts:
            part.kill()

    def _on_signal(self, number: int, frame: FrameType | None) -> None:
        self.stopping = True

    def _mend(self, part: Part) -> None:
        if part.process is None:
            if time.monotonic() >= part.start_at:
                part.start()
            return
        status = part.process.poll()
        if status is not None:
            self._restart(part, f"ended with {_status_words(status)}")
        elif part.running_for() > FAULT_SECONDS and time.monotonic() - part.asked > FAULT_SECONDS:
            part.asked = time.monotonic()
            reason = part.fault(part)
            if reason:
                self._restart(part, reason)

    def _restart(self, part: Part, reason: str) -> None:
        """Kill the whole group, orphans too (they would go on taking work), and start anew after a pause."""
        settled = part.running_for() > SETTLED_SECONDS
        part.failures = 1 if settled else part.failures + 1
        pause = min(LONGEST_BACK_OFF, 0.5 * 2 ** (part.failures - 1))
        self.say(f"The {part.name} {reason}; starting it again in {pause:g} s.")
        part.kill()
        part.start_at = time.monotonic() + pause

    def _mend_database(self) -> None:
        if not self.database or time.monotonic() - self._database_asked < DATABASE_SECONDS:
            return
        self._database_asked = time.monotonic()
        if self._database_url and self.database.is_running():
            return
        if self._database_url:
            self.say("The database does not answer; starting it again.")
        try:
            url = self.database.ensure_running()
        except RuntimeError as error:
            self.say(str(error))
            return
        if self._database_url not in ("", url):
            for part in self.parts:
                self._restart(part, "must learn where the database has moved to")
        self._database_url = url


def _session(session: int) -> list[psutil.Process]:
    """The living processes of a session. Session 0 is the system's own, never one of ours."""
    found = []
    for process in psutil.process_iter() if session > 1 else ():
        try:
            if os.getsid(process.pid) == session and process.status() != psutil.STATUS_ZOMBIE:
                found.append(process)
        except (OSError, psutil.Error):
            continue
    return found


def handle_stop_signals(handler: Callable[[int, FrameType | None], None]) -> None:
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        # nohup has SIGHUP ignored, and means it. (A shell does the same to SIGINT of what it runs behind.)
        if number != signal.SIGHUP or signal.getsignal(number) != signal.SIG_IGN:
            signal.signal(number, handler)


def _end_with(parent: int) -> Callable[[], None] | None:
    """What a child runs first, on Linux: have it sent SIGTERM when this process dies in whatever way."""
    if not sys.platform.startswith("linux"):
        return None
    prctl = ctypes.CDLL(None, use_errno=True).prctl

    def ask_kernel() -> None:
        prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
        if os.getppid() != parent:
            os._exit(1)

    return ask_kernel


def _status_words(status: int) -> str:
    return f"status {status}" if status >= 0 else signal.Signals(-status).name
