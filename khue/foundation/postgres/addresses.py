"""Where this node's database is and what its secret is: read by settings, before Django exists."""

import os
import secrets
from pathlib import Path


def database_urls(var_dir: Path) -> tuple[str, str]:
    """The addresses (application, owner) of the database.

    DATABASE_URL and DATABASE_OWNER_URL name a server; without them the embedded server of this node is used, whose
    supervisor has written both addresses into var/. One address alone serves for both: the application then gives
    up its rights with SET ROLE when it connects.
    """
    application = os.environ.get("DATABASE_URL", "")
    if application:
        return application, os.environ.get("DATABASE_OWNER_URL", application)
    written = var_dir / "postgres.urls"
    if written.exists():
        lines = written.read_text().split()
        return lines[0], lines[1]
    return "postgresql://khue_app@127.0.0.1:5/khue", "postgresql://khue_owner@127.0.0.1:5/khue"


def secret_key(var_dir: Path) -> str:
    """The node's signing secret: KHUE_SECRET, or one made at first use and kept in var/secret for its owner alone."""
    if secret := os.environ.get("KHUE_SECRET"):
        return secret
    path = var_dir / "secret"
    if not path.exists():
        var_dir.mkdir(parents=True, exist_ok=True)
        try:
            with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
                file.write(secrets.token_urlsafe(48))
        except FileExistsError:  # another process was first
            pass
    return path.read_text()
