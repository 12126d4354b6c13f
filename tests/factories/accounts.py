"""People and organizations for tests."""

from __future__ import annotations

from datetime import UTC, date, datetime

import factory
from allauth.account.models import EmailAddress

from accounts.enums import OrganizationKind, Role, Scope
from accounts.models import Contact, Mandate, Organization, User

APPROVED_AT = datetime(2026, 1, 1, tzinfo=UTC)
PASSWORD = "a-long-pass-phrase"


class OrganizationFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Organization

    slug = factory.Sequence(lambda n: f"company-{n}")
    name = factory.Sequence(lambda n: f"Company {n}")
    time_zone = "America/New_York"


class PartnerFactory(OrganizationFactory):
    slug = factory.Sequence(lambda n: f"partner-{n}")
    name = factory.Sequence(lambda n: f"Partner {n}")
    kind = OrganizationKind.PARTNER


class UserFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = User
        skip_postgeneration_save = True

    email = factory.Sequence(lambda n: f"person{n}@company.example")
    name = factory.Sequence(lambda n: f"Person {n}")
    time_zone = "America/New_York"

    @factory.post_generation
    def login(self, create: bool, extracted: object, **kwargs: object) -> None:
        """A usable password and a verified address."""
        if create:
            self.set_password(PASSWORD)
            self.save(update_fields=["password"])
            EmailAddress.objects.create(user=self, email=self.email, verified=True, primary=True)


class StaffFactory(UserFactory):
    email = factory.Sequence(lambda n: f"staff{n}@support.example")
    is_staff = True
    role = Role.AGENT
    time_zone = "Europe/Berlin"


class ContactFactory(factory.django.DjangoModelFactory):
    """An approved administrator."""

    class Meta:
        model = Contact

    user = factory.SubFactory(UserFactory)
    organization = factory.SubFactory(OrganizationFactory)
    is_administrator = True
    customer_approved_at = APPROVED_AT
    vendor_approved_at = APPROVED_AT


class MandateFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Mandate

    partner = factory.SubFactory(PartnerFactory)
    organization = factory.SubFactory(OrganizationFactory)
    from_on = date(2026, 1, 1)
    scope = Scope.ACT
