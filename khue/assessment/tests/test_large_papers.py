"""A paper too large for a request is read by the worker, watched, and ends in the same review."""

import io
import os
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from khue.assessment.models import Paper, PaperItem
from khue.assessment.tests.test_pages import PAPER
from khue.assessment.tests.word_files import plain_paper
from khue.assessment.views.papers import READ_IN_REQUEST_BYTES
from khue.foundation import work
from khue.foundation.models import Job
from khue.schools.models import TeachingAssignment
from tests.world import World


@pytest.fixture(autouse=True)
def _files(settings, tmp_path):
    settings.FILES_ROOT = tmp_path


def large(data: bytes) -> SimpleUploadedFile:
    """The same Word file with something in it that does not shrink."""
    grown = io.BytesIO(data)
    with zipfile.ZipFile(grown, "a") as archive:
        archive.writestr("word/media/noise.bin", os.urandom(READ_IN_REQUEST_BYTES))
    return SimpleUploadedFile("Đề cương cả năm.docx", grown.getvalue())


def sent(world: World, client, file: SimpleUploadedFile) -> Job:
    shelf = f"{world.here.organisation.id}-{world.subject.id}-6"
    answer = client.post("/bank/papers/", {"shelf": shelf, "file": file})
    job = Job.objects.get()
    assert answer["Location"] == f"/jobs/{job.public_id}/"
    return job


def test_the_worker_reads_it_and_leads_to_the_review(world, client_of):
    client = client_of(world.here.teacher)

    job = sent(world, client, large(PAPER))
    assert (job.title, Paper.objects.count()) == ("Đọc đề “Đề cương cả năm.docx”", 0)
    done = work.run_now(job)

    paper = Paper.objects.get()
    assert (done.state, done.done_count, done.total_count) == ("done", 3, 3)
    assert done.summary == "Đọc được 3 câu hỏi, 1 câu cần xem lại."
    assert done.result_url == f"/bank/papers/{paper.public_id}/"
    assert "Câu tự luận chưa nhập được" in client.get(done.result_url).content.decode()
    assert client_of(world.elsewhere.teacher).get(f"/jobs/{job.public_id}/").status_code == 404


def test_a_file_without_questions_ends_with_a_sentence_and_leaves_nothing(world, client_of):
    job = sent(world, client_of(world.here.teacher), large(plain_paper("Lời nói đầu, không có câu hỏi.")))

    done = work.run_now(job)

    assert (done.state, done.summary[:30]) == ("failed", "Không thấy câu hỏi nào trong t")
    assert not Paper.objects.exists()
    assert not PaperItem.objects.exists()


def test_a_teacher_who_no_longer_teaches_the_subject_gets_nothing_read(world, client_of):
    job = sent(world, client_of(world.here.teacher), large(PAPER))
    TeachingAssignment.objects.filter(staff=world.here.teacher_staff).update(ends_on="2026-11-01")

    done = work.run_now(job)

    assert done.state == "failed"
    assert not Paper.objects.exists()
