"""Texts built against the rules: of the words they look for, of what their patterns nearly match, without end."""

from __future__ import annotations

import random
import re
import tomllib
from collections.abc import Iterable, Iterator
from pathlib import Path

import auditor.analysers

TERMS = Path(auditor.analysers.__file__).parent / "terms"
SIZE = 10_000
SEED = 7
RUNS = {
    "digits": "0123456789",
    "digits apart": "1 2 3 4 5 6 7 8 9 0 ",
    "spaces": "a          ",
    "quotation marks": "'a\" ",
    "brackets": "([{<)]}>",
    "dots": "a. ",
    "dashes and stars": "a-*_",
    "letters apart": "f u c k ",
    "capitals": "PLEASE AGREE!!! ",
    "lines": "x\n",
    "addresses": "a@b.cc, ",
    "one word": "a",
}


def few(size: int = SIZE) -> Iterator[tuple[str, str]]:
    """The runs, and each file's words in an order of chance: few enough for every test run."""
    for name, run in RUNS.items():
        yield name, _filled(run, size)
    for path in sorted(TERMS.glob("*.toml")):
        words = sorted({word for _, row in _tables(path) for word in row})
        random.Random(SEED).shuffle(words)
        if words:
            yield path.stem, _filled(f"{' '.join(words)} ", size)


def _tables(path: Path) -> Iterator[tuple[str, list[str]]]:
    for table, row in tomllib.loads(path.read_text("utf-8")).items():
        if isinstance(row, dict) and row.get("terms"):
            yield table, [str(word) for word in row["terms"]]


def texts(patterns: Iterable[str], size: int = SIZE) -> Iterator[tuple[str, str]]:
    """(what it is, a text of that size), the same for the same patterns."""
    for name, run in RUNS.items():
        yield name, _filled(run, size)
    for path in sorted(TERMS.glob("*.toml")):
        for table, words in _tables(path):
            yield f"{path.stem}.{table}, one after another", _filled(" ".join(words) + " ", size)
            yield f"{path.stem}.{table}, the first again and again", _filled(f"{words[0]} ", size)
    for n, source in enumerate(patterns):
        sample = written(source, random.Random(SEED + n))
        if sample:
            yield f"pattern {n}, whole: {source[:50]}", _filled(f"{sample} ", size)
            yield (
                f"pattern {n}, all but its end: {source[:50]}",
                _filled(f"{sample[: max(1, len(sample) * 2 // 3)]} ", size),
            )


def _filled(run: str, size: int) -> str:
    return (run * (size // len(run) + 1))[:size]


def written(source: str, chance: random.Random) -> str:
    """A text that a pattern would match, more or less."""
    try:
        tree = re._parser.parse(source)  # type: ignore[attr-defined]
    except re.error:
        return ""
    return "".join(_pieces(tree, chance))[:400]


def _pieces(tree: Iterable[tuple[object, object]], chance: random.Random) -> Iterator[str]:
    for op, given in tree:
        match str(op), given:
            case "LITERAL", int(code):
                yield chr(code)
            case "ANY", _:
                yield "x"
            case "IN", list(choices):
                yield _one_of(choices)
            case "BRANCH", (_, branches):
                yield from _pieces(chance.choice(branches), chance)  # type: ignore[arg-type]
            case "SUBPATTERN", (_, _, _, inner):
                yield from _pieces(inner, chance)
            case (("MAX_REPEAT" | "MIN_REPEAT" | "POSSESSIVE_REPEAT"), (int(least), most, inner)):
                for _ in range(min(max(least, 2), int(most))):
                    yield from _pieces(inner, chance)


def _one_of(choices: list[tuple[object, object]]) -> str:
    op, given = choices[0]
    match str(op), given:
        case "LITERAL", int(code):
            return chr(code)
        case "RANGE", (int(low), _):
            return chr(low)
        case "CATEGORY", kind:
            return {"CATEGORY_DIGIT": "7", "CATEGORY_SPACE": " ", "CATEGORY_WORD": "w"}.get(str(kind), "-")
    return "z"
