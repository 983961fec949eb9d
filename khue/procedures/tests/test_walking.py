"""The map of a drawing and SpiffWorkflow agree; what is not understood is refused; no file breaks the reader."""

import random
from itertools import count

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from SpiffWorkflow.util.task import TaskState

from khue.procedures import conditions, questions, sheets
from khue.procedures.reading import checking, drawing, picture, walking
from khue.procedures.reading.drawing import UnusableDrawing
from khue.procedures.sheets import UnusableSheet
from khue.procedures.step_map import StepMap
from khue.procedures.tests import drawn


class Drawer:
    """Draws a block between two nodes: tasks in a row, a choice, parallel parts, a loop."""

    def __init__(self) -> None:
        self.numbers, self.parts = count(1), []

    def node(self, kind: str, default: str = "") -> str:
        name = f"n{next(self.numbers)}"
        attribute = f' default="{default}"' if default else ""
        self.parts.append(f'<{kind} id="{name}" name="{name}"{attribute}/>')
        return name

    def flow(self, source: str, target: str, condition: str = "", name: str = "") -> None:
        self.parts.append(drawn.flow(name or f"f{next(self.numbers)}", source, target, condition))

    def block(self, shape: object, source: str) -> str:
        """Draw a block after `source`; the node from which the next arrow leaves."""
        if shape == "task":
            task = self.node("userTask")
            self.flow(source, task)
            return task
        kind, parts = shape
        if kind == "row":
            for part in parts:
                source = self.block(part, source)
            return source
        if kind == "both":
            split, join = self.node("parallelGateway"), self.node("parallelGateway")
            self.flow(source, split)
            for part in parts:
                self.flow(self.block(part, split), join)
            return join
        if kind == "either":
            default = f"d{next(self.numbers)}"
            split, join = self.node("exclusiveGateway", default), self.node("exclusiveGateway")
            self.flow(source, split)
            # A branch begins with its condition, so each leads to a gateway of its own first.
            for number, part in enumerate(parts):
                first = self.node("exclusiveGateway")
                self.flow(split, first, *(("", default) if number == 0 else (f"x{number} = true", "")))
                self.flow(self.block(part, first), join)
            return join
        default = f"d{next(self.numbers)}"
        entry = self.node("exclusiveGateway")
        self.flow(source, entry)
        end = self.block(parts[0], entry)
        again = self.node("exclusiveGateway", default)
        self.flow(end, again)
        self.flow(again, entry, "again = true")
        after = self.node("exclusiveGateway")
        self.flow(again, after, "", default)
        return after


def drawn_as(shape: object) -> bytes:
    drawer = Drawer()
    end = drawer.block(("row", ["task", shape]), drawer.node("startEvent"))
    drawer.flow(end, drawer.node("endEvent"))
    return drawn.drawing("\n".join(drawer.parts))


SHAPES = st.recursive(
    st.just("task"),
    lambda inner: st.one_of(
        st.tuples(st.just("row"), st.lists(inner, min_size=1, max_size=3)),
        st.tuples(st.just("either"), st.lists(inner, min_size=2, max_size=3)),
        st.tuples(st.just("both"), st.lists(inner, min_size=2, max_size=2)),
        st.tuples(st.just("loop"), st.lists(inner, min_size=1, max_size=1)),
    ),
    max_leaves=6,
)


class Truths(walking.Answers):
    """Spiff's door to expressions, answered by our own language."""

    data: dict[str, object]

    def evaluate(self, task, expression, external_context=None):
        return conditions.holds(conditions.read(expression), self.data)


