"""Pages of a class's year as its people see them."""

import pytest

from khue.gradebook import actions
from khue.gradebook.models import ClassMeeting, EntryWindow, Exemption, Phrase, PupilYear, TermConduct
from khue.gradebook.tests.test_years import GOOD_YEAR, JUNE, class_subjects, class_with_subjects, conduct, results
from tests.world import actor, enrol

pytestmark = pytest.mark.django_db


@pytest.fixture
def at(world):
    class_with_subjects(world.here)
    for pupil in world.here.enrolments:
        results(world.here, pupil, GOOD_YEAR)
        conduct(world.here, pupil)
    actions.recompute_years(actor=actor(world.here.head), school_year=world.here.year, at=JUNE)
    return world.here


def address(at, tail=""):
    return f"/marks/classes/{at.school_class.public_id}/{tail}"


def test_the_homeroom_teacher_sees_the_class_in_the_order_of_names(at, client_of):
    text = client_of(at.teacher).get(address(at, "?period=0")).content.decode()

    assert "Được lên lớp" in text
    assert "Học sinh Giỏi" in text
    assert text.index("Nguyễn Văn A") < text.index("Nguyễn Văn B") < text.index("Nguyễn Văn C")
    first_seen = client_of(at.teacher).get(address(at)).content.decode()
    assert "Được lên lớp" not in first_seen  # in November the first term is looked at


@pytest.mark.parametrize("tail", ["", "sheet.xlsx", "conduct/1/", "meeting/"])
def test_another_school_and_families_find_no_class_sheet(at, world, client_of, tail):
    for other in (world.elsewhere.head, world.elsewhere.teacher, at.pupils[0], at.guardians[0], at.clerk):
        assert client_of(other).get(address(at, tail)).status_code == 404


@pytest.mark.parametrize("tail", ["recompute/", "meeting/approve/"])
def test_another_school_changes_nothing_in_a_class(at, world, client_of, tail):
    actions.record_meeting(
        actor=actor(at.teacher), school_class=at.school_class, held_on=JUNE.date(), minutes="Họp", at=JUNE
    )

    for other in (world.elsewhere.head, at.pupils[0]):
        assert client_of(other).post(address(at, tail)).status_code == 404

    assert ClassMeeting.objects.get().approved_at is None


@pytest.mark.parametrize("tail", ["year/", "notice/", "decisions/"])
def test_another_school_finds_no_pupil(at, world, client_of, tail):
    pupil = at.enrolments[0].public_id

    for other in (world.elsewhere.head, world.elsewhere.guardians[0]):
        assert client_of(other).get(f"/marks/pupils/{pupil}/{tail}").status_code == 404


def test_a_family_reads_its_own_childs_year_and_no_other(at, client_of):
    own = client_of(at.guardians[0])

    assert "Được lên lớp" in own.get(f"/marks/pupils/{at.enrolments[0].public_id}/year/").content.decode()
    assert own.get(f"/marks/pupils/{at.enrolments[0].public_id}/notice/").status_code == 200
    assert own.get(f"/marks/pupils/{at.enrolments[1].public_id}/year/").status_code == 404
    assert own.get(f"/marks/pupils/{at.enrolments[0].public_id}/decisions/").status_code == 404


def test_the_sheet_costs_the_same_for_three_and_thirty_pupils(at, client_of, django_assert_num_queries):
    client = client_of(at.teacher)
    client.get(address(at))
    with django_assert_num_queries(15):
        client.get(address(at))
    for number in range(27):
        results(at, enrol(at, f"Trần Thị {number}"), GOOD_YEAR)
    actions.recompute_years(actor=actor(at.head), school_year=at.year, at=JUNE)

    with django_assert_num_queries(15):
        client.get(address(at))


def test_the_sheet_comes_as_a_workbook(at, client_of):
    answer = client_of(at.head).get(address(at, "sheet.xlsx"))

    assert answer["Content-Type"].endswith("spreadsheetml.sheet")
    assert b"".join(answer.streaming_content)[:2] == b"PK"


def test_conduct_is_entered_on_its_page(at, client_of):
    pupils = [pupil.id for pupil in at.enrolments]
    typed = {f"level{pupil}": "2" for pupil in pupils}
    typed |= {f"comment{pupils[0]}": "Em tiến bộ", f"absent{pupils[0]}": "3"}

    assert client_of(at.teacher).post(address(at, "conduct/1/"), typed).status_code == 303

    row = TermConduct.objects.get(enrolment=at.enrolments[0], term=at.term)
    assert (row.level, row.comment, row.sessions_absent) == (2, "Em tiến bộ", 3)


