"""Writes the Python of a template: Jinja's own generator, but for what our templates never do. docs/decisions/0092

Everything is escaped, nothing is asynchronous, no function takes the context except those of `environment`'s globals.
"""

from collections.abc import Callable, Sequence
from keyword import iskeyword

from jinja2 import nodes
from jinja2.compiler import CodeGenerator, Frame, MacroRef
from markupsafe import Markup, escape


class Generator(CodeGenerator):
    """Prints without asking what is certain: what to escape, what a called thing would like, where components are."""

    def visit_Template(self, node: nodes.Template, frame: Frame | None = None) -> None:
        """The module of a template."""
        self._printed: set[int] = set()
        self._texts: dict[str, str] = {}
        self.writeline("from khue.foundation.ui.printing import Component, joined, piece, shown, written")
        super().visit_Template(node, frame)
        for text, name in self._texts.items():  # they are there when the first page asks
            self.writeline(f"{name} = {Markup(text)!r}")  # noqa: S704  it was one already

    def visit_Const(self, node: nodes.Const, frame: Frame) -> None:
        """A value that is known; a text of the catalogue is made once for the template, not at each use."""
        value = node.as_const(frame.eval_ctx)
        if isinstance(value, Markup):
            self.write(self._texts.setdefault(str(value), f"text_{len(self._texts)}"))
        else:
            super().visit_Const(node, frame)

    def visit_Concat(self, node: nodes.Concat, frame: Frame) -> None:
        """Parts beside each other. With a text of the catalogue among them they are one, and each part is escaped."""
        if not any(isinstance(_known(part, frame), Markup) for part in node.nodes):
            self.write("joined(")
            self._in_order(node.nodes, lambda part: self.visit(part, frame))
        else:
            self.write("written(")
            self._in_order(
                [part for part in node.nodes if _known(part, frame) != ""], lambda part: self._print(part, frame)
            )
        self.write(")")

    def _in_order(self, parts: Sequence[nodes.Expr], write: Callable[[nodes.Expr], None]) -> None:
        self.write("(")
        for part in parts:
            write(part)
            self.write(", ")
        self.write(")")

    def _output_child_pre(self, node: nodes.Expr, *_: object) -> None:
        if isinstance(node, nodes.CondExpr):
            self._printed.add(id(node))  # its two sides are escaped on their own, most when they are written
        else:
            self.write("shown(")

    def _output_child_post(self, node: nodes.Expr, *_: object) -> None:
        if not isinstance(node, nodes.CondExpr):
            self.write(")")

    def visit_CondExpr(self, node: nodes.CondExpr, frame: Frame) -> None:
        """One value or the other; where it is printed, each as it is printed."""
        if id(node) not in self._printed:
            super().visit_CondExpr(node, frame)
            return
        self.write("(")
        self._print(node.expr1, frame)
        self.write(" if ")
        self.visit(node.test, frame)
        self.write(" else ")
        self._print(node.expr2 or nodes.Const(""), frame)
        self.write(")")

    def _print(self, node: nodes.Expr, frame: Frame) -> None:
        try:
            self.write(repr(str(escape(node.as_const(frame.eval_ctx)))))
        except nodes.Impossible:
            self._output_child_pre(node)
            self.visit(node, frame)
            self._output_child_post(node)

    def visit_For(self, node: nodes.For, frame: Frame) -> None:
        """A loop hands on what it prints at once: each piece would pass through the generators of all layouts."""
        if frame.buffer is not None:
            super().visit_For(node, frame)
            return
        self.buffer(frame)
        super().visit_For(node, frame)
        self.writeline(f"yield concat({frame.buffer})")
        frame.buffer = None

    def visit_Call(self, node: nodes.Call, frame: Frame, forward_caller: bool = False) -> None:
        """A call as Python writes it, unless the function takes the context."""
        if self._takes_context(node.node) or any(iskeyword(keyword.key) for keyword in node.kwargs):
            super().visit_Call(node, frame, forward_caller=forward_caller)
            return
        self.visit(node.node, frame)
        self.write("(")
        for argument in node.args:
            self.visit(argument, frame)
            self.write(", ")
        for keyword in node.kwargs:
            self.visit(keyword, frame)
            self.write(", ")
        for stars, more in (("*", node.dyn_args), ("**", node.dyn_kwargs)):
            if more is not None:
                self.write(stars)
                self.visit(more, frame)
                self.write(", ")
        self.write("caller=caller)" if forward_caller else ")")

    def _takes_context(self, called: nodes.Expr) -> bool:
        if not isinstance(called, nodes.Name):
            return False
        return hasattr(self.environment.globals.get(called.name), "jinja_pass_arg")

    def visit_Getattr(self, node: nodes.Getattr, frame: Frame) -> None:
        """An attribute; of the environment itself, as Python reads it. What has none is Jinja's matter, dicts too."""
        if isinstance(node.node, nodes.EnvironmentAttribute):
            self.visit(node.node, frame)
            self.write(f".{node.attr}")
            return
        self.write("(got if (got := getattr((held := ")
        self.visit(node.node, frame)
        self.write(f"), {node.attr!r}, missing)) is not missing else environment.getattr(held, {node.attr!r}))")

    def macro_def(self, macro_ref: MacroRef, frame: Frame) -> None:  # noqa: ARG002  Jinja passes it
        """The component that calls the body written just before."""
        if macro_ref.accesses_kwargs or macro_ref.accesses_varargs:
            self.fail("a macro names its arguments", macro_ref.node.lineno)
        arguments = tuple(argument.name for argument in macro_ref.node.args)
        if isinstance(macro_ref.node, nodes.CallBlock) and not arguments and not macro_ref.accesses_caller:
            self.write("piece(macro)")
            return
        name = getattr(macro_ref.node, "name", None)
        self.write(f"Component(environment, macro, {name!r}, {arguments!r}, {bool(macro_ref.accesses_caller)!r})")


def _known(node: nodes.Expr, frame: Frame) -> object:
    """The value of an expression that is known while the template is compiled; None for all others."""
    try:
        return node.as_const(frame.eval_ctx)
    except nodes.Impossible:
        return None
