from datetime import timedelta

import pytest

from khue.foundation import clock
from khue.identity import actions, attempts, passwords, queries
from khue.identity.models import Account, Attempts, Handle, Password, Session
from khue.identity.tests.browsing import KEPT, SECRET
from tests.world import NOON, World, actor


@pytest.fixture
def teacher(world: World) -> Account:
    """A teacher with a password and a phone."""
    Password.objects.create(account=world.here.teacher, hash=KEPT, set_at=NOON)
    Handle.objects.create(account=world.here.teacher, kind="phone", value="+84912345678")
    return world.here.teacher


def sign_in(handle: str, password: str = SECRET, at=NOON, address: str = "203.0.113.7") -> str:
    return actions.sign_in(handle=handle, password=password, at=at, address=address, agent="test")


def open_session(account: Account) -> str:
    return actions.open_session(account=account, at=NOON, address=None, agent="test")


def bearer(token: str, at=NOON):
    return queries.actor_of_token(token, at=at, on=clock.today(), door="test")


def test_passwords_are_kept_as_argon2id_at_the_default_cost() -> None:
    from argon2 import DEFAULT_MEMORY_COST, DEFAULT_PARALLELISM, DEFAULT_TIME_COST

    at_default_cost = f"$argon2id$v=19$m={DEFAULT_MEMORY_COST},t={DEFAULT_TIME_COST},p={DEFAULT_PARALLELISM}$"
    assert passwords.hash_of(SECRET).startswith(at_default_cost)
    assert KEPT.startswith(at_default_cost)
    assert DEFAULT_MEMORY_COST >= 65536


def test_a_person_signs_in_with_any_handle_in_any_spelling(teacher: Account) -> None:
    for handle in (teacher.user_name.upper(), "0912 345 678", "(+84) 912.345.678"):
        assert bearer(sign_in(handle)).account_id == teacher.id


def test_a_password_typed_with_decomposed_letters_is_the_same_password(teacher: Account) -> None:
    import unicodedata

    assert bearer(sign_in("0912345678", unicodedata.normalize("NFD", SECRET))).account_id == teacher.id


@pytest.mark.parametrize("handle", ["0912345678", "nobody.here", "0999999999", "", "' OR 1=1"])
def test_a_wrong_password_and_an_unknown_handle_get_the_same_answer(teacher: Account, handle: str) -> None:
    with pytest.raises(actions.WrongHandleOrPassword) as refusal:
        sign_in(handle, "không phải mật khẩu")

    assert str(refusal.value) == str(actions.WrongHandleOrPassword())
    assert not Session.objects.exists()


def test_an_unknown_handle_costs_one_hash_like_a_known_one(teacher: Account, monkeypatch: pytest.MonkeyPatch) -> None:
    compared: list[str] = []
    real = passwords._hasher.verify

    class Counting:
        def verify(self, kept: str, password: str) -> bool:
            compared.append(kept.split("$")[3])
            return real(kept, password)

    monkeypatch.setattr(passwords, "_hasher", Counting())
    passwords._nobodys.cache_clear()
    monkeypatch.setattr(passwords, "_nobodys", lambda: KEPT)
    for handle in ("0912345678", "nobody.here"):
        with pytest.raises(actions.WrongHandleOrPassword):
            sign_in(handle, "sai")

    assert compared[0] == compared[1]
    assert len(compared) == 2


def test_an_account_that_was_never_activated_cannot_be_entered(world: World) -> None:
    for password in ("", "nobody has this password"):
        with pytest.raises(actions.WrongHandleOrPassword):
            sign_in(world.here.head.user_name, password)

    assert not Session.objects.exists()


def test_a_closed_account_cannot_be_entered(teacher: Account) -> None:
    Account.objects.filter(id=teacher.id).update(is_active=False)

    with pytest.raises(actions.WrongHandleOrPassword):
        sign_in("0912345678")


def fail(times: int, handle: str = "0912345678", at=NOON, address: str = "203.0.113.7") -> None:
    for _ in range(times):
        with pytest.raises(actions.WrongHandleOrPassword):
            sign_in(handle, "sai", at, address)


def test_after_five_failures_even_the_right_password_waits(teacher: Account) -> None:
    fail(5)

    with pytest.raises(actions.TooManyAttempts) as refusal:
        sign_in("+84912345678")

    assert str(refusal.value) == "Đã thử sai quá nhiều lần. Hãy thử lại sau 1 phút, từ 12:01."
    assert not Session.objects.exists()
    assert bearer(sign_in("0912345678", at=NOON + timedelta(minutes=1)), NOON).account_id == teacher.id


