"""The acts that bind or direct, as sentences do them: promises, acceptances, orders. Words are in `terms/obligations`."""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

from auditor.analysers.patterns import Pattern, pattern
from auditor.analysers.prose import prose
from auditor.analysers.vocabulary import terms
from auditor.findings import Rule, Severity

FILE = "obligations"

COMMITMENT = Rule(
    "obligation-commitment",
    ("E10",),
    Severity.HIGH,
    "Commits the Council",
    "A sender who is not an authorised officer binds the Council: promises, guarantees, undertakes, agrees to pay, grants.",
    ("own",),
)
ACCEPTANCE = Rule(
    "obligation-acceptance",
    ("E10",),
    Severity.HIGH,
    "Accepts for the Council",
    "A sender who is not an authorised officer accepts, approves or agrees a quotation, contract, order, tender, terms or "
    "a booking.",
    ("own",),
)
INSTRUCTION = Rule(
    "obligation-instruction",
    ("E10",),
    Severity.HIGH,
    "Instructs for the Council",
    "A sender who is not an authorised officer orders, instructs, authorises or directs someone to act for the Council.",
    ("own",),
)

WE = "(?:we|{council})"
ALL = "(?:i|we|{council})"
THEN = "(?:'ll|'m|'re|'ve|'d|'s)?(?: {adverb})*"
START = r"(?:^|\w+(?: |)[,;:.!&(-]+(?: |)|(?:and|or) |{opener},? )(?:{opener},? )*"
COUNT = r"(?:{number}|\d+)"
WORK = r"(?:(?:{work}(?: and {work})? (?:{object}|" + COUNT + r")|{fetch})\b)"


class Act(NamedTuple):
    """One way of binding or directing."""

    rule: Rule
    does: str
    """What it does, for the reason, behind the words themselves."""
    source: str
    needs: str
    """The tables of which a word must occur."""
    unless: str = ""
    """The table of what makes it harmless, in the match or close behind it."""
    asks: bool = False
    """An order even where it is put as a question."""
    account: bool = False
    """Only where the message shows that the Council is to be charged."""
    guides: bool = False
    """Tells somebody what to do, which an authority that is asked for its own duty may be told by anybody."""

    besides: str = ""
    """The tables of which a word must occur besides."""

    @property
    def pattern(self) -> Pattern:
        """Finds it in a sentence. Compiled, once."""
        return pattern(self.source, FILE)


def _acts(
    rule: Rule,
    *rows: tuple[str, ...],
    asks: bool = False,
    account: bool = False,
    guides: bool = False,
    besides: str = "",
) -> tuple[Act, ...]:
    """Acts of one rule: what each does, its pattern, the tables it needs and those that make it harmless."""
    return tuple(
        Act(
            rule,
            does,
            source,
            *needs.split(" & ")[:1],
            *unless,
            asks=asks,
            account=account,
            guides=guides,
            besides=(*needs.split(" & "), besides)[1],
        )
        for does, source, needs, *unless in rows
    )


