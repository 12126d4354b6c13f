"""Who is in the mail tests, and how a mail of theirs is written. Each is made when a test first names it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property

from accounts.models import User
from notices.enums import NoticeState
from notices.models import Notice
from tests.factories.accounts import ContactFactory, OrganizationFactory, StaffFactory, UserFactory
from tests.factories.plans import ContractFactory
from tickets.actions import Submission, close_by_customer, submit
from tickets.mailin.addresses import reply_address
from tickets.models import Ticket

SUPPORT = "support@kept.example"
Fields = Sequence[tuple[str, str | bytes]]


@dataclass
class World:
    """``at`` is the instant of handling; requests were asked before it."""

    at: datetime
    count: int = field(default=0)
    take: Callable[[bytes], object] = field(default=lambda raw: None)

    @cached_property
    def maya(self) -> User:
        contact = ContactFactory(
            user__name="Maya Okafor", user__email="maya@aster.example", organization__name="Aster Freight"
        )
        ContractFactory(organization=contact.organization, policy="two-tier", plan_code="enterprise")
        return contact.user

    @cached_property
    def colleague(self) -> User:
        """Another contact of the same organization."""
        organization = self.maya.contacts.get().organization
        return ContactFactory(user__email="lin@aster.example", organization=organization).user

    @cached_property
    def stranger(self) -> User:
        """A contact of another organization."""
        contact = ContactFactory(user__email="jo@harrow.example", organization__name="Harrow & Finch")
        ContractFactory(organization=contact.organization, policy="two-tier", plan_code="enterprise")
        return contact.user

    @cached_property
    def agent(self) -> User:
        return StaffFactory(name="Idris Bell", email="idris@support.example")

    @cached_property
    def auditor(self) -> User:
        return StaffFactory(name="Ann Udit", email="ann@support.example", role="auditor")

    @cached_property
    def of_two(self) -> User:
        """A contact of two organizations."""
        contact = ContactFactory(user__email="two@both.example")
        for organization in (contact.organization, OrganizationFactory()):
            ContractFactory(organization=organization, policy="nextplane", plan_code="business")
            ContactFactory._meta.model.objects.get_or_create(user=contact.user, organization=organization)
        return contact.user

    @cached_property
    def invited(self) -> User:
        """A contact who never confirmed the address."""
        contact = ContactFactory(user__email="new@aster.example", organization=self._organization)
        contact.user.emailaddress_set.update(verified=False)
        return contact.user

    @cached_property
    def nobody(self) -> User:
        """A person with a login and no organization."""
        return UserFactory(email="nobody@gone.example")

    @cached_property
    def without_contract(self) -> User:
        """A contact of an organization to which no terms apply."""
        return ContactFactory(user__email="broke@lapsed.example").user

    @cached_property
    def portal_only(self) -> User:
        """A contact under a plan that has no requests by mail."""
        contact = ContactFactory(user__email="pat@portal.example")
        ContractFactory(organization=contact.organization, policy="nextplane", plan_code="startup")
        return contact.user

    @property
    def _organization(self):
        return self.maya.contacts.get().organization

    @cached_property
    def ticket(self) -> Ticket:
        return self.asked_by(self.maya)

    @cached_property
    def foreign(self) -> Ticket:
        return self.asked_by(self.stranger)

    @cached_property
    def closed(self) -> Ticket:
        """Closed an hour ago."""
        ticket = self.asked_by(self.maya)
        close_by_customer(ticket=ticket, actor=self.maya, at=self.at - timedelta(hours=1))
        return ticket

    @cached_property
    def old(self) -> Ticket:
        """Closed longer ago than requests may be reopened."""
        ticket = self.asked_by(self.maya, self.at - timedelta(days=100))
        close_by_customer(ticket=ticket, actor=self.maya, at=self.at - timedelta(days=99))
        return ticket

    @cached_property
    def notice(self) -> Notice:
        """A mail that was sent to Maya about her request."""
        return Notice.objects.create(
            key="event:sent:to:maya",
            event="answered",
            to_email=self.maya.email,
            recipient_key=f"user:{self.maya.pk}",
            context={"number": self.ticket.pk},
            message_id="<3b0c8c1e-1f0a-4a54-9d5b-7c1ef1e7c001@kept.example>",
            created_at=self.at,
            next_try_at=self.at,
            state=NoticeState.SENT,
            sent_at=self.at,
        )

    def asked_by(self, person: User, at: datetime | None = None) -> Ticket:
        return submit(
            person=person,
            organization=person.contacts.get().organization,
            submission=Submission("Messages stopped", "Since noon.", severity="medium"),
            at=at or self.at - timedelta(days=1),
        )

    def revoke(self, person: User) -> None:
        for contact in person.contacts.all():
            ContactFactory(organization=contact.organization)  # an administrator who stays
        person.contacts.update(revoked_at=self.at - timedelta(seconds=1))

    def address(self, ticket: Ticket | None = None, person: User | None = None) -> str:
        return reply_address((ticket or self.ticket).pk, (person or self.maya).pk)

    def reply(self, body: str | bytes = "It works now.", **fields: str | bytes) -> bytes:
        """An answer by Maya to her request; ``fields`` are headers (``_`` for ``-``), replaced or added."""
        return self.letter(body, **({"To": self.address()} | fields))

    def letter(self, body: str | bytes = "It stopped.", more: Fields = (), **fields: str | bytes) -> bytes:
        """A mail by Maya to the address for requests. A header given as "" is left out."""
        self.count += 1
        head: dict[str, str | bytes] = {
            "From": f"Maya Okafor <{self.maya.email}>",
            "To": SUPPORT,
            "Subject": "Messages stopped again",
            "Date": "Mon, 30 Nov 2026 17:59:00 +0000",
            "Message-ID": f"<letter-{self.count}@aster.example>",
            "MIME-Version": "1.0",
            "Content-Type": "text/plain; charset=utf-8",
            "Content-Transfer-Encoding": "8bit",
        }
        head |= {name.replace("_", "-"): value for name, value in fields.items()}
        lines = [_bytes(name) + b": " + _bytes(value) for name, value in head.items() if value != ""]
        lines += [_bytes(name) + b": " + _bytes(value) for name, value in more]
        return b"\r\n".join(lines) + b"\r\n\r\n" + _bytes(body)

    def parts(self, *parts: bytes, kind: str = "mixed", mark: str = "=_b", **fields: str | bytes) -> bytes:
        """An answer by Maya of several parts (see ``part``)."""
        given = {"Content-Type": f'multipart/{kind}; boundary="{mark}"', "Content-Transfer-Encoding": "7bit"}
        return self.reply(joined(*parts, mark=mark), **(given | fields))


def part(body: str | bytes, kind: str = "text/plain; charset=utf-8", **fields: str) -> bytes:
    head = {"Content-Type": kind} | {name.replace("_", "-"): value for name, value in fields.items()}
    lines = [_bytes(name) + b": " + _bytes(value) for name, value in head.items() if value]
    return b"\r\n".join(lines) + b"\r\n\r\n" + _bytes(body)


def joined(*parts: bytes, mark: str = "=_b") -> bytes:
    begin = b"--" + mark.encode()
    return b"".join(begin + b"\r\n" + item + b"\r\n" for item in parts) + begin + b"--\r\n"


def _bytes(value: str | bytes) -> bytes:
    return value if isinstance(value, bytes) else value.encode()
