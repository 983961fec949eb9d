"""Official forms as PDF: a template becomes HTML, and a process of its own prints that with WeasyPrint.

A process of its own, because the library takes 60 MB that no web process shall keep, and because a form of a thousand
pages must end by itself. Needs Debian's Pango; without it `answer` refuses and says what to install. Decision 0160.
"""

from collections.abc import Mapping
from typing import Literal, cast

from django.http import HttpResponse
from django.template import engines
from django.template.backends.jinja2 import Jinja2
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from khue.foundation.apart import Gone, Unable
from khue.foundation.errors import Refusal
from khue.foundation.paper import press
from khue.foundation.paper.many import Attached as Attached
from khue.foundation.paper.many import Press as Press
from khue.foundation.paper.many import Presses as Presses
from khue.foundation.paper.many import Printed as Printed
from khue.foundation.paper.many import asked, printed, workshop

SECONDS = 120
Variant = Literal["", "pdf/a-3b", "pdf/ua-1"]


class PressMissing(Refusal):
    """The machine lacks the libraries that set text."""

    code = "press_missing"
    message = _(
        "Máy chủ chưa in được ra PDF. Người vận hành hãy cài: apt-get install %(packages)s. Tệp Excel vẫn tải được."
    )


class PressFailed(Refusal):
    """The document is too large to print in one go."""

    code = "press_failed"
    message = _("Tài liệu này quá lớn để in một lần. Hãy in từng phần, ví dụ từng lớp.")


def answer(template: str, context: Mapping[str, object], *, name: str) -> HttpResponse:
    """A form as "name.pdf", shown in the browser. `template` extends foundation/paper.html."""
    response = HttpResponse(pdf(html(template, context)), content_type="application/pdf")
    response.headers["Content-Disposition"] = f'inline; filename="{name}.pdf"'
    return response


def html(template: str, context: Mapping[str, object]) -> str:
    """What is printed. Official forms speak Vietnamese, whatever language their reader chose for pages."""
    with translation.override("vi"):
        environment = cast(Jinja2, engines["jinja2"]).env
        return environment.get_template(template).render(dict(context))


def pdf(document: str, *, variant: Variant = "") -> bytes:
    """The document as PDF, in the page size its style sheet says.

    variant  a form for archives (pdf/a-3b) or for readers' tools (pdf/ua-1)
    refuses  PressMissing; PressFailed after two minutes or two gigabytes. Raises apart.Broken where the press breaks
    cost     20 ms and 20 ms a page; half a second more for the first of a minute
    """
    try:
        with workshop.worker(memory=press.MEMORY) as worker:
            return printed(worker.ask(asked(document, variant, counted=False), seconds=SECONDS)).pdf
    except Unable:
        raise PressMissing(packages=press.PACKAGES) from None
    except Gone:
        raise PressFailed from None
