"""Authorities, tokens and independent programs for the tests of this room."""

import atexit
import os
import pickle
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import Encoding
from django.test import override_settings

from khue.records.tests.authority import authority as opened
from khue.records.tests.builders import Hands, complete_year, keys_of, sealed_year
from tests.databases import standing, stands_in

MODULES = ("/usr/lib/softhsm/libsofthsm2.so", "/usr/lib/x86_64-linux-gnu/softhsm/libsofthsm2.so")
PIN, SO_PIN, TOKEN = "271828", "31415926", "truong"


def _needs(program: str, package: str) -> str:
    found = shutil.which(program)
    if found is None:
        absent = f"no {program} on this machine (Debian: apt install {package})"
        if os.environ.get("KHUE_REQUIRE_BROWSER") == "1":
            pytest.fail(f"KHUE_REQUIRE_BROWSER is set, but there is {absent}")
        pytest.skip(absent)
    return found


@pytest.fixture(scope="session")
def xmlsec() -> str:
    return _needs("xmlsec1", "xmlsec1")


@pytest.fixture(scope="session")
def pdfsig() -> str:
    return _needs("pdfsig", "poppler-utils")


@pytest.fixture(scope="session")
def ca():
    """An authority that answers for the whole run; who revokes something makes a certificate of its own for it."""
    with opened() as made:
        yield made


@pytest.fixture(scope="session")
def softhsm() -> tuple[str, Path]:
    """SoftHSM with one token: the module, and a folder for what is imported.

    One for the whole process, though a journey imports this fixture too: the library keeps the token it began with.
    """
    _needs("softhsm2-util", "softhsm2")
    return next(one for one in MODULES if Path(one).exists()), _token()


@cache
def _token() -> Path:
    folder = Path(tempfile.mkdtemp("softhsm"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    (folder / "tokens").mkdir()
    conf = folder / "softhsm2.conf"
    conf.write_text(f"directories.tokendir = {folder / 'tokens'}\nobjectstore.backend = file\nlog.level = ERROR\n")
    os.environ["SOFTHSM2_CONF"] = str(conf)
    _run("softhsm2-util", "--init-token", "--free", "--label", TOKEN, "--pin", PIN, "--so-pin", SO_PIN)
    return folder


@pytest.fixture(scope="session")
def into_token(softhsm):
    """Puts a key of the authority into the token under a label."""

    def put(issued, label: str) -> None:
        file = softhsm[1] / f"{label}.pem"
        from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

        file.write_bytes(issued.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
        number = f"{len(list(softhsm[1].glob('*.pem'))):04x}"
        _run("softhsm2-util", "--import", str(file), "--token", TOKEN, "--label", label, "--id", number, "--pin", PIN)

    return put


def _run(*command: str) -> None:
    subprocess.run(command, check=True, capture_output=True, env=os.environ)


@pytest.fixture
def trusting(ca, settings, tmp_path):
    """A node that trusts the tests' authority and stamps with its clock."""
    for name, value in _trusting(ca, tmp_path).items():
        setattr(settings, name, value)
    return ca


def _trusting(ca, folder: Path) -> dict[str, object]:
    """The settings of that node, whose files lie in the folder."""
    roots = folder / "roots.pem"
    roots.write_bytes(ca.root.certificate.public_bytes(Encoding.PEM))
    return {"TRUST_FILE": str(roots), "TSA_URL": f"{ca.address}/tsa", "FILES_ROOT": folder / "files"}


@pytest.fixture(scope="session")
def _sealed(_inhabited, ca, press, django_db_blocker, tmp_path_factory) -> Iterator[tuple[bytes, Path]]:
    """A class whose sheets are signed and sealed, made once: nine signatures take longer than most tests of a sealed
    sheet. The packed world with its keys and sheets, and the node's files."""
    folder = tmp_path_factory.mktemp("sealed")

    def make():
        world = pickle.loads(_inhabited)
        complete_year(world.here)
        hands = keys_of(world.here, ca)
        return world, hands, sealed_year(world.here, hands)

    given = override_settings(**_trusting(ca, folder))
    with django_db_blocker.unblock(), given, standing("sealed", make, "world") as made:
        given.disable()
        yield made, folder / "files"
        given.enable()


@pytest.fixture
def _unpacked(db, _sealed, trusting, settings):
    made, files = _sealed
    shutil.copytree(files, settings.FILES_ROOT)
    return pickle.loads(made)


@pytest.fixture
@stands_in("world")
def world(request, db, _inhabited):
    """The small world, for a test that names `sealed` with the year of 6A already sealed."""
    return request.getfixturevalue("_unpacked")[0] if "sealed" in request.fixturenames else pickle.loads(_inhabited)


@pytest.fixture
def at(request, world):
    """The school of class 6A, whose year is complete."""
    if "sealed" not in request.fixturenames:
        complete_year(world.here)
    return world.here


@pytest.fixture
def hands(request, at, trusting) -> Hands:
    """The keys of who signs there."""
    return request.getfixturevalue("_unpacked")[1] if "sealed" in request.fixturenames else keys_of(at, trusting)


@pytest.fixture
@stands_in("sealed")
def sealed(_unpacked):
    """The sealed sheets of class 6A."""
    return _unpacked[2]
