"""What the audit trail keeps has words that people understand."""

import ast
from collections.abc import Iterator

from khue.foundation import extensions
from khue.foundation.audit_words import INTERNAL, WORDS
from tests.architecture.source import Module, dotted, modules

#: Verbs that an action is given by another function of its room, or puts together.
MADE_ELSEWHERE = {
    "khue/registry/actions/guardians.py": {"_tell"},
    "khue/schools/actions/premises.py": {"_added", "_changed"},
    "khue/workspace/actions/attachments.py": {"book.note"},
    "khue/workspace/actions/incoming.py": {"book.note"},
    "khue/workspace/actions/outgoing.py": {"book.note", "_move"},
}


def _texts(node: ast.expr) -> Iterator[str]:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, ast.IfExp):
        yield from _texts(node.body)
        yield from _texts(node.orelse)


def _verbs(module: Module) -> Iterator[str]:
    tellers = MADE_ELSEWHERE.get(module.name, set())
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Call) and dotted(node.func) == "audit.record":
            yield from _texts(node.args[1])
        elif isinstance(node, ast.Call) and dotted(node.func) in tellers:
            yield from (text for argument in node.args for text in _texts(argument) if "." in text)


def test_every_deed_has_words_for_the_reader_of_the_trail():
    verbs = {verb: module.room for module in modules() for verb in _verbs(module)}

    assert len(verbs) > 100
    assert {verb: room for verb, room in verbs.items() if verb not in extensions.deeds} == {}


def test_no_words_are_kept_for_a_deed_that_nobody_does():
    done = {verb for module in modules() for verb in _verbs(module)}
    put_together = {"mark_correction.approved", "mark_correction.declined"}

    assert {verb for verb, _words in extensions.deeds.items()} - done - put_together == set()


def _names(module: Module) -> Iterator[str]:
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Call) and dotted(node.func) == "audit.record":
            yield from (keyword.arg for keyword in node.keywords if keyword.arg)


def test_every_detail_of_a_deed_has_a_word_or_is_a_number_of_a_row():
    names = {name for module in modules() for name in _names(module)}

    assert names - set(WORDS) - INTERNAL == set()
    assert (set(WORDS) | INTERNAL) - names == set()
