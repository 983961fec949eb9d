"""Everything that foundation hooks into, on one page."""

from django.utils.translation import gettext_lazy as _

from khue.foundation import clock, extensions, files, jobs, media, prints
from khue.foundation.deeds import DEEDS
from khue.foundation.extensions import FilePurpose
from khue.foundation.ui import wordings

wordings.speak_plainly()

#: What a job leaves behind: the rows that failed and why, or what was exported. Nobody brings one from outside.
extensions.file_purposes.fill(
    jobs.REPORT,
    FilePurpose(
        title=_("kết quả của một việc"),
        allowed=frozenset({media.XLSX, media.CSV, media.TEXT, media.PDF, media.ZIP}),
        most_bytes=500 * 1024 * 1024,
        may_upload=lambda _actor, _organisation_id: False,
    ),
)
extensions.file_readers.fill(jobs.REPORT, jobs.may_read_report)
extensions.file_purposes.fill(
    prints.PRINTED,
    FilePurpose(
        title=_("tài liệu đã in"),
        allowed=frozenset({media.PDF, media.ZIP}),
        most_bytes=200 * files.MEGABYTE,
        may_upload=lambda _actor, _organisation_id: False,
    ),
)
extensions.file_readers.fill(prints.PRINTED, prints.may_read)
extensions.chores.fill("foundation.forget_prints", extensions.Chore(3600, lambda: prints.forget(clock.now())))
extensions.deeds.fill_all(DEEDS)
