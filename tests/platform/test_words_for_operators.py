"""A fault of the machine is said in a line, and one of the program keeps its traceback."""

from __future__ import annotations

import errno

import pytest
from django.db import OperationalError

from manage import _words_for_operators
from portal.embedded import EmbeddedPostgresError


@pytest.mark.parametrize(
    ("url", "place"), [("postgres://a@127.0.0.1:1/b", "DATABASE_URL"), ("", "postgres.log")]
)
def test_a_database_that_is_away(monkeypatch, url, place) -> None:
    monkeypatch.setenv("DATABASE_URL", url)
    said = _words_for_operators(OperationalError("connection failed:\n\tConnection refused"))
    assert "connection failed: Connection refused" in said
    assert place in said


def test_a_folder_that_may_not_be_written() -> None:
    said = _words_for_operators(PermissionError(errno.EACCES, "Permission denied", "/srv/kept/var/run"))
    assert said == "/srv/kept/var/run can't be written: Permission denied. Look at DATA_DIR."


def test_an_embedded_server_that_does_not_start_says_itself_what_to_do() -> None:
    said = _words_for_operators(EmbeddedPostgresError("initdb failed."))
    assert said.startswith("initdb failed.")
    assert "DATABASE_URL" in said


@pytest.mark.parametrize(
    "error", [ValueError("no"), OperationalError("deadlock detected"), FileNotFoundError()]
)
def test_a_fault_of_the_program_is_not_hidden(error) -> None:
    assert _words_for_operators(error) == ""
