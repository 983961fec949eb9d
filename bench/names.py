"""Names as common as real ones, the same for the same number."""

FAMILY_NAMES = ("Nguyễn", "Trần", "Lê", "Phạm", "Huỳnh", "Hoàng", "Phan", "Vũ", "Võ", "Đặng", "Bùi", "Đỗ", "Hồ")
MIDDLE_NAMES = ("Văn", "Thị", "Hữu", "Ngọc", "Minh", "Thanh", "Quốc", "Thuỳ", "Gia", "Bảo", "Đức")
GIVEN_NAMES = ("An", "Bình", "Châu", "Dũng", "Đạt", "Giang", "Hà", "Khánh", "Lan", "Mai", "Nam", "Oanh", "Phúc",
               "Quân", "Sơn", "Tâm", "Uyên", "Vy", "Yến")  # fmt: skip

#: Where the families of benchmarks read: no address outside of this machine.
DOMAIN = "diemdanh.example.vn"


def name_of(n: int) -> str:
    """The n-th name: four words."""
    middle, given = MIDDLE_NAMES[n // 13 % 11], GIVEN_NAMES[n // 143 % 19]
    return f"{FAMILY_NAMES[n % 13]} {middle} {GIVEN_NAMES[n % 19]} {given}"
