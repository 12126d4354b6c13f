"""What a server's folder remembers between starts, and what the system says about its main process."""

from __future__ import annotations

import json
import os
import secrets
import signal
import socket
from dataclasses import asdict, dataclass
from pathlib import Path


@dataclass(frozen=True)
class State:
    """What ``server.json`` (mode 0600) holds: the port, the password of both roles, and where the data are if
    not in the server's own folder."""

    port: int
    password: str
    outside: str | None = None

    @classmethod
    def new(cls, outside: Path | None) -> State:
        return cls(
            port=free_port(), password=secrets.token_hex(24), outside=str(outside) if outside else None
        )

    @classmethod
    def read(cls, path: Path) -> State | None:
        """The remembered state; None where there is none. OSError where it belongs to somebody else."""
        try:
            return cls(**json.loads(path.read_text()))
        except (FileNotFoundError, NotADirectoryError):
            return None

    def write(self, path: Path) -> None:
        """Replace the file in one step: readers do not lock."""
        new = path.with_suffix(".new")
        new.unlink(missing_ok=True)
        with open(os.open(new, os.O_CREAT | os.O_WRONLY | os.O_EXCL, 0o600), "w") as file:
            json.dump(asdict(self), file)
        new.replace(path)


def free_port() -> int:
    """A TCP port on the loopback address that nobody uses now.

    From below the range that systems lend to outgoing connections: those would take a remembered port.
    """
    while True:
        port = 15000 + secrets.randbelow(17000)
        if is_free(port):
            return port


def is_free(port: int) -> bool:
    with socket.socket() as probe:
        # PostgreSQL sets it too: a port that only waits for old connections to end is free.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


@dataclass(frozen=True)
class Postmaster:
    """The main server process as its pid file names it."""

    pid: int
    port: int

    @classmethod
    def read(cls, data: Path) -> Postmaster | None:
        """What ``postmaster.pid`` says; None where it is missing or not complete yet."""
        try:
            lines = (data / "postmaster.pid").read_text().splitlines()
            return cls(pid=int(lines[0]), port=int(lines[3]))
        except (FileNotFoundError, IndexError, ValueError):
            return None

    def exists(self) -> bool:
        """Whether any process has the pid, be it a zombie or a stranger."""
        try:
            os.kill(self.pid, 0)
        except ProcessLookupError:
            return False
        except PermissionError:
            return True
        return True

    def is_alive(self, data: Path) -> bool:
        """Whether the pid is a living server of this folder: pids are used again, and zombies keep theirs."""
        if not self.exists():
            return False
        process = Path("/proc") / str(self.pid)
        if not process.exists():
            return True
        try:
            arguments = (process / "cmdline").read_bytes().split(b"\0")
        except OSError:
            return False
        # A zombie has no arguments left.
        return os.fsencode(data) in arguments


def kill_orphans(cluster_name: str) -> None:
    """End server processes whose main process was killed: one that computes would block the next start."""
    title = f"postgres: {cluster_name}: ".encode()
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if (process / "cmdline").read_bytes().startswith(title):
                os.kill(int(process.name), signal.SIGKILL)
        except OSError:
            continue
