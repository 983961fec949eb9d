"""Public writes of records."""

from khue.records.actions.checking import note_diploma_checked, note_verified
from khue.records.actions.corrections import correct
from khue.records.actions.deposits import DEPOSITED, keep_deposit, note_receipt
from khue.records.actions.diplomas import (
    Correction,
    NewDiploma,
    hand_over_diploma,
    note_correction,
    record_diploma,
    replace_diploma,
    withdraw_diploma,
)
from khue.records.actions.issuing import end_share, issue_copy, issue_extract, note_check, package_of, share
from khue.records.actions.keys import (
    add_key_file,
    add_remote_key,
    add_token_key,
    keep_revocation_list,
    retire_key,
    try_key,
)
from khue.records.actions.lists import ListMade, download_whole_record, keep_lists
from khue.records.actions.moving import hand_over_whole_record
from khue.records.actions.preparing import Prepared, compare_class, compare_subject, confirm_class, prepare_class
from khue.records.actions.receiving import RECEIVED, carry_results, take_in_package
from khue.records.actions.results import (
    RESULT_FILE,
    SIGN_RESULTS,
    SealedResult,
    begin_results,
    draft_result,
    keep_result,
)
from khue.records.actions.signing import (
    DOCUMENT,
    SIGN,
    SealedSheet,
    SignedSheet,
    begin_batch,
    end_batch,
    forget_secrets,
    keep_seals,
    keep_signatures,
)
from khue.records.actions.trial import (
    make_trial_authority,
)
from khue.records.actions.whole_year import (
    CLASSES,
    PERMISSIONS,
    begin_for_classes,
)

__all__ = [
    "CLASSES",
    "DEPOSITED",
    "DOCUMENT",
    "PERMISSIONS",
    "RECEIVED",
    "RESULT_FILE",
    "SIGN",
    "SIGN_RESULTS",
    "Correction",
    "ListMade",
    "NewDiploma",
    "Prepared",
    "SealedResult",
    "SealedSheet",
    "SignedSheet",
    "add_key_file",
    "add_remote_key",
    "add_token_key",
    "begin_batch",
    "begin_for_classes",
    "begin_results",
    "carry_results",
    "compare_class",
    "compare_subject",
    "confirm_class",
    "correct",
    "download_whole_record",
    "draft_result",
    "end_batch",
    "end_share",
    "forget_secrets",
    "hand_over_diploma",
    "hand_over_whole_record",
    "issue_copy",
    "issue_extract",
    "keep_deposit",
    "keep_lists",
    "keep_result",
    "keep_revocation_list",
    "keep_seals",
    "keep_signatures",
    "make_trial_authority",
    "note_check",
    "note_correction",
    "note_diploma_checked",
    "note_receipt",
    "note_verified",
    "package_of",
    "prepare_class",
    "record_diploma",
    "replace_diploma",
    "retire_key",
    "share",
    "take_in_package",
    "try_key",
    "withdraw_diploma",
]
