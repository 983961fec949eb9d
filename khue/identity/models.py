"""Accounts, the roles granted to them, sessions, second factors, consent."""

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import models
from django.db.models import Q

from khue.foundation.ids import uuid7
from khue.foundation.record import Record


class Role(models.TextChoices):
    """What someone is to an organisation. A grant gives a role on an organisation, between dates."""

    PUPIL = "pupil"
    GUARDIAN = "guardian"
    SUBJECT_TEACHER = "subject_teacher"
    HOMEROOM_TEACHER = "homeroom_teacher"
    HEAD = "head"
    CLERK = "clerk"
    DEPARTMENT_OFFICER = "department_officer"
    MINISTRY_OFFICER = "ministry_officer"
    OPERATOR = "operator"


class Account(AbstractBaseUser):
    """A way to sign in. People exist without one; handles (user name, phone, e-mail, number) are rows of their own."""

    id = models.BigAutoField(primary_key=True)
    public_id = models.UUIDField(default=uuid7, unique=True, editable=False)
    user_name = models.TextField(unique=True)
    person = models.OneToOneField("registry.Person", null=True, on_delete=models.PROTECT, related_name="+")
    display_name = models.TextField(default="")
    language = models.CharField(max_length=2, default="vi")
    is_active = models.BooleanField(default=True)
    must_change_password = models.BooleanField(default=False)
    created_at = models.DateTimeField()

    USERNAME_FIELD = "user_name"


class Handle(models.Model):
    """One thing a person types to say who they are; `value` is in its normal form and belongs to one account."""

    class Kind(models.TextChoices):
        USER_NAME = "user_name"
        PHONE = "phone"
        EMAIL = "email"
        NATIONAL_ID = "national_id"

    id = models.BigAutoField(primary_key=True)
    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=11, choices=Kind.choices)
    value = models.TextField(unique=True)
    verified_at = models.DateTimeField(null=True)


class Grant(models.Model):
    """A role on an organisation, from a day to a day."""

    id = models.BigAutoField(primary_key=True)
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    role = models.CharField(max_length=18, choices=Role.choices)
    organisation = models.ForeignKey("registry.Organisation", on_delete=models.PROTECT, related_name="+")
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)
    granted_by = models.ForeignKey(Account, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["account", "role", "organisation", "valid_from"], name="grant_once"),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=models.F("valid_from")),
                name="grant_dates_in_order",
            ),
        ]
        indexes = [models.Index(fields=["organisation", "role"], name="grant_members")]


class Session(Record):
    """One signed-in browser. The cookie holds a random token; only its SHA-256 stands here."""

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="+")
    token_hash = models.BinaryField(unique=True)
    created_at = models.DateTimeField()
    last_seen_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    address = models.GenericIPAddressField(null=True)
    agent = models.TextField(default="")
    verified_second_factor = models.BooleanField(default=False)
