"""What the audit trail calls the deeds of this room, by their verb."""

from django.utils.translation import gettext_lazy as _

DEEDS = {
    "campus.founded": _("Mở cơ sở trường"),
    "campus.changed": _("Sửa cơ sở trường"),
    "campus.closed": _("Đóng cơ sở trường"),
    "organisation.founded": _("Thành lập đơn vị"),
    "organisation.corrected": _("Sửa thông tin đơn vị"),
    "organisation.moved": _("Chuyển đơn vị quản lý"),
    "organisation.merged": _("Sáp nhập đơn vị"),
    "organisation.split": _("Chia tách đơn vị"),
    "organisation.manager_changed": _("Đổi cơ quan quản lí theo quyết định"),
    "organisation.closed": _("Giải thể đơn vị"),
    "person.recorded": _("Ghi hồ sơ một người"),
    "people.recorded": _("Ghi hồ sơ nhiều người"),
    "person.corrected": _("Sửa hồ sơ một người"),
    "people.corrected": _("Sửa hồ sơ nhiều người"),
    "person.recognised": _("Nhận ra người đã có hồ sơ"),
    "person.affiliated": _("Ghi người vào đơn vị"),
    "person.affiliation_ended": _("Kết thúc công việc ở đơn vị"),
    "guardian.appointed": _("Ghi người giám hộ"),
    "guardians.appointed": _("Ghi nhiều người giám hộ"),
    "guardian.rights_changed": _("Sửa quyền của người giám hộ"),
    "guardian.barred": _("Ghi toà án hạn chế quyền"),
    "guardian.bar_lifted": _("Ghi hết hạn chế quyền"),
    "guardian.ended": _("Kết thúc việc giám hộ"),
    "reference.territories_loaded": _("Nạp danh mục hành chính"),
    "people.affiliations_ended": _("Kết thúc công việc của nhiều người"),
    "person.paper_recorded": _("Ghi giấy tờ tuỳ thân"),
    "person.paper_corrected": _("Sửa giấy tờ tuỳ thân"),
    "person.paper_withdrawn": _("Bỏ giấy tờ tuỳ thân"),
}
