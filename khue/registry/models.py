"""People, organisations, territories: who and where."""

from django.contrib.postgres.indexes import OpClass
from django.db import models
from django.db.models import F, Q
from django.db.models.expressions import Func

from khue.foundation.record import Record
from khue.registry.partial_dates import PartialDate as PartialDate
from khue.registry.partial_dates import UnclearDate as UnclearDate


class Territory(Record):
    """A province or commune, for the time it exists. A commune may change its kind and keep its code.

    name, kind    as they are now; what they were before stands in TerritoryStatus
    spelling_key  the name as it is compared: wherever the tone mark is put (registry.spelling)
    source        the data set or decision; verified only once checked against the official text
    """

    class Level(models.TextChoices):
        PROVINCE = "province"
        COMMUNE = "commune"

    level = models.CharField(max_length=10, choices=Level.choices)
    code = models.CharField(max_length=5)
    name = models.TextField()
    spelling_key = models.TextField(default="", db_index=True)
    kind = models.TextField()  # "thành phố", "tỉnh", "phường", "xã", "đặc khu"
    parent = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="+")
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)
    source = models.TextField()
    verified = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["level", "code", "valid_from"], name="territory_code_once"),
        ]

    @property
    def full_name(self) -> str:
        return f"{self.kind.capitalize()} {self.name}"


class TerritoryStatus(models.Model):
    """The name and kind a territory bears from a day to a day: a province becomes a city and keeps its code."""

    id = models.BigAutoField(primary_key=True)
    territory = models.ForeignKey(Territory, on_delete=models.CASCADE, related_name="+")
    name = models.TextField()
    kind = models.TextField()
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)
    source = models.TextField()
    verified = models.BooleanField(default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["territory", "valid_from"], name="territory_status_once")]


class FormerTerritory(models.Model):
    """A code in use before 1 July 2025 and the territory that took its place. One code may have several successors."""

    id = models.BigAutoField(primary_key=True)
    level = models.CharField(max_length=10, choices=[*Territory.Level.choices, ("district", "District")])
    code = models.CharField(max_length=5)
    name = models.TextField()
    successor = models.ForeignKey(Territory, on_delete=models.PROTECT, related_name="+")
    replaced_on = models.DateField()
    source = models.TextField()
    verified = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["level", "code", "successor"], name="former_territory_once"),
        ]


class Organisation(Record):
    """A body of the education system; the tree says who manages whom.

    lineage  ids from the root down to this row, "1.7.52.", so that a subtree is one prefix
    parent   the managing body: a school stands under a department or a commune office, a campus under its school
    """

    class Kind(models.TextChoices):
        MINISTRY = "ministry"
        DEPARTMENT = "department"
        COMMUNE_OFFICE = "commune_office"
        SCHOOL = "school"
        CAMPUS = "campus"

    class Ownership(models.TextChoices):
        PUBLIC = "1"
        PEOPLE_FOUNDED = "2"
        PRIVATE = "3"

    kind = models.CharField(max_length=14, choices=Kind.choices)
    code = models.CharField(max_length=35, null=True, unique=True)
    name = models.TextField()
    parent = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="+")
    lineage = models.TextField(unique=True)
    territory = models.ForeignKey(Territory, null=True, on_delete=models.PROTECT, related_name="+")
    level_groups = models.TextField(default="")  # codes 01..05 of domain §1.8 with commas: "03,04"
    ownership = models.CharField(max_length=1, choices=Ownership.choices, default=Ownership.PUBLIC)
    is_disadvantaged = models.BooleanField(default=False)
    address = models.TextField(default="")
    phone = models.TextField(default="")
    email = models.TextField(default="")
    valid_from = models.DateField(null=True)
    valid_to = models.DateField(null=True)

    class Meta:
        indexes = [
            models.Index(OpClass(F("lineage"), name="text_pattern_ops"), name="organisation_subtree"),
            models.Index(fields=["parent", "kind"], name="organisation_children"),
        ]

    @property
    def organisation_id(self) -> int:
        return self.id


