"""What the worker does: batches of signatures, and the clock's chores."""

import logging
import os
from collections.abc import Iterator, Sequence
from concurrent.futures import Future
from contextlib import contextmanager
from datetime import timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _

from khue.foundation import calls, clock, files, paper, scope
from khue.foundation.actor import SYSTEM
from khue.foundation.errors import Forbidden, NotFound, Refusal
from khue.foundation.paper import Attached, Printed
from khue.foundation.work import Cancelled, Work
from khue.procedures.events import ResultIssued
from khue.records import actions, queries, rendering, results
from khue.records.actions import SealedResult, SealedSheet, SignedSheet
from khue.records.models import ResultDocument, Signature, SigningBatch, YearSheet
from khue.records.refusals import DataDiffer, KeyNotFound, NothingToDo, ProviderSilent, WrongKeySecret
from khue.schools import queries as schools
from khue.schools.models import SchoolClass

if TYPE_CHECKING:
    from khue.records.signing.session import Session

logger = logging.getLogger(__name__)
CHUNK = 20
#: A sheet on paper takes most of the work, so each core has a press, up to so many.
MOST_PRESSES = 4
#: A PIN is forgotten after so long even if its job never came to an end.
LONGEST = timedelta(hours=12)
Printing = list[tuple[YearSheet, bytes, "Future[Printed]"]]


def sign_batch(work: Work) -> None:
    """Sign, or seal, what waits for it, twenty sheets a step.

    Killed, it goes on where it was: what is signed waits no more. After a bug or a lost database it is tried again, and
    needs the PIN for that; however else it ends, the PIN is forgotten.
    """
    with work.step():
        batch = queries.batch_numbered(work.actor, int(work.arguments["batch"]))
        total = queries.waiting_for(batch.role, batch.year, batch.school_class).count()
        secret = queries.secret_of(batch)
    try:
        with _troubles(), queries.session_of(batch.key, secret) as session:
            run = {queries.SEAL: _seal, queries.DEPOSIT: _deposit}.get(batch.role, _sign)
            done = run(work, batch, session, total)
    except (Refusal, Forbidden, NotFound, Cancelled):
        _end(work, batch)
        raise
    _end(work, batch)
    work.finish(summary=_("Đã xong %(count)s học bạ.") % {"count": done})


def work_through_classes(work: Work) -> None:
    """Prepare, or confirm, class by class. A class whose year has changed since is left, and named."""
    asked = work.arguments
    with work.step():
        year = schools.year_of(work.actor, UUID(asked["year"]))
        rooms = queries.classes_to(work.actor, year, asked["deed"], asked["grade"])
    done, left = 0, list[str]()
    for number, room in enumerate(rooms, 1):
        try:
            with work.step():
                done += _worked(work, room, asked["deed"])
        except NothingToDo:
            pass  # somebody was quicker
        except DataDiffer as refused:
            left.append(f"{room.name} ({refused})")
        work.progress(done=number, total=len(rooms), failed=len(left))
    said = _("Đã xong %(count)s học bạ của %(classes)s lớp.") % {"count": done, "classes": len(rooms) - len(left)}
    if left:
        said += " " + _("Còn lại: %(left)s") % {"left": "; ".join(left)}
    work.finish(summary=said, result_url=reverse("records:year") + f"?year={year.public_id}")


def _worked(work: Work, room: SchoolClass, deed: str) -> int:
    if deed == "confirm":
        return actions.confirm_class(actor=work.actor, school_class=room, at=clock.now())
    made = actions.prepare_class(actor=work.actor, school_class=room, at=clock.now())
    return made.made + made.refreshed


def draft_result(event: ResultIssued) -> None:
    """Draft the document of a result, to wait for the school's seal."""
    actions.draft_result(actor=SYSTEM, slip_id=event.slip_id, at=clock.now())


