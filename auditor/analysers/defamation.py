"""No defamatory information about the Council, its services, councillors or the public (U6)."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from auditor.analysers.assertion import denied, occurs, own_words, stated
from auditor.analysers.base import Case, found
from auditor.analysers.likely import Rows
from auditor.analysers.patterns import Pattern, compiled, pattern
from auditor.analysers.prose import Prose, Sentence
from auditor.analysers.vocabulary import terms
from auditor.findings import Finding, Rule, Severity, clip

DEFAMATION = Rule(
    "defamation-risk",
    ("U6",),
    Severity.HIGH,
    "An allegation stated as fact",
    "An allegation of crime, dishonesty or incompetence, stated as fact about a person or body who can be known.",
    ("own",),
)

_FILE = "defamation"
_BE = "(?:{being}|[a-z]+'s)"
_CRIME = pattern("{crimes}", _FILE)
_GAP = "(?:,? [a-z0-9£'-]+)"


def _act(sides: list[str]) -> Pattern:
    """One side after another in a sentence: two of them nearer one another than three."""
    return pattern(f"{_GAP}{{0,{2 * len(sides)}}} ".join(f"{{{side}}}" for side in sides), _FILE)


_MEANT = Rows(
    (one,)
    for one in (
        *(_act(row.split()) for row in sorted(terms(_FILE, "acts"))),
        *(
            pattern(source, _FILE)
            for source in (
                "{shames}",
                "{keeps}(?: [a-z']+){0,4} {others_money}",
                "{retains}(?: [a-z']+){0,2} (?:{for_himself}|the £[0-9,]+)",
                "{undone_work}(?: [a-z']+){1,7} {charged_for}",
                "{charged_for}(?: [a-z']+){1,8} {undone_work}",
                "{presented} {officers}(?: [a-z']+){0,3} {presents}",
                "{gets}(?: [a-z0-9£'-]+){0,8} {wrongly}",
                "{bends}(?: [a-z']+){0,3} {kept_records}",
                "{kept_records}(?: [a-z']+){1,7} {bends} (?:him|her|them)sel[a-z]+",
                "{alters}(?: [a-z']+){0,4} {kept_records}(?: [a-z']+){0,5} {falsely}",
                "{sets_down}(?: [a-z'-]+){1,4} (?:he|she|they)(?:'s|'ve|'d| has| had| have)? (?:never|not so much as|not even|did not|didn't|hasn't|hadn't|has not|had not)",
                "{cannot}(?: even| [a-z]+ly)? {skills}",
                "{spends_on}(?: [a-z']+){1,4} {funds}(?: [a-z]+){0,3} (?:his|her|their|himself|herself|themselves)",
                "{books_for}(?: [a-z0-9]+){1,4} (?:and|but)(?: only)? (?:does|did|serves?|served|sends?|sent|delivers|delivered|works|worked|brings|brought|uses|used|has|had|keeps) (?:{number_of}|[0-9]+)",
                "(?:himself|herself|themselves|his|her)(?: [a-z]+){1,4} {out_of}(?: [a-z']+){0,2} {kitty}",
                "{bills}(?: [a-z0-9£']+){1,8} (?:when it was|and there (?:are|were)|and delivered|and sent|but sent|and gave|when they were)",
            )
        ),
    )
)
"""What is meant and not worded as a charge."""
_DIVERTED = pattern(f"{{kitty}}{_GAP}{{0,6}} {{went_into}}{_GAP}{{0,6}} {{purse}}", _FILE)
_CLEFT = pattern("(?:it is|it was|it's|it were)(?: [a-z'-]+,?){1,8} {who_did}", _FILE)
_LOSS = pattern("{losses}", _FILE)
_ASKED = pattern("ask(?: [a-z'-]+){1,9} {accuses}", _FILE)
_CIVIL = pattern("{civilly}", _FILE)
_CALLED = pattern(_BE + "(?: {degree}){0,4} (?:{wrongdoers}|{faults}|{dubbed})", _FILE)
_EPITHET = pattern("(?:that|the|those|this|your|our|their|by)(?: {degree}){0,3} (?:{wrongdoers}|{faults})", _FILE)
_VERDICT = pattern(
    "(?:an? )?(?:{degree} )?{wrongdoers}, (?:the lot|all|both|the pair|every|pure|plain|and|through)",
    _FILE,
)
_DOER = pattern("{doers}|{titles} [a-z]+", _FILE)
_PRONOUN = pattern("{pronouns}", _FILE)
_NOBODY = pattern("{nobody_known}", _FILE)
_RECORD = pattern("{on_record}|1[0-8][0-9][0-9]", _FILE)
_MANY = 8
"""Charges in one sentence that are looked at."""
_NEAR, _LONG = 9, 14
"""Words between a doer and what was done; longer where the deed is told at length."""
_PASSIVE = compiled(r"\b(?:is|are|was|were|be|been|being|get|got)(?: [a-z]+ly)? $")
_NAME = compiled(r"[A-Z][A-Za-z]*(?:['’-][A-Z]?[a-z]+)*(?: [A-Z][A-Za-z'’-]*)*")


class Defamation:
    """Looks for a charge, and for the person or body it is laid against."""

    rules = (DEFAMATION,)

    def check(self, case: Case) -> Iterator[Finding]:
        """One finding a charge sheet: sentences that follow one another make one."""
        read = own_words(case)
        text = read.text
        live = [one for one in (_CRIME, _CALLED, _EPITHET, _VERDICT, _DIVERTED, _CLEFT, _ASKED) if occurs(read, one)]
        live += [one for (one,) in _MEANT.likely(read.words) if one.found(read.plain)]
        told = bool(case.parts.quoted.text)
        every = range(len(read.sentences)) if live else ()
        charged = [at for at in every if _charges(read, at, live, told) and not _recorded(read, at)]
        for one in [read.sentences[at] for at in charged if at - 1 not in charged]:
            reason = (
                "This states as a fact that somebody has done wrong or is not fit for the work; unless it can be "
                f"proved it may be defamatory: '{clip(text[one.start : one.end])}'"
            )
            yield found(DEFAMATION, "own", text, (one.start, one.end), reason)


def _recorded(read: Prose, at: int) -> bool:
    """Whether a sentence or the one before it tells of the public record."""
    return any(_RECORD.found(one.plain) for one in read.sentences[max(at - 1, 0) : at + 1])


def _charges(read: Prose, at: int, live: list[Pattern], told: bool) -> bool:
    """Whether a sentence lays a charge that its writer stands by; `told` when what is answered may say who is meant."""
    return any(_charged(read, at, shape, told) for shape in live)


def _charged(read: Prose, at: int, shape: Pattern, told: bool) -> bool:
    """The same, of one way to word it."""
    sentence = read.sentences[at]
    said = sentence.plain
    if shape is _VERDICT:
        verdict = shape.found(said)
        return (
            verdict is not None
            and verdict.start() == 0
            and any(_persons(read, one, 0, len(one.plain)) for one in read.sentences[:at])
        )
    if shape is _ASKED:
        asked = shape.found(said)
        return (
            asked is not None
            and not (sentence.asks or denied(said[: asked.start()]) or _CIVIL.found(said))
            and bool(_persons(read, sentence, asked.start() + len("ask"), asked.end()))
        )
    for start, end in islice(shape.spans(said), _MANY):
        begun = start
        if shape is _CALLED:
            begun += max(said[start:end].partition(" ")[0].find("'"), 0)
        if not (stated(sentence, begun) or _aside(read, sentence, begun)):
            continue
        if shape is _DIVERTED:
            laid = bool(_persons(read, sentence, 0, len(said)))
        elif shape is _CALLED:
            laid = _somebody(read, sentence, begun, 1, told)
        elif shape is _CLEFT:
            near = read.plain[read.sentences[max(at - 1, 0)].start : sentence.end]
            laid = _LOSS.found(near) is not None and bool(_persons(read, sentence, 0, end))
        elif shape is _EPITHET:
            laid = _names(read, sentence, end)
        else:
            laid = _did(read, sentence, start, end, _NEAR if shape is _CRIME else _LONG, told)
        if laid:
            return True
    return False


def _aside(read: Prose, sentence: Sentence, start: int) -> bool:
    """Whether it is told of somebody named in passing ('X, who …'), which stands whatever is asked of him."""
    before, comma, passing = sentence.plain[:start].rpartition(", who ")
    named = max((end for _, end in _persons(read, sentence, 0, len(before))), default=0)
    return bool(comma) and named == len(before) and not passing.strip(" ").count(" ") and not denied(passing)


def _did(read: Prose, sentence: Sentence, start: int, end: int, near: int, told: bool) -> bool:
    """Whether somebody known did it; where it was done to somebody, 'by' says who did."""
    done = sentence.plain[start:end]
    if done.endswith(" by"):
        return _names(read, sentence, end)
    done = done.partition(" ")[0]
    if not done.endswith("ing") and _PASSIVE.found(sentence.plain[:start]):
        return sentence.plain[end:].startswith(" by ") and _names(read, sentence, end + 3)
    return _somebody(read, sentence, start, near, told)


def _names(read: Prose, sentence: Sentence, end: int) -> bool:
    """Whether the next words of a sentence name somebody."""
    after = sentence.plain[end : end + 24]
    first = next(iter(_persons(read, sentence, end, end + len(after))), None)
    return first is not None and sentence.plain[end : first[0]].count(" ") <= 2


def _somebody(read: Prose, sentence: Sentence, start: int, near: int, told: bool) -> bool:
    """Whether the last person spoken of before `start`, at most `near` words away, can be known."""
    before = sentence.plain[:start]
    known = max((end for _, end in _persons(read, sentence, 0, start)), default=0)
    pronoun = max((end for _, end in _PRONOUN.spans(before)), default=0)
    nobody = max((end for _, end in _NOBODY.spans(before)), default=0)
    if before[nobody:] == " and ":
        nobody = 0
    last = max(known, pronoun)
    between = before[last:].strip(" ,")
    if last <= nobody or between.count(" ") >= near:
        return False
    return known > pronoun or told or any(_persons(read, one, 0, len(one.plain)) for one in read.sentences)


def _persons(read: Prose, sentence: Sentence, start: int, end: int) -> list[tuple[int, int]]:
    """Where a stretch of a sentence names a person or a body."""
    named = [(start + first, start + last) for first, last in _DOER.spans(sentence.plain[start:end])]
    written = read.text[sentence.start + start : sentence.start + end]
    for first, last in _NAME.spans(written):
        word = sentence.plain[start + first : start + last]
        if word not in terms(_FILE, "openers") and word not in terms(_FILE, "nobody_known"):
            named.append((start + first, start + last))
    return sorted(named)
