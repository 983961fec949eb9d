"""Static files under names that carry their content's hash, so that a browser keeps them for ever."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from whitenoise.storage import CompressedManifestStaticFilesStorage

_IMPORT = re.compile(r'@import url\("([^"]+)"\)(?: layer\((\w+)\))?;')
_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_SPACE = re.compile(r"\s*\n\s*")


class Storage(CompressedManifestStaticFilesStorage):  # type: ignore[misc]
    """Hashed and compressed when collected; plain names while nothing is collected (tests, development).

    A style sheet that only imports others is sent as one file: the parts are put in the place of their names.
    """

    manifest_strict = False
    support_js_module_import_aggregation = True

    def stored_name(self, name: str) -> str:
        """The hashed name, or the plain one of a file that was not collected."""
        return self.hashed_files.get(self.hash_key(self.clean_name(name)), name)  # type: ignore[no-any-return]

    def post_process(self, paths: dict[str, Any], dry_run: bool = False, **options: Any) -> Iterator[Any]:
        """Put imported style sheets into those that import them, then hash and compress."""
        if not dry_run:
            sheets = [name for name in paths if name.endswith(".css") and not name.startswith("vendor/")]
            # All are read before one is changed, and hashed from what was collected instead of from the tree.
            whole = {name: inlined(Path(self.path(name))) for name in sheets}
            for name, rules in whole.items():
                Path(self.path(name)).write_text(rules)
            paths = {**paths, **{name: (self, name) for name in sheets}}
        yield from super().post_process(paths, dry_run=dry_run, **options)


def inlined(sheet: Path) -> str:
    """The style sheet with its imports written out, without comments and needless white space."""

    def part(match: re.Match[str]) -> str:
        name, layer = match.groups()
        rules = inlined(sheet.parent / name)
        return f"@layer {layer} {{{rules}}}" if layer else rules

    return _SPACE.sub("\n", _IMPORT.sub(part, _COMMENT.sub("", sheet.read_text()))).strip()
