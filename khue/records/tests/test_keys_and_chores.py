"""Keys that are told, refused and retired; what the clock does; a batch that is stopped in the middle; a deposit."""

from datetime import timedelta

import pytest

from khue.foundation import clock, work
from khue.foundation.errors import Forbidden
from khue.records import actions, queries, sealing, tasks
from khue.records.models import Deposit, RevocationList, Signature, SigningBatch, SigningKey, YearSheet
from khue.records.refusals import (
    CertificateNotTrusted,
    KeyFileUnreadable,
    KeyNotFound,
    KeyRetired,
    SigningNotSetUp,
    StepOutOfOrder,
    WrongKeySecret,
)
from khue.records.tests.authority import PASSWORD, authority
from khue.records.tests.builders import confirmed, signed
from tests.world import actor

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("press")]


def add(at, account, file: bytes, password: str = PASSWORD, *, is_seal: bool = False):
    return actions.add_key_file(
        actor=actor(account), organisation=at.organisation, is_seal=is_seal, title="", file=file, password=password,
        at=clock.now(),
    )  # fmt: skip


def test_keys_that_are_no_use_are_refused_and_nothing_is_kept(at, world, trusting):
    good = trusting.pkcs12(trusting.person("Trần Văn Bình"))
    with pytest.raises(WrongKeySecret):
        add(at, at.head, good, "sai")
    with pytest.raises(WrongKeySecret):
        add(at, at.head, b"rubbish")
    with authority() as other, pytest.raises(CertificateNotTrusted):
        add(at, at.head, other.pkcs12(other.person("Trần Văn Bình")))
    with pytest.raises(KeyNotFound):
        actions.add_token_key(
            actor=actor(at.head), organisation=at.organisation, is_seal=False, title="", token="t", label="k",
            certificates=b"no pem", at=clock.now(),
        )  # fmt: skip
    for account, is_seal in ((at.teacher, True), (at.pupils[0], False), (world.elsewhere.head, False)):
        with pytest.raises(Forbidden):
            add(at, account, good, is_seal=is_seal)

    assert not SigningKey.objects.exists()


def test_a_key_file_lies_encrypted_and_bound_to_its_row(at, trusting):
    file = trusting.pkcs12(trusting.person("Trần Văn Bình"))
    key = add(at, at.head, file)

    assert file not in bytes(key.sealed)
    assert sealing.unseal(key.sealed, f"key|{key.organisation_id}|{key.public_id}") == file
    with pytest.raises(KeyFileUnreadable):
        sealing.unseal(key.sealed, f"key|{key.organisation_id + 1}|{key.public_id}")


def test_a_retired_key_signs_nothing_more(at, hands):
    confirmed(at)
    actions.retire_key(actor=actor(at.head), key=hands.head, at=clock.now())
    with pytest.raises(Forbidden):
        actions.retire_key(actor=actor(at.teacher), key=hands.head, at=clock.now())
    with pytest.raises(KeyRetired):
        signed(at, at.head, "head", SigningKey.objects.get(id=hands.head.id))

    assert not SigningBatch.objects.exists()


def test_a_node_without_time_stamps_says_what_is_missing(at, hands, settings):
    confirmed(at)
    settings.TSA_URL = ""
    with pytest.raises(SigningNotSetUp, match="KHUE_TSA_URL"):
        signed(at, at.head, "head", hands.head)

    assert not SigningBatch.objects.exists()


def test_a_silent_authority_stops_a_batch_with_a_sentence_and_forgets_the_pin(at, hands, settings):
    confirmed(at)
    settings.TSA_URL = "http://127.0.0.1:9/tsa"

    job = signed(at, at.head, "head", hands.head)

    assert job.state == "failed"
    assert "không trả lời" in job.summary
    assert not Signature.objects.exists()
    assert not SigningBatch.objects.exclude(secret=None).exists()


