"""No text made at run time reaches Textual's markup parser.

Textual reads a plain `str` in most of its constructors as markup, and markup
can run actions or raise.  So in `supporttui/console` a text argument is
either written out in the source, or a `Content`/`Text`, or stands beside
`markup=False`.  The check reads the source; what it can't prove it refuses.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

CONSOLE = Path(__file__).resolve().parents[3] / "supporttui" / "console"

# Call → which positional arguments Textual parses; keywords are the same for all of them.
PARSED: dict[str, tuple[int, ...]] = {
    "Static": (0,), "Label": (0,), "Button": (0,), "Checkbox": (0,), "RadioButton": (0,), "Option": (0,), "Tab": (0,),
    "TabPane": (0,), "TabbedContent": (0, 1, 2, 3), "Collapsible": (), "Link": (0,), "Placeholder": (0,),
    "OptionList": (0, 1, 2, 3), "SelectionList": (0, 1, 2, 3), "Select": (0,), "Selection": (0,), "Tree": (0,),
    "notify": (0,), "update": (0,), "add_row": (0, 1, 2, 3, 4, 5, 6, 7), "add_column": (0,), "add_columns": (0, 1, 2, 3, 4, 5),
    "update_cell": (2,), "add_option": (0,), "replace_option_prompt": (1,), "replace_option_prompt_at_index": (1,),
    "add_leaf": (0,), "set_label": (0,), "from_markup": (0,), "render_str": (0,), "from_text": (0,), "panic": (0, 1),
    "Hit": (1,), "DiscoveryHit": (0,), "with_tooltip": (0,),
}  # fmt: skip
KEYWORDS = {
    "content",
    "label",
    "title",
    "prompt",
    "message",
    "renderable",
    "markup_text",
    "tooltip",
    "name_content",
}
TITLED = {"TabPane", "Collapsible", "notify", "Toast"}  # calls where title= is shown
ATTRIBUTES = {"border_title", "border_subtitle", "tooltip", "label"}
MAKERS = {"Content", "Text", "data_text"}
# `update` of dicts and sets, and anything that isn't a widget, takes these.
HARMLESS_RECEIVERS = {"variables", "values", "keys", "hash", "digest", "cache", "state", "settings", "data"}


class Reader(ast.NodeVisitor):
    """Gathers (line, reason) of every text argument that may be parsed at run time."""

    def __init__(self) -> None:
        self.found: list[tuple[int, str]] = []
        self.safe_names: list[set[str]] = [set()]
        self.parents: list[str] = []
        self.ours: set[str] = set()

    def visit_ImportFrom(self, node: ast.ImportFrom) -> None:
        if node.level or not (node.module or "").startswith(("textual", "rich")):
            self.ours |= {alias.asname or alias.name for alias in node.names}

    # ── scopes ───────────────────────────────────────────────────────────

    def visit_ClassDef(self, node: ast.ClassDef) -> None:
        bases = [_name(base) for base in node.bases]
        self.parents.append(next((base for base in bases if base in PARSED), ""))
        self.generic_visit(node)
        self.parents.pop()

    def visit_FunctionDef(self, node: ast.FunctionDef) -> None:
        arguments = (*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs)
        safe = {
            argument.arg for argument in arguments if argument.annotation and _is_made(argument.annotation)
        }
        self.safe_names.append(safe)
        self.generic_visit(node)
        self.safe_names.pop()

    visit_AsyncFunctionDef = visit_FunctionDef  # type: ignore[assignment]

    def visit_Assign(self, node: ast.Assign) -> None:
        for target in node.targets:
            if isinstance(target, ast.Name) and self._safe(node.value):
                self.safe_names[-1].add(target.id)
            if isinstance(target, ast.Attribute) and target.attr in ATTRIBUTES and not self._safe(node.value):
                self._refuse(node, f".{target.attr} = …")
        self.generic_visit(node)

    def visit_AnnAssign(self, node: ast.AnnAssign) -> None:
        if isinstance(node.target, ast.Name) and _is_made(node.annotation):
            self.safe_names[-1].add(node.target.id)
        self.generic_visit(node)

    # ── calls ────────────────────────────────────────────────────────────

    def visit_Call(self, node: ast.Call) -> None:
        name = self._called(node.func)
        if name in PARSED and name not in self.ours and not self._unparsed(node, name):
            for argument in self._texts(node, name):
                if not self._safe(argument):
                    self._refuse(argument, f"{name}({ast.unparse(argument)[:60]})")
        self.generic_visit(node)

    def _called(self, function: ast.expr) -> str:
        if isinstance(function, ast.Attribute):
            if function.attr == "__init__" and self.parents and self.parents[-1]:
                return self.parents[-1]
            receiver = _name(function.value)
            if function.attr == "update" and receiver.lstrip("_") in HARMLESS_RECEIVERS:
                return ""
        return _name(function)

    def _unparsed(self, node: ast.Call, name: str) -> bool:
        if name in ("from_markup", "render_str", "from_text"):
            return False
        return any(
            keyword.arg == "markup"
            and isinstance(keyword.value, ast.Constant)
            and keyword.value.value is False
            for keyword in node.keywords
        )

    def _texts(self, node: ast.Call, name: str) -> Iterator[ast.expr]:
        for at, argument in enumerate(node.args):
            if at in PARSED[name] or isinstance(argument, ast.Starred):
                yield argument.value if isinstance(argument, ast.Starred) else argument
        for keyword in node.keywords:
            if keyword.arg in KEYWORDS and (keyword.arg != "title" or name in TITLED - {"notify"}):
                yield keyword.value

    def _safe(self, node: ast.expr) -> bool:
        match node:
            case ast.Constant():
                return True
            case ast.Call(func=function):
                return _is_maker(function)
            case ast.Name(id=name):
                return any(name in scope for scope in self.safe_names)
            case ast.IfExp(body=body, orelse=other):
                return self._safe(body) and self._safe(other)
            case ast.BinOp(left=left, op=ast.Add(), right=right):
                return self._safe(left) and self._safe(right)
            case ast.List(elts=items) | ast.Tuple(elts=items):
                return all(self._safe(item) for item in items)
            case ast.ListComp(elt=item) | ast.GeneratorExp(elt=item):
                return self._safe(item)
        return False

    def _refuse(self, node: ast.AST, what: str) -> None:
        self.found.append((getattr(node, "lineno", 0), what))


def _name(node: ast.expr) -> str:
    if isinstance(node, ast.Subscript):
        return _name(node.value)
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""


def _is_maker(function: ast.expr) -> bool:
    """Content(…), Text(…), data_text(…), Content.styled(…) and the like; never from_markup."""
    if isinstance(function, ast.Attribute):
        return function.attr not in ("from_markup", "from_text") and _name(function.value) in MAKERS
    return _name(function) in MAKERS


def _is_made(annotation: ast.expr) -> bool:
    words = {part.strip() for part in ast.unparse(annotation).replace('"', "").split("|")}
    return words <= {"Content", "Text", "None"} and words != {"None"}


def refusals(source: str) -> list[str]:
    reader = Reader()
    reader.visit(ast.parse(source))
    return [what for _, what in sorted(reader.found)]


@pytest.mark.parametrize(
    "file", sorted(CONSOLE.rglob("*.py")), ids=lambda file: str(file.relative_to(CONSOLE))
)
def test_no_text_made_at_run_time_is_parsed_as_markup(file: Path) -> None:
    reader = Reader()
    reader.visit(ast.parse(file.read_text(encoding="utf-8")))
    where = [f"{file.relative_to(CONSOLE.parents[1])}:{line}: {what}" for line, what in sorted(reader.found)]
    assert where == [], "wrap it: data_text(…) or Content(…), or markup=False with clean(…)"


@pytest.mark.parametrize(
    "source",
    [
        "Static(f'{ticket.subject}')",
        "Static(subject)",
        "Label(ticket.subject)",
        "Label('a' + name)",
        "Button(label=name)",
        "self.notify(message)",
        "self.notify(f'{n} new')",
        "app.notify(str(error), markup=True)",
        "widget.update(text)",
        "table.add_row('1', subject)",
        "table.add_row(*cells)",
        "OptionList(*names)",
        "Option(name, id='x')",
        "pane.border_title = subject",
        "pane.tooltip = f'{x}'",
        "Content.from_markup(text)",
        "Static(Content.from_markup(text))",
        "Text.from_markup(f'[red]{x}')",
        "class Row(Static):\n def __init__(self, text: str):\n  super().__init__(text)",
        "def f(text: str):\n yield Static(text)",
        "TabPane(title=name)",
        "Static('x' if y else name)",
        "Tree[int](label)",
        "Hit(1, name, call)",
        "from textual.widgets import Tab\nTab(name)",
    ],
)
def test_the_check_refuses(source: str) -> None:
    assert len(refusals(source)) >= 1


@pytest.mark.parametrize(
    "source",
    [
        "Static('plain words')",
        "Static()",
        "Static(data_text(subject))",
        "Static(Content(subject))",
        "Static(Content.styled(subject, 'bold'))",
        "Label(Text(subject))",
        "content = data_text(x)\nStatic(content)",
        "def f(content: Content | None):\n yield Static(content)",
        "self.notify(clean(text), markup=False)",
        "table.add_row(Text('1'), Text(subject))",
        "OptionList(*[data_text(name) for name in names])",
        "self.variables.update(other)",
        "Input(value=text)",
        "pane.border_title = Content(x)",
        "class Row(Static):\n def __init__(self, text: Content):\n  super().__init__(text)",
        "Static('a' if x else 'b')",
        "from .bars import Tab\nTab(name)",
    ],
)
def test_the_check_accepts(source: str) -> None:
    assert refusals(source) == []
