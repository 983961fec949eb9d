"""`khue import` looks first, applies when told to, and passes on what the rules refuse."""

from pathlib import Path

import pytest
import xlsxwriter

from khue.cli import importing
from khue.cli.failures import Failure
from khue.registry.models import Person


@pytest.fixture(autouse=True)
def files(settings, tmp_path: Path) -> None:
    settings.FILES_ROOT = tmp_path / "files"


@pytest.fixture
def roster(tmp_path: Path) -> Path:
    path = tmp_path / "roster.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["Họ tên", "Ngày sinh", "Giới tính", "Lớp"])
        sheet.write_row(1, 0, ["Nguyễn Thị Ánh Dương", "05/03/2014", "Nữ", "6A"])
    return path


def bring_in(*arguments: object) -> None:
    importing.bring_in(importing.options_of([str(a) for a in arguments]))


def test_a_roster_is_only_looked_at_without_apply(world, roster, capsys):
    bring_in("roster", "--school", world.here.organisation.code, roster)

    assert "new 1, changed 0, unchanged 0, wrong 0" in capsys.readouterr().out
    assert not Person.objects.filter(full_name="Nguyễn Thị Ánh Dương").exists()


def test_a_roster_is_applied_once(world, roster, capsys):
    bring_in("roster", "--apply", "--school", world.here.organisation.code, roster)
    bring_in("roster", "--school", world.here.organisation.code, roster)

    assert Person.objects.filter(full_name="Nguyễn Thị Ánh Dương").count() == 1
    assert "new 0, changed 0, unchanged 1, wrong 0" in capsys.readouterr().out


def test_an_unknown_school_is_named(world, roster):
    with pytest.raises(Failure, match="NOWHERE"):
        bring_in("roster", "--school", "NOWHERE", roster)


def test_a_file_that_is_no_roster_is_refused_with_the_rooms_own_words(world, tmp_path):
    path = tmp_path / "roster.xlsx"
    path.write_text("not a workbook")

    with pytest.raises(Failure, match="không phải tệp Excel"):
        bring_in("roster", "--school", world.here.organisation.code, path)


def test_outcomes_are_looked_at_and_then_applied(db, tmp_path, capsys):
    path = tmp_path / "outcomes.csv"
    path.write_text("code,kind,parent,text\nT6.X,strand,,Số\nT6.X.1,outcome,T6.X,Tính nhẩm nhanh\n")

    bring_in("outcomes", "--subject", "TOAN", "--grade", 6, path)
    bring_in("outcomes", "--apply", "--subject", "TOAN", "--grade", 6, path)

    assert capsys.readouterr().out.splitlines()[-1].startswith("Applied: 2 new")
