"""The account under which the server programs run: PostgreSQL refuses to run as root.

As an ordinary user they run as that user. As root they run in a user namespace, which leaves every file
root's and needs no folder to be opened; where the kernel or a container forbids that, as another user.
"""

from __future__ import annotations

import os
import pwd
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from .errors import EmbeddedPostgresError

NAMESPACE = ("unshare", "-U", "--map-user=1000", "--map-group=1000")
LESSER_USERS = ("postgres", "nobody")
METHODS = ("plain", "unshare", "drop")


@dataclass(frozen=True)
class Account:
    """How server programs are run: ``method`` is one of METHODS, ``user`` whom root becomes for "drop"."""

    method: str
    user: pwd.struct_passwd | None = None

    def run(self, command: Sequence[str], *, seconds: float, output: IO[bytes] | None = None) -> int:
        """Run a program to its end and give its exit status; 124 where it took longer than ``seconds``."""
        prefix = NAMESPACE if self.method == "unshare" else ()
        uid, gid = (self.user.pw_uid, self.user.pw_gid) if self.user else (None, None)
        try:
            return subprocess.run(  # noqa: S603 - programs of the server, no shell
                [*prefix, *command],
                stdin=subprocess.DEVNULL,
                stdout=output or subprocess.DEVNULL,
                stderr=subprocess.STDOUT,
                cwd="/",
                env=_environment(),
                # Out of the caller's session: Ctrl-C in its terminal is not for the server.
                start_new_session=True,
                user=uid,
                group=gid,
                extra_groups=[] if self.user else None,
                timeout=seconds,
                check=False,
            ).returncode
        except subprocess.TimeoutExpired:
            return 124
        except OSError:
            return 127

    def can_read(self, path: Path) -> bool:
        """Whether a program of this account gets as far as ``path`` and may read it."""
        return self.run(["test", "-r", str(path)], seconds=20) == 0

    def give(self, path: Path) -> None:
        """Make the account the owner of a file or folder that root made for it."""
        if self.user:
            os.chown(path, self.user.pw_uid, self.user.pw_gid)


def choose_account(data: Path) -> Account:
    """The account for a data folder: the one that owns it where it exists, else what works here.

    ``EMBEDDED_PG_METHOD`` (``plain``, ``unshare``, ``drop``) forces a method for data that do not exist yet.
    """
    if os.geteuid() != 0:
        return Account("plain")
    if data.exists():
        owner = data.stat().st_uid
        return Account("drop", pwd.getpwuid(owner)) if owner else _namespace_or_error()
    forced = os.environ.get("EMBEDDED_PG_METHOD", "")
    if forced not in ("", *METHODS):
        raise EmbeddedPostgresError(
            f"EMBEDDED_PG_METHOD is {forced!r}; it takes one of {', '.join(METHODS)}."
        )
    if forced == "plain":
        raise EmbeddedPostgresError(
            "EMBEDDED_PG_METHOD=plain is not for root: PostgreSQL refuses to run as root."
        )
    if forced == "unshare":
        return _namespace_or_error()
    if not forced and _namespaces_work():
        return Account("unshare")
    return Account("drop", _lesser_user())


def _namespaces_work() -> bool:
    return Account("unshare").run(["true"], seconds=20) == 0


def _namespace_or_error() -> Account:
    if not _namespaces_work():
        raise EmbeddedPostgresError(
            "PostgreSQL refuses to run as root, and user namespaces (unshare -U) do not work here. "
            "Run as an ordinary user, or with EMBEDDED_PG_METHOD=drop on a new DATA_DIR."
        )
    return Account("unshare")


def _lesser_user() -> pwd.struct_passwd:
    for name in LESSER_USERS:
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise EmbeddedPostgresError(
        "PostgreSQL refuses to run as root, user namespaces do not work here, and there is no user to become "
        f"(looked for {', '.join(LESSER_USERS)})."
    )


def _environment() -> dict[str, str]:
    """The caller's environment without what would point the programs at another server."""
    kept = {key: value for key, value in os.environ.items() if not key.startswith(("PG", "LC_"))}
    return {**kept, "LC_ALL": "C"}
