"""Writes into a template what is known before anybody asks for the page. docs/decisions/0092

Texts in the language the template is compiled for, drawings, addresses of files, and other templates that stand in it.
What is written in becomes one piece with the words around it. A home page loses sixty calls of a hundred and seventy.
"""

import re
from collections.abc import Callable, Mapping, Sequence

from django.utils.translation import gettext
from jinja2 import Environment, TemplateAssertionError, nodes
from jinja2.nodes import EvalContext
from jinja2.visitor import NodeTransformer
from markupsafe import Markup

from khue.foundation.ui import icons, remembered

#: Globals that are the same for every page, and where compiled templates import them from. No page passes such a name.
IMPORTED = {
    "_": "khue.foundation.ui.remembered.text",
    "gettext": "khue.foundation.ui.remembered.text",
    "ngettext": "khue.foundation.ui.remembered.number_of",
    "url": "khue.foundation.ui.remembered.address",
    "static": "khue.foundation.ui.remembered.file_address",
    "icon": "khue.foundation.ui.icons.icon",
    "control": "khue.foundation.ui.controls.control",
    "charts": "khue.foundation.ui.charts",
}
RESERVED = frozenset({*IMPORTED, "ui", "csrf", "shell"})

_WORKED_OUT: Mapping[str, Callable[..., object]] = {
    "_": remembered.text,
    "gettext": remembered.text,
    "static": remembered.file_address,
    "icon": icons.icon,
}
_PLACE = re.compile(r"%\((\w+)\)s")
#: What an included template may not do if it is to stand in another: it has names or blocks of its own.
_OF_ITS_OWN = (nodes.Extends, nodes.Block, nodes.Import, nodes.FromImport, nodes.Macro, nodes.Assign, nodes.AssignBlock)


def written_in(template: nodes.Template, environment: Environment) -> nodes.Template:
    """The template with everything written in that is known in the language of this moment."""
    _put_in_included(template, environment)
    _refuse_names_given_twice(template)
    template.set_environment(environment)
    written: nodes.Template = _Writer(template, environment).visit(template)
    return written


def _refuse_names_given_twice(template: nodes.Template) -> None:
    """Of two macros of one name the second would be called wherever the first is meant, and nobody be told."""
    names = [macro.name for macro in template.find_all(nodes.Macro)]
    if twice := {name for name in names if names.count(name) > 1}:
        raise TemplateAssertionError(f"macros are defined twice: {', '.join(sorted(twice))}", template.lineno)


def _put_in_included(template: nodes.Template, environment: Environment) -> None:
    class Putter(NodeTransformer):
        def visit_Include(self, node: nodes.Include) -> nodes.Node | list[nodes.Node]:
            if not isinstance(node.template, nodes.Const) or environment.auto_reload or environment.loader is None:
                return node
            source, filename, _ = environment.loader.get_source(environment, node.template.value)
            included = environment.parse(source, node.template.value, filename)
            if next(included.find_all(_OF_ITS_OWN), None) is not None:
                return node
            _put_in_included(included, environment)
            return included.body

    Putter().visit(template)


class _Writer(NodeTransformer):
    """One walk through a template, from the inside out."""

    def __init__(self, template: nodes.Template, environment: Environment) -> None:
        self._context = EvalContext(environment)
        self._free = RESERVED - set(_names_given_in(template))

    def visit_Call(self, node: nodes.Call) -> nodes.Node:
        name = node.node.name if isinstance(node.node, nodes.Name) and node.node.name in self._free else ""
        self.generic_visit(node)
        work_out = _WORKED_OUT.get(name)
        if work_out is None or node.dyn_args is not None or node.dyn_kwargs is not None:
            return node
        try:
            arguments = [argument.as_const(self._context) for argument in node.args]
        except nodes.Impossible:
            return node
        if name in {"_", "gettext"} and node.kwargs:
            return _sentence(arguments[0], {keyword.key: keyword.value for keyword in node.kwargs}) or node
        if node.kwargs:
            return node
        return nodes.Const(work_out(*arguments), lineno=node.lineno, environment=node.environment)

    def visit_Name(self, node: nodes.Name) -> nodes.Node:
        if node.ctx != "load" or node.name not in self._free:
            return node
        if node.name == "ui":
            return nodes.EnvironmentAttribute("ui", lineno=node.lineno, environment=node.environment)
        if node.name in IMPORTED:
            return nodes.ImportedName(IMPORTED[node.name], lineno=node.lineno, environment=node.environment)
        return node

    def visit_Output(self, node: nodes.Output) -> nodes.Node:
        self.generic_visit(node)
        node.nodes = [part for child in node.nodes for part in _parts(child)]
        return node


def _sentence(words: str, values: Mapping[str, nodes.Expr]) -> nodes.Node | None:
    """A text with values in it as its pieces; None where it does not use them plainly."""
    pieces = _PLACE.split(gettext(words))
    if not set(pieces[1::2]) <= values.keys() or any("%" in text.replace("%%", "") for text in pieces[::2]):
        return None
    parts: list[nodes.Expr] = []
    for place, piece in enumerate(pieces):
        text = Markup(piece.replace("%%", "%"))  # noqa: S704  our catalogue
        parts.append(values[piece] if place % 2 else nodes.Const(text))
    return nodes.Concat(parts)


def _parts(child: nodes.Expr) -> Sequence[nodes.Expr]:
    """What is printed one after the other instead of being joined first: each part is escaped as it would be there."""
    return [part for joined in child.nodes for part in _parts(joined)] if isinstance(child, nodes.Concat) else [child]


def _names_given_in(template: nodes.Template) -> Sequence[str]:
    """Every name the template gives to something, anywhere in it: there a name of ours may mean something else."""
    named = [node.name for node in template.find_all(nodes.Name) if node.ctx != "load"]
    named += [node.name for node in template.find_all(nodes.Macro)]
    named += [node.target for node in template.find_all(nodes.Import)]
    for node in template.find_all(nodes.FromImport):
        named += [name if isinstance(name, str) else name[1] for name in node.names]
    return named
