"""May this person open a request now? Yes, yes with a note, or no: with a code, a reason, and the next step.

The one decision for every channel. It is kept with the ticket, with what of the terms it read.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from plans.enums import Outcome
from plans.facts import Facts, InForce, Question, facts_of, terms_in_force
from plans.models import Contract, Plan
from plans.rules import SPONSORED_PARTNER_RATE, function_of, judged, severity_of, support_type_of
from plans.wording import Words, words_for

__all__ = ["Decision", "InForce", "Note", "Question", "decide", "terms_in_force"]


@dataclass(frozen=True)
class Note:
    """Something to know about a permission: a code and words for the reader."""

    code: str
    detail: str


@dataclass(frozen=True)
class Decision:
    """What the terms say to a question.

    `code` is that of the rule that refused, or of the first note, or empty. `detail` and `next_step` are in
    the language that is active. `severity`, `support_type`, `coverage_option` and `contact_function` are what
    the request would run under (codes; empty where there is none), also where it is refused under a plan.
    `contract` and `plan` are None where no contract serves. `terms_read` is what was read, for the record.
    """

    outcome: str
    code: str = ""
    detail: str = ""
    next_step: str = ""
    notes: tuple[Note, ...] = ()
    contract: Contract | None = None
    plan: Plan | None = None
    severity: str = ""
    support_type: str = ""
    coverage_option: str = ""
    contact_function: str = ""
    terms_read: dict[str, Any] | None = None

    @property
    def is_refused(self) -> bool:
        """Whether the answer is no."""
        return self.outcome == Outcome.REFUSED

    @property
    def rate_code(self) -> str:
        """The plan's rate that the person agreed to be charged; empty where nothing is charged."""
        is_charged = any(note.code == "charged_at_rate" for note in self.notes)
        return SPONSORED_PARTNER_RATE if is_charged else ""

    @property
    def is_unverified(self) -> bool:
        """Whether the person is helped before being verified."""
        return any(note.code in ("emergency_contact", "extraordinary_access") for note in self.notes)


def decide(question: Question) -> Decision:
    """What the terms in force at `question.at` say. Reads the database, changes nothing, reads no clock."""
    in_force = terms_in_force(question.organization, question.at, question.product)
    facts = facts_of(question, in_force)
    refusal, remarks = judged(facts)
    notes = tuple(
        Note(remark.code, words_for(remark.code, remark.params, facts).detail) for remark in remarks
    )
    if refusal is not None:
        words = words_for(refusal.code, refusal.params, facts)
        return _decision(Outcome.REFUSED, refusal.code, words, (), facts, in_force)
    if notes:
        words = Words(" ".join(note.detail for note in notes))
        return _decision(Outcome.ALLOWED_WITH_NOTE, notes[0].code, words, notes, facts, in_force)
    return _decision(Outcome.ALLOWED, "", Words(), (), facts, in_force)


def _decision(
    outcome: Outcome, code: str, words: Words, notes: tuple[Note, ...], facts: Facts, in_force: InForce | None
) -> Decision:
    told = (outcome.value, code, words.detail, words.next_step, notes)
    if in_force is None:
        return Decision(*told, terms_read=_terms_read(facts, None))
    plan = Plan.objects.select_related("edition__policy").get(edition=in_force.edition, code=in_force.plan)
    return Decision(
        *told,
        contract=in_force.contract,
        plan=plan,
        severity=severity_of(facts),
        support_type=support_type_of(facts) or "",
        coverage_option=in_force.coverage_option,
        contact_function=function_of(facts),
        terms_read=_terms_read(facts, in_force),
    )


def _terms_read(facts: Facts, in_force: InForce | None) -> dict[str, Any]:
    if in_force is None:
        return {"policy": None, "edition": None, "plan": None, "coverage": None, "contract": None}
    return {
        "policy": in_force.edition.policy.slug,
        "edition": in_force.edition.number,
        "plan": in_force.plan,
        "coverage": in_force.coverage_option or None,
        "contract": in_force.contract.pk,
        "contract_plan": in_force.contract.plan_code,
        "program": in_force.program or None,
        "severity": severity_of(facts),
        "support_type": support_type_of(facts),
        "product": facts.products.asked,
    }
