"""A refusal as a page: what to do, what one gets by it, the other ways, and only then why."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from accounts.models import Organization, User
from accounts.moments import day
from accounts.standing import standing_of
from accounts.templatetags.moments import reader
from plans.decision import Decision
from plans.models import Severity
from plans.pictures.clockview import ClockView
from plans.texts import text_in
from tickets.enums import Channel, Metric
from tickets.forms.asking import RequestForm
from tickets.forms.offer import Offer

_PHONE = re.compile(r"\+?[0-9][0-9 ()./-]{6,}[0-9]")
BY_PHONE = "severity_by_phone"


@dataclass(frozen=True)
class Way:
    """A severity that is taken here instead, with its own promise."""

    severity: Severity
    description: str
    clock: ClockView | None


@dataclass(frozen=True)
class Check:
    """One thing that was looked at, and how it came out."""

    what: str
    found: str
    passed: bool
    verdict: str


@dataclass(frozen=True)
class Refusal:
    title: str
    lead: str
    code: str
    edition: str
    phone: str = ""
    phone_words: str = ""
    access_id: str = ""
    severity: str = ""
    called: ClockView | None = None
    instead: list[Way] = field(default_factory=list)
    checks: list[Check] = field(default_factory=list)


def refusal_of(
    decision: Decision,
    offer: Offer | None,
    form: RequestForm | None,
    organization: Organization,
    person: User,
) -> Refusal:
    """Everything that the page says of a decision that refused."""
    kept = _("Your request was not sent. Everything you typed is kept below.") if form is not None else ""
    by_phone = decision.code == BY_PHONE and offer is not None
    words = _phone_words(offer) if by_phone and offer else ""
    number = _PHONE.search(words)
    return Refusal(
        title=_title(decision),
        lead=" ".join(part for part in (_lead(decision), kept) if part),
        code=decision.code,
        edition=_("%(policy)s, edition %(number)s")
        % {"policy": offer.plan.edition.title(), "number": offer.plan.edition.number}
        if offer
        else "",
        phone=number[0] if number else "",
        phone_words=words,
        severity=decision.severity,
        access_id=_access_id(person, organization, offer) if by_phone and offer else "",
        called=offer.promise(Metric.FIRST_RESPONSE, decision.severity, decision.support_type)
        if by_phone and offer and decision.severity
        else None,
        instead=_instead(offer, form, decision) if form is not None and offer else [],
        checks=_checks(decision, offer, organization, person),
    )


def _access_id(person: User, organization: Organization, offer: Offer) -> str:
    """The caller's own access id, by which they are known on the phone."""
    contact = standing_of(person, offer.at).contacts.get(organization.pk)
    return contact.access_id if contact is not None else ""


def _title(decision: Decision) -> str:
    """What to do, as a heading."""
    if decision.code == BY_PHONE:
        return _("Please call: severity %(severity)s is taken by phone") % {"severity": decision.severity}
    first = re.split(r"(?<=[.。])\s*", decision.next_step.strip(), maxsplit=1)[0]
    return first.rstrip(".。") or _("This can't be sent as it is")


def _lead(decision: Decision) -> str:
    """The rest of the next step, then what the rule says."""
    if decision.code == BY_PHONE:
        return _("A call reaches a person and starts the clock.")
    parts = re.split(r"(?<=[.。])\s*", decision.next_step.strip(), maxsplit=1)
    return " ".join([*parts[1:], decision.detail]).strip()


def _phone_words(offer: Offer) -> str:
    """How the vendor says to call."""
    row = next((channel for channel in offer.plan.channels.all() if channel.code == Channel.PHONE), None)
    return text_in(row.how_to) if row else ""


def _instead(offer: Offer, form: RequestForm, decision: Decision) -> list[Way]:
    """The most severe step that this channel takes, where the severity alone stood in the way."""
    if decision.code not in (BY_PHONE, "severity_not_on_channel") or not decision.severity:
        return []
    answers = {name: str(form.cleaned_data.get(name) or "") for name in ("support_type", "product")}
    for row in offer.severities:
        if (
            row.code != decision.severity
            and not offer.decision(
                row.code, answers["support_type"], answers["product"], accepts_rate=True
            ).is_refused
        ):
            clock = offer.promise(Metric.FIRST_RESPONSE, row.code, answers["support_type"])
            return [Way(row, text_in(row.description), clock)]
    return []


def _checks(decision: Decision, offer: Offer | None, organization: Organization, person: User) -> list[Check]:
    """Who asks, under which contract, and what stood in the way."""
    stands = decision.code.split("_")[0]
    person_stands = stands in ("contact", "mandate", "access", "function")
    contract_stands = stands == "contract" or offer is None
    yes, no = _("Yes"), _("No")
    who = _("%(name)s for %(organization)s") % {"name": person.name, "organization": organization.name}
    checks = [Check(_("Who asks"), who, not person_stands, no if person_stands else yes)]
    if offer is not None:
        until = offer.contract.ends_on
        words = {"plan": offer.plan.title(), "until": day(until, offer.at, *reader()) if until else ""}
        held = _("%(plan)s, until %(until)s") % words if until else _("%(plan)s, without an end") % words
        checks.append(Check(_("Contract"), held, not contract_stands, no if contract_stands else yes))
    verdict = _("By phone") if decision.code == BY_PHONE else no
    return [*checks, Check(_("The rule"), decision.detail, False, verdict)]