def test_a_batch_that_broke_in_the_middle_goes_on_where_it_was(at, hands, monkeypatch):
    confirmed(at)
    batch = actions.begin_batch(
        actor=actor(at.head), school_year=at.year, school_class=None, role="head", key=hands.head, secret=PASSWORD,
        at=clock.now(),
    )  # fmt: skip
    monkeypatch.setattr(tasks, "CHUNK", 1)
    genuine, calls = actions.keep_signatures, []

    def broken(**given):
        calls.append(1)
        if len(calls) == 2:
            raise RuntimeError("the database went away")
        return genuine(**given)

    monkeypatch.setattr(actions, "keep_signatures", broken)
    assert work.run_now(batch.job).state == "waiting"
    assert Signature.objects.count() == 1
    assert SigningBatch.objects.exclude(secret=None).count() == 1

    job = work.run_now(batch.job)

    assert (job.state, job.done_count, Signature.objects.count()) == ("done", 2, 3)
    assert not SigningBatch.objects.exclude(secret=None).exists()


def test_the_clock_forgets_pins_that_a_killed_machine_left(at, hands):
    confirmed(at)
    batch = actions.begin_batch(
        actor=actor(at.head), school_year=at.year, school_class=None, role="head", key=hands.head, secret=PASSWORD,
        at=clock.now(),
    )  # fmt: skip
    assert tasks.forget_secrets() == 0
    SigningBatch.objects.filter(id=batch.id).update(begun_at=clock.now() - timedelta(days=1))

    assert tasks.forget_secrets() == 1

    batch.refresh_from_db()
    assert batch.secret is None
    with pytest.raises(Forbidden):
        actions.forget_secrets(actor=actor(at.head), before=clock.now(), at=clock.now())


def test_the_clock_keeps_the_newest_lists_and_believes_nobody_elses(at, hands, trusting):
    assert tasks.refresh_revocation_lists() == 2
    assert tasks.refresh_revocation_lists() in (0, 2)
    with authority() as other:
        kept = actions.keep_revocation_list(
            actor=work.SYSTEM, issuer=trusting.issuing.der, address="x", content=other.crl("issuing"), at=clock.now()
        )
    assert not kept
    assert RevocationList.objects.count() == 2


def test_sealed_sheets_are_handed_in_as_one_sealed_package(at, hands, sealed, client_of):
    batch = actions.begin_batch(
        actor=actor(at.clerk), school_year=at.year, school_class=None, role="deposit", key=hands.seal, secret=PASSWORD,
        at=clock.now(), recipient="Kho học bạ số của Sở",
    )  # fmt: skip

    assert work.run_now(batch.job).state == "done"

    deposit = Deposit.objects.get()
    assert (deposit.sheets, deposit.recipient) == (3, "Kho học bạ số của Sở")
    assert set(YearSheet.objects.values_list("state", flat=True)) == {"deposited"}
    file = client_of(at.clerk).get(f"/files/{deposit.file.public_id}/", follow=True)
    content = b"".join(file.streaming_content) if file.streaming else file.content
    assert queries.verify(content).verdict == "valid"
    actions.note_receipt(actor=actor(at.clerk), deposit=deposit, receipt="TN-12", at=clock.now())
    with pytest.raises(StepOutOfOrder):
        actions.note_receipt(actor=actor(at.clerk), deposit=deposit, receipt="TN-13", at=clock.now())


def test_the_command_says_what_files_are_worth(at, sealed, tmp_path, capsys, monkeypatch):
    from contextlib import nullcontext

    from khue.cli import check, database
    from khue.foundation import files

    sheet = sealed[0]
    with files.open_file(sheet.xml) as stream:
        good = stream.read()
    (tmp_path / "a.xml").write_bytes(good)
    (tmp_path / "b.xml").write_bytes(good.replace(b"8.0", b"9.0", 1))
    monkeypatch.setattr(database, "opened", nullcontext)

    assert check.main(["records", str(tmp_path / "a.xml")]) == 0
    assert check.main(["records", str(tmp_path / "b.xml")]) == 1
    assert "b.xml: changed" in capsys.readouterr().out
