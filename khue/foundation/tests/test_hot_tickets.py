import pytest

from khue.foundation import sealed
from khue.foundation.hot import tickets


def test_a_ticket_comes_back_as_it_was_issued() -> None:
    text = tickets.issue("answers", {"attempt": 17, "sheet": "Đề 101"}, organisation_id=3, seconds=60)

    ticket = tickets.verify(text, "answers")

    assert (ticket.kind, ticket.subject, ticket.organisation_id) == (
        "answers",
        {"attempt": 17, "sheet": "Đề 101"},
        3,
    )


def test_a_ticket_opens_no_other_kind() -> None:
    text = tickets.issue("answers", {"attempt": 17}, organisation_id=3, seconds=60)

    with pytest.raises(tickets.TicketInvalid):
        tickets.verify(text, "statements")


def test_an_expired_ticket_is_told_from_a_false_one() -> None:
    text = tickets.issue("answers", {"attempt": 17}, organisation_id=3, seconds=0)

    with pytest.raises(tickets.TicketExpired):
        tickets.verify(text, "answers")


def test_every_changed_letter_breaks_the_seal() -> None:
    text = tickets.issue("answers", {"attempt": 17}, organisation_id=3, seconds=60)

    for place in range(len(text) - 1):  # the last letter carries padding bits
        other = "A" if text[place] != "A" else "B"
        with pytest.raises(tickets.TicketInvalid):
            tickets.verify(text[:place] + other + text[place + 1 :], "answers")


@pytest.mark.parametrize("text", ["", "x", "é", "AAAA", "a" * 5000, "a.b.c"])
def test_nonsense_is_no_ticket(text: str) -> None:
    with pytest.raises(tickets.TicketInvalid):
        tickets.verify(text, "answers")


def test_a_seal_of_another_purpose_is_no_ticket() -> None:
    text = sealed.seal("live.ticket", ("answers", {"attempt": 17}, 3, 9_999_999_999))

    with pytest.raises(tickets.TicketInvalid):
        tickets.verify(text, "answers")


def test_a_ticket_of_another_node_is_none_here(settings: object) -> None:
    text = tickets.issue("answers", {"attempt": 17}, organisation_id=3, seconds=60)

    settings.SECRET_KEY = "the secret of another node"  # type: ignore[attr-defined]

    with pytest.raises(tickets.TicketInvalid):
        tickets.verify(text, "answers")
