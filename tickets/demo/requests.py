"""Act the stories out, through the verbs that every door uses."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta

from accounts.models import Organization, User
from tickets.actions import (
    Submission,
    acknowledge,
    assign,
    close_by_customer,
    escalate,
    hear,
    hold,
    note,
    say,
    submit,
    sweep,
)
from tickets.actions.exclusions import answer_objection, exclude, object_to
from tickets.actions.surveys import rate
from tickets.actions.work import log_work
from tickets.charges import rate_told
from tickets.demo.people import PARTNER
from tickets.demo.stories import AGENT, LEAD, STORIES, Step, Story
from tickets.enums import ClockState, Score, Side
from tickets.models import Ticket
from timekeeping.charges import Work, counted

_SPACE = uuid.UUID("6f1a6f0e-0c3b-4a6e-9a3e-2f2f5d6f8f11")
_THEN = {"answer": "", "ask": "waiting", "resolve": "resolved"}


def act_out(at: datetime) -> int:
    """Act out every story that this database does not have yet, as of ``at``. Returns how many."""
    people = {user.email: user for user in User.objects.filter(email__endswith=".example")}
    organizations = {o.slug: o for o in Organization.objects.filter(slug__startswith="demo-")}
    keys = {story: uuid.uuid5(_SPACE, f"{story.slug} {story.subject}") for story in STORIES}
    there = set(Ticket.objects.filter(client_key__in=keys.values()).values_list("client_key", flat=True))
    missing = [story for story in STORIES if keys[story] not in there]
    for story in sorted(missing, key=lambda story: -story.age):
        _act(story, keys[story], people, organizations, at)
    if missing:
        sweep(at=at)
    return len(missing)


def _act(
    story: Story,
    key: uuid.UUID,
    people: dict[str, User],
    organizations: dict[str, Organization],
    at: datetime,
) -> None:
    asked_at = at - timedelta(hours=story.age)
    customer = people[f"partner@{PARTNER}.example" if story.by_partner else f"admin@{story.slug}.example"]
    ticket = submit(
        person=customer,
        organization=organizations[story.slug],
        submission=Submission(
            subject=story.subject,
            description=story.text,
            severity=story.severity,
            support_type=story.support_type,
        ),
        at=asked_at,
        client_key=key,
        accepts_rate=True,
    )
    worker = people[story.assigned or AGENT]
    if story.assigned:
        assign(ticket=ticket, actor=worker, at=asked_at + timedelta(minutes=5), to=worker)
    for step in story.steps:
        _do(step, ticket, worker, customer, asked_at + timedelta(hours=step.hours))


def _do(step: Step, ticket: Ticket, worker: User, customer: User, at: datetime) -> None:
    if step.verb in _THEN:
        say(ticket=ticket, author=worker, body=step.text, at=at, then=_THEN[step.verb])
    elif step.verb == "note":
        note(ticket=ticket, author=worker, body=step.text, at=at)
    elif step.verb == "hear":
        hear(ticket=ticket, author=customer, body=step.text, at=at)
    elif step.verb == "exclude":
        _exclude(step, ticket, worker, at)
    elif step.verb == "work":
        _work(step, ticket, worker, at)
    elif step.verb == "object":
        object_to(note=ticket.exclusions.get(), actor=customer, at=at, text=step.text)
    elif step.verb == "uphold":
        lead = User.objects.get(email=LEAD)
        answer_objection(note=ticket.exclusions.get(), actor=lead, at=at, is_upheld=True, text=step.text)
    elif step.verb == "escalate":
        escalate(ticket=ticket, actor=customer, at=at, reason=step.text, side=Side.CUSTOMER)
    elif step.verb == "acknowledge":
        acknowledge(ticket=ticket, actor=worker, at=at)
    elif step.verb == "rate":
        rate(survey=ticket.surveys.get(), actor=customer, at=at, score=Score.VERY_GOOD, comment=step.text)
    elif step.verb == "close":
        close_by_customer(ticket=ticket, actor=customer, at=at)
    else:
        hold(ticket=ticket, actor=worker, at=at, reason=step.text)


def _exclude(step: Step, ticket: Ticket, worker: User, at: datetime) -> None:
    """An exclusion beside the promise that was missed, the first of its terms."""
    missed = next(clock for clock in ticket.clocks.order_by("pk") if clock.state_at(at) == ClockState.MISSED)
    code = ticket.plan.edition.exclusions.values_list("code", flat=True)[0]
    exclude(ticket=ticket, actor=worker, at=at, code=code, clock=missed, text=step.text)


def _work(step: Step, ticket: Ticket, worker: User, at: datetime) -> None:
    """Work that is charged, the last hour before ``at`` at which the rate holds."""
    told = rate_told(ticket)
    if told is None:
        raise ValueError("the demonstration charges only where there is a rate")
    seconds = step.minutes * 60
    ends = (at - timedelta(hours=hours) for hours in range(24 * 7))
    until = next(end for end in ends if counted(told[0], Work(seconds, end)) == seconds)
    log_work(
        ticket=ticket,
        actor=worker,
        at=at,
        seconds=seconds,
        worked_until=until,
        text=step.text,
        is_billable=True,
    )
