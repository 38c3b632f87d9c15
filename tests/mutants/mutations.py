"""The mutations of a source tree, and a sample of them drawn from a seed."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any

from cosmic_ray.ast import ast_nodes, get_ast
from cosmic_ray.mutating import mutate_code
from cosmic_ray.operators.operator import Operator
from cosmic_ray.plugins import get_operator, operator_names
from parso.python.tree import ExprStmt, Keyword, PythonNode

#: The folders whose files are mutated.
FOLDERS = ("consensus", "runtime", "chain")
#: Operators of cosmic-ray by the beginning of their names: comparisons, signs, constants, conditions.
KINDS = (
    "core/ReplaceComparisonOperator_",
    "core/ReplaceBinaryOperator_Add_Sub",
    "core/ReplaceBinaryOperator_Sub_Add",
    "core/ReplaceBinaryOperator_Mul_FloorDiv",
    "core/ReplaceBinaryOperator_FloorDiv_Mul",
    "core/AddNot",
    "core/NumberReplacer",
    "core/ReplaceTrueWithFalse",
    "core/ReplaceFalseWithTrue",
    "core/ReplaceAndWithOr",
    "core/ReplaceOrWithAnd",
    "core/ZeroIterationForLoop",
)
#: Comparisons of identity replace others only in ways that Python's own rules decide. Equality in place of identity is
#: the same for what the sources compare by it: None, booleans, classes, members of enums, and objects with themselves.
LEFT_OUT = ("_Is", "_IsNot", "_Is_Eq", "_IsNot_NotEq")


class DropStatement(Operator):
    """Replace a call that stands as a statement, or an augmented assignment, by `pass`."""

    def mutation_positions(self, node: Any) -> Iterator[tuple[Any, Any]]:
        if node.parent is None or node.parent.type != "simple_stmt":
            return
        is_call = isinstance(node, PythonNode) and node.type == "atom_expr" and node.children[-1].type == "trailer"
        is_update = isinstance(node, ExprStmt) and getattr(node.children[1], "value", "=") != "="
        if is_call or is_update:
            yield node.start_pos, node.end_pos

    def mutate(self, node: Any, index: int) -> Any:
        return Keyword("pass", node.start_pos, node.get_first_leaf().prefix)

    @classmethod
    def examples(cls) -> tuple[Any, ...]:
        return ()


@dataclass(frozen=True)
class Mutation:
    """One change of one file: `occurrence` counts the places where the operator applies."""

    path: str
    operator: str
    occurrence: int
    line: int

    def apply(self, root: Path) -> str:
        """Return the file's text with the change."""
        made: str | None = mutate_code((root / self.path).read_text(), OPERATORS[self.operator], self.occurrence)
        assert made is not None, f"{self} does not apply"
        return made

    def __str__(self) -> str:
        return f"{self.path}:{self.line} {self.operator.removeprefix('core/')}"


def _operators() -> dict[str, Operator]:
    names = [name for name in operator_names() if name.startswith(KINDS) and not name.endswith(LEFT_OUT)]
    return {**{name: get_operator(name)() for name in sorted(names)}, "DropStatement": DropStatement()}


OPERATORS = _operators()


def mutations_of(root: Path, path: Path) -> Iterator[Mutation]:
    """Yield every mutation of a file, outside of what only type checkers read."""
    tree = get_ast(path.read_text())
    unread = {line for node in ast_nodes(tree) if _is_for_checkers(node) for line in _lines(node)}
    for name, operator in OPERATORS.items():
        occurrence = 0
        for node in ast_nodes(tree):
            for start, _ in operator.mutation_positions(node):
                if start[0] not in unread and not _is_guard(node):
                    yield Mutation(str(path.relative_to(root)), name, occurrence, start[0])
                occurrence += 1


def _is_for_checkers(node: Any) -> bool:
    """Return whether a node is a block under TYPE_CHECKING or an overload's signature."""
    if node.type == "if_stmt":
        return bool(node.children[1].get_code().strip() == "TYPE_CHECKING")
    return bool(node.type == "decorated" and node.children[0].get_code().strip() == "@overload")


def _is_guard(node: Any) -> bool:
    """Return whether a node is the True of `slots=True` or `strict=True`.

    The first changes the size of objects alone; the second is an assertion that two lists are of one length, which
    nothing but a fault of the program violates.
    """
    argument = node.parent.get_code().strip() if node.parent is not None and node.parent.type == "argument" else ""
    return argument in ("slots=True", "strict=True")


def _lines(node: Any) -> range:
    return range(node.start_pos[0], node.end_pos[0] + 1)


def sample(root: Path, under: Sequence[str], size: int, seed: int) -> list[Mutation]:
    """Return `size` mutations of the files under some paths.

    They are drawn by line, so that each line with code is as likely as any other.
    """
    by_line: dict[tuple[str, int], list[Mutation]] = {}
    for name in under:
        for path in sorted((root / name).rglob("*.py") if (root / name).is_dir() else [root / name]):
            for mutation in mutations_of(root, path):
                by_line.setdefault((mutation.path, mutation.line), []).append(mutation)
    generator = random.Random(seed)
    lines = sorted(by_line)
    generator.shuffle(lines)
    drawn = (next(filter(partial(_is_python, root), _shuffled(by_line[line], generator)), None) for line in lines)
    return list(islice((mutation for mutation in drawn if mutation is not None), size))


def _shuffled(mutations: list[Mutation], generator: random.Random) -> list[Mutation]:
    return generator.sample(mutations, len(mutations))


def _is_python(root: Path, mutation: Mutation) -> bool:
    """Return whether a mutation leaves a module that compiles: the star of `*items` is no product, for one."""
    try:
        compile(mutation.apply(root), mutation.path, "exec")
    except SyntaxError:
        return False
    return True
