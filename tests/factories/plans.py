"""Policies, contracts, products and licences for tests."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import factory

from plans.actions.publishing import import_document, publish
from plans.models import Contract, Edition, Licence, Policy, Product, ProgramEnrolment
from plans.policyfile import read_document
from tests.factories.accounts import OrganizationFactory

POLICIES = Path(__file__).resolve().parents[2] / "plans" / "policies"
PUBLISHED_AT = datetime(2026, 1, 1, tzinfo=UTC)


def published(slug: str, at: datetime = PUBLISHED_AT) -> Edition:
    """The current edition of a policy that ships, imported and published where it is not."""
    policy = Policy.objects.filter(slug=slug).first()
    current = policy.current() if policy else None
    return current or published_text((POLICIES / f"{slug}.yaml").read_text(), at)


def published_text(text: str, at: datetime = PUBLISHED_AT) -> Edition:
    """The text of a policy file as a published edition; the one that says the same, where there is one."""
    edition = import_document(document=read_document(text), at=at).edition
    return publish(edition=edition, at=at) if edition.is_draft else edition


class ProductFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Product
        django_get_or_create = ("code",)

    code = factory.Sequence(lambda n: f"product-{n}")
    name = factory.Sequence(lambda n: {"en": f"Product {n}"})


class LicenceFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Licence

    organization = factory.SubFactory(OrganizationFactory)
    product = factory.SubFactory(ProductFactory)
    starts_on = date(2026, 1, 1)


class ContractFactory(factory.django.DjangoModelFactory):
    """A contract of two years: `ContractFactory(policy="nextplane", plan_code="business")`."""

    class Meta:
        model = Contract

    organization = factory.SubFactory(OrganizationFactory)
    policy = "nextplane"
    plan_code = "business"
    starts_on = date(2026, 1, 1)
    ends_on = date(2027, 12, 31)

    @classmethod
    def _create(cls, model_class: type[Contract], *args: object, **kwargs: object) -> Contract:
        edition = published(str(kwargs.pop("policy")))
        kwargs.setdefault("edition", edition if edition.terms == "pinned" else None)
        contract = model_class(policy=edition.policy, **kwargs)
        contract.full_clean()
        contract.save()
        return contract


class ProgramEnrolmentFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = ProgramEnrolment

    contract = factory.SubFactory(ContractFactory, policy="jumpcloud-msp", plan_code="free")
    program = "jumpstart"
    starts_on = date(2026, 11, 1)
    ends_on = date(2026, 12, 31)
