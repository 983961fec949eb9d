"""What the exchange does by the clock, and when something happened in a room below."""

import threading

from django.db import connection

from khue.exchange import actions, queries
from khue.foundation import clock, scope
from khue.foundation.actor import SYSTEM
from khue.foundation.events import Event


def note_change(event: Event) -> None:
    """Something happened at a school: its records are collected again."""
    if event.organisation_id is not None:
        actions.mark_stale(actor=SYSTEM, organisation_id=event.organisation_id, at=clock.now())


def collect_stale_schools() -> int:
    """Collect every school where something happened, each in a transaction of its own. Returns how many."""
    collected = 0
    while True:
        with scope.of(SYSTEM):
            school = queries.stale_school()
            if school is None:
                return collected
            with scope.of_organisation(school.id):
                actions.collect_school(actor=SYSTEM, school=school, at=clock.now())
        collected += 1


def mark_every_school() -> int:
    """Have every school of this node collected: not every change is told by an event. Returns how many."""
    with scope.of(SYSTEM):
        schools = queries.own_schools(SYSTEM)
        for school in schools:
            actions.mark_stale(actor=SYSTEM, organisation_id=school.id, at=clock.now())
    return len(schools)


def report_above() -> bool:
    """Send what is new to the node above, if there is one with an address. What fails is kept, and tried again.

    returns  whether it went well
    """
    # Here, because the web process knows these duties too and never speaks to other nodes.
    from khue.exchange.actions import reporting

    with scope.of(SYSTEM):
        peer = queries.peer_above()
    if peer is None or not peer.address:
        return False
    try:
        reporting.report_to(SYSTEM, peer)
    except reporting.FAILURES:
        return False
    return True


def report_in_background() -> bool:
    """Do so in a thread of its own, unless one is at it: a slow line must not hold up the clock's other duties.

    returns  whether a thread was begun
    """
    if not _reporting.acquire(blocking=False):
        return False
    threading.Thread(target=_report, name="exchange", daemon=True).start()
    return True


_reporting = threading.Lock()


def _report() -> None:
    try:
        report_above()
    finally:
        connection.close()
        _reporting.release()
