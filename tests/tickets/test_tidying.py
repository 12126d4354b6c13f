"""What is only needed for a while goes: idempotency keys, sign-ins that ran out, the bytes of old mail."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session

from tests.factories.accounts import UserFactory
from tickets.actions.mail import may_be_sorted
from tickets.actions.tidying import tidy
from tickets.models import IdempotencyRecord, IncomingMail


def test_old_keys_go_and_new_ones_stay(db, at):
    user = UserFactory()
    for key, age in (("old", timedelta(days=2, seconds=1)), ("new", timedelta(days=1))):
        row = IdempotencyRecord.objects.create(user=user, path="tickets", key=key, body_digest="0" * 64)
        IdempotencyRecord.objects.filter(pk=row.pk).update(created_at=at - age)
    assert tidy(at=at)["idempotency_keys"] == 1
    assert tidy(at=at)["idempotency_keys"] == 0
    assert IdempotencyRecord.objects.get().key == "new"


def test_sign_ins_that_ran_out_go_with_where_they_were_made_from(db, at):
    user = UserFactory()
    for key, left in (("old", timedelta(seconds=-1)), ("new", timedelta(days=1))):
        Session.objects.create(session_key=key, session_data="", expire_date=at + left)
        row = UserSession.objects.create(user=user, session_key=key, ip="127.0.0.1", user_agent="x")
        UserSession.objects.filter(pk=row.pk).update(created_at=at - timedelta(days=20))
    assert tidy(at=at)["sessions"] == 1
    assert Session.objects.get().session_key == UserSession.objects.get().session_key == "new"


def mail(state: str, handled_at: datetime | None, at: datetime) -> IncomingMail:
    return IncomingMail.objects.create(
        digest=f"{state}{handled_at}",
        raw=b"Subject: x",
        subject="x",
        state=state,
        received_at=at,
        handled_at=handled_at,
        next_try_at=at,
    )


def test_bytes_of_mail_go_when_their_time_is_over(db, at, settings):
    settings.MAIL_KEPT_DAYS = 30
    late, early = at - timedelta(days=30, seconds=1), at - timedelta(days=29)
    gone = {mail(state, late, late).pk for state in ("posted", "opened", "stopped", "bounce", "dismissed")}
    mail("posted", early, early)
    mail("held", late, late)
    mail("waiting", None, late)
    assert tidy(at=at)["mails"] == 5
    assert tidy(at=at)["mails"] == 0
    emptied = IncomingMail.objects.filter(emptied_at=at)
    assert {row.pk for row in emptied} == gone
    assert {(bytes(row.raw), row.subject) for row in emptied} == {(b"", "x")}
    assert not any(may_be_sorted(row) for row in emptied)
    assert IncomingMail.objects.filter(emptied_at=None, raw=b"Subject: x").count() == 3


@pytest.mark.parametrize(("days", "count"), [(0, 0), (180, 1)])
def test_how_long_is_a_setting(db, at, settings, days, count):
    settings.MAIL_KEPT_DAYS = days
    mail("posted", at - timedelta(days=1000), at - timedelta(days=1000))
    assert tidy(at=at)["mails"] == count
