"""What the request form offers a person for one organization: the plan's types, severities and fields."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from accounts.models import Organization, User
from accounts.standing import standing_of
from plans.decision import Decision, Question, decide
from plans.enums import FormField, SeveritySetBy, SponsoredPartners
from plans.models import Contract, ImpactRule, Licence, Plan, Product, RequestCategory, Severity, SupportType
from plans.pictures.clockview import ClockView
from plans.rules import SPONSORED_PARTNER_RATE
from plans.terms import PolicyTerms, policy_terms
from plans.wording import rounding_words
from tickets.clock_views import preview_view
from tickets.enums import Channel, Metric
from tickets.forms.impact import suggested


@dataclass(frozen=True)
class Offer:
    """The plan that a request would run under at ``at``; each list is read from the database once."""

    person: User
    organization: Organization
    contract: Contract
    plan: Plan
    coverage_option: str
    at: datetime
    first_type: str = ""

    @cached_property
    def types(self) -> list[SupportType]:
        return list(self.plan.support_types.all())

    @cached_property
    def severities(self) -> list[Severity]:
        return list(self.plan.edition.severities.all())

    @cached_property
    def default_severity(self) -> Severity | None:
        default = [severity for severity in self.severities if severity.is_default]
        return next(iter(default or self.severities[-1:]), None)

    @cached_property
    def fields(self) -> dict[str, bool]:
        """The plan's own form fields by code, and whether each is required."""
        return {field.code: field.is_required for field in self.plan.edition.request_fields.all()}

    @cached_property
    def categories(self) -> list[RequestCategory]:
        return list(self.plan.edition.categories.all()) if FormField.CATEGORY in self.fields else []

    @cached_property
    def impact_rules(self) -> list[ImpactRule]:
        return list(self.plan.edition.impact_rules.select_related("severity"))

    @cached_property
    def products(self) -> list[tuple[Product, bool]]:
        """Products to choose from, and whether the organization holds a licence on this day."""
        if FormField.PRODUCT not in self.fields and not any(kind.needs_licence for kind in self.types):
            return []
        held = Licence.objects.filter(organization=self.organization).valid_on(self.at.date())
        licensed = set(held.values_list("product_id", flat=True))
        return [(product, product.pk in licensed) for product in Product.objects.filter(is_active=True)]

    @property
    def rate_words(self) -> str:
        """What help costs, where the terms charge for it and ask that it is accepted; else empty."""
        if self.contract.sponsor_id is None or self.plan.sponsored_partners != SponsoredPartners.CHARGED:
            return ""
        decision = self.decision(support_type=self.first_type)
        rate = policy_terms(self.plan.edition).plan(self.plan.code)["rates"].get(SPONSORED_PARTNER_RATE)
        if decision.code != "rate_not_accepted" or rate is None:
            return ""
        # Who agrees to a rate agrees to its rounding too.
        return f"{decision.detail} {rounding_words(rate)}".strip()

    @property
    def may_choose_severity(self) -> bool:
        return self.plan.severity_rule != SeveritySetBy.SUPPORT and len(self.severities) > 1

    @property
    def is_proposed(self) -> bool:
        """Whether support confirms or corrects the severity that the customer chooses."""
        return self.plan.severity_rule == SeveritySetBy.PROPOSED

    def severity(self, code: str) -> Severity | None:
        return next((severity for severity in self.severities if severity.code == code), None)

    @cached_property
    def book(self) -> PolicyTerms:
        """The edition's terms, read once however many promises are asked."""
        return policy_terms(self.plan.edition)

    def promise(self, metric: Metric, severity: str, support_type: str) -> ClockView | None:
        """The promise that would start now; None where none is given."""
        terms = self.book.terms(
            self.plan.code,
            coverage=self.coverage_option or None,
            support_type=support_type or None,
            time_zone=self.organization.time_zone,
            own_targets=self.contract.own_targets or None,
        )
        return preview_view(terms, metric=metric, severity=severity, at=self.at)

    def first_answers(self, support_type: str) -> dict[str, ClockView | None]:
        """By severity code, by when an answer would come if the request were submitted now."""
        return {s.code: self.promise(Metric.FIRST_RESPONSE, s.code, support_type) for s in self.severities}

    def suggested(self, impact: Mapping[str, Any]) -> Severity | None:
        """The severity that the answers suggest; None without rules or answers."""
        return suggested(self.impact_rules, impact)

    @property
    def usual_type(self) -> str:
        """The kind of help to begin with: technical, unless the person's functions say another."""
        contact = standing_of(self.person, self.at).contacts.get(self.organization.pk)
        technical = [kind.code for kind in self.types if "technical" in kind.code]
        if technical and not (contact and contact.functions):
            return technical[0]
        return self.first_type

    def decision(
        self, severity: str = "", support_type: str = "", product: str = "", accepts_rate: bool = False
    ) -> Decision:
        """What the terms would say to these answers now; empty ones take the plan's default."""
        return decide(
            Question(
                person=self.person,
                organization=self.organization,
                at=self.at,
                channel=Channel.PORTAL,
                severity=severity or None,
                support_type=support_type or None,
                product=product or None,
                accepts_rate=accepts_rate,
            )
        )


def first_decision(person: User, organization: Organization, at: datetime) -> Decision:
    """What the terms say to a request of which nothing is known yet."""
    return decide(Question(person=person, organization=organization, at=at, channel=Channel.PORTAL))


def offer_of(decision: Decision, person: User, organization: Organization, at: datetime) -> Offer | None:
    """What may be asked under the plan that a decision read; None where it found no plan."""
    if decision.plan is None or decision.contract is None:
        return None
    return Offer(
        person,
        organization,
        decision.contract,
        decision.plan,
        decision.coverage_option,
        at,
        decision.support_type,
    )
