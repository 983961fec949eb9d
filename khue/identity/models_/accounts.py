"""Accounts, the roles granted to them, sessions, second factors, ties to other identity providers, consent.

No secret stands in a row that another room reads: passwords, codes, keys and sessions are tables of their own, closed
to everyone but the account itself (migration 0003).
"""

from datetime import timedelta
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


class Session(Record):
    """One signed-in browser. The cookie holds a random token; only its SHA-256 stands here.

    last_seen_at  written at most once in five minutes
    expires_at    the absolute end
    idle_limit    how long it may stand unused
    confirmed_at  when a password or a second factor was last proved in it: sensitive steps ask again
    """

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="+")
    token_hash = models.BinaryField(unique=True)
    created_at = models.DateTimeField()
    last_seen_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    idle_limit = models.DurationField(default=timedelta(days=7))
    confirmed_at = models.DateTimeField()
    address = models.GenericIPAddressField(null=True)
    agent = models.TextField(default="")
    verified_second_factor = models.BooleanField(default=False)


class Attempts(models.Model):
    """Failed attempts against one thing - a handle, an address, a second factor - within a sliding window.

    key  a keyed hash, so that what strangers type into the sign-in page is not kept
    """

    key = models.BinaryField(primary_key=True)
    count = models.IntegerField()
    last_at = models.DateTimeField()


class AuthenticatorApp(models.Model):
    """The shared secret of a code generator (TOTP, RFC 6238), encrypted.

    confirmed_at  null until the first right code: it does not count as a factor before
    last_step     the newest time step used; a code of this step or an older one is refused
    """

    account = models.OneToOneField(Account, primary_key=True, on_delete=models.CASCADE, related_name="+")
    secret = models.BinaryField()
    confirmed_at = models.DateTimeField(null=True)
    last_step = models.BigIntegerField(default=0)


class RecoveryCode(models.Model):
    """A single-use way in for someone who lost the second factor."""

    id = models.BigAutoField(primary_key=True)
    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="+")
    code_hash = models.BinaryField()
    used_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["account", "code_hash"], name="recovery_code_once")]


class Passkey(Record):
    """A public key (WebAuthn) whose private half stays in a phone, a laptop or a security key.

    data        the attested credential data, as the fido2 library encodes it
    sign_count  as the authenticator last told it; going back means a copied key
    """

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="+")
    credential_id = models.BinaryField(unique=True)
    data = models.BinaryField()
    sign_count = models.BigIntegerField(default=0)
    name = models.TextField()
    created_at = models.DateTimeField()
    last_used_at = models.DateTimeField(null=True)


class FactorReset(Record):
    """That somebody asked to take away the second factor of an account whose holder lost it, and what came of it.

    organisation  where the account has a role, by which the row is isolated
    decided_by    a second person: never who asked, never the holder
    is_granted    null until it is decided
    """

    organisation = models.ForeignKey("registry.Organisation", on_delete=models.PROTECT, related_name="+")
    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="+")
    reason = models.TextField()
    asked_by = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    asked_by_name = models.TextField(default="")  # who asked may be out of the reader's sight: an officer
    asked_at = models.DateTimeField()
    decided_by = models.ForeignKey(Account, null=True, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True)
    is_granted = models.BooleanField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["account"], condition=Q(decided_at=None), name="factor_reset_one_open"),
            models.CheckConstraint(
                condition=Q(decided_by=None) | ~Q(decided_by=F("asked_by")), name="factor_reset_by_two"
            ),
        ]


class SpentToken(models.Model):
    """A sealed challenge or state that has been answered once; kept until it would have expired anyway."""

    hash = models.BinaryField(primary_key=True)
    expires_at = models.DateTimeField()


class Provider(models.Model):
    """An OpenID Connect provider people may sign in with, as VNeID will be.

    key            the word in addresses
    client_secret  encrypted; empty for a public client
    number_claim   the claim that carries the 12-digit number, where the provider vouches for it; else empty
    """

    id = models.BigAutoField(primary_key=True)
    key = models.SlugField(unique=True)
    name = models.TextField()
    issuer = models.URLField()
    client_id = models.TextField()
    client_secret = models.BinaryField(default=b"")
    scopes = models.TextField(default="openid")
    number_claim = models.TextField(default="")
    is_enabled = models.BooleanField(default=True)


class ExternalIdentity(Record):
    """That an account is the person a provider calls `subject`."""

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="+")
    provider = models.ForeignKey(Provider, on_delete=models.PROTECT, related_name="+")
    subject = models.TextField()
    linked_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["provider", "subject"], name="external_identity_once"),
            models.UniqueConstraint(fields=["provider", "account"], name="external_identity_one_each"),
        ]


class Consent(Record):
    """One yes, by one person, about one person, to one purpose in one wording. Withdrawn, it stays as history.

    organisation  the body that asked
    person        whose data it is about
    decided_by    the person who said yes: the person, or a representative
    purpose       a key of extensions.purposes
    text_version  the wording that was shown
    """

    class Capacity(models.TextChoices):
        SELF = "self"
        REPRESENTATIVE = "representative"

    class Channel(models.TextChoices):
        PAGE = "page"
        PAPER = "paper"

    organisation = models.ForeignKey("registry.Organisation", on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey("registry.Person", on_delete=models.PROTECT, related_name="+")
    purpose = models.TextField()
    text_version = models.TextField()
    decided_by = models.ForeignKey("registry.Person", on_delete=models.PROTECT, related_name="+")
    capacity = models.CharField(max_length=14, choices=Capacity.choices)
    channel = models.CharField(max_length=5, choices=Channel.choices)
    recorded_by = models.ForeignKey(Account, null=True, on_delete=models.PROTECT, related_name="+")
    given_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_by = models.ForeignKey("registry.Person", null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person", "purpose", "decided_by"],
                condition=Q(withdrawn_at=None),
                name="consent_stands_once",
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True) | Q(withdrawn_at__gte=F("given_at")),
                name="consent_withdrawn_after_given",
            ),
        ]
        indexes = [models.Index(fields=["organisation", "person"], name="consent_of_person")]
