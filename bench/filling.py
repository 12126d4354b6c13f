"""Many requests with their whole history, by statements that copy ones which went through their verbs.

A few dozen requests are made by the verbs that every door uses; each is then copied thousands of times, with
its messages, events, clocks, decision, notices and surveys, for other organizations and people and a little
later. So a million stand there in minutes, in the shares in which a desk that has run for two years has them.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import accumulate
from typing import Any

from django.contrib.auth.hashers import make_password
from django.db import connection
from django.db.models import DateTimeField, Field, ForeignKey, Model

AGENTS, CONTACTS = 40, 3
MANAGED = 300
"""Organizations that one partner holds a mandate over."""
TERMS = (
    ("nextplane", "startup", ("P1", "P2", "P3"), "technical"),
    ("two-tier", "enterprise", ("high", "medium"), "technical"),
    ("nextplane", "business", ("P2", "P3"), "technical"),
    ("jumpcloud-msp", "premium", ("S1", "S3"), "technical"),
)
WORDS = (
    "certificate", "gateway", "messages", "presence", "directory", "sync", "report", "totals", "invoice",
    "phone", "office", "slow", "error", "timeout", "login", "export", "calendar", "licence", "update",
    "queue",
)  # fmt: skip
CHINESE = ("网关证书过期", "消息无法送达", "登录失败", "报表数字不对", "同步很慢", "发票有误")
FILLER = (
    " It began this morning and concerns everybody in the second shift. We have restarted the connector and "
    "compared the settings with those of the other site, without a difference that we could name."
)


@dataclass(frozen=True)
class Story:
    """What becomes of a request: hours after it was asked, and what is done then.

    ``share`` of all requests have this story, asked ``ages`` days ago.
    """

    share: float
    ages: tuple[float, ...]
    steps: tuple[tuple[float, str], ...]


ENDED = tuple(float(days) for days in range(75, 730, 55))
STORIES = (
    Story(62, ENDED, ((0.2, "answer"), (20, "hear"), (22, "answer"), (40, "close"))),
    Story(14, ENDED[::2], ((0.3, "answer"), (30, "ask"), (50, "hear"), (51, "resolve"))),
    Story(2, (9, 13), ((0.2, "answer"), (30, "close"))),
    Story(3, (1.3, 2.6), ((0.2, "answer"), (20, "resolve"))),
    Story(3, (0.1, 0.5), ()),
    Story(3, (30, 45), ()),
    Story(8, (1.6, 3.4, 5.2), ((0.2, "answer"), (10, "hear"))),
    Story(3, (3.1, 6.2), ((0.2, "answer"), (9, "ask"))),
    Story(2, (6.3, 12.1), ((0.2, "answer"), (7, "hold"))),
)  # fmt: skip


@dataclass
class World:
    """Who is there, and which requests are copied."""

    at: datetime
    staff: list[Any]
    partner: Any
    organizations: dict[int, list[Any]] = field(default_factory=dict)
    weights: dict[int, list[int]] = field(default_factory=dict)
    contacts: dict[int, list[int]] = field(default_factory=dict)
    contracts: dict[int, int] = field(default_factory=dict)
    originals: list[tuple[Any, int, float]] = field(default_factory=list)
    """Request, place of its terms in ``TERMS``, and its share."""


def fill(count: int, at: datetime) -> World:
    """Make ``count`` requests as of ``at`` in an empty database, and let the planner know."""
    world = _people(at, count)
    _originals(world)
    with connection.cursor() as cursor:
        cursor.execute("SET synchronous_commit TO off")
        cursor.execute("SET maintenance_work_mem TO '512MB'")
        _copies(world, count)
        cursor.execute("VACUUM ANALYZE")
    return world


def _people(at: datetime, count: int) -> World:
    """Organizations (one with a fifth of everything, four with a twentieth), contacts, staff, a partner."""
    from accounts.models import Contact, Mandate, Organization, User
    from plans.models import Contract
    from tests.factories.accounts import ContactFactory, PartnerFactory, StaffFactory
    from tests.factories.plans import published

    approved = at - timedelta(days=1000)
    staff = [StaffFactory(role="lead" if n < 3 else "agent", name=f"Agent {n}") for n in range(AGENTS)]
    partner = ContactFactory(organization=PartnerFactory(slug="partner", name="Northgate Services"))
    world = World(at, staff, partner)
    small = max(8, count // 500)
    made = Organization.objects.bulk_create(
        Organization(slug=f"org-{n}", name=f"{_name(n)} {n}", time_zone="America/New_York")
        for n in range(small + 5)
    )
    people = User.objects.bulk_create(
        User(
            email=f"person{n}@org-{n // CONTACTS}.example",
            name=f"{_name(n)} {_name(n + 7)}",
            password=make_password(None),
        )
        for n in range(CONTACTS * len(made))
    )
    Contact.objects.bulk_create(
        Contact(
            user=person,
            organization=made[n // CONTACTS],
            is_administrator=n % CONTACTS == 0,
            sees="own" if n % CONTACTS == 2 else "organization",
            customer_approved_at=approved,
            vendor_approved_at=approved,
        )
        for n, person in enumerate(people)
    )
    for place, (policy, plan, _severities, _kind) in enumerate(TERMS):
        edition = published(policy, approved)
        # The big ones have the first terms.
        own = made[:5] if place == 0 else []
        own = own + made[5 + place :: len(TERMS)]
        world.organizations[place] = own
        world.weights[place] = [_weight(made.index(one), small) for one in own[:5]] + [100] * len(own[5:])
        rows = Contract.objects.bulk_create(
            Contract(
                organization=one,
                policy=edition.policy,
                plan_code=plan,
                edition=edition if edition.terms == "pinned" else None,
                starts_on=approved.date(),
            )
            for one in own
        )
        world.contracts |= {row.organization_id: row.pk for row in rows}
    for n, one in enumerate(made):
        world.contacts[one.pk] = [person.pk for person in people[n * CONTACTS : (n + 1) * CONTACTS]]
    Mandate.objects.bulk_create(
        Mandate(partner=partner.organization, organization=one, from_on=approved.date())
        for one in made[5 : 5 + MANAGED]
    )
    return world


def _weight(place: int, small: int) -> int:
    """A fifth of all for the first, a twentieth for the next four, the rest evenly."""
    shares = {0: 20, 1: 5, 2: 5, 3: 5, 4: 5}
    return shares[place] * small * 100 // 60 if place in shares else 100


def _name(n: int) -> str:
    starts = ("Har", "Nor", "Bel", "Cas", "Dun", "Ester", "Fal", "Gren", "Hol", "Ivar", "Jun", "Kal", "Lor")
    ends = ("bour", "field", "mont", "wick", "dale", "ström", "hagen", "ford", "berg", "ville", "stein")
    return starts[n % len(starts)] + ends[n // len(starts) % len(ends)]


def _originals(world: World) -> None:
    """The requests that are copied: each story under each terms, at each of its ages."""
    from tickets.actions import sweep

    # Of the oldest on: what the sweep records meanwhile stands at its own instants anyway.
    asked = [
        (age, place, story, severity)
        for place, (_policy, _plan, severities, _type) in enumerate(TERMS)
        for story in STORIES
        for age, severity in zip(story.ages, severities * len(story.ages), strict=False)
    ]
    for age, place, story, severity in sorted(asked, key=lambda one: -one[0]):
        ticket = _act(world, place, story, age, severity)
        world.originals.append((ticket, place, story.share / len(story.ages)))
    sweep(at=world.at)
    _all_sent(world.at)


def _act(world: World, place: int, story: Story, age: float, severity: str) -> Any:
    from accounts.models import User
    from tickets.actions import Submission, assign, close_by_customer, hear, hold, say, submit

    organization = world.organizations[place][-1]
    person = User.objects.get(pk=world.contacts[organization.pk][0])
    asked_at = (world.at - timedelta(days=age)).replace(microsecond=0)
    submission = Submission(
        subject="A request", description="Described.", severity=severity, support_type=TERMS[place][3]
    )
    ticket = submit(person=person, organization=organization, submission=submission, at=asked_at)
    worker = world.staff[len(world.originals) % AGENTS]
    text = "What was found, and what was done about it." + FILLER
    for hours, verb in story.steps:
        at = asked_at + timedelta(hours=hours)
        if verb == "hear":
            hear(ticket=ticket, author=person, body=text, at=at)
        elif verb == "close":
            close_by_customer(ticket=ticket, actor=person, at=at)
        elif verb == "hold":
            hold(ticket=ticket, actor=worker, at=at, reason="Waits for a part.")
        else:
            then = {"answer": "", "ask": "waiting", "resolve": "resolved"}[verb]
            say(ticket=ticket, author=worker, body=text, at=at, then=then)
    if story.steps and place:
        assign(ticket=ticket, actor=worker, at=at + timedelta(minutes=1), to=worker)
    return ticket


def _all_sent(at: datetime) -> None:
    from django.db.models import F

    from notices.models import Notice

    Notice.objects.update(state="sent", sent_at=F("created_at"), tries=1)


# --- copying ---------------------------------------------------------------------------------------


def _copies(world: World, count: int) -> None:
    from notices.models import Notice
    from tickets.models import (
        Clock,
        DecisionRecord,
        Escalation,
        EscalationStep,
        Message,
        Survey,
        Ticket,
        TicketEvent,
        Watcher,
    )

    big: tuple[type[Model], ...] = (
        Ticket, Message, TicketEvent, Clock, DecisionRecord, Notice, Survey,
        Escalation, EscalationStep, Watcher,
    )  # fmt: skip
    with connection.cursor() as cursor, _Bare(cursor, big):
        _plan_copies(cursor, world, count)
        copier = _Copier(cursor)
        copier.tickets()
        for model in (Message, Clock, DecisionRecord, Survey, Escalation):
            copier.rows(model)
        copier.rows(TicketEvent, {"key": "CASE WHEN t.key IS NOT NULL THEN 'copy:' || {id} END"})
        copier.steps()
        copier.notices()
        for model in big:
            _go_on_after(cursor, model)
        _refusals(cursor, count // 20)
        _watchers(cursor, count // 50)
        _incoming(cursor, count // 20)


class _Bare:
    """Indexes and foreign keys go, and are made again at the end: many times quicker than row by row."""

    def __init__(self, cursor: Any, models: Iterable[type[Model]]) -> None:
        self.cursor = cursor
        self.tables = [model._meta.db_table for model in models]
        self.made: list[str] = []

    def __enter__(self) -> None:
        self.cursor.execute(
            "SELECT indexrelid::regclass::text, pg_get_indexdef(indexrelid) FROM pg_index "
            "LEFT JOIN pg_constraint ON conindid = indexrelid "
            "WHERE indrelid = ANY(%s::regclass[]) AND conindid IS NULL",
            [self.tables],
        )
        for name, made in self.cursor.fetchall():
            self.made.append(made)
            self.cursor.execute(f"DROP INDEX {name}")
        self.cursor.execute(
            "SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint "
            "WHERE contype = 'f' AND conrelid = ANY(%s::regclass[])",
            [self.tables],
        )
        for table, name, made in self.cursor.fetchall():
            self.made.append(f'ALTER TABLE {table} ADD CONSTRAINT "{name}" {made}')
            self.cursor.execute(f'ALTER TABLE {table} DROP CONSTRAINT "{name}"')

    def __exit__(self, *_: object) -> None:
        for made in self.made:
            self.cursor.execute(made)


def _plan_copies(cursor: Any, world: World, count: int) -> None:
    """The table ``copied``: for each new request, in the order in which they were asked, what is its own."""
    cursor.execute(
        "CREATE TEMP TABLE copied (number bigint, original bigint, organization bigint, contract bigint,"
        " requester bigint, asker bigint, worker bigint, later interval, subject text)"
    )
    rows = sorted(_planned(world, count), key=lambda row: row[0])
    first = 1 + max(ticket.pk for ticket, _place, _share in world.originals)
    with cursor.copy("COPY copied FROM STDIN") as copy:
        for number, (_asked_at, *row) in enumerate(rows, start=first):
            copy.write_row((number, *row))
    cursor.execute("CREATE INDEX ON copied (original)")
    cursor.execute("ANALYZE copied")


def _planned(world: World, count: int) -> Iterator[tuple[Any, ...]]:
    drawn = random.Random(7)
    total = sum(share for _ticket, _place, share in world.originals)
    weights = {place: list(accumulate(one)) for place, one in world.weights.items()}
    # The first terms have the big organizations, and so the most requests.
    sizes = {place: one[-1] for place, one in weights.items()}
    scale = {place: size / sum(sizes.values()) * len(sizes) for place, size in sizes.items()}
    for ticket, place, share in world.originals:
        copies = round(count * share / total * scale[place])
        chosen = drawn.choices(world.organizations[place], cum_weights=weights[place], k=copies)
        # Half of what is worked on is nobody's yet.
        worker = ticket.assigned_to_id
        for organization in chosen:
            seconds = drawn.randrange(1800)
            person = drawn.choice(world.contacts[organization.pk])
            yield (
                ticket.submitted_at + timedelta(seconds=seconds),
                ticket.pk,
                organization.pk,
                world.contracts[organization.pk],
                person,
                ticket.requester_id,
                world.staff[drawn.randrange(AGENTS)].pk if worker else None,
                f"{seconds} seconds",
                _subject(drawn),
            )


def _subject(drawn: random.Random) -> str:
    if drawn.random() < 0.1:
        return f"{drawn.choice(CHINESE)} {drawn.randrange(10**6)}"
    first, second, third = drawn.sample(WORDS, 3)
    return f"{first.capitalize()} {second}: {third} in unit {drawn.randrange(10**6)}"


class _Copier:
    """Copies the rows of the requests in ``copied``; keys are counted on from the greatest there is."""

    def __init__(self, cursor: Any) -> None:
        self.cursor = cursor
        self.ids: dict[str, str] = {}

    def tickets(self) -> None:
        from tickets.models import Ticket

        own = {
            "subject": "c.subject",
            "description": f"'We see this: ' || c.subject || '. ' || t.description || $${FILLER}$$",
            "assigned_to_id": "c.worker",
            "client_key": "NULL",
            "number": "c.number",
        }
        self._insert(Ticket, "t.number", own)

    def rows(self, model: type[Model], own: Mapping[str, str] | None = None) -> None:
        """All rows of a model that belong to a request."""
        self.ids[model._meta.db_table] = made = self._id(model, "t.ticket_id")
        key = made.format(row="t.id")
        self._insert(model, "t.ticket_id", {name: text.format(id=key) for name, text in (own or {}).items()})

    def _id(self, model: type[Model], ticket: str) -> str:
        """The key of a copied row: its place among those of its request, on from the greatest there is."""
        table = model._meta.db_table
        place = f"_{table}_places"
        self.cursor.execute(
            f"CREATE TEMP TABLE {place} AS SELECT t.id, "  # noqa: S608 - names of our models
            f"row_number() OVER (PARTITION BY {ticket} ORDER BY t.id) - 1 AS place FROM {table} t "
            f"WHERE {ticket} IN (SELECT original FROM copied)"
        )
        self.cursor.execute(f"CREATE UNIQUE INDEX ON {place} (id)")
        self.cursor.execute(f"ANALYZE {place}")
        self.cursor.execute(
            f"SELECT coalesce(max(place), 0) + 1, (SELECT coalesce(max(id), 0) + 1 FROM {table}) FROM {place}"  # noqa: S608
        )
        most, first = self.cursor.fetchone()
        self.cursor.execute("SELECT min(number) FROM copied")
        (number,) = self.cursor.fetchone()
        return (
            f"{first} + (c.number - {number}) * {most} + (SELECT place FROM {place} p WHERE p.id = {{row}})"
        )

    def _insert(self, model: type[Model], ticket: str, own: Mapping[str, str]) -> None:
        table = model._meta.db_table
        columns = {f.column: own.get(f.column) or self._column(f, table) for f in model._meta.concrete_fields}
        self.cursor.execute(
            f"INSERT INTO {table} ({', '.join(columns)}) "  # noqa: S608 - names of our models
            f"SELECT {', '.join(columns.values())} FROM {table} t JOIN copied c ON c.original = {ticket} "
            "ORDER BY c.number"
        )

    def _column(self, of: Field[Any, Any], table: str) -> str:
        name = f"t.{of.column}"
        if of.primary_key:
            return self.ids[table].format(row=name)
        if isinstance(of, DateTimeField):
            return f"{name} + c.later"
        if isinstance(of, ForeignKey):
            there = of.related_model._meta.db_table  # type: ignore[union-attr]
            if there == "tickets_ticket":
                return "c.number" if of.name == "ticket" else name
            if there in self.ids:
                return f"CASE WHEN {name} IS NOT NULL THEN {self.ids[there].format(row=name)} END"
            return {
                "accounts_organization": "c.organization",
                "plans_contract": "c.contract",
                "accounts_user": f"CASE WHEN {name} = c.asker THEN c.requester ELSE {name} END",
            }.get(there, name)
        return name

    def steps(self) -> None:
        """The levels of escalations, which name their request through the escalation."""
        from tickets.models import Escalation, EscalationStep

        table, whole = EscalationStep._meta.db_table, Escalation._meta.db_table
        columns = [f.column for f in EscalationStep._meta.concrete_fields if not f.primary_key]
        told = {"escalation_id": self.ids[whole].format(row="t.escalation_id")}
        told |= {
            f.column: f"t.{f.column} + c.later"
            for f in EscalationStep._meta.concrete_fields
            if isinstance(f, DateTimeField)
        }
        self.cursor.execute(
            f"INSERT INTO {table} ({', '.join(columns)}) "  # noqa: S608 - names of our models
            f"SELECT {', '.join(told.get(name, f't.{name}') for name in columns)} "
            f"FROM {table} t JOIN {whole} e ON e.id = t.escalation_id "
            "JOIN copied c ON c.original = e.ticket_id"
        )

    def notices(self) -> None:
        """What was told; its context names the request."""
        from notices.models import Notice

        table = Notice._meta.db_table
        self.cursor.execute(
            f"CREATE TEMP TABLE told AS SELECT *, (context->>'number')::bigint AS ticket_id FROM {table} "  # noqa: S608
            "WHERE context ? 'number'"
        )
        own = {
            "key": "'copy:' || c.number || ':' || t.id",
            "message_id": "'<' || c.number || '.' || t.id || '@support.example>'",
            "recipient_key": "CASE WHEN t.recipient_key = 'user:' || c.asker THEN 'user:' || c.requester"
            " ELSE t.recipient_key END",
            "to_email": "CASE WHEN t.recipient_key = 'user:' || c.asker THEN 'person' || c.requester"
            " || '@org.example' ELSE t.to_email END",
            "context": "t.context || jsonb_build_object('number', c.number, 'subject', c.subject)",
            "in_reply_to": "CASE WHEN t.in_reply_to <> '' THEN '<request-' || c.number || '@x>' ELSE '' END",
        }
        columns = {
            f.column: own.get(f.column, f"t.{f.column}")
            + (" + c.later" if isinstance(f, DateTimeField) else "")
            for f in Notice._meta.concrete_fields
            if not f.primary_key
        }
        self.cursor.execute(
            f"INSERT INTO {table} ({', '.join(columns)}) SELECT {', '.join(columns.values())} "  # noqa: S608
            "FROM told t JOIN copied c ON c.original = t.ticket_id ORDER BY t.created_at"
        )


def _refusals(cursor: Any, count: int) -> None:
    """Decisions that said no, over two years."""
    cursor.execute(
        "INSERT INTO tickets_decisionrecord (organization_id, person_id, at, outcome, code, question, terms) "
        "SELECT c.organization, c.requester, t.at - make_interval(hours => (random() * 17000)::int),"
        " 'refused',"
        " (ARRAY['fees_overdue', 'severity_by_phone_only', 'contract_ended'])[1 + (random() * 2)::int],"
        " t.question, t.terms"
        " FROM copied c JOIN tickets_decisionrecord t ON t.ticket_id = c.original"
        " ORDER BY c.number DESC LIMIT %s",
        [count],
    )


def _watchers(cursor: Any, count: int) -> None:
    cursor.execute(
        "INSERT INTO tickets_watcher (ticket_id, user_id, added_by_id, at) "
        "SELECT c.number, c.requester, NULL, now() FROM copied c ORDER BY c.number DESC LIMIT %s",
        [count],
    )


def _incoming(cursor: Any, count: int) -> None:
    """Mails that came in: nearly all became messages, a few wait to be sorted."""
    cursor.execute(
        "INSERT INTO tickets_incomingmail (digest, raw, received_at, mail_id, from_email, subject, state,"
        " reason, ticket_id, tries, next_try_at, last_error, note)"
        " SELECT md5(c.number::text) || md5('x' || c.number), convert_to('From: a', 'UTF8'),"
        " now() - make_interval(mins => (c.number %% 1000000)::int), '<' || c.number || '@x>',"
        " 'person' || c.requester || '@org.example', c.subject,"
        " CASE WHEN c.number %% 500 = 0 THEN 'held' ELSE 'posted' END, '',"
        " CASE WHEN c.number %% 500 = 0 THEN NULL ELSE c.number END, 1, now(), '', ''"
        " FROM copied c ORDER BY c.number DESC LIMIT %s",
        [count],
    )


def _go_on_after(cursor: Any, model: type[Model]) -> None:
    """Let the sequence of a key go on after what was written with keys of our own."""
    table, key = model._meta.db_table, model._meta.pk.column
    cursor.execute(
        f"SELECT setval(pg_get_serial_sequence('{table}', '{key}'), (SELECT max({key}) FROM {table}))"  # noqa: S608
    )
