"""What a decision is made from: the question, and what stands in the database about it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from accounts.models import Contact, Mandate, Organization, User
from accounts.standing import standing_of
from plans.enums import ChannelCode
from plans.models import Contract, Edition, Licence, Product
from plans.policyfile import Document
from plans.terms import policy_terms


@dataclass(frozen=True)
class Question:
    """May this person open a request for this organization now?

    `severity`, `support_type` and `product` are codes; None takes the plan's default. `at` is when the
    request reached the vendor. `accepts_rate`: the person agrees to be charged. Staff who enter a request say
    so (`entered_by_staff`), and may mark it as of an unlisted person in an emergency (`is_emergency`, with
    `person` None or somebody without standing) or as one that could not come through the portal
    (`is_extraordinary`).
    """

    person: User | None
    organization: Organization
    at: datetime
    channel: str = ChannelCode.PORTAL.value
    severity: str | None = None
    support_type: str | None = None
    product: str | None = None
    accepts_rate: bool = False
    entered_by_staff: bool = False
    is_emergency: bool = False
    is_extraordinary: bool = False


@dataclass(frozen=True)
class PersonFacts:
    """A person's standing. `mandate` is `act`, `read`, `ended`, or empty without one."""

    is_staff: bool = False
    has_contact: bool = False
    is_administrator: bool = False
    functions: tuple[str, ...] = ()
    has_access_id: bool = False
    customer_approved: bool = False
    vendor_approved: bool = False
    mandate: str = ""


@dataclass(frozen=True)
class ContractFacts:
    """A contract on the day of the question, in its own zone.

    `state` is running, grace, not_started or expired. `taken_until` is the last day on which requests are
    taken, days of grace included; None where the contract has no end.
    """

    id: int
    state: str
    starts_on: date
    ends_on: date | None
    overdue_since_on: date | None
    is_overdue: bool
    is_sponsored: bool
    coverage_option: str
    program: str
    taken_until: date | None = None


@dataclass(frozen=True)
class ProductFacts:
    """Products in question. `licensed` are those of the organization with a licence on that day.

    `ended_on` is the last day of the asked product's latest licence that has ended, None where there is none.
    """

    asked: str | None = None
    asked_name: Any = ""
    licensed: tuple[str, ...] = ()
    ended_on: date | None = None


@dataclass(frozen=True)
class Facts:
    """Everything that the rules read. `plan` is of the document: the one that the request runs under."""

    question: Question
    person: PersonFacts
    contract: ContractFacts | None = None
    document: Document | None = None
    plan: dict[str, Any] | None = None
    products: ProductFacts = ProductFacts()


@dataclass(frozen=True)
class InForce:
    """Terms in force: a contract, its edition, and the code of the plan (a program may give another).

    `taken_until` is the last day on which requests are taken, days of grace included; None without an end.
    """

    contract: Contract
    edition: Edition
    plan: str
    coverage_option: str
    state: str
    program: str = ""
    taken_until: date | None = None


def terms_in_force(organization: Organization, at: datetime, product: str | None = None) -> InForce | None:
    """The contract that serves an organization (for a product code) at `at`, or None where it has none.

    A running contract comes first, the one for the product before the one for all; then one in its days of
    grace; then one that is still to start, then the one that ended last (see `state`).
    """
    contracts = Contract.objects.filter(organization=organization).select_related(
        "policy", "edition__policy", "organization", "product"
    )
    rows = [row for row in contracts if row.product is None or product in (None, row.product.code)]
    found = [item for row in rows if (item := _in_force(row, at)) is not None]
    order = ("running", "grace", "not_started", "expired")
    found.sort(
        key=lambda item: (order.index(item.state), _narrowness(item.contract, product), _distance(item))
    )
    return found[0] if found else None


def _narrowness(contract: Contract, product: str | None) -> int:
    """With a product in question its own contract comes first; without, the one for everything."""
    return int((contract.product is None) == (product is not None))


def _distance(item: InForce) -> int:
    first, last = item.contract.starts_on.toordinal(), (item.contract.ends_on or date.max).toordinal()
    return first if item.state == "not_started" else -last


