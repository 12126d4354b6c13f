"""The ticket page's own addresses, by name: each takes a POST, calls one verb of actions and goes back."""

from __future__ import annotations

from tickets.admin.verbs import basics, elsewhere, escalation, links, scope, watching
from tickets.admin.verbs.basics import Again, Verb

__all__ = ["VERBS", "Again", "Verb"]

VERBS: dict[str, Verb] = {
    **basics.VERBS,
    **escalation.VERBS,
    **links.VERBS,
    **elsewhere.VERBS,
    **scope.VERBS,
    **watching.VERBS,
}
