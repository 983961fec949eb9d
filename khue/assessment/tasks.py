"""The jobs of the assessment room."""

from uuid import UUID

from django.urls import reverse
from django.utils.translation import ngettext

from khue.assessment import actions, queries
from khue.foundation import clock, files
from khue.foundation.work import Work


def read_paper(work: Work) -> None:
    """Read one large Word file, all of it or nothing, and lead to its review."""
    with work.step():
        shelf = queries.shelf_of(work.actor, work.arguments["shelf"])
        file = files.file_of(work.actor, UUID(work.arguments["file"]))
        with files.open_file(file) as stream:
            data = stream.read()
        paper = actions.import_paper(
            actor=work.actor, organisation=shelf.organisation, subject=shelf.subject, grade=shelf.grade,
            name=file.name, data=data, at=clock.now(),
            progress=lambda done, total: work.progress(done=done, total=total),
        )  # fmt: skip
        items = queries.items_of(paper)
    blocked = sum(not item.is_usable for item in items)
    text = ngettext(
        "Đọc được %(count)s câu hỏi, %(blocked)s câu cần xem lại.",
        "Đọc được %(count)s câu hỏi, %(blocked)s câu cần xem lại.",
        len(items),
    )
    work.finish(
        summary=text % {"count": len(items), "blocked": blocked},
        result_url=reverse("assessment:paper", args=[paper.public_id]),
    )
