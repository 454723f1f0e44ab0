"""Small signs that somebody binds the Council: none does by itself, several do. Words are in `terms/obligation_cues`."""

from __future__ import annotations

from typing import NamedTuple

from auditor.analysers.obligation_acts import ACCEPTANCE, COMMITMENT, INSTRUCTION
from auditor.findings import Rule

FILE = "obligation_cues"

_DO = r"(?:please |kindly |pls |can you |could you please )?(?:also |just |then |now )?"


class Cue(NamedTuple):
    """One sign."""

    rule: Rule
    weight: int
    source: str
    trade: bool = False
    """Only to somebody who works for councils or sells to them."""
    errand: bool = False
    """Whether it sends somebody on an errand."""
    never: str = ""
    """The tables of what makes it none, anywhere in the sentence."""
    asks: bool = False
    """Whether it is one even where it is put as a question."""
    alone: bool = True
    """Whether it can be the chief of them."""


CUES = (
    Cue(ACCEPTANCE, 3, "{close}", never="courtesies unclosed"),
    Cue(ACCEPTANCE, 4, "{hired}"),
    Cue(
        ACCEPTANCE,
        3,
        "{offer_word}(?: \\d+)?(?: is| are|'s|,)?(?: very| quite| all| absolutely| perfectly)? {fair}",
        never="reserve",
    ),
    Cue(
        ACCEPTANCE,
        3,
        "you(?:'ve| have|'ve got| have got) (?:our|my|the council's|the parish's)(?: full| formal)? {sanction}",
    ),
    Cue(
        ACCEPTANCE,
        3,
        r"at (?:the|your|that|those)(?: (?:agreed|quoted|revised|new|lower|full|stated|tendered|named|old))? (?:price|prices|figure|figures|rate|rates|sum|cost|terms)",
    ),
    Cue(
        ACCEPTANCE,
        3,
        r"(?:(?:^| )l?\d\d[\d,.]*|{named_price})(?: \w+){0,4}(?: is| are|'s|'ll be| sounds| seems| looks| will be)(?: \w+)? {fair}",
        never="reserve clock",
    ),
    Cue(
        ACCEPTANCE,
        3,
        r"(?:\d[\d,.]*|{named_price})(?: it is|(?: \w+){0,2}(?: will do|'ll do| does it| does us| suits| works))",
        never="reserve clock",
    ),
    Cue(
        ACCEPTANCE,
        3,
        r"(?:is|are|'s|'re|stand|stands|hereby|represents|all)(?: \w+)? {closed}",
        never="courtesies unclosed",
    ),
    Cue(ACCEPTANCE, 2, r"^(?:\w+, ?)?{nod}(?:[,;.! ]+{nod})*(?:,? \w+){0,3}$", trade=True),
    Cue(ACCEPTANCE, 1, "{same}", trade=True, alone=False),
    Cue(ACCEPTANCE, 1, "{offer_word}", alone=False),
    Cue(ACCEPTANCE, 1, r"(?:l\d[\d,.]*|{named_price})", alone=False),
    Cue(
        INSTRUCTION,
        2,
        r"^(?:\w+, ?)?(?:(?:from|on|by|this|next|for) (?:\w+ ){1,2})?" + _DO + "{errand}",
        errand=True,
        alone=False,
    ),
    Cue(
        INSTRUCTION,
        2,
        "(?:[,;:-] ?|{joins} )" + _DO + "{errand} {things}",
        errand=True,
        alone=False,
    ),
    Cue(INSTRUCTION, 3, r"{route}(?: \w+){0,4} (?:to|through|at|via|with|into|in|for) (?:the )?{counter}"),
    Cue(INSTRUCTION, 3, "{charged}", trade=True, never="uncharged"),
    Cue(INSTRUCTION, 3, "{officer}(?:'ll| will) {settles}(?: the| your)? {what_owed}"),
    Cue(INSTRUCTION, 3, "{parish} account", trade=True),
    Cue(
        INSTRUCTION,
        3,
        "(?:is|are|has|have|must|it|them|those|that|{thing_owned})(?:'s)? to be (?:off|down|out|gone|away|removed|taken|moved|cleared)",
    ),
    Cue(INSTRUCTION, 3, "(?:^(?:\\w+, ?)?|[,;:-] ?|you |must |please |kindly |now ){off_with}"),
    Cue(INSTRUCTION, 2, "{same}", trade=True, alone=False),
    Cue(INSTRUCTION, 1, "{when}", alone=False),
    Cue(
        INSTRUCTION,
        3,
        r"(?:you|they|lads|men|team|crew) (?:may|can|should)(?: then| now| also)? {begin_ok}",
        trade=True,
    ),
    Cue(INSTRUCTION, 3, "{compel}", never="uncompelled"),
    Cue(INSTRUCTION, 3, "{bidden}", never="uncompelled unforced"),
    Cue(INSTRUCTION, 1, "{thing_owned}", alone=False),
    Cue(
        INSTRUCTION,
        3,
        r"{thing_owned}(?:'s| goes| go| comes| come)(?: \w+){0,2} (?:off|down|out|away|gone|shifted)",
    ),
    Cue(
        INSTRUCTION,
        4,
        r"(?:^|[,;:] |and |pls |please |kindly |can you |could you )(?:stick|pop|post|put|share|publish|upload|announce|change|update|add) .{0,80}"
        r"{channels}",
        asks=True,
    ),
    Cue(INSTRUCTION, 2, r"^(?:\w+, ?)?(?:{few}|\d+) \w+", trade=True, never="been", alone=False),
    Cue(INSTRUCTION, 2, r"^\w+(?: \w+)?, {when}", trade=True, alone=False),
    Cue(COMMITMENT, 3, "{at_cost}"),
    Cue(COMMITMENT, 3, "{not_due}", never="papers"),
    Cue(COMMITMENT, 3, r"{sums}(?: \w+){0,5}(?: is| are|'s|'re)(?: \w+)? yours"),
    Cue(COMMITMENT, 2, "{calm}"),
    Cue(COMMITMENT, 1, "{mild}", alone=False),
    Cue(COMMITMENT, 2, "{shall_have}", never="papers"),
    Cue(COMMITMENT, 3, r"(?:{parish}|we)(?:'s|'re| is| are)(?: \w+)? {giving}"),
    Cue(
        COMMITMENT,
        3,
        r"(?:you|they|he|she|club|school|members|lads|children|team|group)(?: all)? (?:can|may)(?: \w+)? {let_do} .{0,40}{ground}",
    ),
    Cue(COMMITMENT, 2, "(?:won't|will not|shan't|shall not|will never|never|'ll not|'ll never)(?: be)? {undone}"),
    Cue(
        COMMITMENT,
        3,
        "(?:borrow|use|take|have|keep|help yourselves to|help yourself to) (?:our|the council's|the parish's)",
    ),
    Cue(COMMITMENT, 3, r"(?:will|shall|'ll) have the(?: \w+)? {ground}"),
    Cue(COMMITMENT, 3, r"(?:your|the) {dues}.{0,40}(?:will be|is|has been|are|have been) {dealt}"),
    Cue(COMMITMENT, 2, r"there(?:'ll| will| shall) be (?:an?|no|new|two|your)"),
    Cue(
        COMMITMENT,
        3,
        r"{parish}(?:(?:'ll| will| shall| is going to| takes| is to| gives)(?: \w+)? (?:{we_shall}|the)| stands the)",
    ),
    Cue(
        COMMITMENT,
        2,
        r"(?:we|it|that|they|which|which it|there)(?:'ll| will| shall|'s down to| is down to|'s to| is to|'s going to)(?: \w+)?"
        r"(?: be)? {we_shall}",
    ),
    Cue(COMMITMENT, 1, "{lasting}", alone=False),
    Cue(COMMITMENT, 1, r"(?:l\d[\d,.]*|{sums})", alone=False),
)
