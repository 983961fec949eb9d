"""Every public action has the five beats: require, check, write, audit, publish."""

import ast
import importlib
import inspect
import re
from collections.abc import Callable, Collection, Iterator
from functools import cache

import pytest

from tests.architecture.source import PACKAGE, dotted, modules, rooms

#: Before somebody is signed in there is no actor to require anything of: the proof (password, code, key) decides.
BEFORE_SIGN_IN = "the actor is only known when the proof has been checked, by its end"
REQUIRES_NOTHING: dict[str, str] = {
    f"identity.{name}": BEFORE_SIGN_IN
    for name in (
        "activate", "ask_for_proof", "check_code", "open_session", "request_link", "send_link", "sign_in",
        "prove_email", "send_email_proof", "sign_in_with_identity", "sign_in_with_passkey",
    )
} | {
    "identity.count_try": "an open page: there is nobody to require anything of, and counting is what protects it",
    "demo.load": "an operator's command that fills an empty node as the owner of the tables; no door leads to it",
    "news.count_read": "anybody may read what was published, and a count keeps nothing of who did",
}  # fmt: skip
#: Changes nothing that an audit trail is for: such an action must say here why.
AUDITS_NOTHING: dict[str, str] = {
    "activity.tell": "a statement is itself the record of who did what when, and is never changed",
    "assessment.save_answers": "the stored answer is itself the record of who answered what when, thousands a minute",
    "demo.load": "made-up rows of a demonstration, written before anybody works with the node",
    "exchange.mark_many_stale": "notes for the clock that schools are to be collected again",
    "exchange.mark_stale": "a note for the clock that a school is to be collected again",
    "exchange.note_back_settled": "what the node above says; handing back is audited here, its arrival there",
    "exchange.note_contact": "when a peer was last spoken with; what was sent and settled is audited",
    "exchange.note_handed_over": "what the node above says; handing over is audited there, taking up here",
    "exchange.note_nodes_told": "when the node above was last told who lies below; what it keeps is audited there",
    "identity.ask_for_passkey": "makes a challenge for the browser and stores nothing",
    "identity.ask_for_proof": "makes a challenge for the browser and stores nothing",
    "identity.begin_app": "an app counts, and is audited, when its first code has been confirmed",
    "identity.check_code": "only looks whether an activation code is open; wrong tries are throttled and kept there",
    "identity.confirm_password": "proves an account's own password once more and changes nothing",
    "identity.count_try": "a count of tries on an open page, forgotten after a quarter of an hour",
    "identity.prove_signer": "proves once more who signs; what is signed is audited with it",
    "identity.request_link": "what it sends is audited when it is used; the request may come from anybody",
    "indicators.count_stale_school": "derived from rows whose own changes are audited; counted again at any time",
    "indicators.mark_stale": "a note for the clock that a school is to be counted again",
    "indicators.recount": "derived from rows whose own changes are audited; counted again at any time",
    "indicators.report_school": "hands what was counted over to exchange, which audits each figure that changed",
    "indicators.sum_up": "derived from reports whose sending is audited; summed again at any time",
    "messaging.count_again": "derived from deliveries, each of which keeps its own fate; counted again at any time",
    "news.count_read": "a count of readers of whom nothing is known; thousands on a day",
    "messaging.mark_all_read": "the delivery keeps when the person read it",
    "messaging.mark_read": "the delivery keeps when the person read it",
    "messaging.read_announcement": "the delivery keeps when the person read it",
    "timetable.note_feed_read": "when a calendar program looked and whether anything was new; feeds are audited",
    "messaging.read_conversation": "the reading keeps how far the person has come, and when",
    "messaging.seal_again": "no word changes; that a key was made and an old one dropped is audited",
    "messaging.seal_file": "no content changes; the foundation audits that the file was sealed",
    "procedures.find_case": "looks at one row by its code and birth date; wrong tries are counted and kept there",
    "timetable.note_progress": "how far a search is, once a second; its beginning and its answer are audited",
}
WRITES = frozenset(
    [
        "create",
        "save",
        "update",
        "delete",
        "record",
        "publish",
        "bulk_create",
        "get_or_create",
        "update_or_create",
        "bulk_update",
    ]
)
DOORS = frozenset({"views", "api", "hot", "forms", "tasks", "wiring", "urls"})
VERB = re.compile(r"^[a-z][a-z_]*\.[a-z][a-z_]*$")


def public_actions() -> Iterator[tuple[str, Callable[..., object]]]:
    """("schools.enrol", function) of every room."""
    for room in rooms():
        if not ((PACKAGE / room / "actions.py").exists() or (PACKAGE / room / "actions").is_dir()):
            continue
        module = importlib.import_module(f"khue.{room}.actions")
        for name, value in vars(module).items():
            ours = inspect.isfunction(value) and value.__module__.startswith(module.__name__)
            if ours and not name.startswith("_"):
                yield f"{room}.{name}", value


