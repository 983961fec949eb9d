"""The product's own source, read once: files, rooms, syntax trees."""

import ast
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "khue"


@dataclass(frozen=True)
class Module:
    """One Python file of the product. Two are the same when their path is."""

    path: Path

    @property
    def name(self) -> str:
        return str(self.path.relative_to(ROOT))

    @property
    def room(self) -> str:
        parts = self.path.relative_to(PACKAGE).parts
        return parts[0] if len(parts) > 1 else ""

    @property
    def tree(self) -> ast.Module:
        return _tree(self.path)


@cache
def _tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(), str(path))


@cache
def modules() -> tuple[Module, ...]:
    """Product code: no tests, no migrations."""
    found = sorted(PACKAGE.rglob("*.py"))
    return tuple(Module(p) for p in found if not {"tests", "migrations"} & set(p.relative_to(PACKAGE).parts))


@cache
def rooms() -> tuple[str, ...]:
    return tuple(sorted(p.parent.name for p in PACKAGE.glob("*/apps.py")))


def imported(tree: ast.Module) -> dict[str, str]:
    """What each name bound by an import stands for: {"Person": "khue.registry.models.Person"}."""
    names = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module:
            for alias in node.names:
                names[alias.asname or alias.name] = f"{node.module}.{alias.name}"
        elif isinstance(node, ast.Import):
            for alias in node.names:
                names[alias.asname or alias.name.split(".")[0]] = (
                    alias.name if alias.asname else alias.name.split(".")[0]
                )
    return names


def dotted(node: ast.expr) -> str:
    """ "models.Person.objects" for such an expression; "" for anything that is not names and dots."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        front = dotted(node.value)
        return f"{front}.{node.attr}" if front else ""
    return ""
