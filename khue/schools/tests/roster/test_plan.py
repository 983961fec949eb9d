"""Plans are pure: what a file would do to a school, as values."""

from dataclasses import replace

from hypothesis import given, note, settings
from hypothesis import strategies as st

from khue.registry.queries import PartialDate, PersonDetails
from khue.schools.roster.issues import Code
from khue.schools.roster.known import KnownClass, KnownPupil, Link, School
from khue.schools.roster.plan import Outcome, Plan, planned
from khue.schools.roster.rows import GuardianRow, PupilRow

BORN = PartialDate(2015, 3, 2)
CLASSES = {"6a": KnownClass(1, "6A", 6), "6b": KnownClass(2, "6B", 6)}


def pupil(person_id: int, name: str = "Lê An", in_class: str = "6a", **fields) -> KnownPupil:
    details = PersonDetails(name, birth=fields.pop("birth", BORN), **fields)
    return KnownPupil(person_id, details, person_id * 10 if in_class else None, in_class)


def school(*pupils: KnownPupil, **more) -> School:
    return School({p.person_id: p for p in pupils}, CLASSES, **more)


def row(line: int, name: str = "Lê An", class_name: str | None = "6A", **fields) -> PupilRow:
    return PupilRow(line, name, class_name=class_name, **{"birth": BORN, **fields})


def plan(rows, known: School, create_classes: bool = False) -> Plan:
    return planned(rows, known, create_classes=create_classes)


def outcomes(made: Plan) -> list[Outcome]:
    return [r.outcome for r in made.rows]


def codes(made: Plan) -> list[list[Code]]:
    return [[i.code for i in r.row.issues] for r in made.rows]


def test_a_pupil_nobody_knows_is_new() -> None:
    made = plan([row(2)], school())

    assert outcomes(made) == [Outcome.NEW]
    assert made.rows[0].class_key == "6a"


def test_the_code_of_the_ministry_finds_a_pupil_under_another_name() -> None:
    made = plan([row(2, "Lê Ân", moet_code="87")], school(pupil(7, "Lê An", moet_code="87")))

    assert (outcomes(made), made.rows[0].changes) == ([Outcome.CHANGED], ("full_name",))


def test_the_personal_number_finds_a_pupil_and_adds_the_code() -> None:
    known = pupil(7, national_id="087215000001")
    made = plan([row(2, national_id="087215000001", moet_code="87")], school(known))

    assert made.rows[0].pupil is known
    assert made.rows[0].changes == ("moet_code",)


def test_name_birth_and_class_find_a_pupil_without_numbers() -> None:
    made = plan([row(2), row(3, class_name="6B")], school(pupil(7), pupil(8, in_class="6b")))

    assert outcomes(made) == [Outcome.UNCHANGED, Outcome.UNCHANGED]
    assert [r.pupil.person_id for r in made.rows] == [7, 8]


def test_names_spelt_with_the_tone_elsewhere_are_one_name() -> None:
    made = plan([row(2, "Lê Thị Hoà")], school(pupil(7, "Lê Thị Hòa")))

    assert made.rows[0].pupil is not None


def test_twins_whose_names_differ_by_a_tone_are_two_pupils() -> None:
    made = plan([row(2, "Lê An"), row(3, "Lê Ân")], school(pupil(7, "Lê An")))

    assert outcomes(made) == [Outcome.UNCHANGED, Outcome.NEW]


def test_a_pupil_without_numbers_who_changed_class_is_moved_not_doubled() -> None:
    made = plan([row(2, class_name="6B")], school(pupil(7)))

    assert (outcomes(made), made.rows[0].changes) == ([Outcome.CHANGED], ("class",))


def test_of_two_namesakes_in_two_classes_the_file_moves_neither_by_guessing() -> None:
    made = plan([row(2, class_name="6B"), row(3)], school(pupil(7)))

    assert outcomes(made) == [Outcome.NEW, Outcome.UNCHANGED]


def test_a_row_whose_numbers_belong_to_two_pupils_is_wrong() -> None:
    known = school(pupil(7, "Lê An", moet_code="87"), pupil(8, "Võ Bình", national_id="087215000001"))

    assert codes(plan([row(2, moet_code="87", national_id="087215000001")], known)) == [[Code.TWO_PEOPLE]]