def _in_force(contract: Contract, at: datetime) -> InForce | None:
    edition = contract.edition_now()
    if edition is None:
        return None
    day = at.astimezone(ZoneInfo(contract.zone)).date()
    plans = {plan["code"]: plan for plan in policy_terms(edition).document["plans"]}
    if contract.plan_code not in plans:
        return None
    plan = plans[contract.plan_code]
    until = contract.ends_on and contract.ends_on + timedelta(days=plan["grace_days"])
    state = state_on(day, contract.starts_on, contract.ends_on, until)
    enrolment = (
        contract.enrolments.filter(starts_on__lte=day, ends_on__gte=day).first() if plan["programs"] else None
    )
    if enrolment and enrolment.program in plan["programs"]:
        given = plans[plan["programs"][enrolment.program]]
        return InForce(contract, edition, given["code"], _option(given, ""), state, enrolment.program, until)
    option = _option(plan, contract.coverage_option)
    return InForce(contract, edition, plan["code"], option, state, taken_until=until)


def state_on(day: date, starts_on: date, ends_on: date | None, taken_until: date | None) -> str:
    """What a contract with these first and last days is on a day: running, grace, not_started or expired."""
    if day < starts_on:
        return "not_started"
    if ends_on is None or taken_until is None or day <= ends_on:
        return "running"
    return "grace" if day <= taken_until else "expired"


def _option(plan: dict[str, Any], elected: str) -> str:
    options = plan["coverage"]
    return elected if elected in options else next(iter(options), "")


def facts_of(question: Question, in_force: InForce | None) -> Facts:
    """The facts of a question, given the terms in force for it."""
    person = _person(question)
    if in_force is None:
        return Facts(question, person)
    contract = in_force.contract
    document = policy_terms(in_force.edition).document
    plan = next(plan for plan in document["plans"] if plan["code"] == in_force.plan)
    day = question.at.astimezone(ZoneInfo(contract.zone)).date()
    overdue = contract.overdue_since_on
    facts = ContractFacts(
        id=contract.pk,
        state=in_force.state,
        starts_on=contract.starts_on,
        ends_on=contract.ends_on,
        overdue_since_on=overdue,
        is_overdue=overdue is not None and overdue <= day,
        is_sponsored=contract.sponsor_id is not None,
        coverage_option=in_force.coverage_option,
        program=in_force.program,
        taken_until=in_force.taken_until,
    )
    return Facts(question, person, facts, document, plan, _products(question, day))


def _person(question: Question) -> PersonFacts:
    user, organization = question.person, question.organization
    if user is None:
        return PersonFacts()
    standing = standing_of(user, question.at)
    contact = standing.contacts.get(organization.pk) or standing.pending.get(organization.pk)
    if contact is None:
        mandate = standing.mandates.get(organization.pk)
        scope = str(mandate.scope) if mandate else _ended(standing.contacts.values(), organization)
        return PersonFacts(is_staff=standing.is_staff, mandate=scope)
    return PersonFacts(
        has_contact=True,
        is_administrator=contact.is_administrator,
        functions=tuple(contact.functions),
        has_access_id=contact.access_id != "",
        customer_approved=_was(contact.customer_approved_at, question.at),
        vendor_approved=_was(contact.vendor_approved_at, question.at),
    )


def _was(done_at: datetime | None, at: datetime) -> bool:
    return done_at is not None and done_at <= at


def _ended(contacts: Iterable[Contact], organization: Organization) -> str:
    """`ended` where a partner of the person once managed the organization, or is yet to."""
    partners = [contact.organization_id for contact in contacts if contact.organization.kind == "partner"]
    known = partners and Mandate.objects.filter(partner__in=partners, organization=organization).exists()
    return "ended" if known else ""


def _products(question: Question, day: date) -> ProductFacts:
    held = Licence.objects.filter(organization=question.organization).select_related("product")
    rows = list(held)
    licensed = {row.product.code for row in rows if row.starts_on <= day and (row.ends_on or day) >= day}
    if question.product is None:
        return ProductFacts(licensed=tuple(sorted(licensed)))
    product = (
        Product.objects.filter(code=question.product).first() if "\x00" not in question.product else None
    )
    ended = [
        row.ends_on
        for row in rows
        if row.product.code == question.product and row.ends_on is not None and row.ends_on < day
    ]
    return ProductFacts(
        asked=question.product,
        asked_name=product.name if product else "",
        licensed=tuple(sorted(licensed)),
        ended_on=max(ended, default=None),
    )
