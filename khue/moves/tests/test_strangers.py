"""Who is no party to a move changes nothing: forged, replayed, misdirected letters; other peers; other schools."""

import uuid
from dataclasses import replace
from datetime import date

import msgspec
import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from joserfc.jwk import OKPKey

from khue.exchange import actions as exchange
from khue.exchange import keys, letters
from khue.exchange.client import PeerRefused
from khue.exchange.extensions import OpenedLetter
from khue.exchange.models import KnownNode, Letter, Peer
from khue.exchange.signatures import Signer, digest_of
from khue.exchange.tests.conftest import _Signer
from khue.foundation import clock, scope
from khue.foundation.actor import SYSTEM
from khue.foundation.errors import Forbidden
from khue.moves import actions, tasks, words
from khue.moves.models import Move, Piece
from khue.moves.protocol import Side, State
from khue.moves.refusals import LetterUnreadable
from khue.moves.tests.country import NUMBER, Country
from khue.moves.tests.test_lines import here
from khue.moves.tests.test_moving import accepted, released, states
from khue.procedures.models import Case
from tests import world as worlds

ADDRESSES = ("/schools", "/letters", "/letters/waiting", "/letters/passed")


def word_of(provinces: Country, **more: object) -> words.Word:
    """What the new school could say in this move."""
    with provinces.new.node.inside():
        ask = words.ask_in(Move.objects.get().ask)
    said = words.Word(side=Side.RECEIVING, state=State.WITHDRAWN, version=9, heard=0, wants=False, ask=ask)
    return msgspec.structs.replace(said, **more)


def heard_at_old(provinces: Country, word: words.Word, *, writer: uuid.UUID, thread: uuid.UUID) -> None:
    with provinces.old.node.at(), scope.of(SYSTEM):
        tasks.read_letter(OpenedLetter(writer, "x", thread, 0, words.written(word)), clock.now())


def parties(provinces: Country) -> tuple[uuid.UUID, uuid.UUID]:
    """The thread of the move, and the new school's node."""
    with provinces.old.node.inside():
        move = Move.objects.get()
        return move.thread, move.other_node


def test_a_node_that_is_no_party_is_not_heard_whatever_it_says(provinces: Country) -> None:
    accepted(provinces)
    provinces.turns(1)
    thread, node = parties(provinces)

    heard_at_old(provinces, word_of(provinces), writer=uuid.uuid4(), thread=thread)  # another node
    other = msgspec.structs.replace(word_of(provinces).ask, school_code="46300099")
    heard_at_old(provinces, word_of(provinces, ask=other), writer=node, thread=thread)  # for another school
    theirs = words.Word(side=Side.GIVING, state=State.DROPPED, version=9, heard=0, wants=False)
    heard_at_old(provinces, theirs, writer=node, thread=thread)  # as if it were the old school itself

    assert states(provinces) == [("asking", ""), ("open", "asking")]
    assert here(provinces) == [False, True]
    with provinces.old.node.inside():
        assert Case.objects.get().finished_on is None


def test_nobody_asks_for_a_child_in_the_name_of_a_school_that_is_not_its_own(provinces: Country) -> None:
    accepted(provinces)
    with provinces.new.node.inside():
        node = exchange.name_node(actor=SYSTEM, organisation=provinces.new.school.organisation.parent).node
    for code in ("82300011", "46399999"):
        ask = msgspec.structs.replace(word_of(provinces).ask, school_code=code)
        word = word_of(provinces, ask=ask, state=State.ASKING, version=1)
        heard_at_old(provinces, word, writer=node, thread=uuid.uuid4())

    with provinces.old.node.inside():
        assert not Move.objects.exists()
        assert not Case.objects.exists()


