"""What a report must not repeat: numbers that stand for a person or an account, and what lets somebody in."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import cache, lru_cache

from auditor.analysers.base import Case
from auditor.analysers.confiding import enclosed
from auditor.analysers.contacts import dates, phones
from auditor.analysers.identifiers import WORTH, numbers
from auditor.analysers.patterns import Pattern, compiled, encoded
from auditor.analysers.prose import plain
from auditor.analysers.secrets import odd, secrets, worth
from auditor.findings import Finding
from auditor.values import replace

HIDDEN = "*****"
_PARTS = ("own", "signature", "waiver", "quoted", "forwarded", "subject")
_PERSONAL = "confidential-personal-data"
_LEAST = 4
"""Fewer characters of a value, at the end of an excerpt that was cut, give nothing away."""


class Masks:
    """The values of one message, known by where they stand in it, and hidden wherever they are repeated."""

    def __init__(self, case: Case) -> None:
        texts = [case.text(part) for part in _PARTS] + [file.name for file in case.mail.attachments]
        texts += [text for _, text in enclosed(case)]
        texts = [text for text in texts if text]
        held = _values("\n".join(texts), texts)
        self._known = _pattern(held)
        self._begun = sorted({re.sub(r"\s+", " ", value) for value in held}, key=len, reverse=True)

    def apply(self, finding: Finding) -> Finding:
        """The finding with every value hidden, in what is shown of it and in what is kept."""
        shown = [self.hide(text) for text in (finding.excerpt, finding.reason, finding.evidence)]
        if finding.rule == _PERSONAL:
            shown = [_hide_contacts(text) for text in shown]
        if shown == [finding.excerpt, finding.reason, finding.evidence]:
            return finding
        return replace(finding, excerpt=shown[0], reason=shown[1], evidence=shown[2])

    def hide(self, text: str) -> str:
        """The text with every value hidden."""
        for known in (self._known, _pattern(_of_text(text))):
            text = known.sub(HIDDEN, text) if known else text
        if self._begun and text.endswith("…"):
            text = self._hide_cut(text)
        return text

    def _hide_cut(self, text: str) -> str:
        """Without a value that the excerpt's end cuts through."""
        bare = text[:-1]
        for value in self._begun:
            for size in range(len(value) - 1, _LEAST - 1, -1):
                if bare.endswith(value[:size].rstrip()):
                    return f"{bare[: len(bare) - len(value[:size].rstrip())]}{HIDDEN}…"
        return text


@lru_cache(maxsize=256)  # many findings give the same reason
def _of_text(text: str) -> tuple[str, ...]:
    return tuple(_values(text, (text,)))


def _values(whole: str, texts: Sequence[str]) -> list[str]:
    """What stands in texts. Most hold nothing, which is told of the whole of them in one go."""
    if not (_worth().occurs(encoded(plain(whole))) or odd().occurs(encoded(whole))):
        return []
    held = [text[one.start : one.end] for text in texts for one in numbers(text)]
    return held + [text[slice(*one.value)] for text in texts for one in secrets(text)]


@cache
def _worth() -> Pattern:
    return compiled(f"{WORTH.source}|{worth().source}")


def _pattern(values: Iterable[str]) -> re.Pattern[str] | None:
    """Any of the values, however its blanks were broken over lines."""
    ways = {r"\s+".join(map(re.escape, value.split())) for value in values}
    return re.compile("|".join(sorted(ways, key=lambda way: (-len(way), way))), re.IGNORECASE) if ways else None


def _hide_contacts(text: str) -> str:
    said = plain(text)
    spans = [*dates(said), *((start, end) for start, end, _ in phones(said))]
    for start, end in sorted(spans, reverse=True):
        text = f"{text[:start]}{HIDDEN}{text[end:]}"
    return text
