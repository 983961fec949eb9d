"""Signing at a distance, against a real service on this machine that speaks the same contract."""

import base64
import json
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding
from cryptography.hazmat.primitives.asymmetric.utils import Prehashed

from khue.records import content as contents
from khue.records.signing.certified import Trust
from khue.records.signing.judge import judge_xml
from khue.records.signing.keys import KeyMissing, ProviderFailed, WrongSecret
from khue.records.signing.remote import RemoteSigner
from khue.records.signing.session import Session
from khue.records.signing.verdicts import Verdict
from khue.records.tests.test_signing import NOW, SHEET

PIN = "246810"


@contextmanager
def service(ca, issued, broken=""):
    """Signs hashes of who knows the PIN and got an authorisation for exactly these hashes."""
    allowed: dict[str, list[str]] = {}

    class Door(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            if self.headers["Authorization"] != "Bearer token" or asked["credentialID"] != "truong-1":
                return self.say(404, {"error": "invalid_request"})
            if self.path.endswith("credentials/info"):
                chain = [issued.der, ca.issuing.der, ca.root.der]
                return self.say(200, {"cert": {"certificates": [base64.b64encode(one).decode() for one in chain]}})
            if self.path.endswith("credentials/authorize"):
                if asked["PIN"] != PIN:
                    return self.say(400, {"error": "invalid_pin"})
                allowed["sad"] = asked["hash"]
                return self.say(200, {"SAD": "sad"})
            if broken:
                return self.say(200, json.loads(broken))
            if allowed.pop(asked["SAD"], None) != asked["hash"]:
                return self.say(400, {"error": "invalid_request"})
            return self.say(200, {"signatures": [self.signed(base64.b64decode(one)) for one in asked["hash"]]})

        def signed(self, digest: bytes) -> str:
            way = Prehashed(hashes.SHA256())
            if isinstance(issued.key, ec.EllipticCurvePrivateKey):
                return base64.b64encode(issued.key.sign(digest, ec.ECDSA(way))).decode()
            return base64.b64encode(issued.key.sign(digest, padding.PKCS1v15(), way)).decode()

        def say(self, status: int, said: object) -> None:
            body = json.dumps(said).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Door)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/csc/v1/"
    finally:
        server.shutdown()
        server.server_close()


@pytest.mark.parametrize("curve", [False, True])
def test_many_are_signed_with_one_authorisation(ca, curve):
    issued = ca.person("Trường THCS Mỹ An", curve=curve)
    with service(ca, issued) as address:
        signer = RemoteSigner(address, "token", "truong-1", PIN)
        with Session(signer, f"{ca.address}/tsa", ca.anchors) as at_work:
            made = at_work.seal([contents.written(SHEET)] * 3, [[], [], []], NOW)

    assert [judge_xml(one, Trust(ca.anchors), ["seal"]).verdict for one in made] == [Verdict.VALID] * 3


def test_a_wrong_pin_an_unknown_key_and_a_broken_service_are_told_apart(ca):
    issued = ca.person("Trường")
    with service(ca, issued) as address:
        with pytest.raises(WrongSecret):
            RemoteSigner(address, "token", "truong-1", "0").sign([b"x"])
        with pytest.raises(KeyMissing):
            RemoteSigner(address, "token", "khac", PIN)
    for broken in ("[]", '{"signatures": []}', '{"signatures": ["?"]}', '{"signatures": "x"}'):
        with service(ca, issued, broken) as address, pytest.raises(ProviderFailed):
            RemoteSigner(address, "token", "truong-1", PIN).sign([b"x"])
    with pytest.raises(ProviderFailed):
        RemoteSigner("http://127.0.0.1:9/", "token", "truong-1", PIN)
