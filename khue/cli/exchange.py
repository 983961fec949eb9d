"""`khue exchange ...`: pairing with other nodes, and exchanging with them by line or by file.

name CODE [--level L]     say for which body this node stands
card [--address URL]      how this node introduces itself: give the file to the operator of the other node
admit FILE --body CODE    exchange with the node of that card; the body it reports for, or our own root
peers                     the nodes we exchange with, and how they stand
collect                   gather what the schools of this node report now
send [--compare]          to the node above, everything that is new; compare everything first
mail                      letters: hand over ours to the node above, fetch those for us, read them
take-up [FILE] [--yes]    keep our school's rows from now on, after the node above has handed them over
handing FILE --body CODE  what was handed over to a school's node, into a file that it takes up without a line
hand-back [--yes]         keep our school's rows no longer: send or export what is new, and that was all
take-back CODE [--yes]    keep the rows of that school again, after its node has handed them back
receive                   fetch what the node above holds back of ours
export FILE               what is new, into a signed file for a stick, encrypted for the node above
import FILE               such a file of a node below; writes FILE.answer for the way back
settle FILE               take in such an answer
check FILE                what the rules say about a JSON or XML file of another system
"""

import argparse
import json
from dataclasses import asdict
from pathlib import Path

from khue.cli import database, keeping
from khue.cli.failures import Failure
from khue.cli.neighbours import above, body_with, operator


def main(arguments: list[str]) -> int:
    """Do one of these; a refusal is one sentence."""
    options = _parser().parse_args(arguments)
    with database.opened():
        from khue.foundation.errors import Forbidden, NotFound, Refusal

        try:
            DEEDS[options.deed](options)
        except (Refusal, Forbidden, NotFound) as refusal:
            raise Failure(str(refusal)) from refusal
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="khue exchange", description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    deeds = parser.add_subparsers(dest="deed", required=True)
    naming = deeds.add_parser("name")
    naming.add_argument("code")
    naming.add_argument("--level", default="", choices=["school", "department", "ministry"])
    deeds.add_parser("card").add_argument("--address", default="")
    admitting = deeds.add_parser("admit")
    admitting.add_argument("file", type=Path)
    admitting.add_argument("--body", default="", help="official code; without it, the body this node stands for")
    deeds.add_parser("peers")
    deeds.add_parser("collect")
    deeds.add_parser("send").add_argument("--compare", action="store_true")
    deeds.add_parser("mail")
    keeping.add_to(deeds)
    deeds.add_parser("receive")
    for name in ("export", "import", "settle", "check"):
        deeds.add_parser(name).add_argument("file", type=Path)
    return parser


def name(options: argparse.Namespace) -> None:
    """Say for which body this node stands."""
    from khue.exchange import actions
    from khue.foundation import scope

    with scope.of(operator()):
        node = actions.name_node(actor=operator(), organisation=body_with(options.code), level=options.level)
    print(f"{node.name} ({node.level}) is node {node.node}")


def card(options: argparse.Namespace) -> None:
    """Print this node's card."""
    from khue.exchange import queries
    from khue.foundation import scope

    with scope.of(operator()):
        print(json.dumps(asdict(queries.own_card(options.address)), ensure_ascii=False, indent=1))


def admit(options: argparse.Namespace) -> None:
    """Exchange with another node from now on."""
    import msgspec

    from khue.exchange import actions, queries
    from khue.foundation import clock, scope

    try:
        told = msgspec.json.decode(options.file.read_bytes(), type=actions.Card)
    except (OSError, msgspec.DecodeError) as error:
        raise Failure(f"{options.file} is no card: {error}") from error
    with scope.of(operator()):
        this = queries.this_node()
        body = body_with(options.body) if options.body or this is None else this.body
        peer = actions.admit_peer(actor=operator(), card=told, organisation=body, at=clock.now())
    print(f"{peer.name} stands {peer.direction}. Compare these with the other operator before anything is sent:")
    for key in peer.keys:
        print(f"  {key['use']}  {key['kid']}")


def peers(options: argparse.Namespace) -> None:  # noqa: ARG001  every deed takes them
    """List the nodes we exchange with."""
    from khue.exchange import queries
    from khue.foundation import scope

    with scope.of(operator()):
        for line in queries.peer_lines(list(queries.visible_peers(operator()))):
            heard = f"{line.quiet_since:%Y-%m-%d %H:%M}" if line.quiet_since else "never"
            print(
                f"{line.peer.direction:<6} {line.peer.name:<40} heard {heard}, records {line.records},"
                f" batches waiting {line.waiting}, held back {line.held} {line.peer.last_error}"
            )


