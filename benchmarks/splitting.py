"""Whose words each line is: the splitter beside the libraries people use, on hand-marked mail, accuracy and speed.

    python benchmarks/splitting.py DATA [--rounds N]

DATA holds `zones_quagga/dev/emails.jsonl.gz` and `quoted_reply/dev/gold.jsonl`.

zones_quagga: own text is the text before the first Header zone; lines, white space collapsed, blank ones dropped.
Mean of each mail's line F1, micro F1 over all lines, and mails that are exact; also over five folds by sender, fold 4
of which was not looked at while the rules were written. Golds that leave a mail answered below its quotation without
own words contradict our definition (an answer below is own); they count, and are shown apart.

quoted_reply: exact own text; golds that contradict our definition, that mark no own text, or are HTML are left out.
One of its sources drops signatures, which the splitter leaves to `mail.closing`: there every program's text counts
with or without its lines from the first that opens a signature.
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import json
import re
import statistics
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

from auditor.mail.message import Body, View
from auditor.mail.segments import assemble, split

CONTRADICT = {
    "talon/test_dont_parse_quotations_for_forwarded_messages/1",
    "discourse/quote_only",
    "discourse/embedded_email_7",
}
SIGNS_OFF = re.compile(
    r"(?:--+ ?|__+|ᐧ)$|(?:sent|from my|envoyé|verzonden|sendt|von meinem|get outlook)\b", re.IGNORECASE
)
Splitter = Callable[[str], str]


def ours(text: str) -> str:
    return assemble(text, split(Body(text, View.PLAIN))).own.text


def peers() -> dict[str, Splitter]:
    """The libraries that are installed, each as the own text it finds."""
    found: dict[str, Splitter] = {}
    try:
        import quotequail

        def unwrap(text: str) -> str:
            told = quotequail.unwrap(guarded(text))
            return text if told is None else f"{told.get('text_top', '')}\n{told.get('text_bottom', '')}"

        found["quotequail.unwrap"] = unwrap
    except ImportError:
        print("quotequail is not installed: left out")
    try:
        from mailparser_reply import EmailReplyParser

        parser = EmailReplyParser(languages=["en", "de", "fr", "es", "it", "nl", "pl"])
        found["mail-parser-reply"] = lambda text: parser.parse_reply(guarded(text)) or ""
    except ImportError:
        print("mail-parser-reply is not installed: left out")
    try:
        import email_reply_parser

        found["email-reply-parser"] = lambda text: email_reply_parser.EmailReplyParser.parse_reply(guarded(text))
    except ImportError:
        print("email-reply-parser is not installed: left out")
    return found


def guarded(text: str) -> str:
    """The libraries hang on some bodies: lines of at most 998 characters, at most 1,500 of them."""
    return "\n".join(line[:998] for line in text.split("\n")[:1500])


def lines(text: str) -> list[str]:
    return [" ".join(line.split()) for line in text.split("\n") if line.strip()]


def f1(gold: list[str], told: list[str]) -> float:
    if not gold and not told:
        return 1.0
    return 2 * (Counter(gold) & Counter(told)).total() / (len(gold) + len(told))


def own_of(row: dict[str, Any]) -> str:
    heads = [zone["start"] for zone in row["zones"] if zone["type"].startswith("Header")]
    return row["text"][: min(heads)] if heads else row["text"]


def sender(row: dict[str, Any]) -> str:
    """The Enron user of a row; its own id where rows are single messages of a list."""
    name = row["id"].removeprefix("enron/")
    return re.split(r"_", name, maxsplit=1)[0] if row["id"].startswith("enron/") else row["id"]


def fold(key: str) -> int:
    return int(hashlib.sha256(key.encode()).hexdigest(), 16) % 5


def zones(rows: list[dict[str, Any]], told: list[str]) -> tuple[list[float], list[bool], float]:
    each, exact, shared, total = [], [], 0, 0
    for row, text in zip(rows, told, strict=True):
        gold, mine = lines(own_of(row)), lines(text)
        each.append(f1(gold, mine))
        exact.append(gold == mine)
        shared += (Counter(gold) & Counter(mine)).total()
        total += len(gold) + len(mine)
    return each, exact, 2 * shared / total


def replied_below(row: dict[str, Any]) -> bool:
    """A gold without own words though unquoted ones stand below its quotation."""
    return not lines(own_of(row)) and bool(lines(ours(row["text"])))


def show_zones(rows: list[dict[str, Any]], named: dict[str, Splitter]) -> None:
    print(f"\nzones_quagga, {len(rows)} mails{'mean F1':>22}{'exact':>9}{'micro F1':>10}")
    for name, own in named.items():
        each, exact, micro = zones(rows, [own(row["text"]) for row in rows])
        print(f"  {name:<34}{statistics.mean(each):>8.4f}{statistics.mean(exact):>9.4f}{micro:>10.4f}")
    each, exact, _ = zones(rows, [ours(row["text"]) for row in rows])
    for what, key in (("by sender", sender), ("by mail", lambda row: row["id"])):
        numbers = [fold(key(row)) for row in rows]
        means = [statistics.mean(v for v, n in zip(each, numbers, strict=True) if n == k) for k in range(5)]
        hits = [statistics.mean(v for v, n in zip(exact, numbers, strict=True) if n == k) for k in range(5)]
        print(f"  ours in five folds {what}: F1 {folds(means)}; exact {folds(hits)}")
    kept = [n for n, row in enumerate(rows) if not replied_below(row)]
    print(
        f"  ours without {len(rows) - len(kept)} mails answered below, whose golds hold no own words:"
        f" F1 {statistics.mean(each[n] for n in kept):.4f}, exact {statistics.mean(exact[n] for n in kept):.4f}"
    )


def folds(values: list[float]) -> str:
    return f"{' '.join(f'{v:.3f}' for v in values)} (sd {statistics.stdev(values):.3f})"


def cut(text: str) -> str:
    """The text above the first line that opens a signature."""
    kept = text.split("\n")
    first = next((n for n, line in enumerate(kept) if SIGNS_OFF.match(line.strip())), len(kept))
    return "\n".join(kept[:first])


def passes(row: dict[str, Any], told: str) -> bool:
    gold = lines(row["own_text"])
    return lines(told) == gold or (row["id"].startswith("discourse/") and lines(cut(told)) == gold)


def show_golds(rows: list[dict[str, Any]], named: dict[str, Splitter]) -> None:
    print(f"\nquoted_reply, {len(rows)} valid golds{'exact':>14}")
    for name, own in named.items():
        missed = [row["id"] for row in rows if not passes(row, own(row["raw"]))]
        print(f"  {name:<34}{len(rows) - len(missed):>5}")
        if own is ours and missed:
            print(f"    missed: {', '.join(missed)}")


def show_speed(texts: list[str], named: dict[str, Splitter], rounds: int) -> None:
    """Processor time a mail, the programs in turn; the median of the rounds, and the ratio to ours."""
    spent: dict[str, list[float]] = {name: [] for name in named}
    for _ in range(rounds):
        for name, own in named.items():
            start = time.process_time()
            for text in texts:
                own(text)
            spent[name].append((time.process_time() - start) / len(texts) * 1e6)
    base = statistics.median(spent["ours"])
    size = statistics.mean(map(len, texts))
    print(f"\nspeed, {len(texts)} mails of {size:,.0f} characters{'µs a mail':>18}{'ours is':>10}")
    for name, values in spent.items():
        middle = statistics.median(values)
        print(f"  {name:<40}{middle:>14.1f}{middle / base:>9.1f}x")


def rows_of(path: Path) -> list[dict[str, Any]]:
    if not path.exists():
        print(f"{path} is missing: nothing to measure there")
        return []
    packed = path.read_bytes()
    text = gzip.decompress(packed) if path.suffix == ".gz" else packed
    return [json.loads(line) for line in text.splitlines()]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path)
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    named: dict[str, Splitter] = {"ours": ours, **peers()}
    marked = rows_of(options.data / "zones_quagga/dev/emails.jsonl.gz")
    golds = [
        row
        for row in rows_of(options.data / "quoted_reply/dev/gold.jsonl")
        if row.get("own_text") is not None and not row["html"] and row["id"] not in CONTRADICT
    ]
    if marked:
        show_zones(marked, {**named, "everything is own": lambda text: text})
        show_speed([row["text"] for row in marked], named, options.rounds)
    if golds:
        show_golds(golds, named)


if __name__ == "__main__":
    main()
