"""Who is in the demonstration: organizations with two people each, a partner, and staff."""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from allauth.account.models import EmailAddress
from django.conf import settings

from accounts.actions import create_token
from accounts.enums import OrganizationKind, Role, Scope
from accounts.models import Contact, Mandate, Organization, User
from plans.models import Contract, Licence, Policy, Product

PASSWORD = "demo-portal-2026"  # noqa: S105 - demonstration accounts only
PARTNER = "demo-msp"
MANAGED = ("demo-jumpcloud-msp-standard", "demo-jumpcloud-msp-premium")


@dataclass(frozen=True)
class Company:
    """An organization of the demonstration; its slug is ``demo-<policy>-<plan>``.

    ``sponsor`` is the slug of the customer whose partner it is; its own slug then ends with ``-partner``.
    """

    policy: str
    plan: str
    name: str
    zone: str
    administrator: str
    billing: str
    language: str = "en"
    coverage: str = ""
    sponsor: str = ""

    @property
    def slug(self) -> str:
        return f"demo-{self.policy}-{self.plan}" + ("-partner" if self.sponsor else "")


COMPANIES = (
    Company("nextplane", "startup", "Aster Freight", "America/New_York", "Maya Okafor", "Tom Lindgren"),
    Company(
        "nextplane",
        "startup",
        "Hanse Terminals",
        "America/Los_Angeles",
        "Jonas Petersen",
        "Antje Kock",
        sponsor="demo-nextplane-startup",
    ),
    Company(
        "nextplane", "business", "Harrow & Finch", "Europe/Paris", "Lena Marsh", "Emil Roth", coverage="emea"
    ),
    Company(
        "nextplane", "enterprise", "Brightwater Bank", "America/New_York", "Dana Whitlock", "Omar Haddad"
    ),
    Company(
        "nextplane", "custom", "Meridian Port Authority", "Asia/Singapore", "Wei Ling Tan", "Arjun Mehta"
    ),
    Company("jumpcloud-msp", "free", "Calder Press", "Europe/London", "Jo Calder", "Sam Pryce"),
    Company("jumpcloud-msp", "standard", "Lumen Retail", "America/Denver", "Rosa Delgado", "Kit Sorensen"),
    Company("jumpcloud-msp", "premium", "Quayside Dental", "America/Chicago", "Nadia Hassan", "Piet Vos"),
    Company(
        "office-365", "subscription", "Pellworm Shipping", "Europe/Berlin", "Anke Petersen", "Jens Thode"
    ),
    Company("office-365", "base-premier", "Lindqvist Medical", "Europe/Stockholm", "Sara Holm", "Erik Dahl"),
    Company(
        "office-365",
        "premier-office-365",
        "Orchard Mutual",
        "America/Los_Angeles",
        "Grace Kim",
        "Luis Ortega",
    ),
    Company("office-365", "cloud-vantage", "Tallis Energy", "Australia/Sydney", "Ruth Tallis", "Ben Carver"),
    Company("nexraid", "trial", "云杉科技", "Asia/Shanghai", "李静", "王磊", "zh-hans"),
    Company("nexraid", "paid", "海灣物流", "Asia/Hong_Kong", "陳嘉欣", "黃志明", "zh-hant"),
    Company("nexraid", "enterprise", "Northgate Labs", "America/Toronto", "Priya Nair", "Marc Leduc"),
    Company("two-tier", "standard", "Prairie Coop", "America/Chicago", "Hank Olsen", "June Abbott"),
    Company("two-tier", "enterprise", "Calloway Foods", "America/New_York", "Ines Moreau", "Victor Shaw"),
)
STAFF = (
    ("agent@support.example", "Idris Bell", Role.AGENT, False),
    ("lead@support.example", "Sofia Reyes", Role.LEAD, False),
    ("root@support.example", "Aiko Tanaka", Role.MANAGER, True),
)
# What the customers of one policy hold licences for.
PRODUCTS = {
    "nextplane": ("federation", "Federation"),
    "jumpcloud-msp": ("directory", "Directory"),
    "office-365": ("office-365", "Office 365"),
    "nexraid": ("atlas", "Atlas"),
    "two-tier": ("platform", "Platform"),
}


