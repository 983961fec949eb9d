"""What a department does with the batches of the nodes below, beside a bare COPY of the same rows.

exchange.accept          20,000 records, new: signature, decompression, fields, rules, rights, one writing statement
exchange.accept_newer    the same records in their next version
exchange.accept_again    the same batches once more: each is known by its digest
exchange.compare         the tree of hashes over all of them, by the database
exchange.collect         a school of a thousand pupils whose rows are read, judged and compared; nothing has changed

Rates are records a second of processor time, of the program and the database together: one core. The nearest open peer
publishes 454 a second through its API on four cores (Ed-Fi, rivals.md).
"""

import os
from collections.abc import Iterator

from django.db import connection
from joserfc.jwk import OKPKey

from bench import database  # sets Django up, for what is imported after it
from bench.names import name_of
from bench.processes import Group
from bench.row import Row, against, noted
from khue.exchange import actions, queries
from khue.exchange.envelope import Envelope
from khue.exchange.tests.conftest import SENT, NodeBelow, card_of
from khue.foundation import scope
from khue.foundation.actor import SYSTEM
from tests.world import NOON, World, enrol, world

RECORDS, BATCH = 20_000, 5_000
RATE = 5_000


def rows() -> Iterator[Row]:
    """The rates, with what COPY reaches for the same rows."""
    with database.fresh("khue_bench_exchange"):
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config('khue.scope', '*', false)")
        made = world()
        actions.name_node(actor=SYSTEM, organisation=made.department)
        node = _node(made)
        bare = _copied(_records(node, 1))
        first, second = _batches(node, 1, 1), _batches(node, 2, 1 + RECORDS // BATCH)
        yield _rate("exchange.accept", _seconds_of(node, first), bare)
        yield _rate("exchange.accept_newer", _seconds_of(node, second), bare)
        yield noted("exchange.accept_again", RECORDS / _seconds_of(node, first), "records/processor s")
        yield noted("exchange.compare", RECORDS / _compared(node), "records/processor s")
        yield noted("exchange.collect", *_collected(made))


def _rate(name: str, seconds: float, bare: float) -> Row:
    rate = RECORDS / seconds
    row = against(name, rate, "records/processor s", baseline="COPY of the same rows", baseline_value=bare)
    return Row(
        row.name, row.value, row.unit, row.baseline, row.baseline_value, row.ratio, f">= {RATE:g}", ok=rate >= RATE
    )


def _node(made: World) -> NodeBelow:
    key, school = OKPKey.generate_key("Ed25519"), made.elsewhere.organisation
    card = card_of(key, "school", school.name, school.code)
    peer = actions.admit_peer(actor=SYSTEM, card=card, organisation=school, at=NOON)
    return NodeBelow(peer, key, school.code, str(queries.this_node().node))


def _records(node: NodeBelow, version: int) -> list[Envelope]:
    """Identities, places in classes and results, two to two to one, as a school reports them."""
    made = []
    for number in range(RECORDS):
        pupil, what = divmod(number, 5)
        key = f"{pupil}.{what}"
        if what in (0, 1):
            made.append(_record(node, "pupil_identity", key, version, _identity(number)))
        elif what in (2, 3):
            place = {"manhomcaphoc": "03", "matruong": node.school, "makhoi": "06", "malop": "6A1-2026-2027",
                     "mahocsinh": f"82{number:08}", "matrangthaihientai": "Đang học", "hongheo": 1}  # fmt: skip
            made.append(_record(node, "pupil", key, version, place))
        else:
            marks = [{"mamonhoc": code, "diem": 7.5} for code in ("TOAN", "NV", "TA", "KHTN", "LSDL", "CN", "TIN")]
            result = {"manhomcaphoc": "03", "matruong": node.school, "makhoi": "06", "malop": "6A1-2026-2027",
                      "mahocsinh": f"82{number:08}", "hocky": "1", "diemtongket": 7.5, "mahocluc": "2",
                      "mahanhkiem": "1", "diemmon": marks}  # fmt: skip
            made.append(_record(node, "result", key, version, result))
    return made


def _identity(number: int) -> dict[str, object]:
    adult = {"hovaten": name_of(number + 7), "namsinh": "1985", "nghenghiep": "Làm ruộng"}
    return {
        "mahocsinh": f"82{number:08}", "sodinhdanh": f"08221{number % 10}{number:06}"[:12], "hovaten": name_of(number),
        "gioitinh": "1", "ngaythangnamsinh": f"201{number % 10}-03-02", "dantoc": "01", "quoctich": "VN",
        "noisinh": {"detail": "Đồng Tháp"}, "noicutru": {"detail": "Ấp 3, xã Mỹ An", "maxa": "30001", "matinh": "82"},
        "cha": adult, "me": adult,
    }  # fmt: skip


def _record(node: NodeBelow, kind: str, key: str, version: int, fields: dict[str, object]) -> Envelope:
    return Envelope(
        IdBanGhi=f"{kind}.019ab000-0000-7000-8000-000000000000.{key}", Loai=kind, MaTruong=node.school,
        SuKien="NEW" if version == 1 else "UPdate", PhienBan=version, ThoiGianCapNhat=SENT, NgayCapNhat=SENT,
        DuLieu={**fields, "mahocsinh": f"{fields['mahocsinh']}"[:9] + str(version)},
    )  # fmt: skip


def _batches(node: NodeBelow, version: int, first: int) -> list[bytes]:
    records = _records(node, version)
    return [
        node.batch(*records[begin : begin + BATCH], number=first + begin // BATCH) for begin in range(0, RECORDS, BATCH)
    ]


def _seconds_of(node: NodeBelow, batches: list[bytes]) -> float:
    processes = Group(lambda: [os.getpid(), *database.server_processes()])
    begin = processes.seconds()
    for data in batches:
        answer = node.accept(data)
        if answer.held or not (answer.repeated or answer.taken == BATCH):
            raise RuntimeError(f"the batch was not taken as it should: {answer.counts()}, {answer.held[:2]}")
    return processes.seconds() - begin


def _compared(node: NodeBelow) -> float:
    processes = Group(lambda: [os.getpid(), *database.server_processes()])
    begin = processes.seconds()
    queries.leaves_told(node.peer)
    return processes.seconds() - begin


def _collected(made: World) -> tuple[float, str]:
    for number in range(1000):
        enrol(made.here, name_of(number))
    school = made.here.organisation
    with scope.of(SYSTEM):
        actions.collect_school(actor=SYSTEM, school=school, at=NOON)
    processes = Group(lambda: [os.getpid(), *database.server_processes()])
    begin = processes.seconds()
    with scope.of(SYSTEM):
        done = actions.collect_school(actor=SYSTEM, school=school, at=NOON)
    if done.changed:
        raise RuntimeError(f"a school that did not change reports changes: {done}")
    return done.records / (processes.seconds() - begin), "records/processor s"


def _copied(records: list[Envelope]) -> float:
    """Rows a processor second of COPY into a table like that of records, with its indexes, without anything else."""
    import msgspec

    lines = [
        (record.Loai, record.IdBanGhi, record.MaTruong, msgspec.json.encode(record.DuLieu).decode(), number)
        for number, record in enumerate(records)
    ]
    with database.owner() as owner:
        owner.execute("CREATE TABLE copied (LIKE exchange_reportedrecord INCLUDING ALL)")
        processes = Group(lambda: [os.getpid(), *database.server_processes()])
        begin = processes.seconds()
        with owner.cursor().copy(
            "COPY copied (kind, key, school_code, payload, position, organisation_id, version, event, content_hash,"
            " sent_hash, bucket, warnings, errors, changed_at, recorded_at) FROM STDIN"
        ) as copy:
            for kind, key, school, payload, number in lines:
                digest = number.to_bytes(16, "big")
                copy.write_row(
                    (kind, key, school, payload, number, 1, 1, "NEW", digest, digest, number % 4096, 0, 0, NOON, NOON)
                )
        seconds = processes.seconds() - begin
        owner.execute("DROP TABLE copied")
    return RECORDS / seconds
