"""What of the rules nobody would miss: takes each line and each pattern out in turn and asks the examples.

    PYTHONPATH=.:tests:tests/analysers python benchmarks/mutants.py [FILE ...] [--deep] [--jobs 2] [--json FILE]
    PYTHONPATH=.:tests:tests/analysers python benchmarks/mutants.py --all [--kept build/mutants]

FILE names files of `auditor/analysers` (all of them unless said otherwise). `--all` does one file after the other and
keeps what was said of each, so that it can be stopped and begun again: a file is judged anew only when something has
changed that could change the answer. It writes `unnoticed.md` beside them.

Taken out, one at a time: every statement; every line that can go without the rest ceasing to be Python; every pattern;
every entry of a list of patterns that stands in the code; every alternative of a pattern at its outermost level, and
with `--deep` at every level. Afterwards the examples of all rules that could be touched are judged again, in a process
of its own.

Noticed: an example is no longer judged as it says. Said otherwise: every example is judged as it says, with another
reason, severity or place. Unnoticed: nothing differs.

Not counted, because nothing could be seen of it: docstrings, comments, annotations, imports (without one, nothing
stands, or only an annotation used it); a rule's own description (`Rule(…)`, `rules = …`); a last `return None`; a
function that no rule asks, only the pipeline, and what only it reads; what only saves time (decorators that remember,
an `if` that asks beforehand whether a pattern can match or occurs at all, the few questions of `SHORTCUTS`): what
stands under such an `if` counts, unless it only leaves. Told apart and not counted either: what does not even import,
for nobody could ship it, and what only gets slower (`ONLY_TIME`). Word lists are left as they are, in `terms/` or in
the code.
"""

from __future__ import annotations

import argparse
import ast
import hashlib
import importlib
import importlib.abc
import importlib.machinery
import json
import multiprocessing
import os
import pickle
import re
import signal
import sys
import time
import warnings
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

import test_examples
import test_meant

import auditor.analysers
from auditor.analysers.base import Case, Example
from auditor.findings import Finding

SHOWN = [
    *test_examples.SHOWN,
    *((rule, Example(one.because, one.body, one.flagged)) for rule, one in test_meant.SAID),
]
"""What is asked: the examples of the rules, and the sentences that the tests hold as data."""
TOLD = (Path(test_examples.__file__), Path(test_meant.__file__), Path(test_meant.__file__).with_name("meant.toml"))
PACKAGE = "auditor.analysers"
HOME = Path(auditor.analysers.__file__).parent
NOT_RULES = {"__init__", "base", "measured", "vocabulary"}
PATTERNS = {"pattern", "compiled", "compile"}
REMEMBERING = {"cache", "lru_cache", "cached_property", "dataclass"}
GATES = {"possible", "occurs"}
SHORTCUTS = {
    "any(bare == template.text for template in templates)": "the agreed wording, letter for letter, needs no comparing",
    "any(one.text in text for one in closing.waivers)": "likewise",
    "not closing.resembled(form)": "a letter without two telling words of the waiver has none run into it",
    "(hit.kind, sentence.start) in charged": "no sentence is charged with one sort twice",
    "not wants": "a pattern that asks for no words may match any",
    "not mask & one": "a pattern none of whose words occur matches nothing",
}
"""Further questions that only save time, and why; each stands in the rules as it does here."""
ONLY_TIME = {"demands", "gates"}
"""Files all of whose judging is whether to look: what they let through in vain costs time and is told apart, and what
they wrongly hold back the examples notice."""
KEPT = Path("build/mutants")
NEVER = r"[^\s\S]"
_WORDS = re.compile(r"[\w .,:'@&/-]*")
ALLOWED = 10
"""Seconds after which a change that runs for ever is stopped."""
NOTICED, OTHERWISE, UNNOTICED = "noticed", "said otherwise", "unnoticed"
SLOWER, BROKEN = "only slower", "does not import"


@dataclass(frozen=True, slots=True)
class Mutant:
    """One removal."""

    module: str
    line: int
    what: str
    source: str


# --- the removals


def mutants(module: str, deep: bool) -> list[Mutant]:
    """All removals of a module that leave something else behind, each once."""
    source = (HOME / f"{module}.py").read_text("utf-8")
    tree = ast.parse(source)
    seen = {_shape(ast.parse(source)), *(_shape(one) for one in _ungated(tree))}
    made = []
    for line, what, changed in _changes(source, tree, deep):
        rest = ast.unparse(ast.fix_missing_locations(changed))
        shape = _shape(changed)
        if shape not in seen:
            seen.add(shape)
            made.append(Mutant(module, line, what, rest))
    return sorted(made, key=lambda one: (one.line, one.what))


