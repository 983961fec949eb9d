"""Why the records room says no."""

from django.utils.translation import gettext_lazy as _

from khue.foundation.errors import Refusal


class KeyFileUnreadable(Refusal):
    code = "key_file_unreadable"
    message = _(
        "Không mở được khoá ký đang lưu. Khoá vẫn còn nguyên; hãy báo người quản trị hệ thống kiểm tra tệp khoá"
        " (KHUE_KEY_FILE) và bí mật của hệ thống (KHUE_SECRET), hoặc nạp lại tệp khoá."
    )


class NothingToDo(Refusal):
    code = "nothing_to_do"
    message = _("Không có học bạ nào đang chờ bước này. Hãy xem lại trạng thái của từng lớp.")


class NoResultWaits(Refusal):
    code = "no_result_waits"
    message = _("Không có kết quả thủ tục nào đang chờ đóng dấu. Hãy tải lại trang để xem trạng thái mới nhất.")


class StepOutOfOrder(Refusal):
    code = "step_out_of_order"
    message = _("Học bạ này chưa đến hoặc đã qua bước đó. Hãy tải lại trang để xem trạng thái mới nhất.")


class DataDiffer(Refusal):
    code = "data_differ"
    message = _(
        "Sổ điểm đã thay đổi sau khi lập học bạ của: %(names)s. Hãy bấm “Lập học bạ” để lấy số liệu mới,"
        " rồi đối chiếu lại."
    )


class ReasonMissing(Refusal):
    code = "reason_missing"
    field = "reason"
    message = _("Hãy ghi lý do, ví dụ số và ngày của quyết định sửa điểm.")


class NotSealedYet(Refusal):
    code = "not_sealed_yet"
    message = _(
        "Học bạ này chưa đóng dấu nên còn sửa được trực tiếp: hãy lập lại từ sổ điểm, không cần bản đính chính."
    )


class NothingCorrected(Refusal):
    code = "nothing_corrected"
    message = _(
        "Số liệu hiện nay giống hệt bản đã ký. Hãy sửa trong sổ điểm hoặc hồ sơ học sinh trước, rồi lập bản đính chính."
    )


class Incomplete(Refusal):
    code = "incomplete"
    message = _("Chưa lập được học bạ: %(problems)s")


class SigningNotSetUp(Refusal):
    code = "signing_not_set_up"
    message = _(
        "Máy chủ chưa được cài đặt để ký số: thiếu %(missing)s. Hãy báo người quản trị hệ thống; học bạ vẫn giữ nguyên."
    )


class WrongKeySecret(Refusal):
    code = "wrong_key_secret"
    field = "secret"
    message = _("Mã PIN hoặc mật khẩu của khoá không đúng. Hãy nhập lại; nhập sai nhiều lần, thiết bị có thể tự khoá.")


class KeyNotFound(Refusal):
    code = "key_not_found"
    field = "key"
    message = _("Không thấy khoá này trong thiết bị hoặc dịch vụ. Hãy kiểm tra thiết bị đã cắm và đúng tên khoá.")


class ProviderSilent(Refusal):
    code = "provider_silent"
    message = _(
        "Thiết bị, dịch vụ ký hoặc máy chủ dấu thời gian không trả lời (%(detail)s). Những học bạ đã ký vẫn còn;"
        " hãy thử lại sau, việc sẽ đi tiếp từ chỗ dừng."
    )


class CertificateNotTrusted(Refusal):
    code = "certificate_not_trusted"
    field = "file"
    message = _(
        "Chứng thư của %(name)s không do tổ chức mà hệ thống tin cậy cấp (%(issuer)s). Hãy dùng chứng thư đúng,"
        " hoặc nhờ người quản trị thêm tổ chức cấp chứng thư."
    )


class CertificateExpired(Refusal):
    code = "certificate_expired"
    field = "file"
    message = _("Chứng thư của %(name)s chỉ dùng được từ %(first)s đến %(last)s. Hãy gia hạn rồi khai báo lại.")


class KeyRetired(Refusal):
    code = "key_retired"
    field = "key"
    message = _("Khoá này đã ngừng dùng. Hãy chọn khoá khác.")


class AlreadyRunning(Refusal):
    code = "already_running"
    message = _("Đang có một lượt ký cùng loại chưa xong. Hãy chờ hoặc huỷ lượt đó trong “Việc đang chạy”.")


class SerialTaken(Refusal):
    code = "serial_taken"
    field = "serial"
    message = _("Số hiệu %(serial)s đã có trong sổ gốc. Mỗi phôi chỉ dùng một lần; hãy xem lại số trên phôi.")


class DiplomaStands(Refusal):
    code = "diploma_stands"
    message = _("Dòng này của sổ gốc đã ghi việc đó rồi và không sửa được. Hãy tải lại trang.")


class LineNotChosen(Refusal):
    code = "line_not_chosen"
    field = "line"
    message = _(
        "Hãy chọn dòng trong sổ gốc. Nếu văn bằng chỉ có trong sổ giấy, hãy chép số vào sổ, tên văn bằng, số hiệu và"
        " ngày cấp vào các mục bên dưới."
    )


class DayInFuture(Refusal):
    code = "day_in_future"
    message = _("Ngày này ở tương lai. Hãy xem lại ngày.")


class ShareTooLong(Refusal):
    code = "share_too_long"
    field = "days"
    message = _("Mã xem học bạ có hạn từ 1 đến %(days)s ngày.")


class NothingShared(Refusal):
    code = "nothing_shared"
    field = "parts"
    message = _("Hãy chọn ít nhất một phần và một năm học có học bạ đã đóng dấu.")


class PackageUnreadable(Refusal):
    code = "package_unreadable"
    field = "file"
    message = _("Tệp này không phải gói học bạ hoặc đã hỏng. Hãy xin lại tệp từ nơi cấp.")


class PackageNotGood(Refusal):
    code = "package_not_good"
    field = "file"
    message = _("%(verdict)s. %(advice)s %(parts)s")


class AnotherPupil(Refusal):
    code = "another_pupil"
    field = "pupil"
    message = _(
        "Tệp này là học bạ của %(name)s, sinh %(birth)s, không khớp hồ sơ của em đã chọn. Hãy chọn đúng em,"
        " hoặc đối chiếu họ tên, ngày sinh và mã định danh trong hồ sơ trước."
    )


class AlreadyReceived(Refusal):
    code = "already_received"
    field = "file"
    message = _("Mọi trang trong tệp này đã được nhận trước đó. Không có gì mới để ghi.")


class NotOurYear(Refusal):
    code = "not_our_year"
    message = _(
        "Em không học lớp nào của trường trong năm học %(year)s, nên kết quả năm đó chỉ lưu trong học bạ,"
        " không vào sổ điểm."
    )


class NothingCarried(Refusal):
    code = "nothing_carried"
    message = _("Không có môn nào của lớp này trùng với môn trong học bạ nhận về. Hãy nhập tay ở trang của học sinh.")


class TooManyPackages(Refusal):
    code = "too_many_packages"
    message = _("Đã tải %(count)s lần trong một giờ qua. Hãy dùng tệp đã tải, hoặc thử lại sau.")


class NoListYet(Refusal):
    code = "no_list_yet"
    message = _(
        "Nhà trường chưa đóng dấu danh mục của trọn bộ này. Hãy nhờ văn thư xuất gói, hoặc chờ lần đóng dấu tới."
    )
