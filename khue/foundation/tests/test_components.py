"""What components print, and what they refuse to print."""

from itertools import pairwise
from typing import Any

import pytest
from django import forms
from django.template import engines
from jinja2 import UndefinedError

from khue.foundation.ui import charts
from khue.foundation.ui.controls import SharedChoices, control


def printed(template: str, **values: Any) -> str:
    return " ".join(engines["jinja2"].env.from_string(template).render(**values).split())


class EnrolForm(forms.Form):
    name = forms.CharField(label="Họ tên", max_length=50, help_text="Như giấy khai sinh")
    mark = forms.DecimalField(label="Điểm", max_value=10, required=False)
    born_on = forms.DateField(label="Ngày sinh")
    grade = forms.ChoiceField(label="Khối", choices=[("", "Chọn"), ("THCS", [("6", "Khối 6"), ("7", "Khối 7")])])
    days = forms.MultipleChoiceField(label="Ngày", choices=[("2", "Hai"), ("3", "Ba")], required=False)
    secret = forms.CharField(label="Mật khẩu", widget=forms.PasswordInput)
    scan = forms.FileField(label="Tệp", required=False)


def test_text_from_people_is_escaped_everywhere():
    assert printed('{{ ui.badge("<b>") }}') == '<span class="badge ">&lt;b&gt;</span>'
    assert "<script>" not in printed('{{ ui.item("<script>", note="<script>", href="/\\"><script>") }}')


def test_a_value_that_was_not_given_is_an_error_not_an_empty_place():
    with pytest.raises(UndefinedError):
        printed("{{ ui.badge(nothing) }}")


def test_an_icon_that_is_not_in_the_sprite_names_itself():
    with pytest.raises(KeyError, match="no icon 'unicorn'"):
        printed('{{ icon("unicorn") }}')


def test_a_field_is_labelled_and_described():
    shown = printed("{{ ui.field(form.name) }}", form=EnrolForm())

    assert '<label for="id_name">Họ tên</label>' in shown
    assert '<p class="hint" id="id_name-hint">Như giấy khai sinh</p>' in shown
    assert 'maxlength="50"' in shown
    assert 'aria-describedby="id_name-hint"' in shown
    assert " required" in shown


def test_a_wrong_field_keeps_what_was_typed_and_says_what_to_do():
    form = EnrolForm({"name": "An", "mark": "8,x", "born_on": "31/02/2014"})

    mark, day = (printed("{{ ui.field(bound) }}", bound=bound) for bound in (form["mark"], form["born_on"]))

    assert 'value="8,x"' in mark
    assert "Hãy nhập một số, ví dụ 8,5." in mark
    assert 'aria-invalid="true"' in mark
    assert 'aria-describedby="id_mark-error"' in mark
    assert 'value="31/02/2014"' in day


def test_numbers_are_typed_as_text_so_that_a_comma_is_not_lost():
    found = control(EnrolForm()["mark"])

    assert (found.kind, dict(found.attrs)) == ("text", {"inputmode": "decimal"})


def test_a_password_and_a_file_are_never_printed_back():
    form = EnrolForm({"secret": "hunter2"})

    assert "hunter2" not in printed("{{ ui.field(form.secret) }}", form=form)


def test_choices_keep_their_groups_and_what_was_chosen():
    form = EnrolForm({"grade": "7", "days": ["3"]})

    assert [(name, [(c.value, c.chosen) for c in choices]) for name, choices in control(form["grade"]).groups] == [
        ("", [("", False)]),
        ("THCS", [("6", False), ("7", True)]),
    ]
    assert [c.chosen for c in control(form["days"]).choices] == [False, True]


def test_the_summary_links_every_error_to_its_field():
    form = EnrolForm({"mark": "1"})

    shown = printed("{{ ui.errors(form) }}", form=form)

    assert '<a href="#id_name">Họ tên</a>: Hãy điền mục này.' in shown
    assert "#id_mark" not in shown
    assert printed("{{ ui.errors(form) }}", form=EnrolForm()) == ""


def test_a_form_with_a_file_is_sent_in_parts():
    shown = printed("{% call ui.form('', form) %}{% endcall %}", form=EnrolForm())

    assert 'enctype="multipart/form-data"' in shown


