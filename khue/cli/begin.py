"""`khue begin KIND NAME --code CODE`: the first body of a node, above which nobody stands here.

Then `khue account` opens the first account; all other bodies and people are founded and recorded on pages.
"""

import argparse

from khue.cli import database, prepare
from khue.cli.failures import Failure

KINDS = ("ministry", "department", "commune_office", "school")


def main(arguments: list[str]) -> int:
    """Prepare the database, without a demonstration, and found the body."""
    options = options_of(arguments)
    with database.opened():
        prepare.prepare(with_demonstration=False)
        begin(options.kind, options.name, options.code)
    return 0


def options_of(arguments: list[str]) -> argparse.Namespace:
    """The arguments, understood; argparse says what is wrong with them."""
    parser = argparse.ArgumentParser(prog="khue begin", description=__doc__)
    parser.add_argument("kind", choices=KINDS)
    parser.add_argument("name", help='as on its papers: "Sở Giáo dục và Đào tạo Đồng Tháp"')
    parser.add_argument("--code", required=True, help="official code, by which other nodes and files know it")
    return parser.parse_args(arguments)


def begin(kind: str, name: str, code: str) -> None:
    """Found the root of this node; the database is open.

    raises  Failure where the node has bodies already, or the code is taken
    """
    from khue.cli.neighbours import operator
    from khue.foundation import clock, scope
    from khue.foundation.errors import Refusal
    from khue.registry import actions, queries

    actor = operator("khue begin")
    with scope.of(actor):
        if (first := queries.visible_organisations(actor).order_by("id").first()) is not None:
            raise Failure(f"this node has begun with {first.name}; found the others on the pages of organisations")
        details = actions.OrganisationDetails(name=name, code=code)
        try:
            made = actions.found_organisation(actor=actor, kind=kind, parent=None, details=details, on=clock.today())
        except Refusal as refusal:
            raise Failure(str(refusal)) from refusal
    print(f'{made.name} is founded. Next: khue account operator "HỌ VÀ TÊN"')
