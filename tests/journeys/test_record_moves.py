"""A family moves to another province: the record that one node sealed is verified and taken in by another, offline."""

import subprocess
import sys

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import override_settings

from khue.exchange.tests.nodes import node
from khue.foundation import clock, scope
from khue.foundation.actor import SYSTEM
from khue.gradebook.models import ReceivedResult
from khue.records import actions, queries
from khue.records.models import ReceivedSheet, YearSheet
from khue.records.tests.builders import complete_year, keys_of, sealed_year
from khue.records.tests.conftest import ca, trusting  # noqa: F401  fixtures
from khue.registry.models import Person
from tests import world as worlds
from tests.world import actor

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("press")]


def test_a_childs_record_arrives_signed_in_another_province(world, trusting, client_of, settings, tmp_path):  # noqa: F811
    at = world.here
    complete_year(at)
    sealed_year(at, keys_of(at, trusting))
    child = at.enrolments[0].person
    transcript = YearSheet.objects.filter(transcript__person=child).get().transcript

    # The family downloads it at home, and any machine with the roots can judge it.
    carried = client_of(at.guardians[0]).post(f"/records/transcripts/{transcript.public_id}/whole/").content
    (tmp_path / "hoc-ba.zip").write_bytes(carried)
    judged = subprocess.run(
        [sys.executable, "-m", "khue.cli", "check", "records", "--roots", settings.TRUST_FILE,
         str(tmp_path / "hoc-ba.zip")],
        capture_output=True, text=True,
    )  # fmt: skip
    assert "hoc-ba.zip: valid" in judged.stdout, judged.stderr
    assert judged.returncode == 0

    with node("tinh_khac") as there, override_settings(FILES_ROOT=tmp_path / "there"):
        with there.inside():
            new = worlds.school("THCS Cao Lãnh", None, worlds.maths_subject(), 3)
            Person.objects.filter(id=new.enrolments[0].person_id).update(
                full_name=child.full_name, birth_year=child.birth_year, birth_month=child.birth_month,
                birth_day=child.birth_day,
            )  # fmt: skip
            assert not YearSheet.objects.exists()  # another node: it knows nothing of the first
        with there.at():
            clerk = client_of(new.clerk)
            file = SimpleUploadedFile("hoc-ba.zip", carried)
            done = clerk.post("/records/received/", {"pupil": child.full_name, "file": file}, follow=True)
            assert "Học bạ hợp lệ, đã nhận vào hồ sơ." in done.content.decode()
            assert at.organisation.name in done.content.decode()
        with there.inside():
            sheet = ReceivedSheet.objects.select_related("package").get()
            assert (sheet.school, sheet.verdict) == (at.organisation.name, "valid")
            content, teacher = queries.content_of(sheet), actor(new.teacher)
        with there.at(), scope.of(teacher):
            assert actions.carry_results(actor=teacher, sheet=sheet, content=content, at=clock.now()) == 2
        with there.inside():
            assert list(ReceivedResult.objects.values_list("mean_tenths", flat=True)) == [80, 80]
        with there.at(), scope.of(SYSTEM):
            assert queries.verify(carried).is_known is False