def test_an_empty_table_says_so_instead_of_standing_empty():
    shown = printed('{% call(row) ui.table([], [column("A")], caption="B") %}{% endcall %}')

    assert "<table" not in shown


def test_attributes_are_escaped_and_left_out_when_false():
    shown = printed("""{{ ui.button("A", attrs={"hx-post": '/?a="', "hidden": true, "title": none}) }}""")

    assert shown == '<button class="button quiet" type="submit" hx-post="/?a=&#34;" hidden><span>A</span></button>'


@pytest.mark.parametrize(("value", "top", "drawn"), [(5, 10, 50), (12, 10, 100), (-3, 10, 0), (1, 0, 0), (2, 3, 66.67)])
def test_a_bar_never_leaves_its_track(value, top, drawn):
    assert charts.share(value, top) == drawn


@pytest.mark.parametrize(
    ("values", "top"), [([], 1), ([0], 1), ([3, 7], 8), ([93], 100), ([0.3], 0.4), ([1204], 2000), ([100], 100)]
)
def test_an_axis_ends_on_a_number_one_can_read(values, top):
    assert charts.nice_top(values) == pytest.approx(top)


def test_a_missing_value_interrupts_the_line():
    drawn = charts.line(["a", "b", "c"], [1, None, 3], top=4)

    assert drawn.path.count("M") == 2
    assert drawn.area == ""
    assert [point.label for point in drawn.points] == ["a", "c"]


def test_labels_of_a_line_have_room_beside_each_other_and_the_last_one_is_there():
    months = [f"{number:02}/2026" for number in range(1, 13)]

    drawn = charts.line(months, [None, *range(11)], top=12)

    assert [label for _, label in drawn.labels] == ["02/2026", "04/2026", "06/2026", "08/2026", "10/2026", "12/2026"]
    spaces = [right - left for (left, _), (right, _) in pairwise(drawn.labels)]
    assert min(spaces) > 7 * charts.LETTER
    assert [label for _, label in charts.line(["2022", "2023", "2024"], [1, 2, 3]).labels] == ["2022", "2023", "2024"]
    assert charts.line(["2024"], [1]).labels == ((44, "2024"),)


def test_what_stands_at_an_axis_is_a_plain_number():
    assert [amount for _, amount in charts.line(["a", "b"], [0.69, 0.7]).ticks] == [0, 0.2, 0.4, 0.6, 0.8]


def test_one_of_a_few_is_a_row_with_the_one_that_holds_in_its_tone():
    shown = printed('{{ ui.one_of("e7", [("", "Có mặt", "good"), ("K", "<Vắng>", "late")], "K") }}')

    assert shown == (
        '<div class="one-of"><label class="good"><input type="radio" name="e7" value=""><span>Có mặt</span></label>'
        '<label class="late"><input type="radio" name="e7" value="K" checked><span>&lt;Vắng&gt;</span></label></div>'
    )


class StaffForm(forms.Form):
    there = forms.MultipleChoiceField(
        choices=[(str(n), f"Nguyễn Thị {n}") for n in range(30)], widget=forms.CheckboxSelectMultiple
    )
    leads = forms.ChoiceField(required=False)


def test_a_crowd_is_searched_and_a_few_are_not():
    few = StaffForm()
    few.fields["there"].choices = few.fields["there"].choices[:29]

    assert 'class="options words crowd" data-all=' in printed("{{ ui.field(form.there) }}", form=StaffForm())
    assert "data-find=" in printed("{{ ui.field(form.there) }}", form=StaffForm())
    assert "data-find=" not in printed("{{ ui.field(form.there) }}", form=few)


@pytest.mark.parametrize("chosen", ["", "a&b", "z"])
def test_a_select_that_shares_its_choices_is_printed_like_any_other(chosen: str):
    rows = [("", "—"), ("a", "An <1>"), ("a&b", "Bình")]
    one, other = StaffForm(initial={"leads": chosen}), StaffForm(initial={"leads": chosen})
    one.fields["leads"].choices, other.fields["leads"].choices = SharedChoices(rows), rows

    assert printed("{{ ui.field(form.leads) }}", form=one) == printed("{{ ui.field(form.leads) }}", form=other)
    assert one.fields["leads"].valid_value("a")