def sign_results(work: Work) -> None:
    """Seal the results of procedures that wait at a school. Killed, it goes on where it was, as sign_batch does."""
    with work.step():
        batch = queries.batch_numbered(work.actor, int(work.arguments["batch"]))
        waiting, secret = list(queries.results_waiting(batch.organisation_id)), queries.secret_of(batch)
    done = 0
    try:
        with _troubles(), queries.session_of(batch.key, secret) as session, paper.Press("pdf/a-3b") as press:
            for document in waiting:
                sealed = _sealed(document, batch, session, press)
                with work.step():
                    done += actions.keep_result(actor=work.actor, batch=batch, sealed=sealed, at=clock.now())
                work.progress(done=done, total=len(waiting))
    except (Refusal, Forbidden, NotFound, Cancelled):
        _end(work, batch)
        raise
    _end(work, batch)
    work.finish(summary=_("Đã đóng dấu %(count)s kết quả.") % {"count": done}, result_url=reverse("records:results"))


def _sealed(document: ResultDocument, batch: SigningBatch, session: "Session", press: paper.Press) -> SealedResult:
    from khue.records.signing import judge, pades

    result = results.from_json(document.content)
    inside = Attached(results.NAME, results.written(result), "Data")
    printed = press.print(rendering.html_of_result(result, judge.named_in(bytes(batch.key.certificate))), [inside])
    return SealedResult(document, pades.seal(printed.pdf, session, reason=result.heading), printed.pages)


def _end(work: Work, batch: SigningBatch) -> None:
    with scope.of(work.actor):
        actions.end_batch(actor=work.actor, batch=batch, at=clock.now())


def _sign(work: Work, batch: SigningBatch, session: "Session", total: int) -> int:
    done, after = 0, 0
    while sheets := _next(work, batch, after):
        after = sheets[-1].id
        at = clock.now()
        made = session.sign([bytes(sheet.content) for sheet in sheets], batch.role, at)
        signed = [
            SignedSheet(sheet, sheet.digest, one.xml, one.stamped_at) for sheet, one in zip(sheets, made, strict=True)
        ]
        with work.step():
            done += actions.keep_signatures(actor=work.actor, batch=batch, signed=signed, at=at)
        work.progress(done=done, total=total)
    return done


def _seal(work: Work, batch: SigningBatch, session: "Session", total: int) -> int:
    """Three things go on at once: this chunk is sealed as XML, the one before is printed, the one before that filed."""
    done, after = 0, 0
    printing: Printing = []
    with paper.Presses("pdf/a-3b", min(os.cpu_count() or 1, MOST_PRESSES)) as presses:
        while True:
            sheets = _next(work, batch, after)
            following: Printing = []
            if sheets:
                after = sheets[-1].id
                following = _sent_to_press(work, batch, session, sheets, presses)
            if printing:
                done += _filed(work, batch, session, printing)
                work.progress(done=done, total=total)
            printing = following
            if not sheets:
                return done


def _next(work: Work, batch: SigningBatch, after: int) -> list[YearSheet]:
    with scope.of(work.actor):
        rows = queries.waiting_for(batch.role, batch.year, batch.school_class, after)
        return list(rows.select_related("transcript__person")[:CHUNK])


def _sent_to_press(
    work: Work, batch: SigningBatch, session: "Session", sheets: Sequence[YearSheet], presses: paper.Presses
) -> Printing:
    with scope.of(work.actor):
        under = queries.signatures_under(sheets)
    documents = session.seal(
        [bytes(sheet.content) for sheet in sheets],
        [[bytes(one.xml) for one in under[sheet.id]] for sheet in sheets], clock.now(),
    )  # fmt: skip
    found: Printing = []
    for sheet, document in zip(sheets, documents, strict=True):
        html = _form(sheet, under[sheet.id], batch)
        found.append((sheet, document, presses.send(html, [Attached("hoc-ba.xml", document)])))
    return found


def _deposit(work: Work, batch: SigningBatch, session: "Session", total: int) -> int:
    """All sealed sheets of the year that were not handed in, as one package whose manifest is sealed."""
    from khue.records.signing.packages import entries_of, packed

    with scope.of(work.actor):
        rows = queries.waiting_for(batch.role, batch.year, batch.school_class).select_related("xml")
        sheets = list(rows.defer("content"))
    contents = {}
    for done, sheet in enumerate(sheets, start=1):
        assert sheet.xml is not None  # sealed
        with files.open_file(sheet.xml) as stream:
            contents[f"hoc-ba/{sheet.public_id.hex}.xml"] = stream.read()
        work.progress(done=done, total=total)
    at = clock.now()
    manifest = queries.manifest_of("nop", batch.year.public_id, batch.key.title, at, entries_of(contents))
    package = packed(contents, session.seal([manifest], [[]], at)[0])
    with work.step():
        actions.keep_deposit(
            actor=work.actor, batch=batch, sheets=sheets, package=package,
            recipient=str(work.arguments["recipient"]), at=at,
        )  # fmt: skip
    return len(sheets)