def test_each_further_failure_doubles_the_wait_to_a_quarter_of_an_hour(db: None) -> None:
    waits, at = [], NOON
    for _ in range(5):
        attempts.count(attempts.HANDLE, "hoa", at)
    for _ in range(6):
        with pytest.raises(actions.TooManyAttempts) as refusal:
            attempts.count(attempts.HANDLE, "hoa", at)
        waits.append(refusal.value.values["minutes"])
        at += timedelta(minutes=waits[-1])
        attempts.count(attempts.HANDLE, "hoa", at)

    assert waits == [1, 2, 4, 8, 15, 15]


def test_an_attempt_during_the_wait_prolongs_nothing(db: None) -> None:
    for _ in range(5):
        attempts.count(attempts.HANDLE, "hoa", NOON)
    before = list(Attempts.objects.values_list("count", "last_at"))

    for seconds in range(10):
        with pytest.raises(actions.TooManyAttempts):
            attempts.count(attempts.HANDLE, "hoa", NOON + timedelta(seconds=seconds))

    assert list(Attempts.objects.values_list("count", "last_at")) == before


def test_attempts_are_forgotten_after_a_quiet_day(db: None) -> None:
    for _ in range(5):
        attempts.count(attempts.HANDLE, "hoa", NOON)

    attempts.count(attempts.HANDLE, "hoa", NOON + timedelta(hours=25))

    assert Attempts.objects.get().count == 1


def test_unknown_handles_are_throttled_like_known_ones(teacher: Account) -> None:
    fail(5, "nobody.here")

    with pytest.raises(actions.TooManyAttempts):
        sign_in("nobody.here")


def test_one_address_cannot_go_through_many_handles(teacher: Account) -> None:
    for _ in range(99):
        attempts.count(attempts.ADDRESS, "203.0.113.7", NOON)
    fail(1, "user1x")

    with pytest.raises(actions.TooManyAttempts):
        sign_in("0912345678")
    assert bearer(sign_in("0912345678", address="198.51.100.1")).account_id == teacher.id


def test_right_passwords_of_a_whole_school_do_not_block_its_address(teacher: Account) -> None:
    for _ in range(97):
        attempts.count(attempts.ADDRESS, "203.0.113.7", NOON)

    for _ in range(5):
        sign_in("0912345678")

    assert Session.objects.count() == 5


def test_what_was_typed_is_not_kept(teacher: Account) -> None:
    fail(1, "mat-khau-go-nham-o")

    assert not any(b"mat-khau" in bytes(key) for key in Attempts.objects.values_list("key", flat=True))


@pytest.mark.parametrize(
    ("password", "code"),
    [
        ("ngắn", "short_password"),
        ("01012015", "numeric_password"),
        ("password1", "common_password"),
        ("aaaaaaaaaa", "common_password"),
        ("Lê Thị Hoa 1", "password_like_name"),
        ("lethihoa99", "password_like_name"),
        ("x" * 129 + "abc", "long_password"),
    ],
)
def test_a_weak_password_is_refused_in_plain_words(teacher: Account, password: str, code: str) -> None:
    with pytest.raises(actions.WeakPassword) as refusal:
        actions.change_password(actor=bearer(open_session(teacher)), new_password=password, at=NOON)

    assert refusal.value.code == code
    assert "%(" not in str(refusal.value)
    assert Password.objects.get(account=teacher).hash == KEPT


def test_changing_the_password_signs_out_everyone_else_and_renews_the_own_token(teacher: Account) -> None:
    elsewhere, here = open_session(teacher), open_session(teacher)

    renewed = actions.change_password(actor=bearer(here), new_password="gió mùa thu về", at=NOON)

    assert bearer(elsewhere) is None
    assert bearer(here) is None
    assert bearer(renewed).account_id == teacher.id
    with pytest.raises(actions.WrongHandleOrPassword):
        sign_in("0912345678")
    assert sign_in("0912345678", "gió mùa thu về")


def test_the_same_password_is_no_new_password(teacher: Account) -> None:
    with pytest.raises(actions.SamePassword):
        actions.change_password(actor=bearer(open_session(teacher)), new_password=SECRET, at=NOON)


def test_only_the_program_sets_a_password_for_another(teacher: Account, world: World) -> None:
    from khue.foundation.errors import Forbidden

    with pytest.raises(Forbidden):
        actions.set_password(actor=actor(world.here.head), account=teacher, password="gió mùa thu về", at=NOON)

    assert Password.objects.get(account=teacher).hash == KEPT
