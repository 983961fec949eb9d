"""Where this node's database is and what its secret is: read by settings, before Django exists."""

import os
import secrets
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

from psycopg import ProgrammingError, conninfo

#: What DATABASES says beside the address.
OUR_OPTIONS = {"application_name", "options", "server_side_binding", "prepare_threshold"}


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


def settings_of(url: str, options: str, **how: object) -> dict[str, object]:
    """An entry of Django's DATABASES for a database's address, as PostgreSQL's own library reads it.

    options  of the server for each connection (`-c name=value`), added to those of the address
    how      further keywords of the connection

    Whatever else the address says (sslmode, sslrootcert, target_session_attrs ...) goes with every connection.
    Raises ValueError when it is no address of a PostgreSQL database.
    """
    try:
        parts = {name: str(value) for name, value in conninfo.conninfo_to_dict(url).items() if value is not None}
    except ProgrammingError as error:
        raise ValueError(f"DATABASE_URL is no address of a PostgreSQL database (postgresql://...): {error}") from error
    return {
        "ENGINE": "khue.foundation.postgres.engine",
        "HOST": parts.pop("host", ""),
        "PORT": parts.pop("port", ""),
        "NAME": parts.pop("dbname", ""),
        "USER": parts.pop("user", ""),
        "PASSWORD": parts.pop("password", ""),
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {
            "application_name": "khue",
            **parts,
            "options": f"{parts.get('options', '')} {options} -c timezone=UTC".strip(),
            **how,
        },
    }


def url_of(place: Mapping[str, Any], name: str = "") -> str:
    """The address of a database of Django's DATABASES, for whoever connects without Django.

    name  another database of the same server, reached in the same way
    """
    user, password, host, database = (
        quote(text, safe="") for text in (place["USER"], place["PASSWORD"], place["HOST"], name or place["NAME"])
    )
    words = {word: value for word, value in place["OPTIONS"].items() if word not in OUR_OPTIONS}
    more = f"?{urlencode(words, quote_via=quote)}" if words else ""  # PostgreSQL reads a plus as a plus
    return f"postgresql://{user}:{password}@{host}:{place['PORT']}/{database}{more}"


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
