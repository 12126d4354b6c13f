"""Stored choices of the support terms: lower-case words, as the policy file writes them."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class EditionState(models.TextChoices):
    """Where an edition stands; it moves one way: draft, published, retired."""

    DRAFT = "draft", _("Draft")
    PUBLISHED = "published", _("Published")
    RETIRED = "retired", _("Retired")


class ContractTerms(models.TextChoices):
    """Which edition a policy's contracts read."""

    FOLLOW_LATEST = "follow-latest", _("Contracts follow the newest edition")
    PINNED = "pinned", _("Contracts keep the edition they were made under")


class SeveritySetBy(models.TextChoices):
    """Whose word decides the severity of a request."""

    CUSTOMER = "customer", _("The customer sets it")
    PROPOSED = "proposed", _("The customer proposes, support confirms or corrects")
    SUPPORT = "support", _("Support sets it")


class Queue(models.TextChoices):
    """Order of requests within one severity."""

    FIRST_COME = "first-come", _("First come, first served")
    NEXT_DUE = "next-due", _("Next due first")


class Metric(models.TextChoices):
    """What a promise measures, in the order in which clocks are listed."""

    FIRST_RESPONSE = "first_response", _("First response")
    NEXT_UPDATE = "next_update", _("Next update")
    NEXT_REPLY = "next_reply", _("Next reply")
    RESOLUTION = "resolution", _("Resolution")


class ChannelCode(models.TextChoices):
    """Ways in which a request reaches support."""

    PORTAL = "portal", _("Support portal")
    EMAIL = "email", _("Email")
    PHONE = "phone", _("Phone")
    CHAT = "chat", _("Live chat")
    IM = "im", _("Instant messaging")
    WEB = "web", _("Web form")
    MANAGEMENT_PORTAL = "management-portal", _("Management portal")


class TargetsAre(models.TextChoices):
    """How far a target binds the vendor."""

    COMMITMENTS = "commitments", _("Commitments")
    OBJECTIVES = "objectives", _("Objectives")


class Approval(models.TextChoices):
    """Who approves a contact before it may ask for support."""

    BOTH = "both", _("Customer and vendor")
    VENDOR = "vendor", _("Vendor")
    NONE = "none", _("Nobody")


class SponsoredPartners(models.TextChoices):
    """How a partner that a customer sponsors is helped."""

    INCLUDED = "included", _("Included")
    CHARGED = "charged", _("Charged")
    NONE = "none", _("Not helped")


class RateUnit(models.TextChoices):
    """What a rate is charged for."""

    HOUR = "hour", _("Hour")
    DAY = "day", _("Day")
    CASE = "case", _("Case")


class Rounding(models.TextChoices):
    """What is rounded up before it is charged."""

    CASE = "case", _("The time of a whole case")
    ENTRY = "entry", _("Each entry of the work log")


class FormField(models.TextChoices):
    """Fields of the request form that a policy may ask for."""

    CATEGORY = "category", _("Issue category")
    SUBJECT = "subject", _("Subject")
    DESCRIPTION = "description", _("Description")
    ORGANIZATION = "organization", _("Impacted organization")
    BEST_TIME_TO_CONTACT = "best_time_to_contact", _("Best time to contact")
    DEVICE = "device", _("Impacted device")
    OPERATING_SYSTEM = "operating_system", _("Operating system")
    IMPACT = "impact", _("Business impact")
    PRODUCT = "product", _("Product")
    CONTACT = "contact", _("Contact information")


class Outcome(models.TextChoices):
    """What a decision says."""

    ALLOWED = "allowed", _("Allowed")
    ALLOWED_WITH_NOTE = "allowed_with_note", _("Allowed with a note")
    REFUSED = "refused", _("Refused")


class ContractEventKind(models.TextChoices):
    """What a contract's history holds."""

    MADE = "made", _("Made")
    RENEWED = "renewed", _("Renewed")
    AMENDED = "amended", _("Amended")
    ENDED = "ended", _("Ended early")
    TOLD = "told", _("Told that it ends")
