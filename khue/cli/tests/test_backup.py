"""A backup is what comes out of it: one node is taken down in an archive and another one made of it."""

import hashlib
import tarfile
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import psycopg
import pytest
from django.conf import settings
from psycopg import sql

from khue.cli import backup, restore
from khue.cli.failures import Failure
from khue.foundation import at_rest, files
from khue.foundation.postgres import addresses
from khue.messaging import keys, queries
from khue.messaging.tests.talks import begin, write
from tests.world import NOON, actor, world

PHOTO = b"\x89PNG\r\n\x1a\n" + b"x" * 100_000
CONTENTS = [b"Bai 1", b"x" * 300_000, "Đề kiểm tra".encode()]


def address(database: str) -> str:
    return addresses.url_of(settings.DATABASES["owner"], database)


@pytest.fixture
def node(committed_db: str, tmp_path: Path) -> backup.Node:
    """A node with two schools and three files."""
    world()
    files = tmp_path / "one" / "files"
    for content in CONTENTS:
        digest = hashlib.sha256(content).hexdigest()
        path = files / digest[:2] / digest[2:4] / digest
        path.parent.mkdir(parents=True)
        path.write_bytes(content)
    (files / "uploads").mkdir()
    (files / "uploads" / "unfinished").write_bytes(b"half")
    (tmp_path / "one" / "secret").write_text("the secret of one")
    return backup.Node(address(settings.DATABASES["owner"]["NAME"]), files, tmp_path / "one" / "secret")


@pytest.fixture
def empty(node: backup.Node, tmp_path: Path) -> Iterator[backup.Node]:
    """Another node, as new."""
    name = f"{settings.DATABASES['owner']['NAME']}_restored"
    administration = node.owner.rpartition("/")[0] + "/postgres"
    with psycopg.connect(administration, autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    yield backup.Node(address(name), tmp_path / "two" / "files", tmp_path / "two" / "secret")
    with psycopg.connect(administration, autocommit=True) as connection:
        connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


def contents(node: backup.Node) -> dict[str, list[str]]:
    """Every row of every table, as text, in an order of its own."""
    with psycopg.connect(node.owner) as connection:
        tables = backup.rows_of_tables(connection)
        return {
            table: [
                row
                for (row,) in connection.execute(
                    sql.SQL("SELECT t::text FROM {} t ORDER BY 1").format(sql.Identifier(table))
                ).fetchall()
            ]
            for table in tables
        }


def test_a_restored_node_holds_every_row_and_every_file(node, empty, tmp_path):
    made = backup.make(node, tmp_path / "backup.tar")

    restore.into_empty(empty, tmp_path / "backup.tar")

    assert contents(empty) == contents(node)
    assert made.tables["registry_person"] > 0
    names = list(backup.stored_files(node.files))
    assert list(backup.stored_files(empty.files)) == names
    assert sorted((empty.files / name).read_bytes() for name in names) == sorted(CONTENTS)
    assert empty.secret.read_text() == "the secret of one"


def test_a_restored_node_keeps_schools_apart(node, empty, tmp_path):
    backup.make(node, tmp_path / "backup.tar")

    restore.into_empty(empty, tmp_path / "backup.tar")

    with psycopg.connect(empty.owner) as connection:
        (policies,) = connection.execute("SELECT count(*) FROM pg_policies").fetchone()
        assert connection.execute(
            "SELECT has_table_privilege('khue_app', 'registry_person', 'SELECT'),"
            " has_schema_privilege('khue_app', 'public', 'CREATE')"
        ).fetchone() == (True, False)
    with psycopg.connect(node.owner) as connection:
        assert connection.execute("SELECT count(*) FROM pg_policies").fetchone() == (policies,)


def test_a_restore_into_a_used_node_is_refused_and_changes_nothing(node, tmp_path):
    backup.make(node, tmp_path / "backup.tar")
    before = contents(node)

    with pytest.raises(Failure, match="not empty"):
        restore.into_empty(node, tmp_path / "backup.tar")

    assert contents(node) == before


@pytest.mark.parametrize("damage", ["one byte", "cut off", "no archive"])
def test_a_damaged_archive_is_refused_before_anything_is_changed(node, empty, tmp_path, damage):
    archive = tmp_path / "backup.tar"
    backup.make(node, archive)
    whole = bytearray(archive.read_bytes())
    if damage == "one byte":
        whole[whole.find(b"x" * 1000) + 500] = ord("y")
    archive.write_bytes({"one byte": whole, "cut off": whole[: len(whole) // 2], "no archive": b"?"}[damage])

    with pytest.raises(Failure, match=r"damaged|not a complete backup"):
        restore.into_empty(empty, archive)

    assert contents(empty) == {}
    assert not empty.files.exists()


def test_a_damaged_stored_file_is_named_and_leaves_no_archive(node, tmp_path):
    name = next(backup.stored_files(node.files))
    (node.files / name).write_bytes(b"other")

    with pytest.raises(Failure, match=name):
        backup.make(node, tmp_path / "backup.tar")

    assert list(tmp_path.glob("backup*")) == []


def test_a_backup_is_for_its_owner_alone_and_never_overwrites_another(node, tmp_path):
    archive = tmp_path / "backup.tar"
    backup.make(node, archive)

    with pytest.raises(Failure, match="exists already"):
        backup.make(node, archive)

    assert archive.stat().st_mode & 0o077 == 0
    with tarfile.open(archive) as tar:
        assert not [name for name in tar.getnames() if "unfinished" in name]


def test_a_restored_node_reads_what_schools_keep_encrypted(node, empty, tmp_path, settings):
    settings.FILES_ROOT = node.files
    here = world().here
    file = files.store(
        actor=actor(here.teacher), stream=BytesIO(PHOTO), name="a.png", purpose=queries.LINE_FILE,
        organisation_id=here.organisation.id, at=NOON,
    )  # fmt: skip
    write(begin(here), here.teacher, "Cháu học tiến bộ nhiều", files=[file])
    backup.make(node, tmp_path / "backup.tar")

    restore.into_empty(empty, tmp_path / "backup.tar")

    with psycopg.connect(empty.owner) as connection:
        [row] = connection.execute(
            "SELECT k.wrapped, k.organisation_id, k.version, l.sealed, l.conversation_id, l.public_id, f.wrapped"
            " FROM messaging_line l JOIN messaging_datakey k ON k.id = l.data_key_id"
            " JOIN messaging_filekey f ON f.data_key_id = k.id"
        ).fetchall()
    wrapped, school, version, sealed, conversation, public_id, wrapped_for_file = row
    key = keys.unwrap(bytes(wrapped), school, version)
    assert "tiến bộ" in keys.unseal(key, bytes(sealed), keys.place_of_line(school, conversation, public_id))
    of_file = keys.unseal_key(key, bytes(wrapped_for_file), keys.place_of_file(school, file.public_id))
    kept = empty.files / file.sha256[:2] / file.sha256[2:4] / file.sha256
    assert PHOTO[:8] not in kept.read_bytes()
    with at_rest.opened(kept, of_file) as stream:
        assert stream.read() == PHOTO