def make_people(at: datetime) -> dict[str, str]:
    """Make everybody, or leave them as they are; returns API tokens by email, the same on every run."""
    people = [_staff(*row) for row in STAFF]
    for company in COMPANIES:
        people += _company(company, at)
    people.append(_partner(at))
    return {person.email: _token(person) for person in people}


def _company(company: Company, at: datetime) -> list[User]:
    organization, _made = Organization.objects.get_or_create(
        slug=company.slug,
        defaults={
            "name": company.name,
            "time_zone": company.zone,
            "language": company.language,
            "address": f"1 Harbour Street, {company.zone.split('/')[-1].replace('_', ' ')}",
            "alternate_email": f"office@{company.slug}.example",
        },
    )
    administrator = _person(f"admin@{company.slug}.example", company.administrator, company)
    billing = _person(f"billing@{company.slug}.example", company.billing, company)
    functions = ["service"] if company.policy == "nexraid" else []
    _contact(administrator, organization, at, is_administrator=True, functions=functions)
    # Where only administrators ask, the second contact is one too, for billing alone.
    is_nexraid = company.policy == "nexraid"
    _contact(billing, organization, at, is_administrator=is_nexraid, functions=["billing"])
    _contract(company, organization, at)
    return [administrator, billing]


def _contract(company: Company, organization: Organization, at: datetime) -> None:
    policy = Policy.objects.get(slug=company.policy)
    starts_on = date(at.year - 1, 1, 1)
    if not Contract.objects.filter(organization=organization).exists():
        edition = policy.current()
        Contract.objects.create(
            organization=organization,
            policy=policy,
            edition=edition if edition and edition.terms == "pinned" else None,
            plan_code=company.plan,
            coverage_option=company.coverage,
            starts_on=starts_on,
            ends_on=date(at.year + 1, 12, 31),
            is_trial=company.plan == "trial",
            sponsor=Organization.objects.get(slug=company.sponsor) if company.sponsor else None,
        )
    code, name = PRODUCTS[company.policy]
    product, _made = Product.objects.get_or_create(code=code, defaults={"name": name})
    Licence.objects.get_or_create(
        organization=organization, product=product, defaults={"starts_on": starts_on, "ends_on": None}
    )


def _partner(at: datetime) -> User:
    partner, _made = Organization.objects.get_or_create(
        slug=PARTNER,
        defaults={"name": "Mosaic IT", "kind": OrganizationKind.PARTNER, "time_zone": "America/Denver"},
    )
    person = _user(f"partner@{PARTNER}.example", "Theo Brandt", time_zone="America/Denver")
    _contact(person, partner, at, is_administrator=True)
    for organization in Organization.objects.filter(slug__in=MANAGED):
        Mandate.objects.get_or_create(
            partner=partner,
            organization=organization,
            defaults={"from_on": date(at.year - 1, 1, 1), "scope": Scope.ACT},
        )
    return person


def _staff(email: str, name: str, role: str, is_superuser: bool) -> User:
    return _user(email, name, time_zone="Europe/Berlin", role=role, is_staff=True, is_superuser=is_superuser)


def _person(email: str, name: str, company: Company) -> User:
    return _user(email, name, time_zone=company.zone, language=company.language)


def _user(email: str, name: str, **fields: Any) -> User:
    user = User.objects.filter(email=email).first()
    if user is None:
        user = User.objects.create_user(email, PASSWORD, name=name, **fields)
    EmailAddress.objects.get_or_create(user=user, email=email, defaults={"verified": True, "primary": True})
    return user


def _contact(user: User, organization: Organization, at: datetime, **fields: Any) -> None:
    """An approved contact, since before the oldest request of the demonstration."""
    approved_at = at.replace(year=at.year - 1, month=1, day=2)
    Contact.objects.get_or_create(
        user=user,
        organization=organization,
        defaults={
            "access_id": f"{organization.slug}-{'a' if fields.get('is_administrator') else 'b'}"[-60:]
            if organization.slug.startswith("demo-office-365")
            else "",
            "proposed_at": approved_at,
            "customer_approved_at": approved_at,
            "vendor_approved_at": approved_at,
        }
        | fields,
    )


def _token(user: User) -> str:
    """A token that only this installation knows, and that is the same on every run."""
    digest = hmac.new(settings.SECRET_KEY.encode(), f"demo:{user.email}".encode(), hashlib.sha256).hexdigest()
    return create_token(user=user, name="Demonstration", token=f"kept_demo_{digest[:40]}")