def _form(sheet: YearSheet, under: Sequence[Signature], batch: SigningBatch) -> str:
    content = queries.content_in(sheet)
    names = {"homeroom": content.homeroom_teacher, "head": content.school.head}
    signers = [rendering.signer(one.role, one.key.title or names.get(one.role, ""), one.stamped_at) for one in under]
    return rendering.html_of(content, [*signers, rendering.signer(queries.SEAL, batch.key.title, None)])


def _filed(work: Work, batch: SigningBatch, session: "Session", printing: Printing) -> int:
    from khue.records.signing import pades

    printed = [future.result() for _sheet, _document, future in printing]
    reasons = [_("Học bạ số %(code)s") % {"code": sheet.public_id.hex} for sheet, _document, _future in printing]
    pdfs = pades.seal_all([one.pdf for one in printed], session, reasons)
    sealed = [
        SealedSheet(sheet, sheet.digest, document, pdf, one.pages)
        for (sheet, document, _future), pdf, one in zip(printing, pdfs, printed, strict=True)
    ]
    with work.step():
        done = actions.keep_seals(actor=work.actor, batch=batch, sealed=sealed, at=clock.now())
    _list(work, batch, session, [sheet for sheet, _document, _future in printing])
    return done


def _list(work: Work, batch: SigningBatch, session: "Session", sheets: Sequence[YearSheet]) -> None:
    """The whole record of each of these learners, listed and sealed while the seal is at hand."""
    from khue.records.signing.packages import as_pem, entries_of

    key, at = batch.key, clock.now()
    certificates = tuple(as_pem(one).decode() for one in (bytes(key.certificate), *queries.chain_of(key)))
    stated = {f"chung-thu/{number}.pem": pem.encode() for number, pem in enumerate(certificates)}
    manifests = []
    for sheet in sheets:
        with scope.of(work.actor), scope.raised(work.actor):  # also what other schools of this node have sealed
            contents = queries.documents_of(sheet.transcript)
        listed = entries_of(contents | stated)
        manifests.append(queries.manifest_of("hoc-ba", sheet.transcript.public_id, key.organisation.name, at, listed))
    xml = session.seal(manifests, [[] for _each in manifests], at)
    made = [actions.ListMade(sheet.transcript, one, certificates) for sheet, one in zip(sheets, xml, strict=True)]
    with work.step():
        actions.keep_lists(actor=work.actor, batch=batch, made=made, at=at)


@contextmanager
def _troubles() -> Iterator[None]:
    """What goes wrong with keys and authorities, in words for whoever signs."""
    from khue.records.signing.keys import KeyMissing, ProviderFailed, WrongSecret

    try:
        yield
    except WrongSecret:
        raise WrongKeySecret from None
    except KeyMissing:
        raise KeyNotFound from None
    except ProviderFailed as error:
        raise ProviderSilent(detail=str(error.__cause__ or error)[:200] or type(error).__name__) from error


def refresh_revocation_lists() -> int:
    """Fetch the lists that would name the certificates this node signs with. Returns how many are new.

    Only addresses inside certificates below a trusted root are called; an authority that is silent is asked next hour.
    """

    from khue.records.signing.evidence import fetched
    from khue.records.signing.keys import ProviderFailed

    new = 0
    with scope.of_organisation(None):
        wanted = queries.revocation_addresses()
    with calls.client(timeout=20) as client:
        for issuer, address in wanted:
            try:
                content = fetched(client, address)
            except ProviderFailed as error:
                logger.warning("no list of revoked certificates: %s", error)
                continue
            with scope.of_organisation(None):
                new += actions.keep_revocation_list(
                    actor=SYSTEM, issuer=issuer, address=address, content=content, at=clock.now()
                )
    return new


def forget_secrets() -> int:
    """PINs of batches whose job is over, or that began long ago, are forgotten. Returns how many."""
    with scope.of_organisation(None):
        return actions.forget_secrets(actor=SYSTEM, before=clock.now() - LONGEST, at=clock.now())