def test_who_has_no_level_yet_gets_the_best_with_one_press(at, client_of):
    TermConduct.objects.all().delete()
    lower = f"level{at.enrolments[1].id}"

    assert client_of(at.teacher).post(address(at, "conduct/1/"), {lower: "1", "fill": "1"}).status_code == 303

    levels = TermConduct.objects.filter(term=at.term).order_by("enrolment_id").values_list("level", flat=True)
    assert list(levels) == [3, 1, 3]


def test_a_wrong_number_of_absences_is_said_and_nothing_kept(at, client_of):
    before = list(TermConduct.objects.order_by("id").values())
    wrong = {f"absent{at.enrolments[0].id}": "nhiều", "fill": "1"}

    assert client_of(at.teacher).post(address(at, "conduct/1/"), wrong).status_code == 422

    assert list(TermConduct.objects.order_by("id").values()) == before


def test_the_head_sees_which_classes_wait_for_the_approval(at, client_of):
    head, listed = client_of(at.head), "/marks/classes/"
    assert "chưa họp xét" in head.get(listed).content.decode()
    client_of(at.teacher).post(address(at, "meeting/"), {"held_on": "20/05/2027", "minutes": "Nhất trí"})

    shown = head.get(listed).content.decode()
    assert "1 lớp đã họp xét, chờ duyệt" in shown
    assert "Lớp 6A" in head.get(f"{listed}?state=waiting").content.decode()
    assert head.post(address(at, "meeting/approve/"))["Location"] == listed

    assert "đã duyệt" in head.get(listed).content.decode()
    assert "Không còn lớp nào" in head.get(f"{listed}?state=waiting").content.decode()


def test_meeting_and_approval_go_from_teacher_to_head(at, client_of):
    day = {"held_on": "20/05/2027", "minutes": "Đủ thành phần, nhất trí"}
    assert client_of(at.teacher).post(address(at, "meeting/"), day).status_code == 303

    assert client_of(at.head).post(address(at, "meeting/approve/")).status_code == 303

    assert ClassMeeting.objects.get().approved_by_name == at.head.display_name


def test_the_head_exempts_on_the_page_of_decisions(at, client_of):
    pupil, subject = at.enrolments[0], class_subjects(at)[7]
    typed = {"class_subject": str(subject.public_id), "starts_on": "10/09/2026", "reason": "Em học theo kế hoạch riêng"}
    where = f"/marks/pupils/{pupil.public_id}/decisions/exempt/"

    assert client_of(at.teacher).post(where, typed).status_code == 403
    assert not Exemption.objects.exists()
    assert client_of(at.head).post(where, typed).status_code == 303

    assert Exemption.objects.get().class_subject_id == subject.id


def test_an_ambiguous_level_is_shown_with_its_source(at, client_of):
    results(at, at.enrolments[0], [80] * 5 + [70, 70, 49])
    actions.recompute_years(actor=actor(at.head), school_year=at.year, at=JUNE)
    where = f"/marks/pupils/{at.enrolments[0].public_id}/decisions/"

    assert "Điều 9 khoản 3 Thông tư 22/2021" in client_of(at.head).get(where).content.decode()
    client_of(at.head).post(f"{where}level/", {"level": "2", "reason": "Theo cách hiểu có lợi cho em"})

    assert PupilYear.objects.get(enrolment=at.enrolments[0]).study == 2


def test_windows_are_set_and_removed_by_the_head(at, client_of):
    head = client_of(at.head)
    assert client_of(at.teacher).get("/marks/windows/").status_code == 404
    typed = {"kind": "mid", "opens_on": "01/11/2026", "closes_on": "10/11/2026"}
    assert head.post("/marks/windows/", typed).status_code == 303
    assert EntryWindow.objects.get().kind == "mid"

    head.post("/marks/windows/mid/remove/")

    assert not EntryWindow.objects.exists()


def test_a_phrase_is_its_owners(at, world, client_of):
    client_of(at.teacher).post("/marks/phrases/", {"text": "Em tiến bộ rõ rệt."})
    phrase = Phrase.objects.get()
    assert "Em tiến bộ rõ rệt." in client_of(at.teacher).get(address(at, "conduct/1/")).content.decode()

    for other in (at.head, world.elsewhere.teacher):
        assert client_of(other).post(f"/marks/phrases/{phrase.public_id}/remove/").status_code == 404
    assert Phrase.objects.exists()
    client_of(at.teacher).post(f"/marks/phrases/{phrase.public_id}/remove/")

    assert not Phrase.objects.exists()


def test_missing_marks_are_listed_to_whoever_can_fill_them(at, client_of):
    actions.open_book(actor=actor(at.teacher), class_subject=at.maths, term=at.term)

    assert "Cột điểm còn trống" in client_of(at.teacher).get("/marks/missing/").content.decode()
    for path in ("/marks/", "/marks/missing/", "/marks/corrections/"):
        assert [client_of(who).get(path).status_code for who in (at.head, at.guardians[0], at.pupils[0])] == [
            200,
            404,
            404,
        ]
