"""The pages of keys and of what was handed in: whose they are, what they say, and that no PIN stays."""

import pytest

from khue.foundation import clock
from khue.foundation.models import AuditRow
from khue.records.models import Deposit, SigningBatch, SigningKey
from khue.records.tests.authority import PASSWORD
from khue.records.tests.builders import key_file

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("press")]


def test_a_key_is_tried_by_its_holder_and_the_pin_is_kept_nowhere(at, trusting, client_of):
    key = key_file(at, trusting, at.head, "Trần Văn Bình", when=clock.now())
    address, head = f"/records/keys/{key.public_id}/", client_of(at.head)
    assert "Ký thử" in head.get(address).content.decode()
    assert client_of(at.teacher).get(address).status_code == 404
    wrong = head.post(address, {"secret": "0000"})
    assert wrong.status_code == 422
    assert "không đúng" in wrong.content.decode()

    said = head.post(address, {"secret": PASSWORD}, follow=True).content.decode()

    assert "Khoá ký được." in said
    assert [one.verb for one in AuditRow.objects.filter(verb__startswith="signing_key.tried")] == ["signing_key.tried"]
    key.refresh_from_db()
    assert PASSWORD.encode() not in bytes(key.sealed)
    assert not SigningBatch.objects.exists()


def test_a_certificate_near_its_end_is_said_in_time(at, trusting, client_of):
    from datetime import timedelta

    key = key_file(at, trusting, at.head, "Trần Văn Bình", when=clock.now())
    SigningKey.objects.filter(id=key.id).update(valid_to=clock.now() + timedelta(days=20, hours=1))
    head = client_of(at.head)

    assert "Sắp hết hạn" in head.get("/records/keys/").content.decode()
    assert "còn 20 ngày" in head.get(f"/records/keys/{key.public_id}/").content.decode()
    SigningKey.objects.filter(id=key.id).update(valid_to=clock.now() - timedelta(days=1))
    assert head.post(f"/records/keys/{key.public_id}/", {"secret": PASSWORD}).status_code == 422


def test_what_was_handed_in_waits_for_its_receipt(at, world, hands, sealed, client_of):
    clerk = client_of(at.clerk)
    before = clerk.get("/records/deposits/").content.decode()
    assert "Chưa nộp lượt nào" in before
    form = {"deposit-key": str(hands.seal.public_id), "deposit-secret": PASSWORD, "deposit-recipient": "Kho của Sở"}
    answer = clerk.post(f"/records/years/{at.year.public_id}/sign/deposit/", form)
    assert answer.status_code == 303
    from khue.foundation import work

    assert work.run_now(SigningBatch.objects.get(role="deposit").job).state == "done"
    deposit = Deposit.objects.get()
    said = clerk.get("/records/deposits/").content.decode()
    assert "3 học bạ gửi Kho của Sở" in said
    assert "Không thiếu lớp nào" in said
    address = f"/records/deposits/{deposit.public_id}/"
    for account in (at.teacher, at.guardians[0], world.elsewhere.clerk):
        assert client_of(account).post(f"{address}receipt/", {"receipt": "1"}).status_code in (403, 404)
        assert client_of(account).get(f"{address}package.zip").status_code == 404
    assert clerk.post(f"{address}receipt/", {"receipt": ""}).status_code == 422

    done = clerk.post(f"{address}receipt/", {"receipt": "TN-15/2027"}, follow=True).content.decode()

    assert "TN-15/2027" in done
    assert clerk.post(f"{address}receipt/", {"receipt": "khác"}).status_code == 422
    deposit.refresh_from_db()
    assert deposit.receipt == "TN-15/2027"
    assert b"".join(clerk.get(f"{address}package.zip").streaming_content)[:2] == b"PK"