ACTIONS = dict(public_actions())
ROOMS = sorted({name.partition(".")[0] for name in ACTIONS})
of_each_room = pytest.mark.parametrize("room", ROOMS)


def actions_of(room: str, but: Collection[str] = ()) -> list[tuple[str, Callable[..., object]]]:
    """("schools.enrol", function) of one room, without those of a list."""
    return [(n, inspect.unwrap(f)) for n, f in ACTIONS.items() if n.partition(".")[0] == room and n not in but]


@of_each_room
def test_an_action_takes_an_actor_and_only_keywords(room):
    wrong = []
    for name, function in actions_of(room):
        parameters = list(inspect.signature(function).parameters.values())
        if any(p.kind is not p.KEYWORD_ONLY for p in parameters):
            wrong.append(name)
        if name not in REQUIRES_NOTHING and parameters[0].name != "actor":
            wrong.append(name)

    assert wrong == []


@of_each_room
def test_an_action_is_typed_and_documented(room):
    untyped, undocumented = [], []
    for name, function in actions_of(room):
        signature = inspect.signature(function)
        given = [*(p.annotation for p in signature.parameters.values()), signature.return_annotation]
        if inspect.Parameter.empty in given:
            untyped.append(name)
        if not (inspect.getdoc(function) or "").partition("\n")[0].endswith("."):
            undocumented.append(name)

    assert (untyped, undocumented) == ([], [])


@of_each_room
def test_an_action_requires_before_it_does_anything(room):
    """`require`, a gate of the room that narrows to the actor's own rows (`own_account`), or Forbidden, comes first.

    What stands before it may only look for the place to require it on, never write.
    """
    functions = _functions_of(room)
    ungated, writing_before = [], []
    for name, function in actions_of(room, but=REQUIRES_NOTHING):
        steps = _steps(functions[function.__name__])
        gate = next((i for i, step in enumerate(steps) if _is_gate(step, functions, set())), None)
        if gate is None:
            ungated.append(name)
        elif any(step.rpartition(".")[2] in WRITES for step in steps[:gate]):
            writing_before.append(name)

    assert (ungated, writing_before) == ([], [])


@of_each_room
def test_an_action_leaves_a_row_in_the_audit_trail(room):
    functions = _functions_of(room)
    kept = actions_of(room, but=AUDITS_NOTHING)

    assert [name for name, function in kept if not _reaches_audit(function.__name__, functions, set())] == []


def test_every_audit_verb_is_a_thing_and_a_past_tense():
    wrong = []
    for module in modules():
        for node in ast.walk(module.tree):
            if isinstance(node, ast.Call) and dotted(node.func) == "audit.record" and len(node.args) > 1:
                verb = node.args[1]
                if isinstance(verb, ast.Constant) and not VERB.match(str(verb.value)):
                    wrong.append(f"{module.name}:{node.lineno} {verb.value}")

    assert wrong == []


@pytest.mark.parametrize("exceptions", [REQUIRES_NOTHING, AUDITS_NOTHING], ids=["requires nothing", "audits nothing"])
def test_every_exception_is_needed_and_has_its_reason(exceptions):
    assert [name for name, reason in exceptions.items() if name not in ACTIONS or len(reason) < 20] == []


@cache
def _steps(function: ast.FunctionDef) -> list[str]:
    """The calls a function makes and the errors it raises, by name, in the order they are written."""
    found = []
    for node in ast.walk(function):
        if isinstance(node, ast.Call):
            found.append((node.end_lineno, node.end_col_offset, dotted(node.func)))
        elif isinstance(node, ast.Raise) and isinstance(node.exc, ast.Name):
            found.append((node.end_lineno, node.end_col_offset, node.exc.id))
    return [name for _line, _column, name in sorted(found)]


def _is_gate(step: str, functions: dict[str, ast.FunctionDef], seen: set[str]) -> bool:
    name = step.rpartition(".")[2]
    if name.lstrip("_").startswith(("require", "own_")) or name == "Forbidden":
        return True
    if name not in functions or name in seen or ("." in step and not step.startswith("access.")):
        return False
    seen.add(name)
    return any(_is_gate(inner, functions, seen) for inner in _steps(functions[name]))


def _functions_of(room: str) -> dict[str, ast.FunctionDef]:
    """What an action of the room may call there; where a name stands twice, the one in its actions."""
    inside = [m for m in modules() if m.room == room and m.path.stem not in DOORS]
    inside.sort(key=lambda module: "actions" in str(module.path.relative_to(PACKAGE)))
    return {n.name: n for m in inside for n in ast.walk(m.tree) if isinstance(n, ast.FunctionDef)}


def _reaches_audit(name: str, functions: dict[str, ast.FunctionDef], seen: set[str]) -> bool:
    if name not in functions or name in seen:
        return False
    seen.add(name)
    called = _steps(functions[name])
    # A lower room's action writes its own row.
    if any(call.startswith("audit.") or ".actions." in f".{call}" for call in called):
        return True
    return any(_reaches_audit(call.rpartition(".")[2], functions, seen) for call in called)
