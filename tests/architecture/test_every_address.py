"""Every address of the product, asked for a row of one school by everybody else: nobody finds it, nothing changes.

The patterns are found in the product, so a new address is tried the day it is made; one whose arguments cannot be
filled from the tables below fails the test by its route. The rows are those of the small world, and the smallest the
database accepts where the world has none. That an address is found at all is tried beside it: somebody of the school
must be answered something else than "not found", or the walk would prove nothing.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

import pytest
from django.db import DatabaseError, transaction
from django.test import Client
from django.urls.resolvers import URLPattern, URLResolver

from khue.foundation.tests.test_isolation import generate, rows, tables_with_an_organisation
from khue.identity.models import Account, ExternalIdentity, Passkey, Provider
from khue.messaging.tests.classes import announced, asked_sheet, asked_survey, begun_survey
from khue.payments.tests.books import office
from khue.urls import ROOMS
from tests.world import NOON, TODAY, School, World, account, organisation

pytestmark = pytest.mark.django_db
ClientOf = Callable[[Account], Client]

#: Of which table an argument names a row, by its own name.
NAMED = {
    "asked_id": "indicators_askedreport",
    "assessment_id": "indicators_schoolassessment",
    "attachment_id": "workspace_attachment", "book_id": "gradebook_markbook", "class_id": "schools_schoolclass",
    "class_subject_id": "schools_classsubject", "column_id": "gradebook_markcolumn",
    "correction_id": "gradebook_markcorrection", "delegation_id": "messaging_delegation",
    "delivery_id": "messaging_delivery", "device_id": "indicators_supporteddevice",
    "deposit_id": "records_deposit", "diploma_id": "records_diploma",
    "enrolment_id": "schools_enrolment", "grant_id": "identity_grant",
    "guardian_id": "registry_person", "guardianship_id": "registry_guardianship", "import_id": "gradebook_markimport",
    "key_id": "records_signingkey",
    "lesson_id": "learning_lesson", "line_id": "messaging_line", "make_up_id": "gradebook_makeuptest",
    "message_id": "messaging_message", "office_id": "registry_organisation",
    "organisation_id": "registry_organisation", "person_id": "registry_person", "phrase_id": "gradebook_phrase",
    "programme_id": "indicators_supportprogramme",
    "question_id": "messaging_surveyquestion", "report_id": "messaging_report", "resource_id": "library_resource",
    "received_id": "records_receivedpackage", "record_id": "exchange_reportedrecord", "share_id": "records_share",
    "sheet_id": "records_yearsheet",
    "slip_id": "procedures_slip",
    "slot_id": "timetable_slot", "transcript_id": "records_transcript", "year_id": "schools_schoolyear",
}  # fmt: skip
PAYS = "id IN (SELECT family_id FROM payments_invoice)"
IS_SHEET = "id IN (SELECT announcement_id FROM messaging_consentsheet)"
IS_SURVEY = "id IN (SELECT announcement_id FROM messaging_survey)"
OF_SHEET = "messaging_announcementcopy WHERE announcement_id IN (SELECT announcement_id FROM messaging_consentsheet)"
OF_SURVEY = "messaging_announcementcopy WHERE announcement_id IN (SELECT announcement_id FROM messaging_survey)"
#: The same where the name says little, by how the route begins. The longest that fits.
BEGUN = {
    "accounts/": "identity_account", "accounts/of/": "registry_person", "accounts/resets/": "identity_factorreset",
    "account/links/": "identity_externalidentity", "account/second-factor/passkey/": "identity_passkey",
    "account/sessions/": "identity_session", "admissions/": "schools_admissionplan",
    "assignments/": "assessment_assignment",
    "attendance/leave/": "attendance_leaverequest", "bank/papers/": "assessment_paper",
    "bank/papers/<uuid:public_id>/items/<uuid:item_id>/ item_id": "assessment_paperitem",
    "bank/pictures/": "assessment_media", "bank/questions/": "assessment_question", "classes/": "schools_schoolclass",
    "conversations/": "messaging_conversation", "courses/": "schools_classsubject",
    "do/": "assessment_assignment", "exchange/schools/": "registry_organisation",
    "exchange/sheets/": "exchange_vendorsheet",
    "do/attempts/": "assessment_attempt", "enrolments/": "schools_enrolment", "files/": "foundation_storedfile",
    "jobs/": "foundation_job", "lessons/<uuid:lesson_id>/items/": "learning_lessonitem",
    "messages/announcements/": "messaging_announcement",
    "messages/announcements/copies/": "messaging_announcementcopy",
    "messages/consents/": f"messaging_announcement WHERE {IS_SHEET}",
    "messages/consents/<uuid:public_id>/paper/<uuid:copy_id>/ copy_id": OF_SHEET,
    "messages/consents/<uuid:public_id>/rule/<uuid:copy_id>/ copy_id": OF_SHEET,
    "messages/consents/copies/": OF_SHEET, "messages/surveys/": f"messaging_announcement WHERE {IS_SURVEY}",
    "messages/surveys/copies/": OF_SURVEY, "organisations/": "registry_organisation",
    "news/": "news_article", "papers/": "registry_identitypaper",
    "payments/": "payments_invoice", "payments/accounts/": "payments_collectionaccount",
    "payments/bank/": "payments_bankhook", "payments/families/": f"registry_person WHERE {PAYS}",
    "payments/fees/": "payments_feeitem",
    "payments/receipts/": "payments_receipt", "payments/reliefs/": "payments_relief",
    "payments/runs/": "payments_invoice",
    "payments/statements/": "payments_statement", "payments/transfers/": "payments_bankline",
    "procedures/": "procedures_procedure", "procedures/cases/": "procedures_case",
    "procedures/cases/<uuid:public_id>/files/<uuid:attachment_id>/ attachment_id": "procedures_attachment",
    "procedures/drawn/": "procedures_procedure", "procedures/steps/": "procedures_step",
    "procedures/versions/": "procedures_definition", "indicators/reports/<uuid:report_id>": "indicators_periodreport",
    "people/": "registry_person", "premises/": "schools_room", "premises/campuses/": "registry_organisation",
    "premises/connections/": "schools_connection", "premises/devices/": "schools_device",
    "privacy/": "identity_consent", "privacy/paper/": "registry_person", "privacy/people/": "registry_person",
    "rosters/": "schools_rosterimport", "staff/": "schools_staffmember", "staff/groups/": "schools_subjectgroup",
    "teaching/": "schools_classsubject", "tests/": "assessment_test", "timetable/absences/": "timetable_absence",
    "timetable/calendar/": "timetable_calendarfeed", "timetable/covers/": "timetable_cover",
    "timetable/drafts/": "timetable_draft",
    "timetable/drafts/<uuid:public_id>/lessons/<uuid:lesson_id>/ lesson_id": "timetable_draftlesson",
    "timetable/fet/": "timetable_fetfile", "timetable/versions/": "timetable_timetableversion",
    "timetable/swaps/": "timetable_swap", "timetable/wishes/": "timetable_wish",
    "uploads/": "foundation_upload", "work/documents/": "workspace_document",
    "work/files/": "workspace_sharedfile", "work/leave/": "workspace_staffleave", "work/meetings/": "workspace_meeting",
    "work/tasks/": "workspace_task", "work/week/": "workspace_occasion",
}  # fmt: skip
#: Arguments that name no row.
PLAIN: dict[str, object] = {
    "circle": "office", "code": "TOAN", "form": "json", "period": "2026",
    "role": "head", "day": TODAY, "deed": "exempt", "how": "finish", "key": "staff", "kind": "classes",
    "moment": 1, "name": "assign", "number": 1, "part": "rooms", "path": "index.html",
}  # fmt: skip
#: route: why it is for whoever asks, or names no row of a school
FOR_EVERYBODY = {
    "organisations/<uuid:public_id>/": "which schools exist is public",
    "curriculum/subjects/<uuid:public_id>/": "the national programme",
    "sign-in/with/<slug:key>/": "a provider of the node, before anybody is signed in",
    "sign-in/back/<slug:key>/": "a provider of the node, before anybody is signed in",
    "marks/windows/<slug:kind>/remove/": "a kind of window of the own school",
    "news/campaigns/<uuid:public_id>/": "what a body tells the public",
    "admissions/<uuid:public_id>/": "a plan is published to all",
    "admissions/<uuid:public_id>/queue/": "numbers and codes, published to all",
    "admissions/<uuid:public_id>/results/": "numbers and codes, published to all",
    "procedures/<uuid:public_id>/": "what an office does for anybody",
    "procedures/<uuid:public_id>/file/": "anybody may file a dossier",
    "verify/<str:code>/": "opened by what only the holder hands out",
    "open-data/<uuid:set_id>.csv": "open data",
    "exchange/peers/<uuid:public_id>/": "a node beside this one, seen by the operator alone",
    **dict.fromkeys(
        (f"exchange/peers/<uuid:public_id>/{rest}" for rest in ("hand-over/", "handing/", "hand-back/", "take-back/")),
        "a node beside this one, seen by the operator alone",
    ),
    "providers/<slug:key>/switch/": "a provider of the node",
    "account/links/<slug:key>/": "a provider of the node",
    **dict.fromkeys(
        (f"curriculum/import/<uuid:public_id>/{rest}" for rest in ("", "apply/", "give-up/")), "the national programme"
    ),
    "emails/<str:proof>/": "opened by what only the mailbox knows",
    "timetable/calendar/<str:token>.ics": "opened by what only the owner's program knows",
}
#: table: what asking writes there, whoever asks
WRITTEN_BY_ASKING: dict[str, str] = {}
PRIMARY = "a class of a primary school; this one is of grade 6"
#: route: why nobody of this small school finds it, though its row is there
NOT_FOUND_HERE = {
    "uploads/<uuid:public_id>/": "answers only to pieces of a file, sent by PATCH",
    "accounts/resets/<uuid:public_id>/": "the smallest row is decided already",
    "accounts/<uuid:public_id>/roles/<int:grant_id>/": "the first grant of the school is another account's",
    "privacy/paper/<uuid:public_id>/withdraw/": "the first person of the school has consented to nothing",
    "messages/told/<uuid:message_id>/": "what was told is a class's; this page is of notices to many",
    "payments/fees/<uuid:public_id>/answers/": "families answer voluntary fees only; this one is owed",
    "payments/transfers/<uuid:public_id>/place/": "asks for the family's address",
    "work/documents/<uuid:public_id>/pdf/": "of documents that leave; the smallest row has arrived",
    "work/documents/<uuid:public_id>/word/": "of documents that leave; the smallest row has arrived",
    "work/files/<uuid:public_id>/": "lies in no folder that anybody shares",
    "work/files/<uuid:public_id>/<slug:how>/": "lies in no folder that anybody shares",
    "library/<uuid:resource_id>/package/<path:path>": "the smallest resource is no package",
    "premises/campuses/<uuid:public_id>/": "the school is no campus of itself",
    "premises/campuses/<uuid:public_id>/classes/": "the school is no campus of itself",
    "records/received/<uuid:received_id>/<int:number>/carry/": "the smallest package has no sheets",
    "timetable/calendar/<uuid:public_id>/revoke/": "the smallest feed is of no account that signs in here",
    "lessons/<uuid:lesson_id>/items/": "asks for a resource or a test",
    "marks/imports/<uuid:import_id>/": "answers who brought the file; the smallest row was brought by nobody",
    "marks/classes/<uuid:class_id>/meeting/approve/": "the smallest meeting is of another class",
    "marks/primary/<uuid:class_id>/": PRIMARY,
    "marks/primary/<uuid:class_id>/<int:moment>/<str:code>/": PRIMARY,
    "marks/primary/<uuid:class_id>/levels.xlsx": PRIMARY,
    "marks/primary/pupils/<uuid:enrolment_id>/award/": PRIMARY,
    "marks/primary/pupils/<uuid:enrolment_id>/promotion/": PRIMARY,
    "marks/phrases/<uuid:phrase_id>/remove/": "answers its owner; the smallest row has none who signs in here",
    "indicators/<uuid:organisation_id>/<slug:code>/": "there is no indicator of this code",
    "indicators/<uuid:organisation_id>/<slug:code>/in/<slug:key>/": "there is no indicator of this code",
    "indicators/<uuid:organisation_id>/<slug:code>/far/": "there is no indicator of this code",
    "indicators/<uuid:organisation_id>/<slug:code>/lineage/": "there is no indicator of this code",
    "indicators/<uuid:organisation_id>/reports/<slug:period>/offices/": "there is no period of this name",
    "indicators/<uuid:organisation_id>/human-capital/": "of a province and of the country, not of a school",
    "indicators/<uuid:organisation_id>/reported/<slug:code>/": "there is no indicator of this code",
    "indicators/<uuid:organisation_id>/reports/<slug:period>/": "there is no period of this code",
    "indicators/<uuid:organisation_id>/reports/<slug:period>/<slug:kind>/": "an office sums up, not a school",
    "indicators/<uuid:organisation_id>/asked/new/": "an office asks, not a school",
    "indicators/asked/<uuid:asked_id>/": "the smallest row was asked by an office of nobody here",
    "indicators/asked/<uuid:asked_id>/<slug:how>/": "nothing is called so that can be done with what was asked",
    "indicators/support/<uuid:device_id>/hand/": "asks for the pupil it is handed to",
    "procedures/cases/<uuid:public_id>/<slug:how>/": "nothing is called so that can be done with a dossier",
    "procedures/steps/<uuid:public_id>/": "the smallest step is of a drawing that is empty",
    "records/years/<uuid:year_id>/classes/<slug:deed>/": "a deed of the gradebook is none of these",
    "exchange/recovered/<int:record_id>/keep/": "the smallest record was never recovered",
    "exchange/schools/<uuid:public_id>/<slug:kind>.<slug:form>": "no records are of this kind",
}
HIDDEN = {401, 403, 404, 405}
TO_SIGN_IN = {302, 303}


@dataclass(frozen=True)
class Address:
    route: str
    arguments: Mapping[str, object]

    @property
    def path(self) -> str:
        path = self.route
        for part in [part for part in self.route.replace(".", "/").split("/") if part.startswith("<")]:
            path = path.replace(part, str(self.arguments[part.strip("<>").partition(":")[2]]))
        return f"/{path}"


def patterns(found: list[URLPattern | URLResolver], front: str = "") -> Iterator[tuple[str, URLPattern]]:
    for each in found:
        route = front + str(each.pattern)
        if isinstance(each, URLResolver):
            yield from patterns(each.url_patterns, route)
        else:
            yield route, each


def with_arguments() -> list[tuple[str, URLPattern]]:
    found = [(route, each) for route, each in patterns(ROOMS) if each.pattern.converters]
    return [(route, each) for route, each in found if route not in FOR_EVERYBODY]


def table_of(route: str, argument: str) -> str:
    """The table of the row that an argument names, "" where nothing above says so."""
    begun = max((begin for begin in BEGUN if route.startswith(begin)), key=len, default="")
    general = BEGUN.get(begun, "") if argument in {"public_id", "copy_id", "item_id"} else ""
    return BEGUN.get(f"{route} {argument}") or BEGUN.get(route[: route.find(">") + 1]) or NAMED.get(argument) or general


class Rows:
    """The rows of one school, one of each table that an address names."""

    def __init__(self, here: School) -> None:
        self._here, self._known = here, dict[tuple[str, str], object]()

    def key(self, table: str, column: str) -> object:
        if (table, column) not in self._known:
            self._known[table, column] = self._found(table, column)
        return self._known[table, column]

    def _found(self, said: str, column: str) -> object:
        table, _where, more = said.partition(" WHERE ")
        of_account = {"identity_account": "id", "identity_session": "account_id", "identity_passkey": "account_id",
                      "identity_externalidentity": "account_id"}  # fmt: skip
        owner = self._here.head.id if table in of_account else self._here.organisation.id
        rule = of_account.get(table, "id" if table == "registry_organisation" else "organisation_id")
        question = f"SELECT {column} FROM {table} WHERE {rule} = %s AND {more or 'true'} ORDER BY id LIMIT 1"
        if not (found := rows(question, owner)):
            generate(table, owner)
            found = rows(question, owner)
        return found[0][0]


def address(route: str, pattern: URLPattern, of: Rows) -> Address:
    """The address of a row of the school. KeyError names what nothing above fills."""
    filled: dict[str, object] = {}
    for name, converter in pattern.pattern.converters.items():
        if table := table_of(route, name):
            column = "id" if type(converter).__name__ == "IntConverter" else "public_id"
            filled[name] = of.key(table, column)
        else:
            filled[name] = PLAIN[name]
    return Address(route, filled)


@pytest.fixture
def addresses(world: World, client_of: ClientOf) -> Iterator[list[Address]]:
    """All that name a row, of the first school; undone before a commit would look at what holds between rows."""
    head, of, found, missing = world.here.head, Rows(world.here), [], []
    with everywhere(), transaction.atomic():
        client_of(head)  # a session of its own
        office(world.here).bill(world.here.enrolments[0].person)
        announced(world.here, asks="receipt")
        asked_sheet(world.here)
        begun_survey(world.here)
        asked_survey(world.here)
        provider = Provider.objects.create(key="so", name="Sở", issuer="https://example.vn", client_id="khue")
        Passkey.objects.create(account=head, credential_id=b"1", data=b"1", name="Khoá", created_at=NOON)
        ExternalIdentity.objects.create(account=head, provider=provider, subject="1", linked_at=NOON)
        for route, pattern in with_arguments():
            try:
                with transaction.atomic():
                    found.append(address(route, pattern, of))
            except (KeyError, DatabaseError) as error:
                missing.append(f"{route}: {error!r}")
        assert missing == [], "\n".join(missing)
        yield found
        transaction.set_rollback(True)


@contextmanager
def everywhere() -> Iterator[None]:
    """In the scope of all organisations."""
    before = rows("SELECT coalesce(current_setting('khue.scope', true), '')")[0][0]
    rows("SELECT set_config('khue.scope', '*', false)")
    yield
    rows("SELECT set_config('khue.scope', %s, false)", before)


def outsiders(world: World, client_of: ClientOf) -> dict[str, Client]:
    there = world.elsewhere
    other = organisation("department", "Sở GD&ĐT An Giang", world.ministry)
    signed_in = {
        "a pupil": there.pupils[0], "a guardian": there.guardians[0], "a teacher": there.teacher,
        "a clerk": there.clerk, "a head": there.head,
        "an officer of another province": account(None, "department_officer", other),
    }  # fmt: skip
    return {"nobody": Client(), **{who: client_of(each) for who, each in signed_in.items()}}


def told(client: Client, method: str, path: str) -> str:
    """What is wrong with the answer to somebody whose row it is not; empty where nothing is."""
    client.raise_request_exception = False
    answer = client.get(path) if method == "GET" else client.post(path)
    is_hidden = answer.status_code in HIDDEN
    if answer.status_code in TO_SIGN_IN:
        is_hidden = answer["Location"].startswith(("/sign-in/", "/account/confirm/"))
    return "" if is_hidden else f"{method} {path}: {answer.status_code} {answer.headers.get('Location', '')}"


def standing(of: School) -> dict[str, object]:
    """What stands in every table about the school, as a number of rows and a sum of their texts."""
    place, found = of.organisation.id, {}
    with everywhere():
        for table in tables_with_an_organisation():
            if table not in WRITTEN_BY_ASKING:
                question = (
                    f"SELECT count(*), sum(hashtextextended(t::text, 0)) FROM {table} t WHERE organisation_id = %s"
                )
                found[table] = rows(question, place)
    return found


def test_nobody_else_finds_an_address_of_a_school_or_changes_anything(
    world: World, addresses: list[Address], client_of: ClientOf
) -> None:
    visitors = outsiders(world, client_of)
    before = standing(world.here)

    wrong = [
        f"{who}: {problem}"
        for who, client in visitors.items()
        for each in addresses
        for method in ("GET", "POST")
        if (problem := told(client, method, each.path))
    ]

    assert wrong == []
    assert standing(world.here) == before
    assert len(addresses) > 200


def test_every_address_is_found_by_somebody_of_the_school(
    world: World, addresses: list[Address], client_of: ClientOf
) -> None:
    here = world.here
    of_school = [here.head, here.clerk, here.teacher, here.guardians[0], here.pupils[0], world.department_officer]
    clients = [client_of(each) for each in (*of_school, account(None, "operator", world.ministry))]

    lost = [each.route for each in addresses if not any(is_found(client, each.path) for client in clients)]

    assert sorted(lost) == sorted(NOT_FOUND_HERE), "\n".join(lost)


def is_found(client: Client, path: str) -> bool:
    """Whether the address answers with anything but "not found", tried and undone."""
    client.raise_request_exception = False
    with transaction.atomic():
        found = any(ask(path).status_code not in {404, 405} for ask in (client.get, client.post))
        transaction.set_rollback(True)
    return found