def test_one_number_for_two_pupils_makes_both_rows_wrong() -> None:
    made = plan([row(2, "Lê An", moet_code="87"), row(3, "Võ Bình", moet_code="87")], school())

    assert outcomes(made) == [Outcome.WRONG, Outcome.WRONG]
    assert codes(made) == [[Code.NUMBER_TWICE], [Code.NUMBER_TWICE]]


def test_one_pupil_twice_is_wrong_the_second_time() -> None:
    made = plan([row(2), row(3), row(4, moet_code="87"), row(5, moet_code="87")], school())

    assert outcomes(made) == [Outcome.NEW, Outcome.WRONG, Outcome.NEW, Outcome.WRONG]
    assert made.rows[1].row.issues[0].values == {"line": 2}


def test_numbers_held_elsewhere_and_by_staff_are_wrong() -> None:
    known = school(elsewhere=frozenset({"87"}), strangers=frozenset({"088"}))

    assert codes(plan([row(2, moet_code="87"), row(3, national_id="088")], known)) == [
        [Code.HELD_ELSEWHERE],
        [Code.NOT_A_PUPIL],
    ]


def test_a_class_that_does_not_exist_is_wrong_or_made_when_asked() -> None:
    assert codes(plan([row(2, class_name="6C")], school())) == [[Code.CLASS_UNKNOWN]]

    made = plan([row(2, class_name="6C"), row(3, "Võ Bình", class_name="6c")], school(), create_classes=True)
    assert [(c.name, c.grade) for c in made.new_classes] == [("6C", 6)]
    assert outcomes(made) == [Outcome.NEW, Outcome.NEW]

    unknown_grade = plan([row(2, class_name="Hoa Mai")], school(), create_classes=True)
    assert codes(unknown_grade) == [[Code.CLASS_UNKNOWN]]


def test_a_new_pupil_needs_a_class_and_a_known_one_keeps_it() -> None:
    made = plan([row(2, "Võ Bình", None), row(3, class_name=None, moet_code="87")], school(pupil(7, moet_code="87")))

    assert codes(made) == [[Code.CLASS_MISSING], []]
    assert outcomes(made) == [Outcome.WRONG, Outcome.UNCHANGED]


def test_what_the_file_leaves_blank_stays() -> None:
    known = pupil(7, address="Ấp 3", phone="0912345678")
    made = plan([row(2, address="Ấp 4")], school(known))

    assert made.rows[0].changes == ("address",)
    assert made.rows[0].details == replace(known.details, address="Ấp 4")


# Guardians


FATHER = GuardianRow("father", "Lê Ba", 1980, "0912345678")


def with_father(known: KnownPupil, guardian_id: int = 90, is_barred: bool = False) -> KnownPupil:
    return replace(known, links=(Link(guardian_id * 10, guardian_id, "father", is_barred),))


def test_a_new_guardian_is_appointed_once_for_two_siblings() -> None:
    made = plan([row(2, guardians=(FATHER,)), row(3, "Lê Bình", guardians=(FATHER,))], school())

    adults = [r.guardians[0] for r in made.rows]
    assert adults[0].key == adults[1].key
    assert all(a.appoint and a.person_id is None for a in adults)


def test_the_parent_of_a_known_sibling_is_found_by_name_and_phone() -> None:
    known = school(
        with_father(pupil(7)), guardians={90: PersonDetails("Lê Ba", birth=PartialDate(1980), phone="0912345678")}
    )
    made = plan([row(3, "Lê Bình", guardians=(FATHER,))], known)

    adult = made.rows[0].guardians[0]
    assert (adult.person_id, adult.appoint, adult.details) == (90, True, None)


def test_a_known_guardian_who_says_the_same_changes_nothing() -> None:
    known = school(
        with_father(pupil(7)), guardians={90: PersonDetails("Lê Ba", birth=PartialDate(1980), phone="0912345678")}
    )

    assert outcomes(plan([row(2, guardians=(FATHER,))], known)) == [Outcome.UNCHANGED]


def test_a_new_phone_of_a_known_guardian_is_the_only_change() -> None:
    known = school(with_father(pupil(7)), guardians={90: PersonDetails("Lê Ba", phone="0900000000", address="Ấp 1")})
    made = plan([row(2, guardians=(GuardianRow("father", "Lê Ba", None, "0912345678"),))], known)

    adult = made.rows[0].guardians[0]
    assert made.rows[0].changes == ("guardians",)
    assert adult.details == PersonDetails("Lê Ba", phone="0912345678", address="Ấp 1")