@settings(max_examples=60)
@example(shape=("both", [("loop", ["task"]), ("both", ["task", ("either", ["task", "task"])])]), seed=1)
@given(shape=SHAPES, seed=st.integers(0, 10_000))
def test_a_case_on_the_map_is_where_spiff_would_be(shape: object, seed: int) -> None:
    try:
        read = drawing.read(drawn_as(shape))
        steps = StepMap(walking.mapped(read))
    except UnusableDrawing:
        return  # parallel parts in a loop, or too many ways through it: said, never wrong
    chance, engine = random.Random(seed), Truths()
    engine.data = {}
    workflow = walking.BpmnWorkflow(walking.specification(read), script_engine=engine)
    workflow.do_engine_steps()
    move = steps.begin({})
    for _step in range(30):
        ready = {task.task_spec.name: task for task in workflow.get_tasks(state=TaskState.READY, manual=True)}
        assert sorted(ready) == list(move.place.tasks)
        assert workflow.is_completed() is move.place.is_over
        if not ready:
            return
        task = chance.choice(sorted(ready))
        data = {name: chance.random() < 0.4 for name in ("x1", "x2", "again")}
        engine.data = data
        ready[task].run()
        workflow.do_engine_steps()
        move = steps.after(move.state, task, data)


def test_parallel_parts_in_a_loop_are_refused() -> None:
    with pytest.raises(UnusableDrawing) as wrong:
        drawing.read(drawn_as(("loop", [("both", ["task", "task"])])))

    assert "vòng lặp" in str(wrong.value.problems[0].text)


NOT_UNDERSTOOD = [
    ('<scriptTask id="x" name="x"><script>import os</script></scriptTask>', "mã lệnh"),
    ('<serviceTask id="x" name="x"/>', "dịch vụ"),
    ('<callActivity id="x" name="x" calledElement="y"/>', "quy trình khác"),
    ('<subProcess id="x" triggeredByEvent="true"/>', "quy trình con"),
    ('<boundaryEvent id="x" attachedToRef="review"/>', "thời hạn"),
    ('<task id="x" name="x"/>', "User Task"),
    ('<dataObject id="x"/>', "chưa được hỗ trợ"),
    ('<userTask id="x" name="x"><multiInstanceLoopCharacteristics/></userTask>', "multiInstance"),
    ('<userTask id="x" name=""/>', "tên"),
    ('<userTask id="review" name="hai lần"/>', "trùng"),
    (drawn.flow("x", "review", "nowhere"), "không nối"),
    (drawn.flow("x", "choice", "sign", "__import__(&quot;os&quot;).system(&quot;id&quot;)"), "không đọc được"),
    (drawn.flow("x", "choice", "sign", "decision.startswith(&quot;a&quot;)"), "không đọc được"),
    (drawn.flow("x", "choice", "sign"), "cần một điều kiện"),
    (drawn.flow("x", "review", "sign"), "cổng rẽ nhánh"),
]


@pytest.mark.parametrize(("part", "said"), NOT_UNDERSTOOD)
def test_what_is_not_understood_is_refused_with_its_line(part: str, said: str) -> None:
    bpmn = drawn.REVIEW.replace(b"</process>", f"\n\n{part}</process>".encode())

    with pytest.raises(UnusableDrawing) as wrong:
        drawing.read(bpmn)

    texts = [str(problem.text) for problem in wrong.value.problems]
    assert any(said in text for text in texts), texts
    assert max(problem.line for problem in wrong.value.problems) > 0


@pytest.mark.parametrize(
    "data",
    [
        b"", b"\x00", b"<a/>", b"PK\x03\x04", "<điều/>".encode("utf-16"),
        b'<!DOCTYPE a [<!ENTITY b "c">]>' + drawn.REVIEW,
        b'<?xml version="1.0"?><!DOCTYPE d SYSTEM "http://127.0.0.1:9/x"><d/>',
        drawn.REVIEW.replace(b"<process", b"<process id='q'/><process"),
        b"<" * 1000, drawn.REVIEW + b" " * drawing.MOST_BYTES,
        drawn.REVIEW.replace(b"UTF-8", b"utf-7"),
    ],
)  # fmt: skip
def test_what_is_no_drawing_is_refused(data: bytes) -> None:
    with pytest.raises(UnusableDrawing):
        drawing.read(data)


@settings(max_examples=200)
@given(st.integers(0, len(drawn.REVIEW)), st.integers(0, 60), st.binary(max_size=40))
def test_a_torn_file_is_a_drawing_or_refused(begin: int, length: int, inserted: bytes) -> None:
    data = drawn.REVIEW[:begin] + inserted + drawn.REVIEW[begin + length :]
    try:
        read = drawing.read(data)
        checking.answers_wanted(read)
        picture.picture(read)
        walking.mapped(read)
    except UnusableDrawing:
        return


