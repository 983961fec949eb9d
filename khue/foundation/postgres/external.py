"""A database server that somebody else runs, named by DATABASE_URL: is it fit, and what must its keeper do?"""

import psycopg
from psycopg import errors, sql

OLDEST = 15


class NotReady(RuntimeError):
    """The server cannot be used yet; the message says in plain words what to do."""


def make_ready(application: str, owner: str) -> None:
    """See that the server is new enough and that the role `khue_app`, under which every request runs, can be taken.

    Creates the role when the owner may; else the message holds the statements for the keeper of the server.
    """
    try:
        with psycopg.connect(owner, connect_timeout=10, autocommit=True) as connection:
            _refuse_if_old(connection)
            _give_role(connection, _login(application))
        with psycopg.connect(application, connect_timeout=10, options="-c role=khue_app") as connection:
            _refuse_if_mighty(connection)
    except errors.InsufficientPrivilege as error:
        raise NotReady(_statements(_login(application))) from error
    except (errors.InvalidParameterValue, errors.UndefinedObject) as error:
        raise NotReady(_statements(_login(application))) from error
    except psycopg.OperationalError as error:
        if "khue_app" in str(error):  # the role of the session is refused while connecting
            raise NotReady(_statements(_login(application))) from error
        raise NotReady(f"The database in DATABASE_URL does not answer: {error}") from error


def _refuse_if_old(connection: psycopg.Connection) -> None:
    version = connection.info.server_version // 10000
    if version < OLDEST:
        raise NotReady(f"This server is PostgreSQL {version}. Khuê needs {OLDEST} or newer.")


def _give_role(connection: psycopg.Connection, login: str) -> None:
    if not connection.execute("SELECT 1 FROM pg_roles WHERE rolname = 'khue_app'").fetchone():
        connection.execute("CREATE ROLE khue_app NOLOGIN NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE")
    if login == "khue_app":
        return
    # Since 16 who creates a role may administer it, but not take it before granting it to itself.
    taking = "SET" if connection.info.server_version >= 160000 else "MEMBER"
    row = connection.execute("SELECT pg_has_role(%s, 'khue_app', %s)", [login, taking]).fetchone()
    if row is not None and not row[0]:
        connection.execute(sql.SQL("GRANT khue_app TO {}").format(sql.Identifier(login)))


def _refuse_if_mighty(connection: psycopg.Connection) -> None:
    row = connection.execute("SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = 'khue_app'").fetchone()
    if row is None or row[0]:
        raise NotReady(
            "The role khue_app may pass by row-level security, so schools would not be separated from each other. Run:"
            "  ALTER ROLE khue_app NOSUPERUSER NOBYPASSRLS;"
        )


def _login(address: str) -> str:
    return str(psycopg.conninfo.conninfo_to_dict(address).get("user") or "")


def _statements(login: str) -> str:
    return (
        "The role khue_app is missing or may not be taken, and the owner in DATABASE_URL may not create it.\n"
        "Ask the keeper of the server to run:\n"
        "  CREATE ROLE khue_app NOLOGIN NOSUPERUSER NOBYPASSRLS;\n"
        f'  GRANT khue_app TO "{login}";'
    )