def test_a_misspelt_guardian_of_one_child_is_corrected_and_one_of_two_children_is_not() -> None:
    guardians = {90: PersonDetails("Lê Bá")}
    row_of = [row(2, guardians=(GuardianRow("father", "Lê Ba"),))]
    one = plan(row_of, school(with_father(pupil(7)), guardians=guardians))
    two = plan(
        [row(2, guardians=(GuardianRow("father", "Lê Ba"),))],
        school(with_father(pupil(7)), with_father(pupil(8, "Lê Bình")), guardians=guardians),
    )

    assert (one.rows[0].guardians[0].person_id, one.rows[0].guardians[0].appoint) == (90, False)
    replaced = two.rows[0].guardians[0]
    assert (replaced.person_id, replaced.appoint, replaced.replaces) == (None, True, 900)


def test_a_barred_guardian_is_never_touched() -> None:
    known = school(with_father(pupil(7), is_barred=True), guardians={90: PersonDetails("Lê Ba")})

    assert outcomes(plan([row(2, guardians=(FATHER,))], known)) == [Outcome.UNCHANGED]


def test_a_guardians_number_that_is_somebody_elses_is_left_out() -> None:
    adult = GuardianRow("father", "Lê Ba", national_id="087080000001")
    made = plan([row(2, guardians=(adult,))], school(elsewhere=frozenset({"087080000001"})))

    assert made.rows[0].guardians[0].details == PersonDetails("Lê Ba", sex="1")
    assert outcomes(made) == [Outcome.NEW]


# What holds for every file

numbers = st.sampled_from([None, "1", "2", "3"])
names = st.sampled_from(["Lê An", "Lê Ân", "Võ Bình"])
birth = st.sampled_from([None, BORN, PartialDate(2014)])
class_names = st.sampled_from([None, "6A", "6b", "7C"])
adults = st.lists(
    st.builds(
        GuardianRow,
        st.sampled_from(["father", "mother"]),
        st.sampled_from(["Lê Ba", "Lê Bá", "Võ Tư"]),
        st.sampled_from([None, 1980]),
        st.sampled_from([None, "0912345678"]),
    ),
    max_size=2,
    unique_by=lambda a: a.relationship,
).map(tuple)
described = st.tuples(names, class_names, numbers, birth, adults)


def rows_of(files) -> list[PupilRow]:
    return [
        PupilRow(line, name, moet_code=code, birth=born, class_name=class_name, guardians=found)
        for line, (name, class_name, code, born, found) in enumerate(files, start=2)
    ]


def applied(made: Plan, known: School) -> School:
    """The school after the plan, as writing would leave it."""
    pupils, guardians = dict(known.pupils), dict(known.guardians)
    classes = {**CLASSES, **known.classes, **{c.key: KnownClass(9, c.name, c.grade) for c in made.new_classes}}
    new: dict[str, int] = {}
    for done in made.rows:
        if done.outcome in (Outcome.WRONG, Outcome.UNCHANGED):
            continue
        person_id = done.pupil.person_id if done.pupil else max([999, *pupils]) + 1
        links = list(done.pupil.links) if done.pupil else []
        for adult in done.guardians:
            guardian_id = adult.person_id
            if guardian_id is None and adult.key:
                guardian_id = new.setdefault(adult.key, max([4999, *guardians]) + 1)
                guardians[guardian_id] = adult.details
            elif adult.details is not None:
                guardians[guardian_id] = adult.details
            links = [link for link in links if link.guardianship_id != adult.replaces]
            if adult.appoint and all(link.guardian_id != guardian_id for link in links):
                links.append(Link(person_id * 100_000 + guardian_id, guardian_id, adult.relationship))
        pupils[person_id] = KnownPupil(person_id, done.details, person_id * 10, done.class_key, tuple(links))
    return School(pupils, classes, guardians)


@settings(max_examples=300)
@given(st.lists(described, max_size=6), st.lists(described, max_size=6))
def test_a_file_read_again_changes_nothing(before, files) -> None:
    note(f"{before}\n{files}")
    known = applied(plan(rows_of(before), school(), create_classes=True), school())
    first = plan(rows_of(files), known, create_classes=True)
    again = plan(rows_of(files), applied(first, known), create_classes=True)

    assert not {Outcome.NEW, Outcome.CHANGED} & set(outcomes(again))
    assert [r.outcome is Outcome.WRONG for r in first.rows] == [r.outcome is Outcome.WRONG for r in again.rows]
