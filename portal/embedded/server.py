"""One embedded server: its folder, starting it, asking whether it answers, stopping it."""

from __future__ import annotations

import fcntl
import hashlib
import locale
import os
import shutil
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from typing import IO, Literal

from .account import Account, choose_account
from .binaries import Binaries, find_binaries
from .errors import EmbeddedPostgresError
from .state import Postmaster, State, free_port, is_free, kill_orphans

Answer = Literal["up", "starting", "down"]

NAME = "kept"
SUPERUSER = "postgres"
START_SECONDS = 15.0
RECOVERY_SECONDS = 120.0
LOCK_SECONDS = 180.0
LOG_BYTES = 10_000_000
# For a data folder that the server's account cannot reach below DATA_DIR.
REACHABLE_PLACES = Path("/var/lib/kept")

SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "max_connections": "100",
    "shared_buffers": "64MB",
    "huge_pages": "off",
    "jit": "off",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "lc_messages": "C",
    "logging_collector": "off",
}
FAST_SETTINGS = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


class Server:
    """The server of one folder. All state is on disk, so that any process may ask."""

    def __init__(self, root: Path, name: str, *, fast: bool = False) -> None:
        self.folder = root / name
        self.log_path = root / f"{name}.log"
        self.fast = fast
        # Shown by the server to whoever is connected: a copy of a folder, with the same port and password,
        # is not taken for the original.
        self.cluster_name = f"{NAME}-{hashlib.sha256(os.fsencode(self.folder)).hexdigest()[:10]}"

    def ensure_running(self) -> str:
        """Start the server where it does not answer, and give its DATABASE_URL."""
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            with self._lock(unless=self.is_running) as held:
                state = self._start() if held else self._state()
        except PermissionError as error:
            raise EmbeddedPostgresError(
                f"{error.filename or self.folder} belongs to another user: run as that user, or set DATA_DIR."
            ) from error
        if state is None:
            raise EmbeddedPostgresError(f"{self.folder} was removed while its server was starting.")
        return _url(state)

    def is_running(self) -> bool:
        """Whether a connection to the project's database succeeds."""
        state = self._state()
        return state is not None and self._answer(state, NAME) == "up"

    def is_used(self) -> bool:
        """Whether anybody is connected to it now."""
        import psycopg

        query = "SELECT count(*) FROM pg_stat_activity WHERE usename = %s AND pid <> pg_backend_pid()"
        state = self._state()
        if not state:
            return False
        try:
            with psycopg.connect(_url(state), connect_timeout=3) as connection:
                row = connection.execute(query, [NAME]).fetchone()
        except psycopg.OperationalError:
            return False
        return row is not None and row[0] > 0

    def postmaster(self) -> Postmaster | None:
        """The main server process where it is alive."""
        state = self._state()
        if not state:
            return None
        data = self._place(state) / "data"
        found = Postmaster.read(data)
        return found if found and found.is_alive(data) else None

    def stop(self) -> bool:
        """Stop the server, by force where asking does not help; False where none was running."""
        if not self.folder.exists():
            return False
        with self._lock():
            running = self.postmaster()
            if not running:
                return False
            # Fast (open sessions are ended), then immediate (recovers at the next start), then by force.
            for sign, seconds in ((signal.SIGINT, 20.0), (signal.SIGQUIT, 10.0), (signal.SIGKILL, 5.0)):
                os.kill(running.pid, sign)
                if _wait(lambda: self.postmaster() is None, seconds):
                    return True
            raise EmbeddedPostgresError(f"The server process {running.pid} of {self.folder} does not end.")

    def remove(self) -> None:
        """Stop the server and delete its folder, its data wherever they are, and its log."""
        self.stop()
        state = self._state()
        if state:
            shutil.rmtree(self._place(state), ignore_errors=True)
        shutil.rmtree(self.folder, ignore_errors=True)
        self.log_path.unlink(missing_ok=True)

    # Starting. Everything below runs under the folder's lock.

    def _start(self) -> State:
        state = self._state()
        account = choose_account((self._place(state) if state else self.folder) / "data")
        if state is None:
            state = State.new(self._outside_for(account))
            state.write(self._state_path)
        place = self._place(state)
        place.mkdir(parents=True, exist_ok=True)
        binaries = _binaries_for(account, place)
        if not (place / "data" / "PG_VERSION").exists():
            self._initialise(account, binaries, state)
        state = self._bring_up(account, binaries, state)
        _create_database(state)
        return state

    def _place(self, state: State) -> Path:
        """The folder that holds the data folder."""
        return Path(state.outside) if state.outside else self.folder

    def _outside_for(self, account: Account) -> Path | None:
        """Where the data go if the account does not get as far as the server's folder; None where it does."""
        if account.method != "drop" or account.can_read(self.folder):
            return None
        return REACHABLE_PLACES / self.cluster_name

    def _initialise(self, account: Account, binaries: Binaries, state: State) -> None:
        """Create the data folder; it gets its name only when it is complete."""
        place = self._place(state)
        unfinished, password_file = place / "data.new", place / "password.new"
        shutil.rmtree(unfinished, ignore_errors=True)
        password_file.unlink(missing_ok=True)
        unfinished.mkdir(mode=0o700)
        account.give(unfinished)
        with open(os.open(password_file, os.O_CREAT | os.O_WRONLY | os.O_EXCL, 0o600), "w") as file:
            file.write(state.password)
        account.give(password_file)
        command = [binaries.program("initdb"), "-D", str(unfinished), "-U", SUPERUSER, "-E", "UTF8"]
        command += ["--auth=scram-sha-256", f"--pwfile={password_file}", "--no-instructions"]
        command += _locale_options(binaries.major)
        command += ["--no-sync"] if self.fast else []
        try:
            with self._log() as log:
                if account.run(command, seconds=120, output=log) != 0:
                    raise EmbeddedPostgresError(f"initdb failed. {self._log_tail()}")
        finally:
            password_file.unlink()
        unfinished.rename(place / "data")

    def _bring_up(self, account: Account, binaries: Binaries, state: State) -> State:
        """Start the server until it answers. Gives the state, whose port may have moved."""
        began = time.monotonic()
        while True:
            state = self._with_usable_port(state)
            answer = self._answer(state, "postgres", SUPERUSER)
            if answer == "up":
                return state
            patience = RECOVERY_SECONDS if answer == "starting" else START_SECONDS
            if time.monotonic() - began > patience:
                raise EmbeddedPostgresError(f"PostgreSQL does not answer. {self._log_tail()}")
            if running := self.postmaster():
                # Stopped by a signal it would never answer; one that goes on takes no notice.
                with suppress(ProcessLookupError):
                    os.kill(running.pid, signal.SIGCONT)
            else:
                self._clear_dead_process(state)
                self._launch(account, binaries, state)
            time.sleep(0.1)

    def _with_usable_port(self, state: State) -> State:
        """The living server's own port; else the remembered one, moved where something else has taken it."""
        running = self.postmaster()
        port = running.port if running else state.port
        if not running and not is_free(port):
            port = free_port()
        if port != state.port:
            state = replace(state, port=port)
            state.write(self._state_path)
        return state

    def _clear_dead_process(self, state: State) -> None:
        """Remove what a killed server left that would keep the next from starting."""
        kill_orphans(self.cluster_name)
        data = self._place(state) / "data"
        left = Postmaster.read(data)
        # PostgreSQL itself sees that a pid is gone, but takes a zombie or a stranger for a server.
        if left and left.exists() and not left.is_alive(data):
            (data / "postmaster.pid").unlink(missing_ok=True)

    def _launch(self, account: Account, binaries: Binaries, state: State) -> None:
        """One try; whether it worked, the connection tells."""
        settings = {**SETTINGS, **(FAST_SETTINGS if self.fast else {})}
        settings |= {"port": str(state.port), "cluster_name": self.cluster_name}
        options = " ".join(f"-c {name}='{value}'" for name, value in settings.items())
        command = [binaries.program("pg_ctl"), "-D", str(self._place(state) / "data")]
        with self._log() as log:
            account.run([*command, "-w", "-t", "60", "-o", options, "start"], seconds=90, output=log)

    # Asking.

    def _answer(self, state: State, database: str, role: str = NAME) -> Answer:
        """What a real connection says."""
        import psycopg  # here, so that importing the package stays cheap

        try:
            with psycopg.connect(_url(state, database, role), connect_timeout=2) as connection:
                row = connection.execute("SELECT current_setting('cluster_name')").fetchone()
                return "up" if row == (self.cluster_name,) else "down"
        except psycopg.OperationalError as error:
            message = str(error)
            if "too many clients" in message or "connection slots" in message:
                return "up"
            if "the database system is" in message:
                return "starting"
            return "down"

    # Files.

    @property
    def _state_path(self) -> Path:
        return self.folder / "server.json"

    def _state(self) -> State | None:
        return State.read(self._state_path)

    @contextmanager
    def _lock(self, unless: Callable[[], bool] = lambda: False) -> Iterator[bool]:
        """One process at a time starts or stops this server; the system frees the lock of a killed one.

        True where it is held; False as soon as ``unless`` is true. The wait is never blind: whoever holds the
        lock may be frozen with its work done.
        """
        if unless():
            yield False
            return
        with open(self.folder / "lock", "w") as file:
            end = time.monotonic() + LOCK_SECONDS
            while not _try_lock(file):
                if unless():
                    yield False
                    return
                if time.monotonic() > end:
                    raise EmbeddedPostgresError(f"Another process has held {file.name} for too long.")
                time.sleep(0.1)
            yield True

    @contextmanager
    def _log(self) -> Iterator[IO[bytes]]:
        if self.log_path.exists() and self.log_path.stat().st_size > LOG_BYTES:
            self.log_path.replace(self.log_path.with_suffix(".log.1"))
        with self.log_path.open("ab") as log:
            yield log

    def _log_tail(self) -> str:
        lines = self.log_path.read_text(errors="replace").splitlines()[-8:] if self.log_path.exists() else []
        return "\n  ".join([f"The end of {self.log_path}:", *lines])


