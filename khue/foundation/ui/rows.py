"""The components that stand in every row of a list. A macro costs ten times what a function does, and rows are many."""

from collections.abc import Callable

from markupsafe import Markup

from khue.foundation.ui.icons import icon
from khue.foundation.ui.printing import shown

_TONES = {"good": "check", "soon": "clock", "late": "circle-alert", "info": "info"}


def cell(
    content: object = "",
    label: object = "",
    numeric: bool = False,
    caller: Callable[[], Markup] | None = None,
    **more: object,
) -> Markup:
    """One cell. `label` repeats the column's name where rows are stacked on a phone; `class` goes to the element."""
    inner = shown(content) if caller is None else caller()
    name = f"{'numeric ' if numeric else ''}{shown(more.get('class', ''))}" if numeric or more else ""
    named = f' class="{name}"' if name else ""
    labelled = f' data-label="{shown(label)}"' if label else ""
    return Markup(f"<td{named}{labelled}>{inner}</td>")  # noqa: S704  every part is escaped


def row_header(content: object, href: str = "", note: object = "") -> Markup:
    """The cell that names the row, a link where the row can be opened."""
    named = f'<a href="{shown(href)}">{shown(content)}</a>' if href else shown(content)
    noted = f"<small>{shown(note)}</small>" if note else ""
    return Markup(f'<th scope="row">{named}{noted}</th>')  # noqa: S704  every part is escaped


def badge(label: object, tone: str = "", icon_name: str = "") -> Markup:
    """A word about a state. A tone brings its own icon, so that colour never speaks alone."""
    drawn = icon(icon_name or _TONES[tone]) if icon_name or tone else ""
    return Markup(f'<span class="badge {shown(tone)}">{drawn}{shown(label)}</span>')  # noqa: S704  escaped


def subject(name: object, hue: str = "slate", href: str = "") -> Markup:
    """A subject in its own hue; `hue` is Subject.hue."""
    if href:
        return Markup('<a class="subject hue-{}" href="{}">{}</a>').format(hue, href, name)
    return Markup(f'<span class="subject hue-{shown(hue)}">{shown(name)}</span>')  # noqa: S704  every part is escaped