_COMMITMENTS = _acts(
    COMMITMENT,
    (
        "promises the Council's money or help",
        WE + "(?:(?: |){will} (?:{adverb} )*{pay}| can (?:{adverb} )*{can_give}|'s (?:{adverb} )*{pay})",
        "pay can_give & speaking",
        "idle",
    ),
    (
        "promises work by the Council",
        WE + r"(?: |){will} (?:{adverb} )*(?:have .{1,40} )?{mend}\b.{0,80}\b{term}",
        "mend & speaking",
        "homely_gift",
    ),
    ("gives the Council's word", WE + THEN + " {vow}", "vow & speaking", "deliberate"),
    (
        "answers for what the Council will do",
        "(?:i" + THEN + " {vow}|rest assured|you can be sure) (?:you )?(?:that )?"
        r"(?:(?:the|we|it|your|there|nobody|no|they|this|that|all|every|you|parish|council|any|my|our)\b.{0,60}(?:will|won't|'ll|shall|is going to)|to {pay}|to {mend}|.{0,20}\b{council}'s {gist})",
        "vow assured",
        "deliberate",
    ),
    ("gives the Council's word", "{word}", "word", "denied"),
    (
        "promises somebody a thing",
        r"you(?:'ll| will| shall|'re going to| are going to) (?:{adverb} )*(?:have|get) (?:an?|the|your|new) .{0,50}\b{term}",
        "to_you & term",
        "papers",
    ),
    ("lets somebody use what is the Council's", r"{may} (?:{adverb} )*{use} .{0,60}\b{place}", "place"),
    (
        "lets somebody use what is the Council's",
        r"(?:i|we|{council})" + THEN + r" {agree_to_let} .{0,30}\b{use} .{0,60}\b{place}",
        "place",
    ),
    ("lets somebody use what is the Council's", r"^{use} .{0,60}\b{place}\b.{0,40}\b{freely}", "place & freely"),
    (
        "lets somebody use what is the Council's",
        r"{guest} (?:can|may) (?:{adverb} )*(?:have|use|hire|keep|borrow) (?:the |our )?(?:\w+ ){0,2}{place}",
        "guest & place",
    ),
    (
        "gives up what is due to the Council",
        "{due} (?:is|are|will be|has been|have been) (?:{adverb} )*{forgiven}",
        "forgiven & due",
    ),
    (
        "tells somebody that it is theirs",
        r"(?:\w+day|\d+(?:st|nd|rd|th))(?: \w+){0,3} (?:is|are) (?:all )?yours",
        "yours",
    ),
    ("lets something of somebody's stand", r"(?:your|that|the) .{0,20}\b{land} {standing}", "standing & land"),
    (
        "gives the Council's leave",
        r"(?:{giving} .{0,30}\b{leave_given}|(?:planning )?permission {granted})",
        "leave_given",
        "planning",
    ),
    ("grants something of the Council's", ALL + THEN + " (?:grant|grants|granting) (?:you|them|the|an?|£)", "granting"),
    ("tells somebody that it is theirs", "{gift}(?: .{1,40})?(?: is| are| will be|'s) (?:{adverb} )*{yours}", "yours"),
    (
        "tells somebody that it is settled",
        "consider (?:it|that|this|them|yourself|yourselves|the .{1,30}) (?:{adverb} )*{sure}",
        "sure",
    ),
    (
        "reserves something of the Council's",
        r"{ive} (?:(?:put|booked) .{1,40}\b(?:down|in) for|{reserve}) .{0,40}\b{place}",
        "place",
    ),
    (
        "gives up what the Council might do or is due",
        ALL + " (?:won't|will not|shan't|shall not|don't|do not|'ll not) (?:be )?{free}",
        "free",
    ),
    (
        "gives up what is due to the Council",
        r"(?:{nocharge} (?:for|to) (?:the |your )?(?:you|{place})|(?:have|use|hire) (?:the |our )?{place}\b.{0,30}\b{nocharge}"
        r"|{place}\b.{0,40}there's {nocharge})",
        "nocharge",
    ),
    ("takes a cost off somebody", "{spared}", "spared"),
    (
        "promises the Council's money",
        "(?:(?:will|'ll|shall|is to|are to|going to)(?: all)?(?: be)? {borne}(?: {in_full})?"
        " (?:by|from|out of) (?:the |our )?{purse}|at (?:our|the council's|the parish's|council|parish) expense)",
        "purse",
    ),
    (
        "answers for the Council's money",
        r"(?:i'll|i will|i can|i'm going to|we'll|we will) (?:{adverb} )*{ensure} .{0,30}\b(?:(?:council|parish|you|we).{0,20}\b{pay}(?:s|es|d)?"
        "|you(?: get|'re|'ll be|'ll get| are|'ll have) (?:paid|reimbursed|refunded|compensated|your money))",
        "ensure & i_will",
    ),
    (
        "offers what is the Council's",
        ALL + THEN + " {offering} (?:an?|the|our|plot|£|" + COUNT + ")",
        "offering",
        "papers idle",
    ),
    ("promises the Council's money", WE + r"(?: |)(?:{will}|can) .{1,60}£\d+", "speaking", "deliberate"),
    ("promises the Council's money", "{down_for} (?:£|an? |the |" + COUNT + ")", "down_for"),
    (
        "grants the Council's money",
        r"i" + THEN + r" (?:authorise|authorising|approve|approving|sanction) (?:a|the|your|£).{0,20}\b{gift}",
        "gift",
    ),
)

