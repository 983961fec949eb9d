"""`khue import roster | outcomes FILE`: bring in a file from the command line, looked at before anything is applied."""

import argparse
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from khue.cli import database
from khue.cli.failures import Failure

if TYPE_CHECKING:
    from khue.foundation.actor import Actor


def main(arguments: list[str]) -> int:
    """Show what the file would do; with --apply do it."""
    options = options_of(arguments)
    if not options.file.is_file():
        raise Failure(f"there is no {options.file}")
    with database.opened():
        bring_in(options)
    return 0


def bring_in(options: argparse.Namespace) -> None:
    """Do what the options say, in one transaction; the database is open.

    raises  Failure with what the rules refuse
    """
    from khue.foundation import scope
    from khue.foundation.actor import SYSTEM
    from khue.foundation.errors import NotFound, Refusal

    actor = replace(SYSTEM, name="khue import", door="command")
    try:
        with scope.of(actor):
            {"roster": _roster, "outcomes": _outcomes}[options.kind](actor, options)
    except Refusal as refusal:
        raise Failure(str(refusal)) from refusal
    except NotFound as unknown:
        raise Failure(f"no school or subject has the code {options.school or options.subject!r}") from unknown


def options_of(arguments: list[str]) -> argparse.Namespace:
    """The arguments, understood; argparse says what is wrong with them."""
    parser = argparse.ArgumentParser(prog="khue import", description=__doc__)
    kinds = parser.add_subparsers(dest="kind", required=True)
    roster = kinds.add_parser("roster", help="pupils of a school: .xlsx, or a zip of OneRoster 1.2 CSV")
    roster.add_argument("--school", required=True, help="official code of the school")
    roster.add_argument("--create-classes", action="store_true", help="make classes the school does not have yet")
    roster.add_argument("--open-accounts", action="store_true", help="open accounts that people activate themselves")
    outcomes = kinds.add_parser("outcomes", help="required outcomes of a subject: CSV or CASE JSON")
    outcomes.add_argument("--subject", required=True, help='code of the subject, "TOAN"')
    outcomes.add_argument("--grade", type=int, required=True, help="of rows that name none")
    for kind in (roster, outcomes):
        kind.add_argument("file", type=Path)
        kind.add_argument("--apply", action="store_true", help="without it, only shows what would happen")
        kind.set_defaults(school=None, subject=None)
    return parser.parse_args(arguments)


def _roster(actor: "Actor", options: argparse.Namespace) -> None:
    from khue.foundation import clock, files
    from khue.foundation.record import one
    from khue.registry import queries as registry
    from khue.schools import actions as schools
    from khue.schools.queries.calendar import school_year_on

    school = one(registry.visible_organisations(actor), code=options.school)
    year = school_year_on(school.id, clock.today())
    if year is None:
        raise Failure(f"{school.name} has no school year today; make one first")
    with options.file.open("rb") as stream:
        file = files.store(
            actor=actor, stream=stream, name=options.file.name, purpose="schools.roster", organisation_id=school.id,
            at=clock.now(),
        )  # fmt: skip
    begun = schools.begin_roster_import(actor=actor, school_year=year, file=file, at=clock.now())
    looked = schools.choose_columns(
        actor=actor, roster_import=begun, mapping={}, creates_classes=options.create_classes,
        opens_accounts=options.open_accounts, applies_on=begun.applies_on, at=clock.now(),
    )  # fmt: skip
    seen = looked.preview
    print(f"new {seen['new']}, changed {seen['changed']}, unchanged {seen['unchanged']}, wrong {seen['wrong']}")
    for line in seen["mistakes"]:
        print(f"  line {line['line']}, {line['full_name']}: {' '.join(line['sentences'])}")
    if options.apply:
        done = schools.apply_roster(actor=actor, roster_import=looked, at=clock.now())
        print(f"Applied: {done.new} new, {done.changed} changed.")
    else:
        schools.cancel_roster_import(actor=actor, roster_import=looked, at=clock.now())
        print("Nothing was applied. Add --apply to do it.")


def _outcomes(actor: "Actor", options: argparse.Namespace) -> None:
    from khue.curriculum import actions, queries
    from khue.foundation import clock

    subject = queries.subject_by_code(options.subject)
    kept = actions.upload_outcomes(
        actor=actor, subject=subject, grade=options.grade, file_name=options.file.name,
        content=options.file.read_bytes(), at=clock.now(),
    )  # fmt: skip
    if options.apply:
        done = actions.apply_import(actor=actor, outcome_import=kept, at=clock.now())
        print(f"Applied: {done.created} new, {done.changed} changed, {done.unchanged} unchanged.")
        return
    review = queries.review_of(kept)
    print(f"new {review.merged.created}, changed {review.merged.changed}, unchanged {review.merged.unchanged}")
    for error in review.errors:
        print(f"  line {error.line}: {error}")
    actions.give_up_import(actor=actor, outcome_import=kept, at=clock.now())
    print("Nothing was applied. Add --apply to do it.")
