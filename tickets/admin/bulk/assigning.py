"""Several requests to a person, to a team, or both."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Team, User
from tickets import actions
from tickets.admin.bulk.parts import Several
from tickets.models import Ticket

KEEP, NOBODY = "", "nobody"


class AssignSeveralForm(forms.Form):
    """Who works on them, and which team; each may stay as it is."""

    person = forms.ChoiceField(
        label=gettext_lazy("Person"),
        required=False,
        error_messages={"invalid_choice": gettext_lazy("Choose somebody who works for support.")},
    )
    team = forms.ChoiceField(
        label=gettext_lazy("Team"),
        required=False,
        error_messages={"invalid_choice": gettext_lazy("Choose a team that is in use.")},
    )

    use_required_attribute = False

    def __init__(self, *args: Any, staff: list[User], teams: list[Team], user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.people = {str(person.pk): person for person in staff}
        self.teams = {str(team.pk): team for team in teams}
        others = [(key, str(person)) for key, person in self.people.items() if person.pk != user.pk]
        keep = (KEEP, _("stays as it is"))
        person: Any = self.fields["person"]
        person.choices = [keep, (str(user.pk), _("Me")), (NOBODY, _("Nobody")), *others]
        if teams:
            team: Any = self.fields["team"]
            team.choices = [
                keep,
                *((key, row.name) for key, row in self.teams.items()),
                (NOBODY, _("No team")),
            ]
        else:
            del self.fields["team"]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not self.errors and not cleaned.get("person") and not cleaned.get("team"):
            self.add_error("person", _("Choose who takes them, or which team."))
        return cleaned


def view(request: HttpRequest, base: dict[str, Any]) -> HttpResponse:
    """Who or which team; by POST each is given to them."""
    several = Several(request, base, _("Assign requests"))
    staff = list(User.objects.filter(is_staff=True, is_active=True).order_by("name"))
    teams = list(Team.objects.in_use())
    data = request.POST if request.method == "POST" else None
    form = AssignSeveralForm(data, staff=staff, teams=teams, user=several.user)
    if data is None or not form.is_valid():
        return several.page("assign", 400 if form.errors else 200, form=form)
    return several.told(several.each(lambda ticket, seen: _assigned(several, form, ticket, seen)))


def _assigned(several: Several, form: AssignSeveralForm, ticket: Ticket, seen: int) -> str:
    """Both in one transaction: the second is about the version that the first has made."""
    person, team = form.cleaned_data.get("person"), form.cleaned_data.get("team")
    common: dict[str, Any] = {"ticket": ticket, "actor": several.user, "at": several.at}
    said = []
    with transaction.atomic():
        expected: int | None = seen
        if person:
            to = None if person == NOBODY else form.people[person]
            actions.assign(**common, to=to, expected_version=expected)
            said.append(_("assigned to %(name)s") % {"name": to or _("nobody")})
            expected = None
        if team:
            group = None if team == NOBODY else form.teams[team]
            actions.give_to_team(**common, to=group, expected_version=expected)
            said.append(_("given to %(name)s") % {"name": group or _("no team")})
    return ", ".join(said)
