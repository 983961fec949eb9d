"""What the exchange does by the clock, and when something happened in a room below."""

import threading
from datetime import timedelta

from django.db import connection
from django.urls import reverse
from django.utils.translation import gettext as _

from khue.exchange import actions, queries
from khue.exchange.events import RecordsHeld, RecordsReceived, SchoolHandedBack, SchoolHandedOver, SchoolTakenBack
from khue.foundation import clock, haste, scope
from khue.foundation.actor import SYSTEM
from khue.foundation.events import Event
from khue.identity import queries as identity
from khue.identity.models import Role
from khue.messaging import actions as messaging
from khue.messaging.actions import Note
from khue.registry import queries as registry

#: Who hears that another node keeps a school's rows.
_TOLD = (Role.HEAD, Role.CLERK, Role.DEPARTMENT_OFFICER, Role.MINISTRY_OFFICER)
LONGEST_UNSEEN = timedelta(days=1)
#: Names of chores that do not wait for their time when something happened.
BELOW, MAIL, REPORT = "exchange.schools_below", "exchange.mail", "exchange.report"


def note_change(event: Event) -> None:
    """Something happened at a school: its records are collected again."""
    if event.organisation_id is not None:
        actions.mark_stale(actor=SYSTEM, organisation_id=event.organisation_id, at=clock.now())


def tell_of_held(event: RecordsHeld) -> None:
    """The school's clerks hear, once a day, that records wait to be mended; the list says who can mend which."""
    place, today = event.organisation_id, clock.today()
    if place is None:
        return
    clerks = identity.holders(Role.CLERK, [place], on=today).filter(person_id__isnull=False)
    people = sorted(set(clerks.values_list("person_id", flat=True)))
    if people:
        note = Note(
            kind="exchange",
            key=f"exchange.held:{place}:{today}",
            subject=_("Có dữ liệu báo cáo cần sửa"),
            body=_("Một số bản ghi của trường chưa đúng quy tắc nên chưa được gửi lên. Mời Thầy/Cô xem và sửa."),
            link=reverse("exchange:work"),
        )
        messaging.notify(actor=SYSTEM, organisation_id=place, note=note, recipients=people, at=clock.now())


def tell_of_handing_over(event: SchoolHandedOver) -> None:
    """Those who answer for a school, there and in the offices above it, hear that its own node keeps its rows."""
    _tell_of_keeper(
        event.organisation_id,
        f"exchange.handed_over:{event.peer_id}:{clock.today()}",
        _("%(school)s tự giữ dữ liệu từ nay"),
        _(
            "Dữ liệu của %(school)s do hệ thống riêng của trường giữ và báo cáo từ nay. Số liệu đã có vẫn nguyên;"
            " hệ thống của trường sẽ báo cáo tiếp."
        ),
    )


def tell_of_handing_back(event: SchoolHandedBack) -> None:
    """The same people hear that a school's own node has stopped; what it has told goes out at the clock's next turn."""
    haste.soon(REPORT)
    _tell_of_keeper(
        event.organisation_id,
        f"exchange.handed_back:{event.peer_id}:{clock.today()}",
        _("%(school)s giao lại dữ liệu cho cấp trên"),
        _(
            "Hệ thống riêng của %(school)s không tập hợp và báo cáo dữ liệu nữa. Số liệu đã có vẫn nguyên; cán bộ của"
            " cấp trên nhận lại ở trang Trao đổi dữ liệu khi hồ sơ của trường đã nhập đủ ở đó."
        ),
    )


def tell_of_taking_back(event: SchoolTakenBack) -> None:
    """The same people hear that this node keeps the school's rows again."""
    _tell_of_keeper(
        event.organisation_id,
        f"exchange.taken_back:{event.peer_id}:{clock.today()}",
        _("%(school)s không tự giữ dữ liệu nữa"),
        _(
            "Dữ liệu của %(school)s lại do hệ thống này giữ, tập hợp và báo cáo từ nay. Số liệu các năm học trước vẫn"
            " nguyên."
        ),
    )


