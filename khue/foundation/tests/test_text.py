import random
import time
import unicodedata

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from khue.foundation.text import fold, name_sort_key, nfc, printable

LETTERS = "aàảãáạăằẳẵắặâầẩẫấậbcdđeèẻẽéẹêềểễếệghiìỉĩíịklmnoòỏõóọôồổỗốộơờởỡớợpqrstuùủũúụưừửữứựvxyỳỷỹýỵ"
VIETNAMESE = st.text(alphabet=LETTERS + LETTERS.upper() + "fjwzFJWZ0123456789 .,'-()%_\\", max_size=60)


def folded_by_the_database(text: str) -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT khue_fold(%s)", [text])
        return cursor.fetchone()[0]


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Nguyễn Văn Đạt", "nguyen van dat"),
        ("ĐỖ ĐỨC", "do duc"),
        (unicodedata.normalize("NFD", "Thừa Thiên Huế"), "thua thien hue"),
        ("Ơ Ư Ă Â Ê Ô", "o u a a e o"),
        ("K'Bông Y-Thuột", "k'bong y-thuot"),
        ("", ""),
    ],
)
def test_text_is_folded_for_search(db: None, text: str, folded: str) -> None:
    assert fold(text) == folded
    assert folded_by_the_database(text) == folded


@given(text=VIETNAMESE, form=st.sampled_from(["NFC", "NFD"]))
@settings(max_examples=300, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_the_database_folds_as_python_does(db: None, text: str, form: str) -> None:
    written = unicodedata.normalize(form, text)

    assert folded_by_the_database(written) == fold(written) == fold(text)


@given(VIETNAMESE)
def test_folded_text_is_plain_and_stays_as_it_is(text: str) -> None:
    assert fold(text).isascii()
    assert fold(fold(text)) == fold(text)


@given(VIETNAMESE)
def test_stored_text_has_one_form(text: str) -> None:
    assert nfc(unicodedata.normalize("NFD", f"  {text}\t ")) == nfc(text)


CLASS_LIST = [
    "Nguyễn Thị Ái",
    "Trần Văn An",
    "Lê Ân",
    "Phạm Bình",
    "Nguyễn Văn Bính",
    "Đỗ Chi",
    "Lý Dũng",
    "Lê Văn Đan",
    "Nguyễn Đào",
    "Hà Đạt",
    "Trần Em",
    "Vũ Én",
    "Nguyễn Hà",
    "Nguyễn Hải",
    "Lê Thị Hoa",
    "Nguyễn Thị Hoa",
    "Nguyễn Thị Hoà",
    "Nguyễn Thị Hòa",
    "Trần Ngân",
    "Trần Nghĩa",
    "Trần Nhân",
    "Lò Ô",
    "Lò Ơn",
    "Y",
    "Ngô Ý",
]


def test_a_class_list_is_in_the_order_of_a_vietnamese_register() -> None:
    # domain §11.3: given name first, letters a ă â ... d đ ..., then ngang, huyền, hỏi, ngã, sắc, nặng
    shuffled = random.Random(7).sample(CLASS_LIST, len(CLASS_LIST))
    assert sorted(shuffled, key=name_sort_key) == CLASS_LIST


@pytest.mark.parametrize(
    "names",
    [
        ["Ma", "Mà", "Mả", "Mã", "Má", "Mạ"],
        ["A", "Ă", "Â", "B", "C", "D", "Đ", "E", "Ê", "G"],
        ["O", "Ô", "Ơ", "P", "Q", "U", "Ư", "V", "X", "Y"],
        ["Đinh An", "Lê An", "Lê Thị An", "Trần An", "An Bình"],
    ],
)
def test_letters_and_tones_come_in_their_order(names: list[str]) -> None:
    assert sorted(random.Random(7).sample(names, len(names)), key=name_sort_key) == names


def test_the_key_does_not_depend_on_how_the_name_was_typed() -> None:
    assert name_sort_key(unicodedata.normalize("NFD", " Nguyễn  Văn Đạt ")) == name_sort_key("Nguyễn Văn Đạt")


def test_a_hundred_thousand_keys_take_less_than_a_second() -> None:
    words = ["Nguyễn", "Trần", "Lê", "Phạm", "Văn", "Thị", "Đức", "Minh", "Ngọc", "Hà", "Đạt", "Yến", "Quỳnh", "Bảo"]
    pick = random.Random(1)
    names = [" ".join(pick.choices(words, k=pick.randint(2, 5))) for _ in range(100_000)]

    begun = time.process_time()
    for name in names:
        name_sort_key(name)

    assert time.process_time() - begun < 1


def test_what_is_not_printed_goes_and_joins_no_words() -> None:
    assert printable("Kính\u00a0gửi\tThầy\x07,\nem") == "Kính gửi Thầy,\nem"
    assert printable("Đồng\u00a0Tháp\u200d", "\u00a0\u200d") == "Đồng\u00a0Tháp\u200d"
