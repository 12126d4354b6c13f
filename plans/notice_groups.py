"""Under which heading people choose what they hear of contracts."""

from django.utils.translation import gettext_lazy as _

from notices.preferences import Group

CONTRACTS = Group(
    "contracts",
    _("Support contracts"),
    _("That a contract ends soon, or that its terms change."),
    place=50,
    for_staff=True,
    for_customers=True,
)
