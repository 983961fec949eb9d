"""Authorities, tokens and independent programs for the tests of this room."""

import atexit
import os
import shutil
import subprocess
import tempfile
from functools import cache
from pathlib import Path

import pytest

from khue.records.tests.authority import authority as opened

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