def test_a_school_that_is_not_on_the_node_is_said_to_be_not_there(provinces: Country) -> None:
    accepted(provinces)
    with provinces.new.node.inside():
        node = exchange.name_node(actor=SYSTEM, organisation=provinces.new.school.organisation.parent).node
    ask = msgspec.structs.replace(word_of(provinces).ask, other_code="82300099")
    heard_at_old(
        provinces, word_of(provinces, ask=ask, state=State.ASKING, version=1), writer=node, thread=uuid.uuid4()
    )

    with provinces.old.node.inside():
        assert Move.objects.get().state == State.NOT_HERE
        assert not Case.objects.exists()


def test_a_letter_that_is_replayed_after_all_is_done_changes_nothing(provinces: Country) -> None:
    accepted(provinces)
    provinces.new.turn()
    with provinces.ministry.inside():
        first = bytes(Letter.objects.get().content)
    provinces.turns(1)
    released(provinces)
    provinces.turns(3)
    done = states(provinces)

    with provinces.new.node.at(), provinces.new.caller() as caller:
        caller.hand_over(first)
        caller.hand_over(first)
    with provinces.ministry.inside():
        assert Letter.objects.count() == 1
    provinces.turns(2)

    assert states(provinces) == done == [("begun", "released"), ("released", "begun")]
    assert here(provinces) == [True, False]
    with provinces.old.node.inside():
        assert Case.objects.count() == 1


def test_a_forged_letter_is_taken_by_nobody(provinces: Country) -> None:
    accepted(provinces)
    provinces.turns(2)
    with provinces.old.node.inside():
        reader = KnownNode.objects.get(name="Sở GD&ĐT Huế")
        thread = Move.objects.get().thread
        own = exchange.name_node(actor=SYSTEM, organisation=provinces.old.school.organisation.parent)
    with provinces.old.node.at():
        made = letters.written(Signer(str(own.node), 1), str(reader.node), reader.keys, thread, 0, b"{}")
        astray = letters.written(Signer(str(own.node), 1), str(uuid.uuid4()), reader.keys, thread, 0, b"{}")
    stranger = _Signer(str(own.node), OKPKey.generate_key("Ed25519"))
    forged = letters.written(stranger, str(reader.node), reader.keys, thread, 0, b"{}")
    line, _break, sealed = made.partition(b"\n")
    changed = line + b"\n" + sealed[:-4] + b"AAAA"

    for letter, code in (
        (forged, "letter_not_genuine"), (changed, "letter_not_genuine"), (b"x", "letter_not_genuine"),
        (b"", "letter_not_genuine"), (astray, "no_way_there"),
    ):  # fmt: skip
        with provinces.old.node.at(), provinces.old.caller() as caller, pytest.raises(PeerRefused) as refused:
            caller.hand_over(letter)
        assert refused.value.code == code
    with provinces.ministry.inside():
        assert not Letter.objects.exists()

    # The node between cannot write in another's name either: the reader knows the writer's own key.
    with provinces.new.node.inside():
        above = Peer.objects.get(direction="above")
        for letter in (forged, changed):
            kept = exchange.keep_fetched(actor=SYSTEM, peer=above, from_node=own.node, data=letter, at=clock.now())
            assert not kept
        assert not Letter.objects.exists()
    # What is sealed for another node opens for nobody else, also not for the one that carries it.
    with provinces.ministry.at(), pytest.raises(letters.UnusableLetter):
        letters.opened(made, keys.opening_key(1))


def test_strangers_find_no_address_and_a_peer_only_its_own_letters(provinces: Country) -> None:
    accepted(provinces)
    provinces.new.turn()
    with provinces.ministry.inside():
        kept = Letter.objects.get()

    with provinces.ministry.at():
        for path in ADDRESSES:
            for headers in ({}, {"authorization": "Bearer x"}):
                answer = Client().post(
                    f"/api/exchange{path}", b"", content_type="application/octet-stream", headers=headers
                )
                assert answer.status_code == 401
                assert answer.json()["code"] == "not_a_peer"
    with provinces.new.node.at(), provinces.new.caller() as caller:
        assert caller.letters(0) == []  # it is for the old school's node
        assert caller._ask("/letters/passed", msgspec.json.encode([(kept.id, kept.digest)]), msgspec.Raw)
        for body in (b"", b"[", b'{"a":1}', b"[[1]]"):
            with pytest.raises(PeerRefused):
                caller._ask("/letters/passed", body, msgspec.Raw)
    with provinces.ministry.inside():
        assert Letter.objects.get().digest == kept.digest
    with provinces.old.node.at(), provinces.old.caller() as caller:
        found = caller.letters(0)
        assert [digest_of(one.content) for one in found] == [kept.digest]
        assert NUMBER.encode() not in found[0].content


