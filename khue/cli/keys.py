"""`khue keys rotate [--school CODE] | check`: the keys under which schools keep their conversations.

rotate   every school gets a new key at once; a job seals what was written again and then drops the old key. Also the
         way to move from the node's secret to a file of keys (KHUE_KEY_FILE), or to the next key of that file
check    whether the node opens every key
"""

import argparse
from dataclasses import replace
from typing import TYPE_CHECKING

from khue.cli import database
from khue.cli.failures import Failure

if TYPE_CHECKING:
    from khue.foundation.actor import Actor


def main(arguments: list[str]) -> int:
    """Renew keys, or look at them."""
    parser = argparse.ArgumentParser(
        prog="khue keys", description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    deeds = parser.add_subparsers(dest="deed", required=True)
    renewal = deeds.add_parser("rotate", help="a new key; what was written is sealed again in the background")
    renewal.add_argument("--school", default="", help="official code of one school; without it, all that have a key")
    deeds.add_parser("check", help="whether every key opens")
    options = parser.parse_args(arguments)
    with database.opened():
        if options.deed == "rotate":
            rotate(options.school)
            return 0
        return check()


def rotate(school: str) -> None:
    """Give one school, or all, a new key; the database is open. The worker then does the rest, seen under /jobs/.

    raises  Failure where there is no such school
    """
    from khue.foundation import clock, scope
    from khue.messaging import actions, queries

    actor = _operator()
    with scope.of(actor):
        places = [_school_of(school)] if school else queries.schools_with_keys()
    for place in places:
        with scope.of(actor):
            actions.rotate_key(actor=actor, organisation_id=place, at=clock.now())
    print(f"{len(places)} schools write with a new key. The worker (khue serve, khue worker) seals the rest again.")


def check() -> int:
    """Try every key; 1 if one does not open."""
    from khue.foundation import scope
    from khue.messaging import queries

    with scope.of(_operator()):
        total, broken = queries.count_keys(), queries.unreadable_keys()
        for key in broken:
            print(f"  - {key.organisation.name}, version {key.version}: neither KHUE_KEY_FILE nor KHUE_SECRET opens it")
    print(f"keys: {total - len(broken)} of {total} open")
    return int(bool(broken))


def _operator() -> "Actor":
    from khue.foundation.actor import SYSTEM

    return replace(SYSTEM, name="khue keys", door="command")


def _school_of(code: str) -> int:
    from khue.foundation.errors import NotFound
    from khue.foundation.record import one
    from khue.registry import queries as registry

    try:
        return one(registry.visible_organisations(_operator()), code=code).id
    except NotFound as unknown:
        raise Failure(f"no school has the code {code!r}") from unknown
