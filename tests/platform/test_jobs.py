"""How the job runner is set up: what its traps would otherwise do (decision 20)."""

from __future__ import annotations

import pytest
from django.conf import settings
from django.contrib import admin
from django_q.models import Failure, OrmQ, Schedule, Success

from tests.factories.accounts import StaffFactory


def test_jobs_run_again_at_most_so_often_and_never_while_they_may_still_run() -> None:
    jobs = settings.Q_CLUSTER
    assert jobs["catch_up"] is False
    assert jobs["ack_failures"] is False
    assert 0 < jobs["max_attempts"] <= 5
    # A job waits for at most the others of the queue before it runs: then it must not be fetched anew.
    assert jobs["timeout"] * (jobs["queue_limit"] / jobs["workers"] + 1) < jobs["retry"]
    assert (jobs["orm"], jobs["bulk"]) == ("default", 1)


@pytest.mark.django_db
def test_schedules_are_intervals_and_each_is_there_once() -> None:
    rows = list(Schedule.objects.values_list("name", "schedule_type", "repeats", "args", "kwargs"))
    assert {name for name, *_rest in rows} >= {"sweep", "tidy"}
    assert len({name for name, *_rest in rows}) == len(rows)
    for _name, kind, repeats, args, kwargs in rows:
        assert kind in (Schedule.MINUTES, Schedule.HOURLY, Schedule.DAILY)
        assert repeats == -1
        assert not args
        assert not kwargs


@pytest.mark.django_db
@pytest.mark.parametrize("model", [Schedule, OrmQ, Success, Failure])
def test_nobody_edits_jobs_in_the_back_office(client, model) -> None:
    """A schedule can name any function, and one that can't be read stops all of them."""
    assert not admin.site.is_registered(model)
    client.force_login(StaffFactory(is_superuser=True))
    assert client.get(f"/admin/django_q/{model._meta.model_name}/").status_code == 404