def test_pieces_of_nobody_we_asked_are_not_kept(provinces: Country) -> None:
    accepted(provinces)
    provinces.turns(1)
    thread, _node = parties(provinces)
    with provinces.new.node.at(), scope.of(SYSTEM):
        move = Move.objects.get()
        good = OpenedLetter(move.other_node, "x", thread, 1, b"x")
        for letter in (
            replace(good, from_node=uuid.uuid4()), replace(good, thread=uuid.uuid4()), replace(good, content=b""),
            replace(good, content=b"x" * (words.PIECE + 1)),
        ):  # fmt: skip
            assert not actions.keep_piece(actor=SYSTEM, letter=letter, at=clock.now())
        assert not Piece.objects.exists()
    with provinces.old.node.at(), scope.of(SYSTEM):  # the side that sends takes none
        assert not actions.keep_piece(actor=SYSTEM, letter=good, at=clock.now())


def test_people_hear_and_say_nothing_in_the_name_of_a_node(provinces: Country) -> None:
    accepted(provinces)
    provinces.turns(1)
    thread, node = parties(provinces)
    with provinces.old.node.inside():
        head, move = worlds.actor(provinces.old.school.head), Move.objects.get()
        letter = OpenedLetter(node, "x", thread, 0, b"")
    with provinces.old.node.at(), scope.of(head):
        for deed in (
            lambda: actions.hear_word(actor=head, letter=letter, word=word_of(provinces), at=clock.now()),
            lambda: actions.keep_piece(actor=head, letter=letter, at=clock.now()),
            lambda: actions.say_again(actor=head, move=move, at=clock.now()),
            lambda: actions.put_together(actor=head, move=move, at=clock.now()),
            lambda: actions.withdraw_ask(actor=head, move=move, at=clock.now()),
        ):
            with pytest.raises(Forbidden):
                deed()
    assert states(provinces) == [("asking", ""), ("open", "asking")]


@given(st.one_of(st.binary(max_size=300), st.text(max_size=80).map(str.encode), st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=10) | st.sampled_from(list(State)),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(words.Word.__struct_fields__), inner),
).map(msgspec.json.encode)))  # fmt: skip
@settings(max_examples=400, suppress_health_check=[HealthCheck.too_slow])
def test_whatever_a_letter_holds_it_is_read_or_refused(content: bytes) -> None:
    try:
        word = words.read(content)
    except words.UnreadableWord:
        with pytest.raises(LetterUnreadable):
            tasks.read_letter(OpenedLetter(uuid.uuid4(), "x", uuid.uuid4(), 0, content), clock.now())
    else:
        assert words.read(words.written(word)) == word


def test_words_come_back_as_they_were_said() -> None:
    told = words.Human(full_name="Nguyễn Văn A", birth_year=2015, birth_month=3, birth_day=2, national_id=NUMBER)
    release = words.Release(
        on=date(2026, 11, 28), pupil=uuid.uuid4(), file=told, grade=6, school_class="6A",
        guardians=[words.Guardian(told, "mother", True, True, True, "QĐ 12/2025")], package=None,
    )  # fmt: skip
    word = words.Word(side=Side.GIVING, state=State.RELEASED, version=2, heard=1, wants=True, release=release)

    assert words.read(words.written(word)) == word
    assert words.human(words.details(told)) == told
    assert words.release_in(words.kept(release)) == release
