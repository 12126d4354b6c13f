"""A user: email is the login."""

from __future__ import annotations

from typing import Any
from zoneinfo import available_timezones

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction
from django.db.models.functions import Lower, Upper
from django.utils.translation import gettext_lazy as _

from accounts.enums import Role


def validate_zone(name: str) -> None:
    """Raise ValidationError unless ``name`` is an IANA time zone."""
    if name not in available_timezones():
        raise ValidationError(
            _("“%(name)s” is no time zone. Write one such as Europe/Paris."),
            params={"name": name},
            code="zone",
        )


class UserManager(BaseUserManager["User"]):
    def get_by_natural_key(self, username: str | None) -> User:
        return self.get(email__iexact=username)

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> User:
        """Create a person; the address is kept in lower case."""
        user = self.model(email=email.strip().lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def known_by(self, email: str) -> User | None:
        """Whose address it is: their login, or one more that they have proven to be theirs."""
        proven = models.Q(emailaddress__email=email, emailaddress__verified=True)
        found = list(self.filter(models.Q(email=email) | proven).order_by("pk"))
        return next((person for person in found if person.email == email), next(iter(found), None))

    def known_or_new(self, email: str, **fields: Any) -> User:
        """The person with this address, else a new one without a login; one, if many add them at once."""
        try:
            with transaction.atomic(using=self._db):
                return self.known_by(email) or self.create_user(email, **fields)
        except IntegrityError:
            return self.get(email=email)

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> User:
        return self.create_user(
            email, password, **({"is_staff": True, "is_superuser": True, "role": Role.MANAGER} | fields)
        )


class User(AbstractBaseUser, PermissionsMixin):
    email = models.EmailField(_("email"), unique=True)
    name = models.CharField(_("name"), max_length=150)
    phone = models.CharField(_("phone"), max_length=40, blank=True)
    language = models.CharField(
        _("language"),
        max_length=10,
        default="en",
        choices=[("en", "English"), ("zh-hans", "简体中文"), ("zh-hant", "繁體中文")],
    )
    time_zone = models.CharField(_("time zone"), max_length=64, default="UTC", validators=[validate_zone])
    role = models.CharField(_("role"), max_length=20, blank=True, choices=Role.choices)
    is_staff = models.BooleanField(_("works for support"), default=False)
    is_active = models.BooleanField(_("active"), default=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        indexes = [
            # the search of the queue
            GinIndex(OpClass(Upper("name"), name="gin_trgm_ops"), name="user_name_words"),
            GinIndex(OpClass(Upper("email"), name="gin_trgm_ops"), name="user_email_words"),
        ]
        constraints = [
            models.CheckConstraint(condition=models.Q(email=Lower("email")), name="user_email_lower_case"),
            models.CheckConstraint(
                condition=models.Q(role="") | models.Q(is_staff=True), name="user_role_only_for_staff"
            ),
            models.CheckConstraint(condition=models.Q(role__in=["", *Role.values]), name="user_role_known"),
        ]

    def __str__(self) -> str:
        return self.name or self.email

    def get_short_name(self) -> str:
        return self.name.split(" ")[0] if self.name else self.email

    @property
    def initials(self) -> str:
        """Two letters (one for Chinese names) for the portrait."""
        words = (self.name or self.email).split()
        letters = words[0][:1] + (words[-1][:1] if len(words) > 1 else "")
        return letters.upper()
