import pytest

from khue.registry.queries import ethnic_groups, ethnicity_of, nationalities, nationality_of


def test_there_are_54_groups_and_foreigners() -> None:
    assert [entry.code for entry in ethnic_groups()] == [f"{number:02}" for number in range(1, 56)]


def test_every_name_and_alias_leads_back_to_its_own_code() -> None:
    for entry in ethnic_groups():
        for name in (entry.code, entry.name, *entry.aliases):
            assert ethnicity_of(name) == entry.code, name


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("kinh", "01"),
        ("H'Mông", "08"),
        ("Mèo", "08"),
        ("Jrai", "10"),
        ("Êđê", "12"),
        ("1", "01"),
        ("Klingon", None),
        ("", None),
    ],
)
def test_an_ethnic_group_is_found_by_what_people_write(text: str, code: str | None) -> None:
    assert ethnicity_of(text) == code


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Việt Nam", "VN"),
        ("vn", "VN"),
        ("Vietnam", "VN"),
        ("Hàn Quốc", "KR"),
        ("Mỹ", "US"),
        ("Hoa Kỳ", "US"),
        ("Lào", "LA"),
        ("X", None),
    ],
)
def test_a_nationality_is_found_by_what_people_write(text: str, code: str | None) -> None:
    assert nationality_of(text) == code


def test_every_country_leads_back_to_its_own_code() -> None:
    for entry in nationalities():
        assert nationality_of(entry.name) == entry.code