_ACCEPTANCES = _acts(
    ACCEPTANCE,
    ("accepts an offer for the Council", ALL + THEN + r" {accept}\b.{0,60}\b{offer}", "accept", "kindness"),
    (
        "accepts an offer for the Council",
        r"(?:i|we)(?: have|'ve) (?:{adverb} )*{accepted}\b.{0,60}\b{offer}",
        "accepted",
        "kindness",
    ),
    (
        "tells somebody that the offer is taken",
        r"(?:(?:your|the|this|that|yr) (?:\w+ ){0,3}{offer}(?: {bid_for} .{1,40})?(?: is| are|'s| has been| have been) (?:{adverb} )*{taken}"
        r"|^(?:your )?{offer} {taken}|consider .{0,20}{offer} {taken})",
        "taken",
        "decided kindness",
    ),
    (
        "tells somebody that the offer is taken",
        r"(?:{offer}\b.{0,30}|\d[\d,.]*(?: an? \w+)?)(?:(?: is| are|'s| looks| look| seems| sounds) .{0,12}\b{good} (?:by|with|for|to) (?:us|me|the council|the parish)"
        r"| (?:works for|suits|will do) (?:us|me|nicely|the council|the parish))",
        "good suits",
    ),
    (
        "tells somebody that the offer is taken",
        r"\d[\d,.]*(?: an? \w+)? {agreed_sum}",
        "agreed_sum",
    ),
    (
        "tells somebody that the offer is taken",
        r"(?:^|(?:i'm|i am|we're|we are|very|quite|perfectly) ){content} (?:your|the|that|this) .{0,30}\b{offer}",
        "content & offer",
    ),
    ("tells somebody that the work is theirs", "{won}", "won", "decided"),
    (
        "chooses an offer for the Council",
        ALL + THEN + r" {choose} .{0,40}\b(?:{lot}|{offer})",
        "choose & lot offer",
        "kindness",
    ),
    (
        "signs for the Council",
        r"(?:(?:i|we)" + THEN + r" {signed} .{0,50}\b{deed}|(?:^|the |attached |enclosed )signed (?:{copy} )?{deed}"
        r"|(?:attached|enclosed|herewith|enclose|attach|here) .{0,40}\b{deed}\b.{0,20}signed)",
        "signed",
    ),
    ("signs the Council up", "{signup}", "signup"),
    (
        "accepts an offer for the Council",
        r"{offer}.{0,60}\bwhich " + ALL + THEN + " {accept}",
        "offer & accept",
        "kindness",
    ),
    ("accepts an offer for the Council", "(?:i|we)" + THEN + " (?:accept|approve|agree to) (?:it|them|both)", "offer"),
    (
        "tells somebody that the offer is taken",
        r"^(?:{sealed}\b.{0,12}£\d+|{yes},? £\d+[\d,.]* (?:is|sounds|seems|will be|looks) {good})",
        "sealed yes",
    ),
    ("confirms an order for the Council", r"confirm (?:our|my|the|a) (?:\w+ )?{booking}", "booking"),
    (
        "accepts an offer for the Council",
        r"" + START + r"{assenting} (?:your|the|that) .{0,20}\b{offer}",
        "assenting & offer",
    ),
    (
        "chooses an offer for the Council",
        ALL + THEN + r" (?:have|take|buy) .{1,40}\bat (?:£|the price|your price)",
        "speaking",
    ),
    (
        "takes silence for agreement",
        r"{silence}\b.{0,60} (?:take|taken|assume|assumed|treat|treated|mean|means|count|counts|regard|regarded|will be|is|as"
        r"|deemed) .{0,30}\b{assent}",
        "silence",
        "denied",
    ),
    ("has something decided by e-mail, which only a meeting can", "{roundrobin}", "roundrobin"),
)

