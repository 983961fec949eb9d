"""One after the other: who does the same thing at the same moment waits. For forms that are sent twice."""

from django.db import connection


def wait_for_turn(thing: str) -> None:
    """Wait until nobody else does this, and keep others waiting until the transaction ends.

    What the other wrote is there to be read by the next query.
    thing  "room.what:key", the same text for the same thing
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [thing])
