"""The scene of editions: a customer on nextplane's startup plan, and a draft that changes its P2."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from accounts.enums import Role
from accounts.models import User
from plans.admin.drafting import start_draft
from plans.models import Edition
from tests.factories.accounts import StaffFactory
from tests.factories.plans import published
from tests.tickets.conftest import ask, scene  # noqa: F401 - fixtures


@pytest.fixture
def draft(db: None) -> Edition:
    """A draft of nextplane that says what the edition in force says."""
    return start_draft(published("nextplane").policy)


@pytest.fixture
def change(draft: Edition) -> Callable[..., Edition]:
    """``change("8h")``: the draft, with that first response for startup's P2."""

    def _change(written: str, plan: str = "startup", metric: str = "first_response") -> Edition:
        row = draft.plans.get(code=plan).targets.get(metric=metric, severity__code="P2")
        row.written = written
        row.save()
        return draft

    return _change


@pytest.fixture
def signed_in() -> Callable[[User], Client]:
    def make(user: User) -> Client:
        client = Client(raise_request_exception=False)
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        return client

    return make


@pytest.fixture
def as_role(db: None, signed_in: Callable[[User], Client]) -> Callable[..., Client]:
    """``as_role("manager")``: a client of somebody with that role."""

    def make(role: str = Role.MANAGER, **fields: Any) -> Client:
        return signed_in(StaffFactory(role=role, **fields))

    return make


def html(response: Any) -> str:
    return response.content.decode()
