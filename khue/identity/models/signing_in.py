"""What stands between a stranger and an account: sessions, attempts, second factors and their reset."""

from datetime import timedelta

from django.db import models
from django.db.models import F, Q

from khue.foundation.record import Record
from khue.identity.models.accounts import Account


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
