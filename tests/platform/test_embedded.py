"""The embedded PostgreSQL: it comes up whatever happened before, once, and only for its own folder."""

from __future__ import annotations

import fcntl
import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import psutil
import psycopg
import pytest

from portal import embedded
from portal.embedded.account import NAMESPACE
from portal.embedded.server import Server
from tests.platform.waiting import until

IS_ROOT = os.geteuid() == 0
REPOSITORY = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server with a table, of the durable kind; whoever breaks it leaves it startable."""
    server = embedded.server(tmp_path_factory.mktemp("shared"), fast=False)
    with psycopg.connect(server.ensure_running()) as connection:
        connection.execute("CREATE TABLE kept_fact AS SELECT 42 AS answer")
    yield server
    server.remove()


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    """A data folder of its own, whose server is gone afterwards."""
    yield tmp_path
    embedded.server(tmp_path, fast=True).remove()


def command_line(folder: Path, action: str = "url", prefix: tuple[str, ...] = (), **environment: str) -> list:
    """What starts ``python -m portal.embedded ACTION --test`` for a folder, as arguments of Popen."""
    command = [*prefix, sys.executable, "-m", "portal.embedded", action, "--test"]
    return [command, os.environ | {"DATA_DIR": str(folder)} | environment]


def run(folder: Path, action: str = "url", prefix: tuple[str, ...] = (), **environment: str):
    command, env = command_line(folder, action, prefix, **environment)
    return subprocess.run(command, env=env, cwd=REPOSITORY, capture_output=True, text=True)


def answer(url: str) -> int:
    with psycopg.connect(url) as connection:
        row = connection.execute("SELECT answer FROM kept_fact").fetchone()
    assert row
    return row[0]


def postmasters(folder: Path) -> list[int]:
    """Main processes of servers below a folder."""
    found = []
    for process in psutil.process_iter(["cmdline"]):
        arguments = process.info["cmdline"] or []
        if "-D" in arguments and any(argument.startswith(str(folder)) for argument in arguments):
            found.append(process.pid)
    return found


def test_four_processes_starting_at_once_share_one_server(folder: Path) -> None:
    command, env = command_line(folder)
    starters = [
        subprocess.Popen(command, env=env, cwd=REPOSITORY, stdout=subprocess.PIPE, text=True)
        for _ in range(4)
    ]
    urls = {starter.communicate()[0].strip() for starter in starters}

    assert [starter.returncode for starter in starters] == [0, 0, 0, 0]
    assert len(urls) == 1
    assert len(postmasters(folder)) == 1
    # All starters have ended, the server has not.
    psycopg.connect(urls.pop()).close()


def test_comes_back_with_its_data_after_kill_9(shared: Server) -> None:
    url = shared.ensure_running()
    running = shared.postmaster()
    assert running
    os.kill(running.pid, signal.SIGKILL)

    assert shared.ensure_running() == url
    assert answer(url) == 42
    again = shared.postmaster()
    assert again and again.pid != running.pid


def test_comes_back_after_kill_9_while_a_session_computes(shared: Server) -> None:
    connection = psycopg.connect(shared.ensure_running())

    def compute() -> None:
        with pytest.raises(psycopg.OperationalError):
            connection.execute("SELECT count(*) FROM generate_series(1, 100000000000)")

    session = threading.Thread(target=compute)
    session.start()
    running = shared.postmaster()
    assert running
    os.kill(running.pid, signal.SIGKILL)

    assert answer(shared.ensure_running()) == 42
    session.join()


def test_one_that_was_stopped_where_it_stood_goes_on(shared: Server) -> None:
    url = shared.ensure_running()
    running = shared.postmaster()
    assert running
    os.kill(running.pid, signal.SIGSTOP)

    assert shared.ensure_running() == url
    assert answer(url) == 42
    assert shared.postmaster() == running


def test_a_stranger_with_the_remembered_pid_is_not_taken_for_the_server(shared: Server) -> None:
    shared.ensure_running()
    pid_file = shared.folder / "data" / "postmaster.pid"
    lines = pid_file.read_text().splitlines()
    shared.stop()
    stranger = subprocess.Popen(["sleep", "1000"])
    try:
        pid_file.write_text("\n".join([str(stranger.pid), *lines[1:], ""]))
        pid_file.chmod(0o600)
        os.chown(pid_file, pid_file.parent.stat().st_uid, pid_file.parent.stat().st_gid)

        assert shared.postmaster() is None
        assert answer(shared.ensure_running()) == 42
        assert stranger.poll() is None
    finally:
        stranger.kill()
        stranger.wait()


def test_does_not_wait_for_a_frozen_starter_whose_server_answers(shared: Server) -> None:
    shared.ensure_running()
    shared.stop()
    urls: list[str] = []
    waiting = threading.Thread(target=lambda: urls.append(shared.ensure_running()))
    with (shared.folder / "lock").open("w") as frozen:
        fcntl.flock(frozen, fcntl.LOCK_EX)
        waiting.start()
        # What the starter did before it froze with the lock in its hands.
        shared._start()
        waiting.join()

    assert answer(urls[0]) == 42


def test_keeps_its_port_over_a_restart(shared: Server) -> None:
    url = shared.ensure_running()
    assert shared.stop()
    assert not shared.stop()
    assert not shared.is_running()
    assert shared.ensure_running() == url


def test_moves_where_something_else_took_its_port(shared: Server) -> None:
    url = shared.ensure_running()
    running = shared.postmaster()
    assert running
    shared.stop()
    with socket.socket() as taker:
        taker.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        taker.bind(("127.0.0.1", running.port))
        taker.listen()
        moved = shared.ensure_running()

    assert moved != url
    assert answer(moved) == 42


def test_a_copied_folder_gets_a_server_of_its_own(shared: Server, folder: Path) -> None:
    shared.ensure_running()
    shared.stop()
    shutil.copytree(shared.folder, folder / shared.folder.name)
    url = shared.ensure_running()
    copy = embedded.server(folder, fast=False)
    try:
        assert not copy.is_running()
        assert copy.ensure_running() != url
        assert answer(url) == answer(copy.ensure_running()) == 42
    finally:
        copy.remove()


def test_the_server_for_tests_is_another_one(folder: Path) -> None:
    assert embedded.server(folder, fast=True).folder != embedded.server(folder, fast=False).folder
    assert embedded.server(folder).folder == embedded.server(folder, fast=True).folder


def test_letters_beyond_ascii_count_and_extensions_are_there(shared: Server) -> None:
    with psycopg.connect(shared.ensure_running()) as connection:
        for name in ("pg_trgm", "btree_gist", "unaccent", "citext"):
            connection.execute(f"CREATE EXTENSION {name}")
        row = connection.execute("SELECT similarity('无法登录系统', '无法登录')").fetchone()
        settings = connection.execute(
            "SELECT current_setting('timezone'), rolsuper FROM pg_roles WHERE rolname = current_user"
        ).fetchone()
        connection.rollback()

    assert row and row[0] > 0.2
    assert settings == ("UTC", False)


def test_is_used_while_somebody_is_connected(shared: Server) -> None:
    with psycopg.connect(shared.ensure_running()):
        assert shared.is_used()
    until(lambda: not shared.is_used(), "the session to end")


def test_runs_as_an_ordinary_user(folder: Path) -> None:
    """Root tries it as another user id, in a user namespace; everybody else is one."""
    result = run(folder, prefix=NAMESPACE if IS_ROOT else ())

    assert result.returncode == 0, result.stderr
    psycopg.connect(result.stdout.strip()).close()
    assert run(folder, "remove", prefix=NAMESPACE if IS_ROOT else ()).returncode == 0


@pytest.mark.parametrize("method", ["unshare", "drop"] if IS_ROOT else ["plain"])
def test_runs_below_a_folder_that_nobody_else_may_enter(folder: Path, method: str) -> None:
    private = folder / "private"
    private.mkdir(mode=0o700)
    server = embedded.server(private, fast=True)
    result = run(private, EMBEDDED_PG_METHOD=method)
    try:
        assert result.returncode == 0, result.stderr
        psycopg.connect(result.stdout.strip()).close()
        running = server.postmaster()
        assert running
        assert private.stat().st_mode & 0o777 == 0o700
        if method == "drop":
            assert psutil.Process(running.pid).uids().real != 0
        # The next start needs no method named: the folder's owner says it.
        server.stop()
        assert server.ensure_running() == result.stdout.strip()
    finally:
        server.remove()
    assert list(private.iterdir()) == []
    assert postmasters(private) == []


def test_says_what_to_set_where_there_is_no_server_to_run(folder: Path) -> None:
    result = run(folder, EMBEDDED_PG_BIN=str(folder))

    assert result.returncode == 1
    assert "DATABASE_URL" in result.stderr
    assert "Traceback" not in result.stderr
