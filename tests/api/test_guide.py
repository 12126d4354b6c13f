"""What stands in docs/api.md works: each command and each piece of Python in it, in order."""

from __future__ import annotations

import re
import shlex
from pathlib import Path
from typing import Any

import pytest
import requests

from accounts.models import Organization
from tests.api.conftest import Caller, make_ticket
from tests.factories.plans import published

pytestmark = pytest.mark.django_db
GUIDE = (Path(__file__).resolve().parents[2] / "docs" / "api.md").read_text()
KEPT = "https://support.example.com/api/v1"


@pytest.fixture
def here(scene, partner):
    """The partner, among the names of the demonstration."""
    Organization.objects.filter(slug="managed").update(slug="demo-jumpcloud-msp-standard")
    Organization.objects.filter(slug="msp").update(slug="demo-msp")
    return partner


def pieces(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", GUIDE, re.DOTALL)


def to_us(who: Caller) -> Any:
    """Hands what ``requests`` would send to the API, through its own door."""

    def send(_adapter: Any, request: Any, **kwargs: Any) -> requests.Response:
        headers = {"Content-Type": "", **request.headers}
        told = who(request.method, request.url.removeprefix(f"{KEPT}/"), request.body or b"", **headers)
        answer = requests.Response()
        answer.status_code, answer._content = told.status, told.raw
        answer.headers.update(told.headers)
        return answer

    return send


def test_its_python_runs(here, monkeypatch):
    monkeypatch.setattr(requests.adapters.HTTPAdapter, "send", to_us(here))
    token = here.headers["Authorization"].removeprefix("Bearer ")
    names: dict[str, Any] = {"TOKEN": token}
    found = pieces("python")
    assert len(found) >= 5
    for piece in found:
        exec(compile(piece, "docs/api.md", "exec"), names)


def test_its_commands_answer(here, scene):
    published("nextplane")
    ticket = make_ticket(scene)
    run = 0
    for piece in pieces("sh"):
        text = piece.replace("\\\n", " ").replace("1042", str(ticket.pk))
        for line in re.findall(r"^curl [^\n]*(?:\n +[^\n]*)*", text, re.MULTILINE):
            status = _curl(here, shlex.split(line))
            assert status in (200, 201), line
            run += 1
    assert run >= 4


def _curl(who: Caller, words: list[str]) -> int:
    """The status of a call that is written for curl."""
    verb, body, headers, path = "GET", None, {}, ""
    rest = iter(words[1:])
    for word in rest:
        if word == "-X":
            verb = next(rest)
        elif word == "-H":
            name, value = next(rest).split(": ", 1)
            headers |= {name: value} if name != "Authorization" else {}
        elif word == "-d":
            body = next(rest)
        elif word != "-s":
            path = word.removeprefix("$KEPT/")
    return who(verb, path, body, **headers).status
