import pytest
from django.test import Client

from khue.curriculum import queries

pytestmark = pytest.mark.django_db


@pytest.fixture
def maths() -> str:
    return str(queries.subject_by_code("TOAN").public_id)


def test_a_program_reads_the_subjects_of_a_grade_without_signing_in(client: Client, maths: str) -> None:
    rows = client.get("/api/curriculum/grades/6/subjects").json()

    first = next(row for row in rows if row["code"] == "TOAN")
    assert (first["subject"], first["periods_per_year"], first["regular_marks_per_term"]) == (maths, 140, 4)
    assert len(rows) == 14


def test_a_program_reads_and_searches_outcomes(client: Client, maths: str) -> None:
    tree = client.get(f"/api/curriculum/subjects/{maths}/outcomes?grade=6").json()
    found = client.get("/api/curriculum/outcomes?q=phan+so&grade=6").json()

    assert [strand["code"] for strand in tree] == ["TOAN.6.A", "TOAN.6.B", "TOAN.6.C"]
    assert found[0]["code"] == "TOAN.6.A.4.1"


def test_a_case_package_has_every_node_and_its_place(client: Client, maths: str) -> None:
    package = client.get(f"/api/curriculum/case/CFPackages/{maths}").json()

    assert package["CFDocument"]["identifier"] == maths
    assert len(package["CFItems"]) == len(package["CFAssociations"]) == 58
    ends = {item["identifier"] for item in package["CFItems"]} | {maths}
    assert {a["destinationNodeURI"]["identifier"] for a in package["CFAssociations"]} <= ends


#: A public id that nothing has; always the same, so that every test process names the same tests.
NOBODY = "01a208ae-556e-7709-a399-d973d6c569ad"


@pytest.mark.parametrize(
    ("path", "status"),
    [
        (f"/api/curriculum/case/CFPackages/{NOBODY}", 404),
        (f"/api/curriculum/subjects/{NOBODY}/outcomes?grade=6", 404),
        ("/api/curriculum/grades/x/subjects", 422),
        ("/api/curriculum/grades/6/subjects?on=x", 422),
        ("/api/curriculum/grades/99999999999/subjects", 200),
        ("/api/curriculum/outcomes?q=%00", 200),
    ],
)
def test_odd_questions_get_plain_answers(client: Client, path: str, status: int) -> None:
    assert client.get(path).status_code == status
