"""Rows of the support terms, by subject."""

from plans.models.calendars import BusinessCalendar, HolidayDay, HolidaySet, SpecialDay, WeeklyHours
from plans.models.clauses import Condition, Entitlement, Exclusion, ScopeItem
from plans.models.contract_events import ContractEvent
from plans.models.contracts import Contract, Licence, Product, ProgramEnrolment
from plans.models.offers import (
    ChannelLimit,
    CoverageCalendar,
    CoverageOption,
    EscalationLevel,
    Plan,
    Program,
    Rate,
    Target,
    TypeCalendar,
    TypeCoverage,
)
from plans.models.policies import Edition, Policy
from plans.models.requests import (
    Channel,
    ContactFunction,
    ImpactRule,
    RequestCategory,
    RequestField,
    Severity,
    SupportType,
)

__all__ = [
    "BusinessCalendar",
    "Channel",
    "ChannelLimit",
    "Condition",
    "ContactFunction",
    "Contract",
    "ContractEvent",
    "CoverageCalendar",
    "CoverageOption",
    "Edition",
    "Entitlement",
    "EscalationLevel",
    "Exclusion",
    "HolidayDay",
    "HolidaySet",
    "ImpactRule",
    "Licence",
    "Plan",
    "Policy",
    "Product",
    "Program",
    "ProgramEnrolment",
    "Rate",
    "RequestCategory",
    "RequestField",
    "ScopeItem",
    "Severity",
    "SpecialDay",
    "SupportType",
    "Target",
    "TypeCalendar",
    "TypeCoverage",
    "WeeklyHours",
]
