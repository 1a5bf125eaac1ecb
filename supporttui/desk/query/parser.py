"""Text → tree.  Never raises anything but QueryError, whatever the text.

    query  = or
    or     = and { "or" and }
    and    = unary { ["and"] unary }
    unary  = ("-" | "not") unary | "(" or ")" | term | flag | word | "phrase" | #number

`sort:key` may stand anywhere outside parentheses and negations, once.
"""

from __future__ import annotations

from supporttui.desk.query.lexer import Token, fault, shown, tokens
from supporttui.desk.query.tree import And, FlagTerm, Negation, Node, Or, Query, Term, Text, Value
from supporttui.desk.query.words import FLAGS, SORT_ALIASES, SORT_KEYS, field_named, nearest
from supporttui.store.criteria import Sort, SortKey

MAX_LENGTH = 4000
MAX_DEPTH = 50
MAX_CONDITIONS = 200  # keeps the statement far below the engine's limit on nested expressions


def parse(text: str) -> Query:
    """Read a query; an empty one asks for everything.  QueryError knows the column (1-based)."""
    if len(text) > MAX_LENGTH:
        raise fault(MAX_LENGTH + 1, f"a query may have {MAX_LENGTH:,} characters; this one has {len(text):,}")
    return _Parser(text).query(text)


class _Parser:
    """Recursive descent over the tokens; `_depth` bounds the recursion."""

    def __init__(self, text: str) -> None:
        self._tokens = list(tokens(text))
        self._at = 0
        self._depth = 0
        self._conditions = 0
        self._sort: Sort | None = None

    def query(self, text: str) -> Query:
        self._skip_sort()
        tree: Node = And() if self._here().kind == "end" else self._or()
        if self._here().kind != "end":
            raise fault(self._here().column, "this ')' closes nothing")
        return Query(tree, self._sort, text)

    # -- grammar

    def _or(self) -> Node:
        parts = [self._and("or")]
        while self._is_word("or"):
            self._at += 1
            parts.append(self._and("or"))
        return parts[0] if len(parts) == 1 else Or(tuple(parts))

    def _and(self, beside: str) -> Node:
        self._skip_sort()
        if self._ends_here() or self._is_word("and"):
            raise self._nothing(beside)
        parts = [self._unary()]
        self._skip_sort()
        while not self._ends_here():
            if self._is_word("and"):
                self._at += 1
                self._skip_sort()
                if self._ends_here() or self._is_word("and"):
                    raise self._nothing("and")
            parts.append(self._unary())
            self._skip_sort()
        return parts[0] if len(parts) == 1 else And(tuple(parts))

    def _unary(self) -> Node:
        token = self._here()
        if token.kind != "-" and not self._is_word("not"):
            return self._primary()
        self._at += 1
        self._enter(token)
        if self._is_word("or") or self._is_word("and") or self._here().kind in (")", "end"):
            raise self._nothing(token.text)
        part = self._unary()
        self._depth -= 1
        return Negation(part, token.column)

    def _primary(self) -> Node:
        token = self._here()
        if token.kind == "(":
            return self._group(token)
        self._at += 1
        self._count(token, max(1, len(token.values)))
        match token.kind:
            case "term":
                return self._term(token)
            case "phrase":
                if not token.text.strip():
                    raise fault(token.column, "nothing between the quotation marks")
                return Text(token.text, phrase=True, column=token.column)
            case "number":
                return Term("number", (Value("", token.text, column=token.column),), token.column)
            case _:
                if token.text.lower() in FLAGS:
                    return FlagTerm(token.text.lower(), token.column)
                return Text(token.text, column=token.column)

    def _group(self, opening: Token) -> Node:
        self._at += 1
        self._enter(opening)
        if self._here().kind == ")":
            raise fault(opening.column, "nothing between the parentheses")
        if self._here().kind == "end":
            raise fault(opening.column, "this '(' is never closed")
        inner = self._or()
        if self._here().kind != ")":
            raise fault(opening.column, "this '(' is never closed")
        self._at += 1
        self._depth -= 1
        return inner

    def _term(self, token: Token) -> Node:
        name = token.text.lower()
        if name == "is":
            return _flag(token)
        if name == "sort":
            raise fault(token.column, "the order stands outside parentheses and is not negated (sort:-due)")
        field = field_named(name)
        if field is None:
            raise fault(token.column, f"no field {shown(name)}")
        return Term(field.name, token.values, token.column)

    # -- small steps

    def _here(self) -> Token:
        return self._tokens[self._at]

    def _is_word(self, word: str) -> bool:
        return self._here().kind == "word" and self._here().text.lower() == word

    def _ends_here(self) -> bool:
        return self._here().kind in (")", "end") or self._is_word("or")

    def _nothing(self, word: str) -> Exception:
        return fault(self._here().column, f"a condition is missing here, beside {shown(word)}")

    def _enter(self, token: Token) -> None:
        self._depth += 1
        if self._depth > MAX_DEPTH:
            raise fault(token.column, f"nested more than {MAX_DEPTH} deep")

    def _count(self, token: Token, conditions: int) -> None:
        self._conditions += conditions
        if self._conditions > MAX_CONDITIONS:
            raise fault(token.column, f"more than {MAX_CONDITIONS} conditions")

    def _skip_sort(self) -> None:
        """Take `sort:` terms out of the way, where they may stand."""
        while self._depth == 0 and self._here().kind == "term" and self._here().text.lower() == "sort":
            if self._sort is not None:
                raise fault(self._here().column, "the order is given twice")
            self._sort = _order(self._here())
            self._at += 1


def _flag(token: Token) -> FlagTerm:
    name = _only_value(token).text.lower()
    if name not in FLAGS:
        raise fault(token.values[0].column, f"no flag {shown(name)}", nearest(name, tuple(FLAGS)))
    return FlagTerm(name, token.column)


def _order(token: Token) -> Sort:
    value = _only_value(token)
    word = value.text.lower()
    key: SortKey | None = _sort_key(word.removeprefix("-"))
    if key is None:
        choices = (*SORT_KEYS, *SORT_ALIASES)
        raise fault(
            value.column, f"no order {shown(word)}; there are {', '.join(SORT_KEYS)}", nearest(word, choices)
        )
    return Sort(key, descending=word.startswith("-"))


def _sort_key(word: str) -> SortKey | None:
    for key in SORT_KEYS:
        if word == key:
            return key
    return SORT_ALIASES.get(word)


def _only_value(token: Token) -> Value:
    value = token.values[0]
    if len(token.values) > 1 or value.relation:
        raise fault(value.column, f"{shown(token.text)} takes one plain word")
    return value