def collect(options: argparse.Namespace) -> None:  # noqa: ARG001  every deed takes them
    """Gather what the schools of this node report now."""
    from khue.exchange import actions, queries
    from khue.foundation import clock, scope

    with scope.of(operator()):
        schools = queries.own_schools(operator())
    for school in schools:
        with scope.of_organisation(school.id):
            done = actions.collect_school(actor=operator(), school=school, at=clock.now())
        print(f"{school.name}: {done.records} records, {done.changed} changed, {done.held} with errors")


def send(options: argparse.Namespace) -> None:
    """To the node above."""
    from khue.exchange.actions import reporting

    try:
        told = reporting.report_to(operator(), above(), compares=options.compare)
    except reporting.FAILURES as failure:
        raise Failure(f"{type(failure).__name__}: {failure}. What arrived is kept; send again later.") from failure
    print(
        f"{told.records} records in {told.batches} batches, {told.held} held back"
        + (f"; compared because of {', '.join(told.reasons)}: {told.again} sent again" if told.reasons else "")
        + (f", {told.adopted} taken back" if told.adopted else "")
    )


def mail(options: argparse.Namespace) -> None:  # noqa: ARG001  every deed takes them
    """Letters with the node above, once."""
    from khue.exchange.actions import mailing, reporting

    try:
        with reporting.caller_of(operator(), above()) as caller:
            told = mailing.mail_with(operator(), above(), caller)
    except mailing.FAILURES as failure:
        raise Failure(f"{type(failure).__name__}: {failure}. What arrived is kept; try again later.") from failure
    print(
        f"{told.handed_over} letters handed over, {told.not_taken} not taken, {told.fetched} fetched, {told.read} read"
    )


def receive(options: argparse.Namespace) -> None:  # noqa: ARG001  every deed takes them
    """Fetch what the node above holds back of ours."""
    from khue.exchange.actions import reporting

    try:
        print(f"{reporting.fetch_lines(operator(), above())} new lines on the work lists")
    except reporting.FAILURES as failure:
        raise Failure(f"{type(failure).__name__}: {failure}") from failure


def export(options: argparse.Namespace) -> None:
    """Write what is new into a file for a stick."""
    from khue.exchange.actions import carrying

    if options.file.exists():
        raise Failure(f"{options.file} exists already; nothing is overwritten")
    data, records = carrying.packed(operator(), above())
    options.file.write_bytes(data)
    print(f"{records} records. Only the node above can open {options.file}.")


def bring(options: argparse.Namespace) -> None:
    """Take over a file from a stick."""
    from khue.exchange.actions import carrying

    try:
        answers, told = carrying.unpacked(operator(), options.file.read_bytes())
    except carrying.UnusableParcel as error:
        raise Failure(f"{options.file}: {error}") from error
    answer = options.file.with_name(f"{options.file.name}.answer")
    answer.write_bytes(answers)
    print(f"{told}. {answer} goes back on the stick.")


def settle(options: argparse.Namespace) -> None:
    """Take in the answer to a file."""
    from khue.exchange.actions import carrying

    try:
        print(f"{carrying.settled(operator(), above(), options.file.read_bytes())} batches acknowledged")
    except carrying.UnusableParcel as error:
        raise Failure(f"{options.file}: {error}") from error


def check(options: argparse.Namespace) -> None:
    """Say what the rules find in a file of another system."""
    from khue.exchange.queries import checking
    from khue.foundation import clock, scope

    try:
        with scope.of(operator()):
            found = checking.checked_file(options.file.read_bytes(), clock.today())
    except (checking.BrokenFile, OSError) as error:
        raise Failure(f"{options.file}: {error}") from error
    for kind, key, field, message in found.lines:
        print(f"{kind} {key} {field}: {message}")
    print(f"{found.records} records, {found.held} would be held back, {found.warned} have warnings")


DEEDS = {
    "name": name,
    "card": card,
    "admit": admit,
    "peers": peers,
    "collect": collect,
    "send": send,
    "mail": mail,
    **keeping.DEEDS,
    "receive": receive,
    "export": export,
    "import": bring,
    "settle": settle,
    "check": check,
}
