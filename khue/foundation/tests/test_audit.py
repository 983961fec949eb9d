import threading
from collections import defaultdict

import pytest
from django.db import connection, transaction

from khue.foundation import audit, audit_chain, permissions, scope
from khue.foundation.access import Permission
from khue.foundation.actor import ANONYMOUS, SYSTEM, Actor, Held
from khue.foundation.models import AuditBlock, AuditRow
from khue.foundation.tests.conftest import Node
from tests.world import World


def record(verb: str, **details: object) -> None:
    with scope.of_organisation(None):
        audit.record(SYSTEM, verb, None, **details)


@pytest.fixture
def sealed(node: Node) -> Node:
    """Six rows in three blocks."""
    for number in range(6):
        record("mark.recorded", value=number, reason="Chấm lại")
        if number % 2:
            assert audit_chain.seal() == 2
    return node


def found(node: Node) -> list[tuple[str, int, int | None]]:
    return [(f.code, f.block, f.row) for f in audit_chain.verify(node.var / "audit.deposit")]


def test_an_untouched_trail_has_no_findings(sealed: Node) -> None:
    audit_chain.deposit(sealed.var / "audit.deposit")

    assert audit_chain.verify(sealed.var / "audit.deposit") == []
    assert AuditBlock.objects.count() == 3


@pytest.mark.parametrize(
    ("tampering", "findings"),
    [
        ("UPDATE foundation_auditrow SET details = '{\"value\": 10}' WHERE id = 3", [("row_changed", 2, 3)]),
        ("UPDATE foundation_auditrow SET occurred_at = occurred_at + '1us' WHERE id = 4", [("row_changed", 2, 4)]),
        ("DELETE FROM foundation_auditrow WHERE id = 1", [("row_missing", 1, 1)]),
        ("DELETE FROM foundation_auditrow WHERE block_id = 2", [("row_missing", 2, 3), ("row_missing", 2, 4)]),
        ("DELETE FROM foundation_auditblock WHERE id = 2", [("block_missing", 2, None)]),
        ("DELETE FROM foundation_auditblock WHERE id = 3", [("block_missing", 3, None), ("deposit_differs", 3, None)]),
        (
            "DELETE FROM foundation_auditblock WHERE id = 2; DELETE FROM foundation_auditrow WHERE block_id = 2",
            [("block_missing", 2, None)],
        ),
        (
            "DELETE FROM foundation_auditblock WHERE id = 3; DELETE FROM foundation_auditrow WHERE block_id = 3",
            [("deposit_differs", 3, None)],
        ),
        ("UPDATE foundation_auditrow SET block_id = 3 WHERE id = 1", [("row_missing", 1, 1), ("row_added", 3, 1)]),
        ("UPDATE foundation_auditblock SET sealed_at = sealed_at - interval '1 day' WHERE id = 1",
         [("block_changed", 1, None)]),
        (
            "UPDATE foundation_auditblock SET row_ids = '{5}', row_hashes = substr(row_hashes, 1, 32), row_count = 1"
            " WHERE id = 3; DELETE FROM foundation_auditrow WHERE id = 6",
            [("block_changed", 3, None)],
        ),
        ("UPDATE foundation_auditblock SET hash = sha256('x') WHERE id = 2",
         [("block_changed", 2, None), ("block_changed", 3, None)]),
    ],
)  # fmt: skip
def test_the_owner_of_the_tables_cannot_change_the_trail_unseen(sealed: Node, tampering: str, findings) -> None:
    audit_chain.deposit(sealed.var / "audit.deposit")

    for statement in tampering.split(";"):
        sealed.as_owner(statement)

    assert found(sealed) == findings


def test_findings_are_told_in_plain_words(sealed: Node) -> None:
    sealed.as_owner("DELETE FROM foundation_auditrow WHERE id = 3")

    assert [f.text for f in audit_chain.verify()] == ["Mất dòng 3, thuộc khối 2."]


def test_a_row_committed_late_with_a_smaller_number_is_sealed_too(node: Node) -> None:
    begun, may_commit = threading.Event(), threading.Event()

    def commit_late() -> None:
        with scope.of_organisation(None):
            audit.record(SYSTEM, "slow.thing", None)
            begun.set()
            may_commit.wait(10)
        connection.close()

    slow = threading.Thread(target=commit_late)
    slow.start()
    begun.wait(10)
    record("quick.thing")

    assert audit_chain.seal() == 1
    may_commit.set()
    slow.join()
    assert audit_chain.seal() == 1

    with scope.of_organisation(None):
        assert [(r.id, r.verb, r.block_id) for r in AuditRow.objects.order_by("block_id")] == [
            (2, "quick.thing", 1),
            (1, "slow.thing", 2),
        ]
    assert audit_chain.verify() == []


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE foundation_auditrow SET verb = 'nothing'",
        "DELETE FROM foundation_auditrow",
        "UPDATE foundation_auditblock SET row_count = 0",
        "DELETE FROM foundation_auditblock",
        "INSERT INTO foundation_auditblock SELECT * FROM foundation_auditblock",
        "INSERT INTO foundation_auditrow (occurred_at, actor_name, roles, door, verb, subject_kind, details, block_id)"
        " VALUES (now(), '', '', '', '', '', '{}', 1)",
        "SELECT * FROM foundation_auditrow_rest",
        "TRUNCATE foundation_auditrow",
    ],
)
def test_the_application_can_only_add(db: None, statement: str) -> None:
    with pytest.raises(Exception, match="permission denied"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_rows_that_wait_in_the_rest_move_into_their_months_partition(node: Node) -> None:
    partition = node.as_owner("SELECT to_char(now(), '\"foundation_auditrow_\"YYYY_MM')")[0][0]
    node.as_owner(f"DROP TABLE {partition}")
    record("lamp.lit")
    audit_chain.seal()
    assert node.as_owner("SELECT count(*) FROM foundation_auditrow_rest") == [(1,)]

    assert audit_chain.prepare_months(3) == 1

    assert node.as_owner("SELECT count(*) FROM foundation_auditrow_rest") == [(0,)]
    assert audit_chain.verify() == []
    assert audit_chain.prepare_months(3) == 0
    with pytest.raises(Exception, match="permission denied"), connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM {partition}")
    record("lamp.out")


def reader(role: str, organisation_id: int | None) -> Actor:
    covers = None if organisation_id is None else frozenset({organisation_id})
    return Actor(account_id=1, held=(Held(role, organisation_id or 1, covers),))


def test_the_trail_is_read_by_staff_with_the_right_and_only_their_own(world: World, monkeypatch) -> None:
    monkeypatch.setattr(permissions, "_granting", defaultdict(set))
    permissions.grant("reader", [Permission.AUDIT_READ])
    permissions.grant("keeper", [Permission.AUDIT_READ, Permission.AUDIT_READ_NODE])
    here, elsewhere = world.here.organisation, world.elsewhere.organisation
    audit.record(SYSTEM, "school.here", here)
    audit.record(SYSTEM, "school.elsewhere", elsewhere)
    audit.record(SYSTEM, "node.backed_up", None)

    def seen(actor: Actor) -> list[str]:
        with scope.of(actor):
            return sorted(audit.visible_audit(actor).values_list("verb", flat=True))

    assert seen(reader("reader", here.id)) == ["school.here"]
    assert seen(reader("teacher", here.id)) == []
    assert seen(ANONYMOUS) == []
    assert seen(reader("reader", None)) == ["school.elsewhere", "school.here"]
    assert seen(reader("keeper", None)) == ["node.backed_up", "school.elsewhere", "school.here"]
    assert seen(reader("keeper", here.id)) == ["school.here"]
