"""What can go wrong with the embedded server, said so that somebody can act on it."""

from __future__ import annotations


class EmbeddedPostgresError(RuntimeError):
    """The embedded PostgreSQL cannot run here; the message says why and what to set instead."""

    def __init__(self, reason: str) -> None:
        super().__init__(
            f"{reason}\nOr use a server of your own: DATABASE_URL=postgres://user:password@host:port/name"
        )
