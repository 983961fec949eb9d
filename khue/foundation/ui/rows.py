"""The components that stand in every row of a list. A macro costs ten times what a function does, and rows are many."""

from collections.abc import Callable, Iterable

from markupsafe import Markup

from khue.foundation.ui.icons import icon
from khue.foundation.ui.names import named
from khue.foundation.ui.printing import shown, written

_TONES = {"good": "check", "soon": "clock", "late": "circle-alert", "info": "info"}


def cell(
    content: object = "",
    label: object = "",
    numeric: bool = False,
    caller: Callable[[], Markup] | None = None,
    **more: object,
) -> Markup:
    """One cell. `label` repeats the column's name where rows are stacked on a phone; `class` goes to the element."""
    inner = shown(content) if caller is None else str.strip(caller())  # a cell with nothing in it is empty
    name = f"{'numeric ' if numeric else ''}{shown(more.get('class', ''))}" if numeric or more else ""
    named = f' class="{name}"' if name else ""
    labelled = f' data-label="{shown(label)}"' if label else ""
    return str.__new__(Markup, f"<td{named}{labelled}>{inner}</td>")


def cells(contents: Iterable[object], numeric: bool = False) -> Markup:
    """Cells beside each other, all of one kind: the marks of a pupil, a year's months. As `cell`, once a row."""
    begin = '<td class="numeric ">' if numeric else "<td>"
    return written([f"{begin}{shown(content)}</td>" for content in contents])


def row_header(content: object, href: str = "", note: object = "") -> Markup:
    """The cell that names the row, a link where the row can be opened."""
    named = f'<a href="{shown(href)}">{shown(content)}</a>' if href else shown(content)
    noted = f"<small>{shown(note)}</small>" if note else ""
    return str.__new__(Markup, f'<th scope="row">{named}{noted}</th>')


def one_of(name: str, options: Iterable[tuple[object, object, str]], chosen: object) -> Markup:
    """Choices beside each other, one of which holds: of a pupil on a roll, of a level of conduct. 44 pixels high.

    options  value, label and the tone in which it is filled when it holds: "good", "soon", "late", "" for none
    """
    labels = [
        f'<label class="{tone}"><input type="radio" name="{shown(name)}" value="{shown(value)}"'
        f"{' checked' if value == chosen else ''}><span>{shown(label)}</span></label>"
        for value, label, tone in options
    ]
    return written(['<div class="one-of">', *labels, "</div>"])


def item(
    title: object,
    href: str = "",
    note: object = "",
    lead: object = "",
    end: object = "",
    strong: object = False,
    caller: Callable[[], Markup] | None = None,
) -> Markup:
    """One line of a list: title, note under it, something at its end (a badge, a mark, a time).

    lead    stands before: an icon, an avatar, a chip
    strong  that it waits for the reader
    """
    before = f'<span class="lead">{shown(lead)}</span>' if lead else ""
    named = f'<a href="{shown(href)}">{shown(title)}</a>' if href else f"<span>{shown(title)}</span>"
    noted = f"<small>{shown(note)}</small>" if note else ""
    ending = shown(end) if caller is None else caller()
    ended = f'<span class="end">{ending}</span>' if caller is not None or end else ""
    return str.__new__(
        Markup,
        f'<li class="item{" strong" if strong else ""}">{before}<span class="text">{named}{noted}</span>{ended}</li>\n',
    )


def badge(label: object, tone: str = "", icon_name: str = "") -> Markup:
    """A word about a state. A tone brings its own icon, so that colour never speaks alone."""
    drawn = icon(icon_name or _TONES[tone]) if icon_name or tone else ""
    return str.__new__(Markup, f'<span class="badge {shown(tone)}">{drawn}{shown(label)}</span>')


def subject(name: object, hue: str = "slate", href: str = "") -> Markup:
    """A subject in its own hue, in the reader's language; `hue` is Subject.hue."""
    name = named(name)
    kind = f'class="subject hue-{shown(hue)}"'
    if href:
        return str.__new__(Markup, f'<a {kind} href="{shown(href)}">{shown(name)}</a>')
    return str.__new__(Markup, f"<span {kind}>{shown(name)}</span>")