@settings(max_examples=300)
@given(st.text(max_size=60))
@example('a = "b" and not (c or d > 1)')
@example("((((((((((((((((((((((((a))))))))))))))))))))))))")
def test_a_condition_is_read_or_refused_and_always_answered(text: str) -> None:
    try:
        condition = conditions.read(text)
    except conditions.UnreadableCondition:
        return
    assert conditions.holds(condition, {"a": "b", "d": 5, "c": None}) in (True, False)


def test_conditions_compare_and_nothing_else() -> None:
    def holds(text: str, **data: object) -> bool:
        return conditions.holds(conditions.read(text), data)

    assert holds('a = "x"', a="x")
    assert not holds('a = "x"')
    assert holds('a != "x"')
    assert holds("n >= 3 and n < 5", n=4)
    assert not holds("n > 3", n="9")
    assert holds("not done or n == 1", n=1, done=True)
    assert not holds("n = 1", n=True)
    for text in ("a()", "a.b = 1", "a[0] = 1", "a = b", "lambda: 1", "1 = 1", "a = 'x' or", "a = f'x'", "a = 1e9"):
        with pytest.raises(conditions.UnreadableCondition):
            conditions.read(text)


def test_a_drawing_in_which_a_case_gets_stuck_is_refused() -> None:
    stuck = drawn.drawing(
        '<startEvent id="s"/><userTask id="a" name="a"/><exclusiveGateway id="g" default="d"/>'
        '<parallelGateway id="j"/><userTask id="b" name="b"/><endEvent id="e"/>'
        + drawn.flow("f1", "s", "a") + drawn.flow("f2", "a", "g") + drawn.flow("d", "g", "j")
        + drawn.flow("f3", "g", "b", "x = true") + drawn.flow("f4", "b", "j") + drawn.flow("f5", "j", "e")
    )  # fmt: skip

    with pytest.raises(UnusableDrawing) as wrong:
        walking.mapped(drawing.read(stuck))

    assert "kẹt" in str(wrong.value.problems[0].text)


def test_spiff_is_asked_to_execute_nothing() -> None:
    for call in (lambda e: e.execute(None, "import os"), lambda e: e.call_service()):
        with pytest.raises(walking.NothingIsExecuted):
            call(walking.Answers())


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=10),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=12), inner, max_size=3),
    max_leaves=12,
)


@settings(max_examples=200)
@given(JSON)
def test_any_json_is_a_sheet_or_refused(kept: object) -> None:
    for sheet in (kept, {"filing": kept}, {"tasks": {"a": kept}}, {"filing": {"properties": {"a": kept}}}):
        try:
            sheets.read(sheet)
        except UnusableSheet:
            continue


@settings(max_examples=200)
@given(st.text(max_size=120))
def test_any_lines_are_questions_or_refused(text: str) -> None:
    try:
        form = questions.form_of(text)
    except questions.UnclearQuestion:
        return
    sheets.read({"filing": form})


def test_questions_become_the_form_they_describe() -> None:
    form = questions.form_of(
        "Lý do *\nNgày nghỉ: ngày\n\nSố bản *: số\nNhận (tại trường / bưu điện) *\nCam kết: có không"
    )

    assert form["required"] == ["ly_do", "so_ban", "nhan"]
    assert form["properties"]["ngay_nghi"]["format"] == "date"
    assert form["properties"]["nhan"]["enum"] == ["tai_truong", "buu_dien"]
    assert form["properties"]["cam_ket"]["type"] == "boolean"
    with pytest.raises(questions.UnclearQuestion):
        questions.form_of("Lý do: thứ lạ")


def test_a_refusal_needs_a_field_for_its_reason() -> None:
    sheet = {"ends": {"turned_down": "refused"}, "filing": {"properties": {"decision": {"type": "string"}}}}

    with pytest.raises(UnusableSheet):
        checking.check(drawn.REVIEW, sheet, acts=())