def _changes(source: str, tree: ast.Module, deep: bool) -> Iterator[tuple[int, str, ast.Module]]:
    lines = source.splitlines()
    left_alone = _described(tree)

    def said(node: ast.AST) -> str:
        return " ".join((ast.get_source_segment(source, node) or "").split())[:100]

    for place, node in _nodes(tree, left_alone):
        for field in ("body", "orelse", "finalbody"):
            for n, statement in enumerate(
                getattr(node, field, None) or () if not isinstance(node, ast.Lambda | ast.IfExp) else ()
            ):
                if statement not in left_alone and not _only_annotates(statement):
                    yield statement.lineno, f"statement: {said(statement)}", _without(tree, place, field, n)
        if isinstance(node, ast.Call) and _called(node) in PATTERNS and node.args and _text(node.args[0]) is not None:
            yield node.lineno, f"pattern: {said(node.args[0])}", _with(tree, place, "args", 0, ast.Constant(NEVER))
        if isinstance(node, ast.Tuple | ast.List | ast.Set) and len(node.elts) > 1 and _patterns(node.elts):
            for n, entry in enumerate(node.elts):
                yield entry.lineno, f"entry: {said(entry)}", _without(tree, place, "elts", n)
        if isinstance(node, ast.Dict) and len(node.keys) > 1 and _patterns(node.values):
            for n, value in enumerate(node.values):
                changed = _without(tree, place, "values", n)
                del _at(changed, place).keys[n]
                yield value.lineno, f"entry: {said(value)}", changed
        if (text := _text(node)) is not None and "|" in text and isinstance(node, ast.Constant):
            for gone, rest in _fewer(text, deep):
                changed = _copied(tree)
                _at(changed, place).value = rest
                yield node.lineno, f"alternative: {gone[:80]}", changed
    aside = [*left_alone, *(node for node in ast.walk(tree) if _word_list(node))]
    quiet = {n for node in aside for n in range(node.lineno, (node.end_lineno or node.lineno) + 1)}  # type: ignore[attr-defined]
    for n, line in enumerate(lines, 1):
        if line.strip() and n not in quiet and not line.strip().startswith(("#", "@")):
            try:
                changed = ast.parse("\n".join([*lines[: n - 1], "", *lines[n:]]))
            except (SyntaxError, ValueError):
                continue
            yield n, f"line: {line.strip()[:100]}", changed


def _described(tree: ast.Module) -> set[ast.stmt]:
    """Statements that only describe: docstrings, a rule's own words; imports; and what no rule asks."""
    quiet: set[ast.stmt] = {one for one in tree.body if isinstance(one, ast.FunctionDef) and not _asked()[one.name]}
    theirs = _names(quiet) - _names(set(tree.body) - quiet)
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            quiet.add(node)
        if isinstance(node, ast.Import | ast.ImportFrom):
            quiet.add(node)
        if isinstance(node, ast.Assign | ast.AnnAssign):
            names = {ast.unparse(one) for one in (node.targets if isinstance(node, ast.Assign) else [node.target])}
            value = node.value
            said = names & {"rules", "__slots__", "__all__"} or (
                isinstance(value, ast.Call) and _called(value) == "Rule"
            )
            if said or names <= theirs:
                quiet.add(node)
    return quiet


def _names(statements: Iterable[ast.stmt]) -> set[str]:
    """The names that statements read."""
    nodes = (node for one in statements for node in ast.walk(one))
    return {node.id for node in nodes if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)}


@cache
def _asked() -> Counter[str]:
    """Every name that the rules' files use."""
    trees = [ast.parse(path.read_text("utf-8")) for path in sorted(HOME.glob("*.py"))]
    nodes = [node for tree in trees for node in ast.walk(tree)]
    return Counter(getattr(node, "id", getattr(node, "attr", "")) for node in nodes)


def _only_annotates(statement: ast.stmt) -> bool:
    return isinstance(statement, ast.AnnAssign) and statement.value is None


