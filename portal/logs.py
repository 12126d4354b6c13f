"""Structured logs: JSON lines in production, readable lines in development."""

from __future__ import annotations

import re
from collections.abc import MutableMapping
from typing import Any

import structlog

# Addresses whose last part is a key: an invitation, a file, a new password, the proof of an address.
_KEYS = re.compile(r"(/(?:invitation|files|account/password/reset/key|account/confirm-email)/)[^/\s?\"']+")


def without_keys(logger: Any, name: str, told: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Leave out of a line what would let its reader in: addresses that are keys."""
    for field, value in told.items():
        if isinstance(value, str):
            told[field] = _KEYS.sub(r"\1…", value)
    return told


SHARED: list[Any] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_logger_name,
    structlog.stdlib.add_log_level,
    structlog.processors.TimeStamper(fmt="iso"),
    structlog.processors.StackInfoRenderer(),
    structlog.processors.format_exc_info,
    without_keys,
]


def configure(level: str, *, as_json: bool) -> dict[str, Any]:
    """Set structlog up to write through ``logging``, and return the ``LOGGING`` setting for ``level``."""
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *SHARED,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    renderer: Any = (
        structlog.processors.JSONRenderer() if as_json else structlog.dev.ConsoleRenderer(colors=False)
    )
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "line": {
                "()": structlog.stdlib.ProcessorFormatter,
                "processor": renderer,
                "foreign_pre_chain": SHARED,
            }
        },
        "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
        "root": {"handlers": ["console"], "level": level},
        "loggers": {
            "django.server": {"level": "WARNING"},
            "django-q": {"level": "WARNING"},
            # A line for each request is the web server's own; warnings and faults are ours.
            "django_structlog": {"level": "WARNING"},
        },
    }
