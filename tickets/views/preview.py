"""The promise before submitting: for each severity, and explained for the chosen one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from plans.decision import Decision
from plans.models import Severity
from plans.pictures.clockview import ClockView
from plans.severity_words import spoken
from plans.texts import text_in
from tickets.enums import Channel, Metric
from tickets.forms.asking import RequestForm
from tickets.forms.impact import impact_of
from tickets.forms.offer import Offer
from timekeeping import HorizonError


@dataclass(frozen=True)
class Option:
    """One severity to choose: what it means, and by when an answer would come."""

    severity: Severity
    lead: str
    name: str
    description: str
    examples: list[str]
    chosen: bool
    suggested: bool
    clock: ClockView | None
    elsewhere: str


@dataclass(frozen=True)
class Preview:
    """What submitting now would promise. ``refusal`` is said where the terms would not take it so."""

    severity: Severity | None
    lead: str
    clock: ClockView | None
    update: ClockView | None
    suggested: Severity | None
    refusal: Decision | None
    button: str


def severity_options(form: RequestForm) -> list[Option]:
    """The severities of the plan with their promises, the chosen one marked."""
    offer, answers = form.offer, _answers(form)
    chosen = chosen_severity(form)
    suggested = offer.suggested(impact_of(answers) or {})
    elsewhere = _elsewhere(offer)
    return [
        Option(
            severity=row,
            lead=spoken(row)[0],
            name=spoken(row)[1],
            description=text_in(row.description),
            examples=[text_in(text) for text in row.examples],
            chosen=row == chosen,
            suggested=row == suggested,
            clock=_promise(offer, Metric.FIRST_RESPONSE, row, answers),
            elsewhere=elsewhere.get(row.code, ""),
        )
        for row in offer.severities
    ]


def preview_of(form: RequestForm) -> Preview:
    """The promise for the chosen severity, explained."""
    offer, answers = form.offer, _answers(form)
    severity = chosen_severity(form)
    code = severity.code if severity and offer.may_choose_severity else ""
    # The box for a rate stands in the form itself: the preview says nothing about it.
    decision = offer.decision(
        code, _word(answers, "support_type"), _word(answers, "product"), accepts_rate=True
    )
    lead = spoken(severity)[0] if severity else ""
    button = _("Submit as %(severity)s") % {"severity": lead} if code else _("Submit")
    return Preview(
        severity=severity,
        lead=lead,
        clock=_promise(offer, Metric.FIRST_RESPONSE, severity, answers),
        update=_promise(offer, Metric.NEXT_UPDATE, severity, answers),
        suggested=offer.suggested(impact_of(answers) or {}) if offer.may_choose_severity else None,
        refusal=decision if decision.is_refused else None,
        button=button,
    )


def chosen_severity(form: RequestForm) -> Severity | None:
    """The severity that is marked in the form, or the plan's default."""
    offer = form.offer
    if not offer.may_choose_severity:
        return offer.default_severity
    return offer.severity(str(_answers(form).get("severity") or "")) or offer.default_severity


def _answers(form: RequestForm) -> dict[str, Any]:
    """What is typed and makes sense so far; of a form not sent, what it begins with."""
    if form.is_bound:
        form.is_valid()
        return getattr(form, "cleaned_data", {})
    known = {name: form.get_initial_for_field(field, name) for name, field in form.fields.items()}
    trial = RequestForm({name: value for name, value in known.items() if value is not None}, offer=form.offer)
    trial.is_valid()
    return trial.cleaned_data


def _word(answers: dict[str, Any], name: str) -> str:
    return str(answers.get(name) or "")


def _promise(
    offer: Offer, metric: Metric, severity: Severity | None, answers: dict[str, Any]
) -> ClockView | None:
    if severity is None:
        return None
    kind = _word(answers, "support_type") or (offer.types[0].code if len(offer.types) == 1 else "")
    try:
        return offer.promise(metric, severity.code, kind)
    except HorizonError:
        return None


def _elsewhere(offer: Offer) -> dict[str, str]:
    """Severities that the portal does not take, and where they are taken."""
    limit = offer.plan.channel_limits.filter(channel__code=Channel.PORTAL).first()
    if limit is None:
        return {}
    taken = {row.code for row in limit.severities.all()}
    by_phone = any(channel.code == Channel.PHONE for channel in offer.plan.channels.all())
    words = _("taken by phone") if by_phone else _("not taken here")
    return {row.code: words for row in offer.severities if row.code not in taken}
