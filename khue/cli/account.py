"""`khue account ROLE FULL_NAME [--body CODE]`: an account that no page can open yet.

The first operator of a node, an office's first officer, the head of a school that keeps a node of its own; and the way
back in for one of them who has lost the password. It prints a user name and a code; whoever gets them chooses a
password at /activate/. Everybody else's account is opened on pages.
"""

import argparse
from typing import TYPE_CHECKING

from khue.cli import database, prepare
from khue.cli.failures import Failure

if TYPE_CHECKING:
    from khue.foundation.actor import Actor
    from khue.registry.models import Organisation, Person

ROLES = ("operator", "ministry_officer", "department_officer", "head")


def main(arguments: list[str]) -> int:
    """Open the account, or give it a new code."""
    options = options_of(arguments)
    with database.opened():
        prepare.prepare(with_demonstration=False)
        open_account(options.role, options.full_name, options.body)
    return 0


def options_of(arguments: list[str]) -> argparse.Namespace:
    """The arguments, understood; argparse says what is wrong with them."""
    parser = argparse.ArgumentParser(
        prog="khue account", description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("role", choices=ROLES)
    parser.add_argument("full_name", help='"Nguyễn Thị Mai"')
    parser.add_argument("--body", default="", help="official code; without it, the one body with which the node began")
    return parser.parse_args(arguments)


def open_account(role: str, full_name: str, code: str) -> None:
    """Give somebody of a body's staff the role and a code to activate it with; the database is open.

    A person of that name who is on the body's staff already is taken, else a file is opened.
    raises  Failure where the body is unknown or has no such role, or two of its staff have that name
    """
    from khue.cli.neighbours import operator
    from khue.foundation import clock, scope
    from khue.foundation.errors import NotFound, Refusal
    from khue.identity import actions, queries
    from khue.identity.models import Role

    actor, at = operator("khue account"), clock.now()
    try:
        with scope.of(actor):
            body = _body(code)
            person = _person(actor, body, full_name)
            (made,) = actions.open_accounts(actor=actor, people=[person], role=Role(role), organisation=body, at=at)
            account = queries.account_of_person(person)
            codes = {} if made.code or account is None else actions.issue_codes(actor=actor, accounts=[account], at=at)
    except NotFound as unknown:
        raise Failure(f"no body here has the code {code!r}") from unknown
    except Refusal as refusal:
        raise Failure(str(refusal)) from refusal
    print(f"{person.full_name}, {role} of {body.name}, chooses a password at /activate/ within 60 days:")
    print(f"  user name  {made.user_name}\n  code       {made.code or codes[made.account_id]}")


def _body(code: str) -> "Organisation":
    from khue.cli.neighbours import body_with, operator
    from khue.registry import queries

    if code:
        return body_with(code)
    roots = list(queries.visible_organisations(operator()).filter(parent=None)[:2])
    if not roots:
        raise Failure("this node has no body yet: khue begin")
    if len(roots) > 1:
        raise Failure("this node began with several bodies; name one with --body CODE")
    return roots[0]


def _person(actor: "Actor", body: "Organisation", full_name: str) -> "Person":
    from khue.foundation.clock import today
    from khue.registry import actions, queries

    details = actions.PersonDetails(full_name=full_name).tidied()
    staff = queries.everyone("staff")(body.id, "")
    found = list(queries.visible_people(actor, today()).filter(full_name=details.full_name, id__in=staff)[:2])
    if len(found) > 1:
        raise Failure(f"two of the staff of {body.name} are called {details.full_name}; open this account on the pages")
    if found:
        return found[0]
    return actions.record_person(actor=actor, organisation=body, kind="staff", details=details, on=today())
