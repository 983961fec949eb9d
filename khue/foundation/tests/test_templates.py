"""Templates are compiled for one language; what is printed must not depend on when that was."""

from typing import Any

import pytest
from django import forms
from django.template import engines
from django.test import RequestFactory
from django.utils import translation
from jinja2 import TemplateAssertionError, UndefinedError
from markupsafe import Markup

from khue.foundation.page import page


def printed(template: str, language: str = "vi", **values: Any) -> str:
    with translation.override(language):
        return str(engines["jinja2"].env.from_string(template).render(**values))


def test_a_text_is_in_the_language_of_the_reader_whoever_came_first():
    template = '{{ _("Huỷ") }} {{ 1250|number }}'

    assert printed(template, "en") == "Cancel 1,250"
    assert printed(template, "vi") == "Huỷ 1.250"


def test_values_in_a_text_are_escaped_and_its_own_percent_sign_stays():
    assert printed('{{ _("Đúng 100%%") }}') == "Đúng 100%"
    assert printed('{{ _("Chào %(name)s, đúng 100%%", name=name) }}', name="<b>") == "Chào &lt;b&gt;, đúng 100%"
    assert printed("{% trans name=name %}Chào {{ name }}{% endtrans %}", name="<b>") == "Chào &lt;b&gt;"
    assert printed('{{ ui.badge(_("Chào %(name)s", name=name)) }}', name="<b>") == (
        '<span class="badge ">Chào &lt;b&gt;</span>'
    )


def test_two_macros_of_one_name_are_refused_when_the_template_is_written():
    with pytest.raises(TemplateAssertionError, match="defined twice: asked"):
        printed("{% macro asked(rows) %}{% endmacro %}{% macro asked(rows, day) %}{% endmacro %}")


def test_one_value_or_the_other_is_escaped():
    template = "{{ name if shown else '<i>' }}{{ ' <' if not shown }}{{ name ~ '<' }}"

    assert printed(template, name="<b>", shown=True) == "&lt;b&gt;&lt;b&gt;&lt;"
    assert printed(template, name="<b>", shown=False) == "&lt;i&gt; &lt;&lt;b&gt;&lt;"


def test_what_is_joined_is_escaped_once_and_is_markup_where_a_part_is():
    assert printed("{{ ui.badge('<' ~ name ~ 5) }}", name="<b>") == '<span class="badge ">&lt;&lt;b&gt;5</span>'
    assert printed("{{ ui.badge('<' ~ name) }}", name=Markup("<b>")) == '<span class="badge ">&lt;<b></span>'
    assert (
        printed('{{ ui.badge(_("Huỷ") ~ name ~ none) }}', name="<b>") == '<span class="badge ">Huỷ&lt;b&gt;None</span>'
    )
    assert printed("{% set both = 'a' ~ name %}{{ both is string }} {{ both }}", name=1) == "True a1"
    with pytest.raises(UndefinedError, match="'nobody' is undefined"):
        printed("{% set both = 'a' ~ nobody %}{{ both }}")


def test_what_stands_between_a_call_and_its_end_is_escaped_once():
    card = "{% macro card() %}[{{ caller() }}]{% endmacro %}"

    assert printed(card + "{% call card() %}{{ name }}<i>{% endcall %}", name="<b>") == "[&lt;b&gt;<i>]"
    row = "{% macro rows(many) %}{% for n in many %}{{ caller(n) }}{% endfor %}{% endmacro %}"
    assert printed(row + "{% call(n) rows([1, 2]) %}<{{ n }}>{% endcall %}") == "<1><2>"


def test_an_attribute_is_found_on_things_and_in_dictionaries_and_missed_aloud():
    template = "{{ thing.real }} {{ values.name }} {{ values.inner.name }}"

    assert printed(template, thing=4, values={"name": "a", "inner": {"name": "b"}}) == "4 a b"
    with pytest.raises(UndefinedError, match="'dict object' has no attribute 'inner'"):
        printed(template, thing=4, values={"name": "a"})
    assert printed("{{ values.nothing is defined }}", values={}) == "False"


def test_a_name_that_the_template_gives_itself_is_its_own():
    assert printed("{% for url in ['/a', '/b'] %}{{ url }}{% endfor %}") == "/a/b"
    assert printed("{% macro charts(icon) %}{{ icon }}{% endmacro %}{{ charts('x') }}") == "x"


def test_a_macro_refuses_arguments_it_does_not_have():
    macro = "{% macro row(name, note='') %}{{ name }}{{ note }}{% endmacro %}"

    assert printed(macro + "{{ row('a', note='b') }}") == "ab"
    with pytest.raises(TypeError, match="'row' takes no argument 'other'"):
        printed(macro + "{{ row('a', other='b') }}")
    with pytest.raises(TypeError, match="'row' takes no argument 'name'"):
        printed(macro + "{{ row('a', name='b') }}")
    with pytest.raises(TypeError, match="'row' takes 2 arguments, not 3"):
        printed(macro + "{{ row('a', 'b', 'c') }}")
    with pytest.raises(UndefinedError, match="parameter 'name' was not provided"):
        printed(macro + "{{ row() }}")


def test_a_page_that_is_given_a_name_of_every_template_is_refused():
    with pytest.raises(TypeError, match="icon"):
        page(RequestFactory().get("/"), "foundation/refused.html", {"icon": "user"})


def test_a_menu_is_remembered_for_each_language_and_each_page(world, client_of):
    client = client_of(world.here.teacher)

    vietnamese = client.get("/marks/").content.decode()
    client.cookies["khue_language"] = "en"
    english = client.get("/marks/").content.decode()
    elsewhere = client.get("/messages/").content.decode()

    assert '<a href="/marks/" aria-current="page">' in vietnamese
    assert '<nav class="rail" aria-label="Trình đơn chính">' in vietnamese
    assert '<nav class="rail" aria-label="Trình đơn chính">' not in english
    assert '<a href="/marks/" aria-current="page">' not in elsewhere


def test_a_field_with_a_label_of_the_page_says_once_that_it_may_be_left_alone():
    class Named(forms.Form):
        name = forms.CharField(required=False)

    html = printed('{{ ui.field(form.name, label=_("Huỷ")) }}', form=Named())

    assert '<label for="id_name">Huỷ <span class="optional">(không bắt buộc)</span></label>' in html