_INSTRUCTIONS = (
    *_acts(
        INSTRUCTION,
        ("gives authority for the Council", r"(?:{given} .{0,30}\b{authority}|{authorised})", "authority authorised"),
        (
            "has the Council charged",
            "(?:"
            + START
            + r"(?:(?:the |your )?{bill}|{charge_verb} .{0,25}\b(?:on|to|against) (?:the |our )?(?:{payer} |usual )?{slate}"
            r"|(?:\w+ )?(?:the |your )?{bill_word} .{0,20}\b(?:to|for|in|at|via|with) (?:the |our )?{payer})|{charged}|(?:charge|bill|invoice|debit) (?:it|them|this|that|the \w+) (?:all |both )?to (?:the |our )?{payer}|let (?:\w+ ){1,3}have (?:the|your|an) {bill_word}|(?:charged|billed|invoiced) to (?:\w+ ){0,4}{payer})",
            "bill charged slate bill_word",
        ),
        ("orders for the Council", ALL + THEN + " {order} (?:{thing}|" + COUNT + ")", "order", "notgoods"),
        ("tells of an order given for the Council", r"{past_order} .{0,60}\b{tradesman}", "tradesman & past_order"),
        ("tells of an order given for the Council", r"{bidden} .{0,30}\b{crew} .{0,12}to", "crew", "tell_words"),
        ("ends work or a contract for the Council", "(?:" + START + "{halt}|{ended})", "halt ended"),
        (
            "orders goods for the Council",
            "we" + THEN + " {want} " + COUNT + r".{0,120}\b{delivery}",
            "want & speaking",
            "notgoods",
        ),
        ("calls people to a meeting as only the Clerk may", "{summons}", "summons"),
    ),
    *_acts(
        INSTRUCTION,
        ("sets work going for the Council", START + "{proceed}", "proceed", "elsewhere"),
        (
            "orders somebody to do something",
            r"{must} (?:{adverb} )*{enforce} .{0,60}\b(?:{land}|{deadline})",
            "enforce & must",
            "advice",
        ),
        (
            "orders somebody to do something",
            START
            + r"(?:{enforce} .{0,50}\b{land}\b.{0,60}\b{deadline}|get (?:it|them|that|this|those|these|the .{1,20}) {done_to})",
            "land done_to",
        ),
        (
            "orders somebody to do something",
            r"(?:your|that|those|these|the) (?:.{0,30} )?{land} .{0,40}\b(?:must|has to|have to|is to|are to|had better"
            r"|has got to) (?:be )?(?:{done_to}|off|out|down|go).{0,40}\b{deadline}",
            "land",
        ),
        (
            "orders somebody to do something",
            r"(?:i|we|{council}) (?:{adverb} )*(?:want|wants|expect|expects|require|requires|need|needs) (?:the|that|your|those|these|this|all|it|them|every)\b.{0,40}\b(?:{done_to}|out|off)"
            r" .{0,20}\b{deadline}",
            "done_to",
        ),
        ("orders work for the Council", r"{please} (?:{opener} )*\w+ .{1,60}\b{behalf}", "please & behalf", "homely"),
        ("orders somebody to do something", r"{bid} \w+ \w+", "bid", "telling"),
        (
            "ends work or a contract for the Council",
            "(?:^|{opener} ){do_not} {work} (?:{object}|more)",
            "do_not & work",
            "homely",
        ),
        ("orders work for the Council", "^{strong} (?:{object}|" + COUNT + ")", "strong", "homely"),
        ("orders somebody to do something", r"{respite} .{0,30}to {enforce} .{0,40}\b{land}", "land"),
        ("orders work for the Council", "{please} (?:{opener} )*" + WORK, "work fetch & please", "homely"),
        (
            "orders work for the Council",
            r"^(?:\w+, )?" + WORK + r".{0,100}\b(?:{deadline}|please|pls|for the council|for the parish)",
            "work fetch & deadline please",
            "homely",
        ),
        guides=True,
    ),
    *_acts(
        INSTRUCTION,
        ("orders work for the Council", START + WORK, "work fetch", "homely"),
        (
            "orders goods for the Council",
            "(?:we" + THEN + " {want}|" + START + "{hand_over}|^) " + COUNT,
            "want hand_over number",
            "notgoods",
        ),
        guides=True,
        account=True,
        besides="account charged bill",
    ),
    *_acts(
        INSTRUCTION,
        (
            "orders work for the Council",
            r"(?:{can_you} (?:{opener} )*(?:"
            + WORK
            + r"|{proceed}|\w+ing {object}|\w+ (?:{object}|"
            + COUNT
            + r"))|{can_we} "
            + COUNT
            + ")",
            "can_you can_we",
            "homely notgoods",
        ),
        guides=True,
        account=True,
        besides="account charged bill",
        asks=True,
    ),
)

ACTS: tuple[Act, ...] = (*_ACCEPTANCES, *_INSTRUCTIONS, *_COMMITMENTS)
"""The plainest first: where a sentence does several things, it is called by the first of these."""


def candidates(words: frozenset[str], text: str) -> list[Act]:
    """The acts that a text of these words may do, in the order of `ACTS`; a text that does none costs next to nothing."""
    needed, besides, free = _index()
    first, second = 0, free
    for word in words & needed.keys():
        first |= needed[word]
    if not first:
        return []
    for word in words & besides.keys():
        second |= besides[word]
    first &= second
    return [act for bit, act in enumerate(ACTS) if first >> bit & 1 and _loose(bit).found(text)]


@cache
def _loose(bit: int) -> Pattern:
    """Finds an act in a text, and more: nothing that its pattern finds in a sentence of it is missed."""
    return pattern(ACTS[bit].source.replace("^", ""), FILE)


@cache
def _index() -> tuple[dict[str, int], dict[str, int], int]:
    """For each word the acts, as bits, that need it or its like; the same for what they need besides; those that do not."""
    needed: dict[str, int] = {}
    besides: dict[str, int] = {}
    free = 0
    for bit, act in enumerate(ACTS):
        for word in _telling(act.needs):
            needed[word] = needed.get(word, 0) | 1 << bit
        for word in _telling(act.besides):
            besides[word] = besides.get(word, 0) | 1 << bit
        free |= 0 if act.besides else 1 << bit
    return needed, besides, free


def _telling(names: str) -> list[str]:
    """Of every term of some tables the longest word, without which it cannot occur."""
    common = terms(FILE, "common")
    return [
        max(sorted(prose(term.replace("£", " ")).words), key=lambda word: (word not in common, len(word)))
        for name in names.split()
        for term in sorted(terms(FILE, name))
    ]
