"""Accounts, what they are called by, how they are opened first, and the roles granted to them."""

from typing import ClassVar

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeBoundary, RangeOperators
from django.db import models
from django.db.models import F, Func, Q

from khue.foundation.record import Record


class Role(models.TextChoices):
    """What someone is to an organisation. A grant gives a role on an organisation, between dates."""

    PUPIL = "pupil"
    GUARDIAN = "guardian"
    SUBJECT_TEACHER = "subject_teacher"
    HOMEROOM_TEACHER = "homeroom_teacher"
    HEAD = "head"
    CLERK = "clerk"
    ACCOUNTANT = "accountant"
    DEPARTMENT_OFFICER = "department_officer"
    MINISTRY_OFFICER = "ministry_officer"
    OPERATOR = "operator"


class Account(Record):
    """A way to sign in. People exist without one; what they type to say who they are is rows of Handle.

    user_name     the first handle, made by the node and never changed
    display_name  what the account is called; folded_name, made by the database, is how it is searched
    """

    # What Django asks of the model that AUTH_USER_MODEL names; passwords are ours, see Password.
    USERNAME_FIELD: ClassVar[str] = "user_name"
    REQUIRED_FIELDS: ClassVar[list[str]] = []
    is_anonymous: ClassVar[bool] = False
    is_authenticated: ClassVar[bool] = True

    user_name = models.TextField(unique=True)
    person = models.OneToOneField("registry.Person", null=True, on_delete=models.PROTECT, related_name="+")
    display_name = models.TextField(default="")
    folded_name = models.GeneratedField(
        expression=Func(F("display_name"), function="khue_fold"), output_field=models.TextField(), db_persist=True
    )
    language = models.CharField(max_length=2, default="vi")
    is_active = models.BooleanField(default=True)
    must_change_password = models.BooleanField(default=False)
    created_at = models.DateTimeField()


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


class Password(models.Model):
    """An account's password as Argon2id keeps it. An account without this row has not been activated."""

    account = models.OneToOneField(Account, primary_key=True, on_delete=models.CASCADE, related_name="+")
    hash = models.TextField()
    set_at = models.DateTimeField()


class ActivationCode(models.Model):
    """A single-use code with which a person sets a password: on a slip from the school, or in a link by e-mail."""

    class Channel(models.TextChoices):
        PAPER = "paper"
        EMAIL = "email"

    id = models.BigAutoField(primary_key=True)
    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="+")
    code_hash = models.BinaryField(unique=True)
    channel = models.CharField(max_length=5, choices=Channel.choices)
    issued_at = models.DateTimeField()
    issued_by = models.ForeignKey(Account, null=True, on_delete=models.PROTECT, related_name="+")
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["account"], condition=Q(used_at=None), name="activation_one_open_code"),
        ]


class _Period(Func):
    """The days of a grant as PostgreSQL's daterange, both ends included."""

    function = "daterange"
    output_field = DateRangeField()


class Grant(models.Model):
    """A role on an organisation, from a day to a day; taken away at once by revoking it.

    valid_to  the last day, or null for no end
    """

    id = models.BigAutoField(primary_key=True)
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    role = models.CharField(max_length=18, choices=Role.choices)
    organisation = models.ForeignKey("registry.Organisation", on_delete=models.PROTECT, related_name="+")
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)
    granted_by = models.ForeignKey(Account, null=True, on_delete=models.PROTECT, related_name="+")
    revoked_at = models.DateTimeField(null=True)
    revoked_by = models.ForeignKey(Account, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=models.F("valid_from")),
                name="grant_dates_in_order",
            ),
            ExclusionConstraint(
                name="grant_once_at_a_time",
                expressions=[
                    (F("account"), RangeOperators.EQUAL),
                    (F("role"), RangeOperators.EQUAL),
                    (F("organisation"), RangeOperators.EQUAL),
                    (
                        _Period("valid_from", "valid_to", RangeBoundary(inclusive_lower=True, inclusive_upper=True)),
                        RangeOperators.OVERLAPS,
                    ),
                ],
                condition=Q(revoked_at=None),
            ),
        ]
        indexes = [models.Index(fields=["organisation", "role"], name="grant_members")]
