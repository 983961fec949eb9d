"""The link that proves an e-mail address: it carries the address itself, sealed, so that nothing unproved is kept."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from khue.identity.sealing import seal_state, unseal_state

LIFE = timedelta(hours=24)
PURPOSE = "email"


@dataclass(frozen=True, slots=True)
class EmailProof:
    """That somebody wants this account to have this address."""

    account_id: int
    email: str

    def sealed(self, at: datetime) -> str:
        """The proof as it stands in the link; nobody else makes or changes one."""
        return seal_state(PURPOSE, {"account": self.account_id, "email": self.email}, at)


def opened(sealed: str, at: datetime) -> EmailProof | None:
    """The proof again; None when it is forged or older than a day."""
    said = unseal_state(PURPOSE, sealed, at, LIFE)
    return EmailProof(int(str(said["account"])), str(said["email"])) if said else None
