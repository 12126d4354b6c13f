"""Whatever people do in whatever order, whenever a sweep comes: status, clocks and records keep their rules.

The machine goes through the verbs that every door uses, on the real database. A little model of its own,
written from time.md's table of moves, says which acts are allowed; the rest is computed from the events.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from plans.models import Contract
from tests.factories.plans import POLICIES, published_text
from tests.tickets.conftest import Scene
from tickets import actions
from tickets.actions import Refused, Submission
from tickets.enums import ClockState, Side
from tickets.models import Clock, Ticket
from tickets.verifying import verify

pytestmark = pytest.mark.django_db
SEVERITIES = ("P1", "P2", "P3", "P4")
UNSOLVED = ("new", "open", "waiting", "on_hold")
MORE_TARGETS = """\
      next_reply: {P1: 2h, P2: 1bd, P3: 8h}
      resolution: {P1: 24h, P2: {in: 48h, counted: elapsed}, P3: nbd}
"""
READ = ("status", "severity", "auto_close_at", "closed_at", "reopen_until")
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
        self.into: int | None = None

    @property
    def is_merged(self) -> bool:
        return self.into is not None

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
        ticket, model = self.any(which), self.survivor(which)
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
        model = self.survivor(which)
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
        before, brought = (self.due_of(other), self.due_of(ticket)) if allowed else ({}, {})
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
            gone.into = other.pk
            self.touched.add(other.pk)
            after = self.due_of(other)
            for metric, due in before.items():
                # Earlier still where the other's was paused: as if its pause ended now.
                assert after[metric] <= min(due, brought.get(metric, due))

    # --- what must hold

    @invariant()
    def what_was_touched_is_right(self) -> None:
        if self.touched:
            self.status_is_that_of_the_model()
            assert not list(verify(self.touched))
            self.touched = set()

    def status_is_that_of_the_model(self) -> None:
        for ticket in Ticket.objects.filter(pk__in=self.touched).only(*READ):
            model = self.models[ticket.pk]
            assert ticket.status_at(self.now) == model.look(self.now)
            assert ticket.severity == model.severity
            assert ticket.may_be_reopened(self.now) == model.may_reopen(self.now)
            assert (ticket.closed_at is None) or ticket.closed_instant(self.now) == model.closed_at

    # --- how

    def any(self, which: int) -> Ticket:
        return self.tickets[which % len(self.tickets)]

    def survivor(self, which: int) -> Model:
        """The model of the ticket that a message to this one reaches."""
        return self.models[self.reached(self.any(which))]

    def reached(self, ticket: Ticket) -> int:
        number = ticket.pk
        while (into := self.models[number].into) is not None:
            number = into
        return number

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
        said = verb in (actions.say, actions.hear, actions.note)
        reached = self.reached(ticket) if said else ticket.pk
        try:
            verb(**values)
        except Refused as refused:
            assert not allowed, refused.code
            return
        assert allowed, f"{verb.__name__} from {self.models[reached].status}"
        self.touched |= {ticket.pk, reached}


@pytest.fixture
def lively(scene: Scene) -> Scene:
    """The same people under terms that promise everything there is, and where a hold pauses."""
    text = (POLICIES / "nextplane.yaml").read_text()
    for written, instead in (
        ("policy: nextplane", "policy: lively"),
        ("    auto_close_days: 7\n", "    auto_close_days: 7\n    pause_on_hold: true\n"),
        ("P3: 36h}\n", "P3: 36h}\n" + MORE_TARGETS),
    ):
        assert written in text
        text = text.replace(written, instead, 1)
    policy = published_text(text).policy
    Contract.objects.filter(organization=scene.organization).update(policy=policy, edition=policy.current())
    return scene


@pytest.mark.parametrize("terms", ["scene", "lively"])
def test_whatever_happens_the_record_keeps_its_rules(
    terms: str, at: datetime, request: pytest.FixtureRequest
) -> None:
    Life.scene, Life.begin = request.getfixturevalue(terms), at
    run_state_machine_as_test(
        Life,
        settings=settings(
            max_examples=100,
            stateful_step_count=50,
            deadline=None,
            derandomize=True,
            database=None,
            suppress_health_check=list(HealthCheck),
            # To shorten a history that fails takes minutes: take this line out for that.
            phases=[Phase.generate],
        ),
    )