def _tell_of_keeper(organisation_id: int | None, key: str, subject: str, body: str) -> None:
    if organisation_id is None:
        return
    with scope.raised(SYSTEM):
        school = registry.organisation_with(organisation_id)
        places = [int(place) for place in school.lineage.strip(".").split(".")]
        people = identity.people_holding(_TOLD, places, on=clock.today())
        note = Note(
            kind="exchange",
            key=key,
            subject=subject % {"school": school.name},
            body=body % {"school": school.name},
            link=reverse("exchange:overview"),
        )
        for place, recipients in people.items():
            messaging.notify(actor=SYSTEM, organisation_id=place, note=note, recipients=recipients, at=clock.now())


def collect_stale_schools() -> int:
    """Collect every school where something happened, each in a transaction of its own. Returns how many."""
    collected = 0
    while True:
        with scope.of(SYSTEM):
            school = queries.stale_school()
            if school is None:
                return collected
            with scope.of_organisation(school.id):
                at = clock.now()
                actions.collect_school(actor=SYSTEM, school=school, at=at)
                if queries.has_new_school_record(school, at):
                    haste.soon(REPORT)
        collected += 1


def mark_unseen_schools() -> int:
    """Have every school collected that was not for a day: not every change is told by an event. Returns how many.

    A worker that starts again finds them collected, and leaves them alone.
    """
    now = clock.now()
    with scope.of(SYSTEM):
        schools = queries.schools_not_collected_since(SYSTEM, now - LONGEST_UNSEEN)
        actions.mark_many_stale(actor=SYSTEM, organisation_ids=[school.id for school in schools], at=now)
    return len(schools)


def report_above() -> bool:
    """Send what is new to the node above, if there is one with an address. What fails is kept, and tried again.

    returns  whether it went well
    """
    # Here, because the web process knows these duties too and never speaks to other nodes.
    from khue.exchange.actions import reporting

    with scope.of(SYSTEM):
        peer = queries.peer_above()
    if peer is None or not peer.address or peer.back_settled_at:
        return False
    try:
        reporting.report_to(SYSTEM, peer)
    except reporting.FAILURES:
        return False
    return True


def list_schools_below() -> int:
    """Keep which schools the nodes below reported, and what nodes below are told of schools. Returns how many of those.

    By the clock as well as after events: a school that is founded or named anew is not told by one.
    """
    with scope.of(SYSTEM):
        count = actions.list_schools_below(actor=SYSTEM, at=clock.now())
        actions.write_listing(actor=SYSTEM, at=clock.now())
    return count


def note_nodes(event: Event) -> None:  # noqa: ARG001  what is true is read anew, once for however many events
    """Nodes or schools are others than before: those above and below are told at the clock's next turn."""
    haste.soon(BELOW)
    haste.soon(MAIL)


def note_schools(event: RecordsReceived) -> None:
    """A node below reported a school: it is listed, and reported on, at the clock's next turn."""
    if event.schools:
        note_nodes(event)
        haste.soon(REPORT)


def forget_letters() -> int:
    """Forget what nobody has fetched for a month. Returns how many letters."""
    with scope.of(SYSTEM):
        return actions.forget_letters(actor=SYSTEM, at=clock.now())


def mail() -> bool:
    """Hand over and fetch letters, and read what arrived. What fails is tried again. Returns whether all went well."""
    # Here, for the same reason.
    from khue.exchange.actions import mailing, reporting

    with scope.of(SYSTEM):
        peer = queries.peer_above()
    is_well = True
    if peer is not None and peer.address:
        try:
            with reporting.caller_of(SYSTEM, peer) as caller:
                mailing.mail_with(SYSTEM, peer, caller)
        except mailing.FAILURES:
            is_well = False
    mailing.read_arrived(SYSTEM)  # also what came before the line was cut, or from below
    return is_well


def mail_in_background() -> bool:
    """Do so in a thread of its own, unless one is at it. Returns whether a thread was begun."""
    if not _mailing.acquire(blocking=False):
        return False
    threading.Thread(target=_mail, name="mail", daemon=True).start()
    return True


def report_in_background() -> bool:
    """Do so in a thread of its own, unless one is at it: a slow line must not hold up the clock's other duties.

    returns  whether a thread was begun
    """
    if not _reporting.acquire(blocking=False):
        return False
    threading.Thread(target=_report, name="exchange", daemon=True).start()
    return True


_reporting, _mailing = threading.Lock(), threading.Lock()


def _report() -> None:
    try:
        report_above()
    finally:
        connection.close()
        _reporting.release()


def _mail() -> None:
    try:
        mail()
    finally:
        connection.close()
        _mailing.release()
