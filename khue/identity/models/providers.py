"""Identity proved elsewhere: providers, and who is whom there."""

from django.db import models

from khue.foundation.record import Record
from khue.identity.models.accounts import Account


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