def _ungated(tree: ast.Module) -> Iterator[ast.Module]:
    """The module without each question in turn that only saves time: it never leaves early, or always does the rest."""
    for place, node in _nodes(tree, set()):
        if isinstance(node, ast.If) and not node.orelse and _saves_time(node.test):
            field, n = place[-1]
            assert n is not None
            leaves = isinstance(node.body[0], ast.Return | ast.Continue)
            changed = _copied(tree)
            getattr(_at(changed, place[:-1]), field)[n : n + 1] = [ast.Pass()] if leaves else node.body
            yield changed
            if leaves:
                yield _without(tree, place, "body", 0)


def _saves_time(test: ast.expr) -> bool:
    """Whether a question is only whether it is worth looking."""
    if any(ast.dump(test) == ast.dump(ast.parse(one, mode="eval").body) for one in SHORTCUTS):
        return True
    if isinstance(test, ast.UnaryOp):
        return _saves_time(test.operand)
    if isinstance(test, ast.BoolOp):
        return all(map(_saves_time, test.values))
    if isinstance(test, ast.Call) and _called(test) in ("any", "all") and isinstance(test.args[0], ast.GeneratorExp):
        return _saves_time(test.args[0].elt)
    return isinstance(test, ast.Call) and _called(test) in GATES


def _word_list(node: ast.AST) -> bool:
    entries = node.elts if isinstance(node, ast.Tuple | ast.List | ast.Set) else []
    return len(entries) > 1 and all(_WORDS.fullmatch(_text(entry) or "|") for entry in entries)


def _patterns(nodes: Sequence[ast.expr]) -> bool:
    """Whether these are patterns or texts, and no list of words."""
    texts = [_text(node) for node in nodes if not (isinstance(node, ast.Call) and _called(node) in PATTERNS)]
    bare = [one is not None and _WORDS.fullmatch(one) for one in texts]
    return None not in texts and not (texts and all(bare))


def _text(node: ast.AST) -> str | None:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None


def _called(node: ast.Call) -> str:
    return ast.unparse(node.func).rpartition(".")[2]


Place = tuple[tuple[str, int | None], ...]


def _nodes(node: ast.AST, left_alone: set[ast.stmt], place: Place = ()) -> Iterator[tuple[Place, ast.AST]]:
    """Every node with the way to it, but for what only describes."""
    if node in left_alone:
        return
    yield place, node
    for field, value in ast.iter_fields(node):
        if isinstance(value, list):
            for n, child in enumerate(value):
                if isinstance(child, ast.AST):
                    yield from _nodes(child, left_alone, (*place, (field, n)))
        elif isinstance(value, ast.AST):
            yield from _nodes(value, left_alone, (*place, (field, None)))


def _at(tree: ast.AST, place: Place) -> Any:
    for field, n in place:
        tree = getattr(tree, field) if n is None else getattr(tree, field)[n]
    return tree


def _copied(tree: ast.Module) -> ast.Module:
    again: ast.Module = pickle.loads(pickle.dumps(tree))  # copy.deepcopy takes several times as long
    return again


def _without(tree: ast.Module, place: Place, field: str, n: int) -> ast.Module:
    changed = _copied(tree)
    entries = getattr(_at(changed, place), field)
    del entries[n]
    if not entries and field == "body":
        entries.append(ast.Pass())
    return changed


def _with(tree: ast.Module, place: Place, field: str, n: int, node: ast.AST) -> ast.Module:
    changed = _copied(tree)
    getattr(_at(changed, place), field)[n] = node
    return changed


def _fewer(text: str, deep: bool) -> Iterator[tuple[str, str]]:
    """A pattern without each of its alternatives in turn: what is gone, and what is left."""
    for start, end, bars in _groups(text):
        if bars and (deep or _outermost(text, start, end)):
            edges = [start, *bars, end]
            for n in range(len(edges) - 1):
                first, last = edges[n] + (n > 0), edges[n + 1]
                rest = text[: first - 1] + text[last:] if n else text[:first] + text[last + 1 :]
                yield text[first:last], rest


def _outermost(text: str, start: int, end: int) -> bool:
    return (start, end) == (0, len(text)) or (text[:start] in ("(?:", "(") and text[end:] == ")")


