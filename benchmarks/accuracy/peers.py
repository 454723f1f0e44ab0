"""What other programs say of a text. They live in a Python of their own, and are asked through this file:

    PYTHON benchmarks/accuracy/peers.py NAME < texts.json > answers.json

Texts and answers are JSON lists. This file imports nothing of the auditor, so any Python that has the peer can run it.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

Judge = Callable[[str], bool]


def better_profanity() -> Judge:
    from better_profanity import profanity

    profanity.load_censor_words()
    return lambda text: bool(profanity.contains_profanity(text))


def alt_profanity_check() -> Judge:
    from profanity_check import predict

    return lambda text: bool(predict([text])[0])


def presidio() -> Judge:
    """Its patterns and checksums, all countries'. Its names of people need a language model, and are not asked for."""
    from presidio_analyzer import AnalyzerEngine, RecognizerRegistry
    from presidio_analyzer.nlp_engine import SpacyNlpEngine

    class Blank(SpacyNlpEngine):
        def load(self) -> None:
            import spacy

            self.nlp = {"en": spacy.blank("en")}

    registry = RecognizerRegistry()
    registry.load_predefined_recognizers(languages=["en"])
    engine = AnalyzerEngine(registry=registry, nlp_engine=Blank(models=[{"lang_code": "en", "model_name": "blank"}]))
    kinds = [
        kind
        for kind in engine.get_supported_entities("en")
        if kind.startswith("UK_") or kind in ("CREDIT_CARD", "IBAN_CODE", "PHONE_NUMBER", "EMAIL_ADDRESS", "US_SSN")
    ]
    return lambda text: bool(engine.analyze(text, language="en", entities=kinds, score_threshold=0.35))


def detect_secrets() -> Judge:
    """Each text as a file of its own: its search of single lines leaves its filters out."""
    from detect_secrets import SecretsCollection
    from detect_secrets.settings import default_settings

    def judge(text: str) -> bool:
        with tempfile.TemporaryDirectory() as place, default_settings():
            (Path(place) / "letter.txt").write_text(text + "\n", "utf-8")
            found = SecretsCollection(root=place)
            found.scan_file("letter.txt")
            return any(True for _ in found)

    return judge


PEERS: dict[str, Callable[[], Judge]] = {
    "better-profanity": better_profanity,
    "alt-profanity-check": alt_profanity_check,
    "presidio-analyzer": presidio,
    "detect-secrets": detect_secrets,
}


class Peers:
    """The programs beside, each asked once for each list of texts; what is not there is noted."""

    def __init__(self, python: str | None) -> None:
        self._python = python
        self.missing: dict[str, str] = {}

    def ask(self, name: str, texts: Sequence[str]) -> list[bool] | None:
        """What a peer says of each text; None where it is not there."""
        if self._python is None or name in self.missing:
            self.missing.setdefault(name, "no Python with peers was named (--peers)")
            return None
        done = subprocess.run(
            [self._python, str(Path(__file__)), name],
            input=json.dumps(list(texts)),
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            self.missing[name] = (done.stderr.strip().splitlines() or ["ended without a word"])[-1][:200]
            return None
        answers: list[bool] = json.loads(done.stdout)
        return answers


if __name__ == "__main__":
    told = PEERS[sys.argv[1]]()
    answers = [told(text) for text in json.load(sys.stdin)]
    json.dump(answers, sys.stdout)
