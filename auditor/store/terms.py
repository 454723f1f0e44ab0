"""One tokeniser and one stemmer for every store: what can be found does not depend on the engine.

A text becomes terms joined by single spaces; the engines only split at spaces. The rules:

- Letters and digits make words; everything else parts them. `24/00123/FUL` is `24 00123 ful`, an e-mail address is
  its pieces. The whole reference or address is found again as a phrase: its pieces, side by side. Senders and
  recipients (`address_terms`) also keep the whole address as one term.
- A comma between thousands is dropped: `£1,250.00` is `1250 00`, so that 1250 finds it.
- Case, width, ligatures and accents do not matter: NFKD, casefold, combining marks off.
- An apostrophe inside a word joins (`O'Brien`, `O’Brien`, `OBrien` are one), and a possessive `'s` is dropped.
- Words of letters alone are stemmed (Snowball English); words with a digit stay as they are.
- Han, kana and hangul are one term a character, found as phrases.
- A term has at most `LONGEST` characters; a longer run is known by its beginning.

Stems make the index find more than the exact wording; who needs the wording itself looks at the text of the hits.
No term ever holds `=`: stores mark their own terms with it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

import Stemmer

LONGEST = 64
_REMEMBERED = 1 << 17

_CJK = "\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af"
_APOSTROPHES = "'’‘ʼ"
_WORD = re.compile(rf"[{_CJK}]|[^\W_{_CJK}]+(?:[{_APOSTROPHES}][^\W_{_CJK}]+)*")
_POSSESSIVE = re.compile(f"[{_APOSTROPHES}]s$")
_APOSTROPHE = re.compile(f"[{_APOSTROPHES}]")
# The comma comes first so that the engine can leap from one comma to the next.
_THOUSANDS = re.compile(rb",(?<=[0-9],)(?=[0-9]{3}(?![0-9]))")
_UNSEEN = re.compile("[\u00ad\u0300-\u036f\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]+")

# Bytes above 127 stay as they are: a chunk that has some is taken apart once, by `_pieces`, and remembered.
_CHUNKS = bytes(
    byte if byte > 127 or byte == ord("'") else ord(chr(byte).lower()) if chr(byte).isalnum() else ord(" ")
    for byte in range(256)
)

# Words come to the stemmer once each (`_Known`), so its own memory, which it sorts when full, would only cost time.
_stem = Stemmer.Stemmer("english", maxCacheSize=0).stemWord


def _pieces(chunk: str) -> Iterable[str]:
    """The terms of a run of characters without ASCII punctuation."""
    if not chunk.isascii():
        chunk = _UNSEEN.sub("", unicodedata.normalize("NFKD", chunk).casefold())
    for word in _WORD.findall(chunk):
        yield _term(_APOSTROPHE.sub("", _POSSESSIVE.sub("", word)))


def _term(word: str) -> str:
    bare = word[:LONGEST]
    return _stem(bare) if bare.isalpha() else bare


class _Known(dict[str, str]):
    """Chunks seen before and their terms, each with a space after it; forgets all when grown too large for a long run."""

    def __missing__(self, chunk: str) -> str:
        if chunk.isascii() and chunk.isalnum():
            found = _term(chunk) + " "
        else:
            found = "".join(f"{term} " for term in _pieces(chunk) if term)
        if len(chunk) <= LONGEST:
            if len(self) >= _REMEMBERED:
                self.clear()
            self[chunk] = found
        return found


_known = _Known()
_look_up = _known.__getitem__


def terms(text: str) -> str:
    """The terms of `text` in reading order, joined by single spaces; empty when it has none. Never raises."""
    if not text:
        return ""
    plain = _THOUSANDS.sub(b"", text.encode("utf-8", "replace")).translate(_CHUNKS).decode()
    return "".join(map(_look_up, plain.split()))[:-1]


def normalise(word: str) -> str:
    """A word of a question as the index knows it: one term, or several side by side (a phrase); empty when none."""
    return terms(word)


_ENDINGS = """al ally als ability abilities able ably alism alist alists alities ality alize alizes alized alizing
    alization alise alises alised alising alisation ance ances ancy ancies ant antly ants ate ated ately ates ating ation
    ational ationally ations ative atively atives ator ators bility bilities ed edly eed eedly ement ements ence ences ency
    encies ent ently ents er ers es est ful fulness fully ible ibility ibilities ibly ic icate icated icates icating
    ication ications icity icities ical ically ied ies ing ingly ings ion ional ionally ions ise ised iser isers ises
    ising isation isations ism isms ist ists ities ity ive ively iveness ives ivity ivities ize ized izer izers izes
    izing ization izations less lessly lessness liness ly ment ments mental mentally ness nesses ogist ogists ogy ogies
    ogical our ous ously ousness s tional tionally y yed ying yings""".split()  # noqa: SIM905
_TAILS = sorted({"", *(ending[start:] for ending in _ENDINGS for start in range(len(ending)))})
"""Whatever may be left of an English ending where a beginning breaks off inside it."""


@lru_cache(maxsize=256)
def beginnings(text: str) -> tuple[tuple[str, bool], ...]:
    """How words that begin as the last word of `text` are known to the index: (phrase, whether its last term need only
    begin so). A stem can be shorter than the beginning: `allotm` of allotments, which the index knows as `allot`.
    So these find all such words, and some near ones besides. The first is the beginning as it stands; empty when
    there is none."""
    pieces = _unstemmed(text)
    if not pieces:
        return ()
    *before, last = pieces
    ahead = [_term(piece) for piece in before]
    stems = {_stem((last + tail)[:LONGEST]) for tail in _TAILS} if last.isalpha() else set[str]()
    shorter = sorted(stem for stem in stems if stem and not stem.startswith(last))
    return ((" ".join([*ahead, last]), True), *((" ".join([*ahead, stem]), False) for stem in shorter))


def _unstemmed(text: str) -> list[str]:
    """The words of `text` as `terms` parts them, in full."""
    plain = _THOUSANDS.sub(b"", text.encode("utf-8", "replace")).translate(_CHUNKS).decode()
    found: list[str] = []
    for chunk in plain.split():
        whole = chunk if chunk.isascii() else _UNSEEN.sub("", unicodedata.normalize("NFKD", chunk).casefold())
        words = (_APOSTROPHE.sub("", _POSSESSIVE.sub("", word))[:LONGEST] for word in _WORD.findall(whole))
        found += [word for word in words if word]
    return found


def whole_address(email: str) -> str:
    """An address as one term, for senders and recipients; empty when there is none."""
    plain = unicodedata.normalize("NFKD", email).casefold() if not email.isascii() else email.lower()
    return "".join(plain.strip("<>,;:\"'()[]").replace("=", "").split())[: 4 * LONGEST]


@lru_cache(maxsize=1 << 14)  # people write to the same people
def address_terms(text: str) -> str:
    """The terms of names and addresses, then each whole address as one term: found by name, address or domain."""
    whole = (whole_address(word) for word in text.split() if "@" in word)
    return " ".join(filter(None, (terms(text), *whole)))
