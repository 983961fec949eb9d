"""Publishing, approving and withdrawing resources."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from khue.curriculum.models import Outcome, Subject
from khue.foundation import audit, events, files, media
from khue.foundation.actor import Actor, require
from khue.foundation.errors import Refusal
from khue.foundation.models import StoredFile
from khue.library import packages
from khue.library.access import Permission
from khue.library.events import ResourceApproved, ResourcePublished
from khue.library.models import Resource, ResourceOutcome
from khue.registry.models import Organisation

BAD_PACKAGE = {
    "not_a_zip": _("Gói trang web phải là một tệp .zip đọc được."),
    "too_large": _("Gói trang web lớn quá: tối đa 2.000 tệp và 300 MB sau khi giải nén."),
    "zip_bomb": _("Gói nén bất thường nên không nhận. Hãy nén lại bằng chương trình thông dụng."),
    "bad_names": _("Trong gói có tên tệp không an toàn hoặc tệp đặt mật khẩu. Hãy nén lại cả thư mục rồi gửi."),
    "no_page": _("Trong gói không có trang mở đầu index.html."),
}


class PackageRefused(Refusal):
    code = "package_refused"
    message = "%(reason)s"
    field = "file"


class OutcomeOfOtherSubject(Refusal):
    code = "outcome_of_other_subject"
    message = _("Yêu cầu cần đạt phải thuộc đúng môn và khối lớp của học liệu.")
    field = "outcomes"


@dataclass(frozen=True)
class Description:
    """What is said of a resource when it is published."""

    title: str
    description: str
    author: str
    subject: Subject
    grade: int
    licence: str
    audience: str


@transaction.atomic
def publish_resource(
    *,
    actor: Actor,
    organisation: Organisation,
    file: StoredFile,
    said: Description,
    outcomes: Collection[Outcome],
    at: datetime,
) -> Resource:
    """Publish a file as a learning resource of an organisation.

    file     stored before for the purpose "library.resource"; its type says what kind of resource it is
    refuses  PackageRefused for a zip that is no safe web page package; OutcomeOfOtherSubject
    """
    require(actor, Permission.RESOURCE_PUBLISH, within=organisation)
    if any(o.subject_id != said.subject.id or o.grade != said.grade for o in outcomes):
        raise OutcomeOfOtherSubject
    kind = _kind_of(file)
    resource = Resource.objects.create(
        organisation=organisation,
        title=said.title,
        description=said.description,
        author=said.author,
        kind=kind,
        subject=said.subject,
        grade=said.grade,
        licence=said.licence,
        audience=said.audience,
        file=file,
        entry=_entry_of(file) if kind == Resource.Kind.PACKAGE else "",
        published_at=at,
        published_by_id=actor.account_id or 0,
    )
    ResourceOutcome.objects.bulk_create(
        ResourceOutcome(organisation=organisation, resource=resource, outcome=outcome) for outcome in outcomes
    )
    audit.record(actor, "resource.published", resource, title=said.title, sha256=file.sha256)
    events.publish(ResourcePublished(organisation_id=organisation.id, resource_id=resource.id))
    return resource


@transaction.atomic
def approve_resource(*, actor: Actor, resource: Resource, at: datetime) -> None:
    """Approve a resource for formal teaching; one meant for everyone is seen by everyone from now on.

    source  domain §9.6: approval trail before use in formal teaching
    """
    require(actor, Permission.RESOURCE_APPROVE, within=resource)
    changed = Resource.objects.filter(id=resource.id, approved_at=None, withdrawn_at=None)
    if not changed.update(approved_at=at, approved_by_name=actor.name):
        return
    if resource.audience == Resource.Audience.EVERYONE:
        files.share(actor=actor, file=resource.file)
    audit.record(actor, "resource.approved", resource)
    events.publish(ResourceApproved(organisation_id=resource.organisation_id, resource_id=resource.id))


@transaction.atomic
def withdraw_resource(*, actor: Actor, resource: Resource, at: datetime) -> None:
    """Take a resource off the shelves. Its file is kept, because lessons of the past point at it."""
    require(actor, Permission.RESOURCE_PUBLISH, within=resource)
    Resource.objects.filter(id=resource.id, withdrawn_at=None).update(withdrawn_at=at)
    audit.record(actor, "resource.withdrawn", resource)


def _kind_of(file: StoredFile) -> str:
    kinds = (
        (media.IMAGES, Resource.Kind.IMAGE),
        (media.VIDEOS, Resource.Kind.VIDEO),
        (media.SOUNDS, Resource.Kind.AUDIO),
        (frozenset({media.ZIP}), Resource.Kind.PACKAGE),
    )
    return next((kind.value for types, kind in kinds if file.media_type in types), Resource.Kind.DOCUMENT.value)


def _entry_of(file: StoredFile) -> str:
    with files.open_file(file) as stream:
        try:
            return packages.entry_of(stream)
        except packages.BadPackage as error:
            raise PackageRefused(reason=BAD_PACKAGE[str(error)]) from None