def _groups(text: str) -> list[tuple[int, int, list[int]]]:
    """Where each group's inside begins and ends, the whole text first, and where its own bars stand."""
    open_: list[tuple[int, list[int]]] = [(0, [])]
    done: list[tuple[int, int, list[int]]] = []
    at, in_class = 0, False
    while at < len(text):
        char = text[at]
        if char == "\\":
            at += 1
        elif in_class:
            in_class = char != "]"
        elif char == "[":
            in_class = True
            at += text[at + 1 : at + 2] in ("]", "^")
        elif char == "(":
            head = re.match(r"\((?:\?(?:[aimsux]*:|P?<\w+>))?", text[at:])
            at += len(head[0]) - 1 if head else 0
            open_.append((at + 1, []))
        elif char == ")" and len(open_) > 1:
            start, bars = open_.pop()
            done.append((start, at, bars))
        elif char == "|":
            open_[-1][1].append(at)
        at += 1
    return [(0, len(text), open_[0][1]), *done]


def _without_last_return(body: list[ast.stmt]) -> None:
    """A function that ends returns None, whether it says so or not."""
    last = body[-1] if body else None
    if isinstance(last, ast.Return) and (last.value is None or ast.unparse(last.value) == "None"):
        body[-1] = ast.Pass()
    if isinstance(last, ast.If):
        _without_last_return(last.body)
        _without_last_return(last.orelse)


class _Plain(ast.NodeTransformer):
    """Takes away what makes no difference, so that two removals of the same are one."""

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        self.generic_visit(node)
        node.decorator_list = [d for d in node.decorator_list if not any(name in ast.dump(d) for name in REMEMBERING)]
        node.returns = None
        _without_last_return(node.body)
        node.body = [one for one in node.body if not isinstance(one, ast.Pass)] or [ast.Pass()]
        return node

    def visit_arg(self, node: ast.arg) -> ast.AST:
        node.annotation = None
        return node

    def visit_AnnAssign(self, node: ast.AnnAssign) -> ast.AST:
        self.generic_visit(node)
        if node.value is None:
            return ast.Pass()
        node.annotation = ast.Constant(None)
        return node

    def generic_visit(self, node: ast.AST) -> ast.AST:
        super().generic_visit(node)
        for field in ("body", "orelse", "finalbody"):
            kept = getattr(node, field, None)
            if isinstance(kept, list) and len(kept) > 1:
                setattr(node, field, [one for one in kept if not isinstance(one, ast.Pass)] or [ast.Pass()])
        return node

    def visit_Expr(self, node: ast.Expr) -> ast.AST | None:
        return ast.Pass() if isinstance(node.value, ast.Constant) else self.generic_visit(node)


def _shape(tree: ast.Module) -> str:
    """What is left of a tree that makes a difference; the tree itself is spent."""
    return ast.dump(_Plain().visit(tree))


# --- what the examples say


def _cases() -> list[Case]:
    """The case of each example, as the tests make it."""
    cases: list[Case] = []
    kept = test_examples.findings

    def keep(case: Case) -> list[Finding]:
        cases.append(case)
        return []

    test_examples.findings = keep  # type: ignore[assignment]
    try:
        for _, example in SHOWN:
            test_examples._found(example)
    finally:
        test_examples.findings = kept
    assert len(cases) == len(SHOWN)
    return cases


def _right(rule: str, example: Any, found: Sequence[Finding]) -> bool:
    """Whether an example is judged as it says; the tests ask the same."""
    asks = getattr(test_examples, "as_it_says", None)
    return bool(asks(rule, example, found)) if asks else (rule in {one.rule for one in found}) is example.flagged


