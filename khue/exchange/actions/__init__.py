"""Public writes of the exchange: pairing nodes, collecting, sending, accepting, recovering."""

from khue.exchange.actions.accepting import (
    accept_batch,
)
from khue.exchange.actions.collecting import (
    Collected,
    collect_school,
    mark_many_stale,
    mark_stale,
)
from khue.exchange.actions.declaring import (
    FactUnusable,
    declare_facts,
)
from khue.exchange.actions.directory import (
    follow_far_schools,
    keep_nodes_behind,
    list_far_schools,
    list_schools_below,
    note_nodes_told,
)
from khue.exchange.actions.figures import (
    Figure,
    report_figures,
)
from khue.exchange.actions.keeping import (
    HandingOverOutdated,
    NotASchoolsNode,
    NothingCollected,
    NothingToHandOver,
    TakenUp,
    hand_over_school,
    note_handed_over,
    take_up_school,
)
from khue.exchange.actions.letters import (
    LetterNotGenuine,
    NoWayThere,
    TooManyLetters,
    drop_letters,
    forget_letters,
    keep_fetched,
    note_not_taken,
    note_unreadable,
    read_letter,
    take_letter,
    write_letter,
)
from khue.exchange.actions.listing import (
    write_listing,
)
from khue.exchange.actions.nodes import (
    AnotherAbove,
    NodeUnnamed,
    UnusableCard,
    WrongLevel,
    admit_peer,
    name_node,
    note_contact,
    renew_keys,
    retire_peer,
)
from khue.exchange.actions.opening import (
    BatchBroken,
    BatchNotGenuine,
    EpochOver,
    NumberTaken,
)
from khue.exchange.actions.reading import (
    log_reading,
)
from khue.exchange.actions.recovering import (
    adopt_from_above,
    begin_epoch,
    keep_own_row,
    send_again,
)
from khue.exchange.actions.reference import (
    load_reference,
)
from khue.exchange.actions.returning import (
    HandingBackNotGenuine,
    HandingBackOutdated,
    MattersOpen,
    NoRowsHere,
    NotASchoolsOwnNode,
    NotHandedBack,
    NotTakenUp,
    RecordsDiffer,
    TakenBack,
    hand_back_school,
    note_back_settled,
    note_handed_back,
    take_back_school,
)
from khue.exchange.actions.sending import (
    make_batch,
    settle_batch,
    take_lines,
)
from khue.exchange.actions.vendor import (
    HeadingMissing,
    NothingToTake,
    SheetTooLong,
    TargetTwice,
    TooManySchools,
    choose_targets,
    drop_sheet,
    read_sheet,
    take_over,
)
from khue.exchange.cards import (
    Card,
)

__all__ = [
    "AnotherAbove",
    "BatchBroken",
    "BatchNotGenuine",
    "Card",
    "Collected",
    "EpochOver",
    "FactUnusable",
    "Figure",
    "HandingBackNotGenuine",
    "HandingBackOutdated",
    "HandingOverOutdated",
    "HeadingMissing",
    "LetterNotGenuine",
    "MattersOpen",
    "NoRowsHere",
    "NoWayThere",
    "NodeUnnamed",
    "NotASchoolsNode",
    "NotASchoolsOwnNode",
    "NotHandedBack",
    "NotTakenUp",
    "NothingCollected",
    "NothingToHandOver",
    "NothingToTake",
    "NumberTaken",
    "RecordsDiffer",
    "SheetTooLong",
    "TakenBack",
    "TakenUp",
    "TargetTwice",
    "TooManyLetters",
    "TooManySchools",
    "UnusableCard",
    "WrongLevel",
    "accept_batch",
    "admit_peer",
    "adopt_from_above",
    "begin_epoch",
    "choose_targets",
    "collect_school",
    "declare_facts",
    "drop_letters",
    "drop_sheet",
    "follow_far_schools",
    "forget_letters",
    "hand_back_school",
    "hand_over_school",
    "keep_fetched",
    "keep_nodes_behind",
    "keep_own_row",
    "list_far_schools",
    "list_schools_below",
    "load_reference",
    "log_reading",
    "make_batch",
    "mark_many_stale",
    "mark_stale",
    "name_node",
    "note_back_settled",
    "note_contact",
    "note_handed_back",
    "note_handed_over",
    "note_nodes_told",
    "note_not_taken",
    "note_unreadable",
    "read_letter",
    "read_sheet",
    "renew_keys",
    "report_figures",
    "retire_peer",
    "send_again",
    "settle_batch",
    "take_back_school",
    "take_letter",
    "take_lines",
    "take_over",
    "take_up_school",
    "write_letter",
    "write_listing",
]
