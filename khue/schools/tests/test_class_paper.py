"""The list of a class on paper: a full class on one sheet, in letters that can be read; a larger one broken well."""

import re
import subprocess
from pathlib import Path

import pytest

from tests.world import World, enrol

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("press")]


def pages(world: World, client_of, folder: Path, pupils: int) -> list[str]:
    """The text of each sheet of the list of a class of so many."""
    for number in range(len(world.here.enrolments), pupils):
        enrol(world.here, f"Nguyễn Phạm Hoàng Khánh Phương {number}")
    printed = client_of(world.here.clerk).get(f"/classes/{world.here.school_class.public_id}/list.pdf")
    (folder / "list.pdf").write_bytes(printed.content)
    return said(folder, "-layout").rstrip("\f\n").split("\f")


def said(folder: Path, how: str) -> str:
    asked = ["pdftotext", how, "list.pdf", "-"]
    return subprocess.run(asked, cwd=folder, capture_output=True, text=True, check=True).stdout


def numbers(page: str) -> list[int]:
    return [int(found) for found in re.findall(r"^\s*(\d+)\s+(?:\S+\s+)?Nguyễn ", page, re.MULTILINE)]


def letters(folder: Path) -> set[float]:
    """The sizes of letters in the rows, in points."""
    boxes = re.findall(r'yMin="([\d.]+)"[^>]*yMax="([\d.]+)">Phương<', said(folder, "-bbox-layout"))
    return {round(float(lowest) - float(highest), 1) for highest, lowest in boxes}


def test_a_class_of_forty_five_is_on_one_sheet_with_its_heading_and_its_sum(
    world: World, client_of, tmp_path: Path
) -> None:
    (sheet,) = pages(world, client_of, tmp_path, 45)

    assert numbers(sheet) == list(range(1, 46))
    assert "DANH SÁCH HỌC SINH LỚP 6A" in sheet
    assert "Danh sách có 45 học sinh" in sheet
    (size,) = letters(tmp_path)
    assert 9 <= size <= 14  # the box of a letter of 10 points


def test_a_larger_class_goes_on_under_the_same_heading_with_its_sum(world: World, client_of, tmp_path: Path) -> None:
    first, second = pages(world, client_of, tmp_path, 60)

    assert numbers(first) + numbers(second) == list(range(1, 61))
    assert ("Mã định danh" in first, "Mã định danh" in second) == (True, True)
    assert "Danh sách có 60 học sinh" in second
    assert len(numbers(second)) >= 5


def test_a_small_class_keeps_large_letters(world: World, client_of, tmp_path: Path) -> None:
    (sheet,) = pages(world, client_of, tmp_path, 25)
    small = letters(tmp_path)

    assert numbers(sheet) == list(range(1, 26))
    assert min(small) > 11
