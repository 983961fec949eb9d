"""The form field component. A form for a class has a hundred and thirty of them: a macro took half of such a page.

`ui.field(form.name)` in a template; the error stands beside the field and says what to do. optional=false where the
page says that nothing is compulsory, so that not every field must.
"""

from collections.abc import Mapping
from operator import attrgetter

from django.forms.boundfield import BoundField
from markupsafe import Markup

from khue.foundation.ui.controls import CROWD, MANY, Choice, Control, control
from khue.foundation.ui.icons import icon
from khue.foundation.ui.printing import attributes, shown
from khue.foundation.ui.remembered import text as _

_HEADING = attrgetter("group")


def field(
    bound: BoundField,
    label: object = "",
    hint: object = "",
    width: str = "",
    autocomplete: str = "",
    inputmode: str = "",
    attrs: Mapping[str, object] | None = None,
    optional: bool = True,
) -> Markup:
    """One field of a bound form with its label, hint and errors.

    label, hint  instead of the form's own
    attrs        further attributes of the element
    optional     whether to say that it may be left alone
    """
    c = control(bound)
    if c.kind == "hidden":
        return str.__new__(Markup, f'<input type="hidden" name="{shown(c.name)}" value="{shown(c.value)}">')
    named, noted = shown(label or c.label), shown(hint or c.hint)
    if optional and not c.required and not c.disabled and c.kind != "checkbox" and not c.is_settled and not c.errors:
        left_alone = _("(không bắt buộc)")
        named = f'{named} <span class="optional">{left_alone}</span>'
    described, notes, more = _described(c, noted), _notes(c, noted), attributes(attrs) if attrs else ""
    wrong = " wrong" if c.errors else ""
    if c.kind in {"radio", "checkboxes"}:
        return str.__new__(
            Markup,
            f'<fieldset class="field group{wrong}" id="{shown(c.id)}-field"{described}>\n<legend>{named}</legend>\n'
            f"{notes}{_options(c, more)}</fieldset>\n",
        )
    if c.kind == "checkbox":
        return str.__new__(
            Markup,
            f'<div class="field{wrong}">\n<label class="option"><input type="checkbox" name="{shown(c.name)}"'
            f' id="{shown(c.id)}"{" checked" if c.is_checked else ""}{_state(c)}{described}'
            f"{c.printed}{more}><span>{named}</span></label>\n{notes}</div>\n",
        )
    fills = "" if c.kind == "date" else inputmode
    common = f"{_state(c)}{_help(c, autocomplete, fills)}{described}{c.printed}{more}"
    wide = f" {shown(width)}" if width else ""
    return str.__new__(
        Markup,
        f'<div class="field{wrong}{wide}">\n<label for="{shown(c.id)}">{named}</label>\n{notes}{_element(c, common)}'
        "</div>\n",
    )


def _element(c: Control, common: str) -> str:
    """The element itself. common: its attributes beside name, id and value, as they are printed."""
    named = f'name="{shown(c.name)}" id="{shown(c.id)}"'
    if c.kind == "textarea":
        return f"<textarea {named}{common}>\n{shown(c.value)}</textarea>\n"
    if c.kind == "select":
        return f'<div class="select"><select {named}{common}>\n{_choices(c)}</select>{icon("chevron-down")}</div>\n'
    if c.kind == "date":
        opens = _("Chọn ngày trên lịch")
        return (
            f'<div class="date" data-date="{opens}"><input type="text" {named}'
            f' value="{shown(c.value)}" inputmode="numeric" placeholder="dd/mm/yyyy" maxlength="10"{common}></div>\n'
        )
    if c.kind == "password":
        show, hide = _("Hiện mật khẩu"), _("Ẩn mật khẩu")
        return (
            f'<div class="secret" data-secret data-show="{show}" data-hide="{hide}">'
            f'<input type="password" {named}{common}></div>\n'
        )
    value = f' value="{shown(c.value)}"' if c.value else ""
    return f'<input type="{shown(c.kind)}" {named}{value}{common}>\n'


def _choices(c: Control) -> str:
    if c.shared:
        return c.shared.printed_with(c.value)
    if not any(map(_HEADING, c.choices)):
        return "".join(map(_choice, c.choices))
    return "".join(
        f'<optgroup label="{shown(name)}">{"".join(map(_choice, choices))}</optgroup>\n'
        if name
        else "".join(map(_choice, choices))
        for name, choices in c.groups
    )


def _choice(choice: Choice) -> str:
    value, label, is_chosen, _heading = choice
    return f'<option value="{shown(value)}"{" selected" if is_chosen else ""}>{shown(label)}</option>'


def _options(c: Control, more: str) -> str:
    """The options of a group, the first with the id of the field."""
    kind, spread = "radio" if c.kind == "radio" else "checkbox", c.spread
    identified, disabled = f' id="{shown(c.id)}"', " disabled" if c.disabled else ""
    options = [
        f'<label class="option"><input type="{kind}" name="{shown(c.name)}" value="{shown(choice.value)}"'
        f"{'' if place else identified}{' checked' if choice.chosen else ''}{disabled}{more}>"
        f"<span>{shown(choice.label)}</span></label>\n"
        for place, choice in enumerate(c.choices)
    ]
    every = ""
    if kind == "checkbox" and len(options) >= MANY:  # with a script there is a button to tick them all
        tick, untick = _("Chọn tất cả"), _("Bỏ chọn tất cả")
        every = f' data-all="{tick}" data-none="{untick}"'
    if len(options) >= CROWD:
        spread, find = f"{spread} crowd".strip(), _("Tìm trong danh sách")
        every += f' data-find="{find}"'
    return f'<div class="options{" " if spread else ""}{spread}"{every}>\n{"".join(options)}</div>\n'


def _state(c: Control) -> str:
    return f"{' required' if c.required else ''}{' disabled' if c.disabled else ''}"


def _help(c: Control, autocomplete: str, inputmode: str) -> str:
    """What a browser may fill in, and which keys a phone shows; the form's own attributes go before."""
    fills = autocomplete or ("off" if c.kind == "date" else "")
    filled = f' autocomplete="{shown(fills)}"' if fills and "autocomplete" not in c.attrs else ""
    return f'{filled} inputmode="{shown(inputmode)}"' if inputmode and "inputmode" not in c.attrs else filled


def _described(c: Control, hint: str) -> str:
    if not hint and not c.errors:
        return ""
    parts = [f"{shown(c.id)}-hint"] if hint else []
    if c.errors:
        parts.append(f"{shown(c.id)}-error")
    invalid = ' aria-invalid="true"' if c.errors else ""
    return f' aria-describedby="{" ".join(parts)}"{invalid}'


def _notes(c: Control, hint: str) -> str:
    noted = f'<p class="hint" id="{shown(c.id)}-hint">{hint}</p>\n' if hint else ""
    if not c.errors:
        return noted
    drawn, said = icon("circle-alert", str(_("Lỗi"))), shown(" ".join(c.errors))
    return f'{noted}<p class="error" id="{shown(c.id)}-error">{drawn}<span>{said}</span></p>\n'
