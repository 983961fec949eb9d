"""The part of `khue exchange` that changes who keeps a school's rows. docs/decisions/0300 and 0310"""

import argparse
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from khue.cli.failures import Failure
from khue.cli.neighbours import above, below, operator

if TYPE_CHECKING:
    from khue.exchange.actions.carrying import Handing
    from khue.exchange.models import Peer


def add_to(deeds: Any) -> None:
    """Their arguments, among those of the other deeds."""
    taking_up = deeds.add_parser("take-up")
    taking_up.add_argument("file", type=Path, nargs="?")
    handing = deeds.add_parser("handing")
    handing.add_argument("file", type=Path)
    handing.add_argument("--body", required=True, help="official code of the school")
    handing_back = deeds.add_parser("hand-back")
    taking_back = deeds.add_parser("take-back")
    taking_back.add_argument("code")
    for one in (taking_up, handing_back, taking_back):
        one.add_argument("--yes", action="store_true")


def take_up(options: argparse.Namespace) -> None:
    """Go on where the node above ended; without --yes only say what that would change."""
    from khue.exchange import actions, queries
    from khue.foundation import clock, scope

    peer = above()
    moment, handed = _from_file(peer, options.file) if options.file else _by_line(peer)
    with scope.of(operator()):
        if not options.yes:
            known = queries.known_here([(one.Loai, one.IdBanGhi) for one in handed])
            print(f"{len(handed)} records were handed over; rows here know {known} of them. Again with --yes to go on.")
            return
        done = actions.take_up_school(
            actor=operator(), peer=peer, handed=handed, handed_over_at=moment, at=clock.now()
        )  # fmt: skip
    print(
        f"{done.raised} records go on above the versions there, {done.kept} were kept,"
        f" {done.collected.cancelled} cancelled. They are sent with the next report."
    )


def handing(options: argparse.Namespace) -> None:
    """Write what was handed over into a file for the school's node."""
    from khue.exchange.actions import carrying

    if options.file.exists():
        raise Failure(f"{options.file} exists already; nothing is overwritten")
    peer = below(options.body)
    try:
        data, records = carrying.packed_handing(operator(), peer)
    except carrying.UnusableParcel as error:
        raise Failure(str(error)) from error
    options.file.write_bytes(data)
    print(f"{records} records. Only {peer.name} can open {options.file}: khue exchange take-up FILE.")


def hand_back(options: argparse.Namespace) -> None:
    """Keep our school's rows no longer; without --yes only say what is still open."""
    from khue.exchange import actions, queries
    from khue.foundation import clock, scope

    peer = above()
    with scope.of(operator()):
        if not options.yes:
            found = queries.still_open(peer, clock.today())
            print(
                f"Still open here: {found.held} records held back, {found.recovered} recovered,"
                f" {found.letters} letters, {found.under_way} matters with other schools"
                f"{'' if found.taken_up else ', and what was handed over is not taken up'}."
                " Nothing is collected or reported here afterwards. Again with --yes to go on."
            )
            return
        done = actions.hand_back_school(actor=operator(), peer=peer, at=clock.now())
    print(f"{done.records} records are handed back. They go out with the next report, or with khue exchange export.")


def take_back(options: argparse.Namespace) -> None:
    """Keep a school's rows again; without --yes only say what that would change."""
    from khue.exchange import actions, queries
    from khue.foundation import clock, scope

    peer = below(options.code)
    with scope.of(operator()):
        if not options.yes:
            told, known = queries.told_and_known(peer, clock.today())
            print(
                f"The school has told {told} records of what lasts and of the year under way; rows here know {known}"
                f" of them, and {told - known} would be cancelled. Again with --yes to go on."
            )
            return
        done = actions.take_back_school(actor=operator(), peer=peer, at=clock.now())
    print(
        f"{done.records} records are kept here again: {done.collected.changed} changed,"
        f" {done.collected.cancelled} cancelled."
    )


def _by_line(peer: "Peer") -> "Handing":
    from khue.exchange.actions import conversing, reporting

    try:
        with reporting.caller_of(operator(), peer) as caller:
            moment, handed = conversing.handed_over(caller)
    except reporting.FAILURES as failure:
        raise Failure(f"{type(failure).__name__}: {failure}. Nothing was changed; try again later.") from failure
    if moment is None:
        raise Failure(f"{peer.name} has not handed over this school yet")
    return moment, handed


def _from_file(peer: "Peer", file: Path) -> "Handing":
    from khue.exchange.actions import carrying

    try:
        return carrying.opened_handing(operator(), peer, file.read_bytes())
    except (carrying.UnusableParcel, OSError) as error:
        raise Failure(f"{file}: {error}") from error


DEEDS: dict[str, Callable[[argparse.Namespace], None]] = {
    "take-up": take_up,
    "handing": handing,
    "hand-back": hand_back,
    "take-back": take_back,
}