class _Served(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Gives a module another text."""

    def __init__(self, name: str, source: str) -> None:
        self._name, self._source = name, source

    def find_spec(self, name: str, _path: object = None, _of: object = None) -> importlib.machinery.ModuleSpec | None:
        if name != self._name:
            return None
        file = str(HOME / f"{name.rpartition('.')[2]}.py")
        spec = importlib.machinery.ModuleSpec(name, self, origin=file)
        spec.has_location = True
        return spec

    def create_module(self, _spec: importlib.machinery.ModuleSpec) -> None:
        return None

    def exec_module(self, module: ModuleType) -> None:
        exec(compile(self._source, str(module.__file__), "exec"), module.__dict__)


def _imports() -> dict[str, set[str]]:
    """Which files of the package each file imports, itself included, near and far."""
    near = {path.stem: _imported(path) for path in HOME.glob("*.py") if path.stem != "__init__"}
    far = {name: {name} for name in near}
    for _ in near:
        far = {name: far[name].union(*(far.get(one, set()) for one in near[name])) for name in near}
    return far


def _imported(path: Path) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module == PACKAGE:
            names.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and (node.module or "").startswith(f"{PACKAGE}."):
            names.add(str(node.module).removeprefix(f"{PACKAGE}."))
    return names


CASES: list[Case] = []
SAID: list[list[tuple[str, str]]] = []
IMPORTS: dict[str, set[str]] = {}
WRONG: set[int] = set()
"""Examples that are not judged as they say with nothing taken out: they notice nothing."""


def _say(analysers: Iterable[Any], case: Case) -> list[Finding]:
    return [found for analyser in analysers for found in analyser.check(case)]


def _words(found: Finding) -> str:
    return repr((found.rule, str(found.severity), found.part, found.start, found.end, found.reason))


def judge(mutant: Mutant) -> str:
    """What the examples say of a removal. Runs in a process of its own."""
    signal.signal(signal.SIGALRM, lambda *_: os._exit(0))
    touched = {name for name, far in IMPORTS.items() if mutant.module in far}
    for name in [*(f"{PACKAGE}.{one}" for one in touched), PACKAGE]:
        sys.modules.pop(name, None)
    sys.meta_path.insert(0, _Served(f"{PACKAGE}.{mutant.module}", mutant.source))
    try:
        fresh = importlib.import_module(PACKAGE)
    except Exception:  # noqa: BLE001 whatever a module without one of its lines raises
        return BROKEN
    analysers = [a for a in fresh.ANALYSERS if type(a).__module__.rpartition(".")[2] in touched]
    rules = {rule.name for analyser in analysers for rule in analyser.rules}
    otherwise = False
    for n, (rule, example) in enumerate(SHOWN):
        if rule not in rules or n in WRONG:
            continue
        found = _say(analysers, CASES[n])
        if not _right(rule, example, found):
            return NOTICED
        otherwise = otherwise or [_words(one) for one in found] != [w for r, w in SAID[n] if r in rules]
    if otherwise:
        return OTHERWISE
    return SLOWER if mutant.module in ONLY_TIME else UNNOTICED


def _in_time(mutant: Mutant) -> str:
    """The same, stopped after a while: what runs for ever is noticed."""
    receiving, sending = os.pipe()
    child = os.fork()
    if child == 0:
        signal.alarm(ALLOWED)
        try:
            os.write(sending, judge(mutant).encode())
        finally:
            os._exit(0)  # what raises says nothing, and that is noticed
    os.close(sending)
    with os.fdopen(receiving) as answer:
        said = answer.read()
    os.waitpid(child, 0)
    return said or NOTICED


Row = tuple[str, int, str, str]
"""A removal: its file, its line, what is gone, and what the examples said."""


def main() -> None:
    """Reads the command line, judges every removal and prints those that no example notices."""
    warnings.simplefilter("ignore", SyntaxWarning)  # what is left of a module may look odd
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("files", nargs="*", metavar="FILE", help="files of auditor/analysers, with or without .py")
    asked.add_argument("--deep", action="store_true", help="alternatives at every level of a pattern")
    asked.add_argument("--jobs", type=int, default=2)
    asked.add_argument("--json", type=Path)
    asked.add_argument("--all", action="store_true", help="file by file, keeping what was said")
    asked.add_argument("--kept", type=Path, default=KEPT, help="where `--all` keeps it")
    given = asked.parse_args()
    _listen()
    names = _reached([Path(file).stem for file in given.files])
    begun = time.perf_counter()
    if given.all:
        rows = _in_turn(names, given.deep, given.jobs, given.kept)
        (given.kept / "unnoticed.md").write_text("\n".join(_report(rows)) + "\n", "utf-8")
    else:
        rows = _judged(names, given.deep, given.jobs)
    print("\n".join([*_missed(rows), "", *_table(rows)]))
    print(f"{len(CASES)} examples, {time.perf_counter() - begun:.0f} s")
    if given.json:
        given.json.write_text(json.dumps(rows, indent=0) + "\n", "utf-8")


def _listen() -> None:
    """What the examples say with nothing taken out."""
    CASES.extend(_cases())
    for n, ((rule, example), case) in enumerate(zip(SHOWN, CASES, strict=True)):
        found = _say(auditor.analysers.ANALYSERS, case)
        SAID.append([(one.rule, _words(one)) for one in found])
        if not _right(rule, example, found):
            WRONG.add(n)
            print(f"left out, for it is not judged as it says: {rule}: {example.because}")
    IMPORTS.update(_imports())


def _reached(asked: list[str]) -> list[str]:
    """The files asked for, or all, that an analyser imports."""
    judging = {type(one).__module__.rpartition(".")[2] for one in auditor.analysers.ANALYSERS}
    reached = set().union(*(IMPORTS[name] for name in judging))
    names = asked or sorted(path.stem for path in HOME.glob("*.py") if path.stem not in NOT_RULES)
    for name in names:
        if name not in reached:
            print(f"left out, for no analyser imports it: {name}.py")
    return [name for name in names if name in reached]


def _judged(names: Sequence[str], deep: bool, jobs: int) -> list[Row]:
    with multiprocessing.get_context("fork").Pool(jobs) as pool:
        every = [one for made in pool.starmap(mutants, [(name, deep) for name in names], 1) for one in made]
        verdicts = pool.map(_in_time, every, chunksize=8)
    return [(m.module, m.line, m.what, verdict) for m, verdict in zip(every, verdicts, strict=True)]


def _in_turn(names: Sequence[str], deep: bool, jobs: int, kept: Path) -> list[Row]:
    """File by file; what was said of one that nothing has touched since is read again."""
    kept.mkdir(parents=True, exist_ok=True)
    rows: list[Row] = []
    for name in names:
        file, state = kept / f"{name}.json", _state(name, deep)
        before = json.loads(file.read_text("utf-8")) if file.is_file() else {}
        if before.get("state") != state:
            begun = time.perf_counter()
            before = {"state": state, "rows": _judged([name], deep, jobs)}
            file.write_text(json.dumps(before, indent=0) + "\n", "utf-8")
            print(f"{_table(before['rows'])[1]}  ({time.perf_counter() - begun:.0f} s)", flush=True)
        rows += [(module, line, what, verdict) for module, line, what, verdict in before["rows"]]
    return rows


def _state(module: str, deep: bool) -> str:
    """A mark that changes with anything that the answer on a file hangs on: code, words and examples."""
    touched = {name for name, far in IMPORTS.items() if module in far}
    code = [HOME / f"{name}.py" for name in set().union(*(IMPORTS[name] for name in touched))]
    said = "\n".join(path.read_text("utf-8") for path in sorted(code))
    words = [path for path in (HOME / "terms").glob("*.toml") if f'"{path.stem}"' in said]
    judging = [one for one in auditor.analysers.ANALYSERS if type(one).__module__.rpartition(".")[2] in touched]
    rules = ["council", *(rule.name for one in judging for rule in one.rules)]
    shown = [HOME / "examples" / f"{rule}.toml" for rule in rules]
    around = [HOME / "base.py", HOME.parent / "policy.py", *HOME.parent.glob("mail/*.py")]
    mark = hashlib.sha256(repr(deep).encode())
    for path in sorted({*code, *words, *shown, *around, Path(__file__), *TOLD}):
        mark.update(path.read_bytes())
    return mark.hexdigest()


def _missed(rows: Sequence[Row]) -> list[str]:
    return [
        f"{said}: {module}.py:{line}: {what}" for module, line, what, said in rows if said in (UNNOTICED, OTHERWISE)
    ]


def _table(rows: Sequence[Row]) -> list[str]:
    """The counts file by file, and of all."""
    by_file: dict[str, Counter[str]] = {}
    for module, _, _, verdict in rows:
        by_file.setdefault(module, Counter())[verdict] += 1
    table = [
        f"{'file':20} {'removals':>8} {NOTICED:>8} {OTHERWISE:>15} {UNNOTICED:>10} {'share':>6}  {SLOWER}, {BROKEN}"
    ]
    for name, counts in [*by_file.items(), ("all", sum(by_file.values(), Counter()))]:
        n = counts.total() - counts[BROKEN] - counts[SLOWER]
        missed = counts[UNNOTICED] + counts[OTHERWISE]
        table.append(
            f"{name:20} {n:8} {counts[NOTICED]:8} {counts[OTHERWISE]:15} {counts[UNNOTICED]:10} {missed / max(n, 1):6.1%}"
            f"  {counts[SLOWER]}, {counts[BROKEN]}"
        )
    return table


def _report(rows: Sequence[Row]) -> list[str]:
    missed = [f"- {one}" for one in _missed(rows)]
    return ["# What no example would miss", "", "```", *_table(rows), "```", "", *missed]


if __name__ == "__main__":
    main()
