"""``manage.py up`` as a person meets it: it serves, survives kill -9 of any part, leaves nothing."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

import psutil
import psycopg
import pytest

from portal import embedded
from portal.embedded.state import free_port
from portal.supervisor import Part
from portal.supervisor import _session as in_session
from tests.platform.waiting import DEADLINE_SECONDS, lives, until

REPOSITORY = Path(__file__).resolve().parents[2]


class Portal:
    """One ``manage.py up`` with a data folder and port of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.output = folder / "output.txt"
        self.port = free_port()
        self.database = embedded.server(folder, fast=True)
        self.supervisor = self.start()

    def start(self) -> subprocess.Popen[bytes]:
        environment = {key: value for key, value in os.environ.items() if key != "DATABASE_URL"}
        environment |= {"DATA_DIR": str(self.folder), "PORT": str(self.port), "KEPT_TEST": "1"}
        environment |= {"DEBUG": "on", "HEARTBEAT_SECONDS": "4"}
        with self.output.open("ab") as output:
            return subprocess.Popen(
                [sys.executable, "manage.py", "up", "--no-demo"],
                cwd=REPOSITORY,
                env=environment,
                stdout=output,
                stderr=subprocess.STDOUT,
            )

    def said(self) -> str:
        return self.output.read_text()

    def answers(self) -> bool:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/healthz", timeout=20) as response:
                return response.status == 200
        except OSError:
            return False

    def last_beat(self, hours: int) -> None:
        """Have the last sweep end so many hours from now: the scheduler's own pace is too slow for a test."""
        query = (
            "INSERT INTO notices_heartbeat (name, beat_at, counts) VALUES ('test', now() + %s, '{}') "
            "ON CONFLICT (name) DO UPDATE SET beat_at = excluded.beat_at"
        )
        with psycopg.connect(self.database.ensure_running()) as connection:
            connection.execute(query, [timedelta(hours=hours)])

    def session(self, part: str) -> int:
        """The recorded main process of a part, 0 where there is none now."""
        try:
            return json.loads((self.folder / "run" / f"{part}.json").read_text())["session"]
        except (FileNotFoundError, ValueError):
            return 0

    def processes(self) -> list[psutil.Process]:
        """Everything that runs for this portal, told by session, environment or command line."""
        # 0 is no session of ours: it is what the system gives its own processes.
        sessions = {self.session("web"), self.session("jobs")} - {0}
        found = []
        for process in psutil.process_iter():
            try:
                text = " ".join([*process.cmdline(), process.environ().get("DATA_DIR", "")])
                ours = str(self.folder) in text or self.database.cluster_name in text
                if lives(process) and (ours or os.getsid(process.pid) in sessions):
                    found.append(process)
            except (psutil.Error, OSError):
                continue
        return found

    def kill(self, part: str) -> None:
        """Kill -9 the main process of a part, and wait until another has taken its place."""

        def killed() -> int:
            """One that has ended by itself is still on record until the supervisor looks."""
            session = self.session(part)
            try:
                os.kill(session, signal.SIGKILL) if session else None
            except ProcessLookupError:
                return 0
            return session

        before = until(killed, f"a {part} process")
        until(lambda: self.session(part) not in (0, before), f"another {part} process\n{self.said()}")


@pytest.fixture(scope="module")
def portal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Portal]:
    running = Portal(tmp_path_factory.mktemp("portal"))
    try:
        until(lambda: running.answers() or running.supervisor.poll() is not None, "the portal to answer")
        assert running.supervisor.poll() is None, running.said()
        running.last_beat(hours=1)
        yield running
    finally:
        if running.supervisor.poll() is None:
            running.supervisor.terminate()
            running.supervisor.wait()
        for name in ("web", "jobs"):
            Part(name, (), ("gunicorn", "qcluster"), running.folder / "run" / f"{name}.json").kill()
        running.database.remove()


def test_says_where_to_go(portal: Portal) -> None:
    until(lambda: "Kept is running" in portal.said(), "the announcement")
    assert f"http://127.0.0.1:{portal.port}/api/v1/docs/" in portal.said()


def test_a_second_one_on_the_same_folder_is_refused_and_the_first_goes_on(portal: Portal) -> None:
    second = portal.start()
    try:
        assert second.wait(DEADLINE_SECONDS) != 0
    finally:
        second.kill()
    assert "is running already" in portal.said()
    assert portal.answers()
    assert portal.database.is_running()


def test_a_taken_port_is_refused_with_what_to_set(portal: Portal, tmp_path: Path) -> None:
    environment = os.environ | {"DATA_DIR": str(tmp_path), "PORT": str(portal.port), "KEPT_TEST": "1"}
    try:
        result = subprocess.run(
            [sys.executable, "manage.py", "up", "--no-demo"],
            cwd=REPOSITORY,
            env=environment,
            capture_output=True,
            text=True,
            timeout=DEADLINE_SECONDS,
        )
        assert result.returncode != 0
        assert f"PORT={portal.port + 1}" in result.stderr
        assert not embedded.server(tmp_path, fast=True).is_running()
    finally:
        embedded.server(tmp_path, fast=True).remove()


@pytest.mark.parametrize("part", ["web", "jobs"])
def test_kill_9_of_a_main_process_is_mended(portal: Portal, part: str) -> None:
    portal.kill(part)
    until(portal.answers, "the portal to answer again")


def test_kill_9_of_the_database_is_mended(portal: Portal) -> None:
    running = until(portal.database.postmaster, "a database")
    os.kill(running.pid, signal.SIGKILL)
    again = until(
        lambda: (now := portal.database.postmaster()) and now.pid != running.pid and now, "another database"
    )
    assert again
    until(portal.answers, "the portal to answer again")


def test_a_frozen_cluster_is_noticed_by_its_silence(portal: Portal) -> None:
    before = until(lambda: portal.session("jobs"), "background jobs")
    for process in portal.processes():
        with suppress(psutil.NoSuchProcess, ProcessLookupError):
            if os.getsid(process.pid) == before:
                process.suspend()
    portal.last_beat(hours=-1)
    until(lambda: portal.session("jobs") not in (0, before), f"another cluster\n{portal.said()}")
    portal.last_beat(hours=1)
    assert "have not finished a sweep" in portal.said()


def test_what_a_killed_supervisor_leaves_is_ended_and_the_next_serves(portal: Portal) -> None:
    until(lambda: portal.session("web") and portal.session("jobs"), "both parts")
    old = {portal.session("web"), portal.session("jobs")}
    portal.supervisor.kill()
    portal.supervisor.wait()

    portal.supervisor = portal.start()

    until(
        lambda: portal.session("web") not in {0, *old} and portal.session("jobs") not in {0, *old},
        "new parts",
    )
    until(portal.answers, "the portal to answer again")
    assert not [process for session in old for process in in_session(session)]


def test_sigterm_leaves_no_process_behind(portal: Portal) -> None:
    until(lambda: len(portal.processes()) > 5, "all processes")
    running = portal.processes()
    portal.supervisor.terminate()

    assert portal.supervisor.wait(DEADLINE_SECONDS) == 0
    assert [process for process in running if lives(process)] == []
    assert portal.processes() == []
    assert portal.database.postmaster() is None
    assert portal.said().rstrip().endswith("All stopped.")
