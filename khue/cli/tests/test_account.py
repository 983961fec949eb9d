"""`khue begin` and `khue account`: from an empty node to the first person who signs in."""

import re

import pytest
from django.test import Client

from khue.cli import account, begin
from khue.cli.failures import Failure
from khue.demo import queries as demo
from khue.foundation.models import AuditRow
from khue.identity.models import Account, Grant
from khue.registry.models import Organisation, Person

pytestmark = pytest.mark.django_db
OFFICE = "Sở Giáo dục và Đào tạo Cần Thơ"


def begun() -> None:
    begin.begin("department", OFFICE, "92")


def opened(capsys, role: str = "operator", name: str = "Nguyễn Văn An", code: str = "") -> tuple[str, str]:
    """User name and code, as the command prints them."""
    account.open_account(role, name, code)
    said = capsys.readouterr().out
    (found,) = re.findall(r"user name +(\S+)\n +code +(\S+)", said)
    return found[0], found[1]


def activated(code: str, password: str = "mot cau that dai 92") -> Client:
    browser = Client()
    answer = browser.post("/activate/", {"code": code, "new_password": password})
    assert answer.status_code == 303, answer.content.decode()
    return browser


def test_from_an_empty_node_to_an_operator_who_signs_in(capsys):
    begun()
    user_name, code = opened(capsys)

    browser = activated(code)

    assert "second-factor" in browser.get("/", follow=True).redirect_chain[-1][0]  # owed before anything else
    assert Account.objects.get().user_name == user_name
    grant = Grant.objects.select_related("organisation").get()
    assert (grant.role, grant.organisation.name) == ("operator", OFFICE)
    assert {"organisation.founded", "accounts.opened"} <= set(AuditRow.objects.values_list("verb", flat=True))


def test_a_node_begins_once(capsys):
    begun()

    with pytest.raises(Failure, match=OFFICE):
        begin.begin("ministry", "Bộ Giáo dục và Đào tạo", "BGDDT")

    assert Organisation.objects.count() == 1


def test_nobody_can_be_let_in_before_it_has_begun():
    with pytest.raises(Failure, match="khue begin"):
        account.open_account("operator", "Nguyễn Văn An", "")

    assert not Person.objects.exists()


def test_whoever_lost_the_password_gets_a_new_code_and_no_second_file(capsys):
    begun()
    activated(opened(capsys)[1])

    activated(opened(capsys)[1], "mot cau khac han 93")

    assert (Person.objects.count(), Account.objects.count(), Grant.objects.count()) == (1, 1, 1)


def test_a_role_that_the_body_does_not_have_is_refused_and_nothing_is_written():
    begun()

    with pytest.raises(Failure):
        account.open_account("head", "Nguyễn Văn An", "92")

    assert not Person.objects.exists()


def test_an_unknown_body_is_named():
    begun()

    with pytest.raises(Failure, match="NOWHERE"):
        account.open_account("operator", "Nguyễn Văn An", "NOWHERE")


def test_only_a_demonstration_prints_its_sign_ins():
    begun()

    assert demo.sign_ins() == []