def _binaries_for(account: Account, place: Path) -> Binaries:
    """The programs for the data in ``place``, copied there if the account cannot read them."""
    version = place / "data" / "PG_VERSION"
    binaries = find_binaries(int(version.read_text()) if version.exists() else None)
    if account.method == "drop" and not account.can_read(Path(binaries.program("postgres"))):
        return binaries.copy_to(place)
    return binaries


def _url(state: State, database: str = NAME, role: str = NAME) -> str:
    return f"postgres://{role}:{state.password}@127.0.0.1:{state.port}/{database}"


def _locale_options(major: int) -> list[str]:
    """Letters beyond ASCII must count as letters: trigram search finds no Chinese under the locale C."""
    system = _system_locale()
    if major >= 17:
        return ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", f"--locale={system}"]
    return [f"--locale={system}"]


def _system_locale() -> str:
    before = locale.setlocale(locale.LC_CTYPE)
    try:
        for name in ("C.UTF-8", "en_US.UTF-8"):
            with suppress(locale.Error):
                return locale.setlocale(locale.LC_CTYPE, name)
        return "C"
    finally:
        locale.setlocale(locale.LC_CTYPE, before)


def _create_database(state: State) -> None:
    """The project's role and database, where they lack. The role is no superuser, as on a managed server."""
    import psycopg
    from psycopg import sql

    with psycopg.connect(
        _url(state, "postgres", SUPERUSER), autocommit=True, connect_timeout=10
    ) as connection:
        role = sql.Identifier(NAME)
        if not connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [NAME]).fetchone():
            statement = sql.SQL("CREATE ROLE {} LOGIN CREATEDB PASSWORD {}")
            connection.execute(statement.format(role, sql.Literal(state.password)))
        if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [NAME]).fetchone():
            connection.execute(sql.SQL("CREATE DATABASE {} OWNER {}").format(role, role))


def _try_lock(file: IO[str]) -> bool:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _wait(condition: Callable[[], bool], seconds: float) -> bool:
    """Whether the condition came true in time."""
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            return False
        time.sleep(0.05)
    return True
