"""Whatever people do in whatever order, whenever a sweep comes: status, clocks and records keep their rules.

The machine goes through the verbs that every door uses, on the real database. A little model of its own,
written from time.md's table of moves, says which acts are allowed; the rest is computed from the events.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from tests.tickets.conftest import Scene
from tickets import actions
from tickets.actions import Refused, Submission
from tickets.enums import ClockState, Side
from tickets.models import Clock, Ticket
from tickets.verifying import verify

pytestmark = pytest.mark.django_db
SEVERITIES = ("P1", "P2", "P3", "P4")
UNSOLVED = ("new", "open", "waiting", "on_hold")
REOPEN_DAYS, AUTO_CLOSE_DAYS = 14, 7
pick = st.integers(0, 9)
lengths = st.one_of(
    st.integers(0, 3600),
    st.integers(3600, 26 * 3600),
    st.integers(24 * 3600, 20 * 24 * 3600),
)


class Model:
    """One ticket as the table of moves has it: a status, and the instants that time decides by."""

    def __init__(self, severity: str) -> None:
        self.status = "new"
        self.severity = severity
        self.resolved_at: datetime | None = None
        self.closed_at: datetime | None = None
        self.is_merged = False

    def look(self, at: datetime) -> str:
        """The status at an instant: resolved becomes closed by itself."""
        if self.status == "resolved" and self.resolved_at is not None:
            closing = self.resolved_at + timedelta(days=AUTO_CLOSE_DAYS)
            if closing <= at:
                self.status, self.closed_at = "closed", closing
        return self.status

    def may_reopen(self, at: datetime) -> bool:
        if self.is_merged or self.look(at) not in ("resolved", "closed"):
            return False
        return self.status == "resolved" or at <= self.closed_at + timedelta(days=REOPEN_DAYS)

    def become(self, status: str, at: datetime) -> None:
        self.status = status
        self.resolved_at = at if status == "resolved" else self.resolved_at if status == "closed" else None
        self.closed_at = at if status == "closed" else None


class Life(RuleBasedStateMachine):
    """Up to four tickets of one customer; ``scene`` is set by the test."""

    scene: Scene
    begin: datetime

    def __init__(self) -> None:
        super().__init__()
        self.point = transaction.savepoint()
        self.now = self.begin
        self.tickets: list[Ticket] = []
        self.models: dict[int, Model] = {}
        self.touched: set[int] = set()

    def teardown(self) -> None:
        try:
            self.touched = set(self.models)
            self.status_is_that_of_the_model()
            assert not list(verify())
        finally:
            transaction.savepoint_rollback(self.point)

    # --- what happens

    @initialize(severity=st.sampled_from(SEVERITIES))
    def first(self, severity: str) -> None:
        self.open(severity)

    @rule(severity=st.sampled_from(SEVERITIES))
    def submit(self, severity: str) -> None:
        if len(self.tickets) < 4:
            self.open(severity)

    def open(self, severity: str) -> None:
        submission = Submission("Trouble", "It stopped.", severity, "technical")
        ticket = actions.submit(
            person=self.scene.customer,
            organization=self.scene.organization,
            submission=submission,
            at=self.now,
        )
        self.tickets.append(ticket)
        self.models[ticket.pk] = Model(severity)
        self.touched.add(ticket.pk)

    @rule(length=lengths)
    def wait(self, length: int) -> None:
        self.now += timedelta(seconds=length)

    @rule(length=lengths, twice=st.booleans())
    def sweep(self, length: int, twice: bool) -> None:
        self.now += timedelta(seconds=length)
        actions.sweep(at=self.now)
        if twice:
            counts = actions.sweep(at=self.now)
            assert not any(counts[name] for name in ("breached", "warned", "closed", "windows_ended"))
        self.touched |= set(self.models)

    @rule(which=pick, then=st.sampled_from(["", "waiting", "resolved", "closed"]))
    def support_says(self, which: int, then: str) -> None:
        ticket, model = self.survivor(which)
        status = model.look(self.now)
        allowed = status in UNSOLVED or (status == "resolved" and then in ("", "closed"))
        self.act(
            allowed, actions.say, ticket=ticket, author=self.scene.agent, body="So.", at=self.now, then=then
        )
        if allowed:
            after = {"": "open" if status == "new" else status}.get(then, then)
            if after != status:
                model.become(after, self.now)

    @rule(which=pick)
    def support_notes(self, which: int) -> None:
        self.act(True, actions.note, ticket=self.any(which), author=self.scene.agent, body="Hm.", at=self.now)

    @rule(which=pick)
    def customer_writes(self, which: int) -> None:
        ticket, model = self.survivor(which)
        status = model.look(self.now)
        allowed = status in UNSOLVED or model.may_reopen(self.now)
        self.act(
            allowed,
            actions.hear,
            ticket=self.any(which),
            author=self.scene.customer,
            body="And?",
            at=self.now,
        )
        if allowed and status in ("waiting", "resolved", "closed"):
            model.become("open", self.now)

    @rule(which=pick)
    def customer_closes(self, which: int) -> None:
        self.move(
            which, (*UNSOLVED, "resolved"), "closed", actions.close_by_customer, actor=self.scene.customer
        )

    @rule(which=pick)
    def support_closes_the_resolved(self, which: int) -> None:
        self.move(which, ("resolved",), "closed", actions.close_by_support, actor=self.scene.agent)

    @rule(which=pick)
    def hold(self, which: int) -> None:
        self.move(which, ("new", "open", "waiting"), "on_hold", actions.hold, actor=self.scene.agent)

    @rule(which=pick)
    def end_hold(self, which: int) -> None:
        self.move(which, ("on_hold",), "open", actions.end_hold, actor=self.scene.agent)

    @rule(which=pick, by_support=st.booleans())
    def reopen(self, which: int, by_support: bool) -> None:
        ticket = self.any(which)
        model = self.models[ticket.pk]
        allowed = model.may_reopen(self.now)
        side = Side.SUPPORT if by_support else Side.CUSTOMER
        self.act(allowed, actions.reopen, ticket=ticket, actor=self.scene.customer, at=self.now, side=side)
        if allowed:
            model.become("open", self.now)

    @rule(which=pick)
    def no_reply_needed(self, which: int) -> None:
        self.act(
            True, actions.mark_no_reply_needed, ticket=self.any(which), actor=self.scene.agent, at=self.now
        )

    @rule(which=pick, assigns=st.booleans())
    def what_moves_nothing(self, which: int, assigns: bool) -> None:
        ticket, agent = self.any(which), self.scene.agent
        if assigns:
            actions.assign(ticket=ticket, actor=agent, at=self.now, to=agent)
        else:
            actions.confirm_severity(ticket=ticket, actor=agent, at=self.now)
        self.touched.add(ticket.pk)

    @rule(
        which=pick,
        to=st.sampled_from(SEVERITIES),
        how=st.sampled_from(["raised", "corrected", "lowered"]),
    )
    def severity(self, which: int, to: str, how: str) -> None:
        ticket = self.any(which)
        model = self.models[ticket.pk]
        step = SEVERITIES.index(to) - SEVERITIES.index(model.severity)
        fits = {"raised": step < 0, "lowered": step > 0, "corrected": step != 0}[how]
        allowed = fits and model.look(self.now) in UNSOLVED
        self.act(
            allowed,
            actions.change_severity,
            ticket=ticket,
            actor=self.scene.agent,
            at=self.now,
            to=to,
            how=how,
            reason="So it is.",
        )
        if allowed:
            model.severity = to

    @rule(which=pick, into=pick)
    def merge(self, which: int, into: int) -> None:
        ticket, other = self.any(which), self.any(into)
        gone, stays = self.models[ticket.pk], self.models[other.pk]
        allowed = (
            ticket != other
            and not gone.is_merged
            and not stays.is_merged
            and gone.look(self.now) in UNSOLVED
            and stays.look(self.now) in UNSOLVED
        )
        before = self.due_of(other)
        brought = self.due_of(ticket)
        self.act(
            allowed,
            actions.merge,
            ticket=ticket,
            into=other,
            actor=self.scene.agent,
            at=self.now,
            reason="The same thing.",
        )
        if allowed:
            gone.become("closed", self.now)
            gone.is_merged = True
            self.touched.add(other.pk)
            after = self.due_of(other)
            for metric, due in before.items():
                assert after[metric] == min(due, brought.get(metric, due))

    # --- what must hold

    @invariant()
    def what_was_touched_is_right(self) -> None:
        if self.touched:
            self.status_is_that_of_the_model()
            assert not list(verify(self.touched))
            self.touched = set()

    def status_is_that_of_the_model(self) -> None:
        for ticket in Ticket.objects.filter(pk__in=self.touched):
            model = self.models[ticket.pk]
            assert ticket.status_at(self.now) == model.look(self.now)
            assert ticket.severity == model.severity
            assert ticket.may_be_reopened(self.now) == model.may_reopen(self.now)
            assert (ticket.closed_at is None) or ticket.closed_instant(self.now) == model.closed_at

    # --- how

    def any(self, which: int) -> Ticket:
        return self.tickets[which % len(self.tickets)]

    def survivor(self, which: int) -> tuple[Ticket, Model]:
        ticket = Ticket.objects.get(pk=self.any(which).pk).survivor
        return ticket, self.models[ticket.pk]

    def due_of(self, ticket: Ticket) -> dict[str, datetime]:
        """Running clocks by metric; those that a late sweep has not found missed yet are left out."""
        rows = Clock.objects.filter(ticket=ticket, state=ClockState.RUNNING, due_at__gte=self.now)
        return {clock.metric: clock.due_at for clock in rows}

    def move(self, which: int, sources: tuple[str, ...], to: str, verb: Any, **values: Any) -> None:
        ticket = self.any(which)
        model = self.models[ticket.pk]
        allowed = model.look(self.now) in sources
        self.act(allowed, verb, ticket=ticket, at=self.now, **values)
        if allowed:
            model.become(to, self.now)

    def act(self, allowed: bool, verb: Any, **values: Any) -> None:
        """Call a verb; it is refused if and only if the model says so."""
        ticket: Ticket = values["ticket"]
        survivor = ticket.survivor.pk if verb in (actions.say, actions.hear, actions.note) else ticket.pk
        try:
            verb(**values)
        except Refused as refused:
            assert not allowed, refused.code
            return
        assert allowed, f"{verb.__name__} from {self.models[survivor].status}"
        self.touched |= {ticket.pk, survivor}


def test_whatever_happens_the_record_keeps_its_rules(scene: Scene, at: datetime) -> None:
    Life.scene, Life.begin = scene, at
    run_state_machine_as_test(
        Life,
        settings=settings(
            max_examples=200,
            stateful_step_count=50,
            deadline=None,
            derandomize=True,
            database=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
