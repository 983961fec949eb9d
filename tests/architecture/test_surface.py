"""What import contracts cannot show: who may touch whose tables, templates and tests."""

import ast
import re

from django.apps import apps
from django.db.models import PROTECT, ForeignObject

from tests.architecture.source import PACKAGE, dotted, imported, modules, rooms

FORBIDDEN_NAMES = {"utils", "helpers", "common", "misc", "core"}
TRANSLATORS = {"gettext", "gettext_lazy", "pgettext", "ngettext"}
LONGEST_FILE = 400
LONGEST_TEMPLATE = 150


def test_only_the_owning_room_uses_the_manager_of_a_model():
    wrong = []
    for module in modules():
        names = imported(module.tree)
        for node in ast.walk(module.tree):
            if not isinstance(node, ast.Attribute) or node.attr not in {"objects", "_default_manager", "_base_manager"}:
                continue
            first, _dot, rest = dotted(node.value).partition(".")
            meant = ".".join(filter(None, [names.get(first, ""), rest]))
            owner = re.match(r"khue\.(\w+)\.models\.", meant)
            if owner and owner[1] != module.room:
                wrong.append(f"{module.name}:{node.lineno} {meant}.{node.attr}")

    assert wrong == []


def test_nobody_looks_a_model_up_by_its_name():
    wrong = [
        f"{module.name}:{node.lineno}"
        for module in modules()
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Call) and dotted(node.func).endswith("get_model")
    ]

    assert wrong == []


def test_a_key_to_another_room_protects_and_is_hidden():
    wrong = []
    for model in apps.get_models():
        if not model.__module__.startswith("khue."):
            continue
        for field in model._meta.get_fields():
            if not isinstance(field, ForeignObject) or field.model is not model:
                continue
            target = field.remote_field.model._meta.app_label
            if target == model._meta.app_label or target not in rooms():
                continue
            if field.remote_field.on_delete is not PROTECT or not (field.remote_field.related_name or "").endswith("+"):
                wrong.append(f"{model.__name__}.{field.name}")

    assert wrong == []


def test_no_product_code_imports_test_code():
    forbidden = re.compile(r"^(tests|pytest|hypothesis|conftest|unittest|factory)(\.|$)|\.tests(\.|$)")
    wrong = [
        f"{module.name}: {meant}"
        for module in modules()
        for meant in imported(module.tree).values()
        if forbidden.search(meant)
    ]

    assert wrong == []


def test_a_template_uses_only_its_own_room_and_the_foundation():
    used = re.compile(r"""{%-?\s*(?:extends|include|import|from)\s+["']([^"'/]+)/""")
    allowed_everywhere = {"ui", "foundation"}
    wrong = []
    for path in sorted(PACKAGE.glob("*/templates/**/*.html")):
        room = path.relative_to(PACKAGE).parts[0]
        folders = set(used.findall(path.read_text())) - allowed_everywhere - {room}
        wrong += [f"{path.relative_to(PACKAGE)} uses {folder}/" for folder in folders]

    assert wrong == []


def test_a_template_stands_in_the_folder_of_its_room():
    wrong = []
    for path in sorted(PACKAGE.glob("*/templates/*")):
        room = path.relative_to(PACKAGE).parts[0]
        if path.name != room and not (room == "foundation" and path.name == "ui"):
            wrong.append(str(path.relative_to(PACKAGE)))

    assert wrong == []


def test_no_inline_script_style_or_handler_in_a_template():
    inline = re.compile(
        r"<style|\sstyle=|\son[a-z]+=[\"']|<script(?![^>]*\ssrc=)(?![^>]*type=\"application/json\")", re.I
    )
    wrong = [
        f"{path.relative_to(PACKAGE)}: {match[0]}"
        for path in sorted(PACKAGE.glob("*/templates/**/*.html"))
        for match in inline.finditer(re.sub(r"{#.*?#}", "", path.read_text(), flags=re.S))
    ]

    assert wrong == []


def test_only_the_clock_asks_the_machine_what_day_it_is():
    """The machine's day is UTC's: until seven in the morning it is yesterday in Vietnam."""
    asks = {
        f"{module}.{name}"
        for module in ("datetime.datetime", "datetime.date", "django.utils.timezone")
        for name in ("today", "now", "utcnow", "localdate", "localtime")
    }
    wrong = []
    for module in modules():
        names = imported(module.tree)
        for node in ast.walk(module.tree):
            if isinstance(node, ast.Call) and not node.args:  # an argument names the zone, or an instant
                first, _dot, rest = dotted(node.func).partition(".")
                if ".".join(filter(None, [names.get(first, ""), rest])) in asks:
                    wrong.append(f"{module.name}:{node.lineno} {dotted(node.func)}()")

    assert wrong == ["khue/foundation/clock.py:13 timezone.now()"]


def test_no_django_signals():
    wrong = [
        f"{module.name}: {meant}"
        for module in modules()
        for meant in imported(module.tree).values()
        if meant.startswith(("django.dispatch", "django.db.models.signals"))
    ]

    assert wrong == []


def test_no_text_to_be_translated_stands_where_the_catalogues_do_not_look():
    """Who collects texts does not look inside f-strings: such a text would stay Vietnamese for every reader."""
    wrong = [
        f"{module.name}:{call.lineno}"
        for module in modules()
        for joined in ast.walk(module.tree)
        if isinstance(joined, ast.JoinedStr)
        for call in ast.walk(joined)
        if isinstance(call, ast.Call) and dotted(call.func).rpartition(".")[2] in {"_", *TRANSLATORS}
        if call.args and isinstance(call.args[0], ast.Constant)
    ]

    assert wrong == []


def test_every_file_has_a_name_that_says_what_it_is():
    wrong = [
        str(path.relative_to(PACKAGE))
        for path in PACKAGE.rglob("*")
        if path.stem in FORBIDDEN_NAMES
        and path.suffix in {".py", ".js", ".html", ".css", ""}
        and not {"vendor", "__pycache__"} & set(path.parts)
    ]

    assert wrong == []


def test_no_file_is_longer_than_people_read():
    wrong = []
    for path in sorted(p for kind in ("py", "js", "css", "html") for p in PACKAGE.rglob(f"*.{kind}")):
        if {"vendor", "migrations"} & set(path.relative_to(PACKAGE).parts):
            continue
        lines = len(path.read_text().splitlines())
        if lines > (LONGEST_TEMPLATE if path.suffix == ".html" else LONGEST_FILE):
            wrong.append(f"{path.relative_to(PACKAGE)}: {lines} lines")

    assert wrong == []


def test_a_module_and_a_package_of_one_name_do_not_stand_side_by_side():
    """Python reads the package and never the module, which people then edit in vain."""
    wrong = [str(p.relative_to(PACKAGE)) for p in PACKAGE.rglob("*.py") if p.with_suffix("").is_dir()]

    assert wrong == []
