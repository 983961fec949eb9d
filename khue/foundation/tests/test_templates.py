"""Templates are compiled for one language; what is printed must not depend on when that was."""

from typing import Any

import pytest
from django.template import engines
from django.test import RequestFactory
from django.utils import translation
from jinja2 import UndefinedError

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


def test_one_value_or_the_other_is_escaped():
    template = "{{ name if shown else '<i>' }}{{ ' <' if not shown }}{{ name ~ '<' }}"

    assert printed(template, name="<b>", shown=True) == "&lt;b&gt;&lt;b&gt;&lt;"
    assert printed(template, name="<b>", shown=False) == "&lt;i&gt; &lt;&lt;b&gt;&lt;"


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