class Person(Record):
    """A human being, with or without an account. Fields follow the national exchange specification (domain §1.8).

    organisation  the body that keeps this person's file
    birth_*       any part may be unknown: only a year, or month and year
    folded_name   generated by the database: the name as it is searched
    sort_key      the name as a class list orders it (foundation.text.name_sort_key)
    national_id   12 digits, or null for pupils who have none yet and for foreigners
    moet_code     "Mã định danh Bộ GD&ĐT"
    """

    class Sex(models.TextChoices):
        UNKNOWN = "0"
        MALE = "1"
        FEMALE = "2"

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    full_name = models.TextField()
    other_name = models.TextField(default="")
    folded_name = models.GeneratedField(
        expression=Func(F("full_name"), function="khue_fold"), output_field=models.TextField(), db_persist=True
    )
    sort_key = models.BinaryField()
    sex = models.CharField(max_length=1, choices=Sex.choices, default=Sex.UNKNOWN)
    birth_year = models.SmallIntegerField(null=True)
    birth_month = models.SmallIntegerField(null=True)
    birth_day = models.SmallIntegerField(null=True)
    birthplace = models.TextField(default="")
    national_id = models.CharField(max_length=12, null=True)
    moet_code = models.CharField(max_length=20, null=True)
    foreign_paper = models.TextField(default="")
    ethnicity = models.CharField(max_length=3, default="")
    nationality = models.CharField(max_length=2, default="VN")
    address = models.TextField(default="")  # as it was written, also in the three-level form before 1 July 2025
    territory = models.ForeignKey(Territory, null=True, on_delete=models.PROTECT, related_name="+")
    phone = models.TextField(default="")
    email = models.TextField(default="")
    is_disabled = models.BooleanField(default=False)
    is_poor_household = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["national_id"], name="person_national_id_once"),
            models.UniqueConstraint(fields=["moet_code"], name="person_moet_code_once"),
            models.CheckConstraint(
                condition=Q(birth_day__isnull=True) | Q(birth_month__isnull=False), name="person_birth_day_has_month"
            ),
            models.CheckConstraint(
                condition=Q(birth_month__isnull=True) | Q(birth_year__isnull=False), name="person_birth_month_has_year"
            ),
        ]
        indexes = [models.Index(fields=["organisation", "sort_key", "id"], name="person_name_order")]

    @property
    def birth(self) -> PartialDate:
        """The birth date as far as it is known."""
        return PartialDate(self.birth_year, self.birth_month, self.birth_day)

    @property
    def given_name(self) -> str:
        return self.full_name.rsplit(" ", 1)[-1]


class Affiliation(models.Model):
    """That a person belongs, or belonged, to an organisation. It is what makes a person's file visible there.

    sort_key, folded_name  the person's, copied by the database itself (migration 0003), so that members are listed
                           and searched in name order from one index; see docs/decisions/0062
    """

    class Kind(models.TextChoices):
        PUPIL = "pupil"
        GUARDIAN = "guardian"
        STAFF = "staff"

    id = models.BigAutoField(primary_key=True)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=8, choices=Kind.choices)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)
    sort_key = models.BinaryField(null=True)
    folded_name = models.TextField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person", "organisation", "kind", "valid_from"], name="affiliation_once"),
        ]
        indexes = [
            models.Index(fields=["organisation", "kind", "person"], name="affiliation_members"),
            models.Index(
                fields=["organisation", "sort_key", "person"],
                include=["kind", "folded_name", "valid_from", "valid_to"],
                name="affiliation_name_order",
            ),
            models.Index(
                fields=["sort_key", "person"],
                include=["organisation", "kind", "folded_name", "valid_from", "valid_to"],
                name="affiliation_all_in_order",
            ),
        ]


class Guardianship(models.Model):
    """An adult's rights over one child. Rights are separate, because courts and families separate them.

    organisation    the child's school, by which the row is isolated
    court_decision  number and date of the decision that barred the guardian
    """

    class Relationship(models.TextChoices):
        FATHER = "father"
        MOTHER = "mother"
        OTHER = "other"

    id = models.BigAutoField(primary_key=True)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    child = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    guardian = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    relationship = models.CharField(max_length=6, choices=Relationship.choices)
    receives_messages = models.BooleanField(default=True)
    may_decide = models.BooleanField(default=True)
    is_barred = models.BooleanField(default=False)  # by a court: sees nothing, receives nothing, decides nothing
    court_decision = models.TextField(default="")
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["child", "guardian"], name="guardianship_once"),
            models.CheckConstraint(condition=~Q(child=F("guardian")), name="guardianship_of_another"),
        ]
        indexes = [models.Index(fields=["guardian"], name="guardianship_wards")]
