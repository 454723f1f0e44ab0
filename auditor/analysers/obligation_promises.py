"""How a council is committed: promises, grants, leave given, dues given up (E10). Words are in `terms/obligations`."""

from __future__ import annotations

from auditor.analysers.obligation_acts import ALL, COMMITMENT, COUNT, START, THEN, WE, acts

COMMITMENTS = acts(
    COMMITMENT,
    (
        "promises the Council's money or help",
        WE
        + r"(?:(?: |){will}|'s|\b.{1,80} and (?:will|shall)) (?:{adverb} )*{pay}|we(?: |){resolved} (?:{adverb} )*{pay}",
        "idle",
    ),
    (
        "promises work by the Council",
        WE + r"(?: |){will} (?:{adverb} )*(?:(?:have|send|get) .{1,40} )?{mend}\b.{0,80}\b{term}",
        "homely_gift",
    ),
    ("gives the Council's word", WE + THEN + " {vow}", "deliberate"),
    (
        "answers for what the Council will do",
        "(?:i" + THEN + " {vow}|rest assured|you can be sure) (?:you )?(?:that )?"
        r"(?:(?:the|we|it|your|there|nobody|no|they|this|that|all|every|you|parish|council|any|my|our)\b.{0,60}(?:will|won't|'ll|shall|is going to)|to {pay}|to {mend}|£\d+|(?:an?|the|your) (?:{gift}|{place})|.{0,20}\b{council}'s {gist})",
        "deliberate",
    ),
    ("gives the Council's word", "{word}", "denied"),
    (
        "lets somebody use what is the Council's",
        r"{may} (?:{adverb} )*{use} .{0,60}\b{place}",
    ),
    (
        "lets somebody do as he likes with what is the Council's",
        r"{welcome},? \w+ .{0,60}\b{place}",
        "visiting",
    ),
    (
        "lets somebody use what is the Council's",
        "we" + THEN + r" {agree_to_let} .{0,30}\b{use} .{0,60}\b{place}",
        "idle",
    ),
    (
        "lets somebody use what is the Council's",
        r"{guest} (?:can|may) (?:{adverb} )*(?:have|use|hire|keep|borrow) .{0,40}\b{place}",
    ),
    (
        "tells somebody that it is theirs",
        r"(?:\w+day|\d+(?:st|nd|rd|th))(?: \w+){0,3} (?:is|are) (?:all )?yours",
    ),
    (
        "gives the Council's leave",
        r"{giving} .{0,30}\b{leave_given}",
        "planning",
    ),
    (
        "grants something of the Council's",
        ALL + THEN + " (?:grant|grants|granting) (?:you|them|the|an?|£)",
    ),
    (
        "tells somebody that it is theirs",
        "(?:{gift}|{place})(?: .{1,40})?(?: is| are| will be|'s| has been| have been) (?:{adverb} )*{yours}",
    ),
    (
        "reserves something of the Council's",
        r"{ive} (?:(?:put|booked) .{1,40}\b(?:down|in) for|{reserve}) .{0,40}\b{place}",
    ),
    (
        "gives up what the Council might do or is due",
        "(?:" + ALL + " (?:won't|will not|shan't|shall not|'ll not)|" + WE + " (?:don't|do not)) (?:be )?{free}",
    ),
    (
        "gives up what is due to the Council",
        "{nocharge} (?:for|to) (?:the |your )?(?:you|{place})",
    ),
    (
        "gives up what is due to the Council",
        r"(?:{needless} pay (?:the|your|any|that) (?:\w+ )?{owed}|{owed} (?:is|are|'s|has been|have been) {forgiven})",
    ),
    (
        "lets somebody use what is the Council's",
        START
        + r"(?:have|use|keep|take|borrow) (?:the|our) .{0,20}\b{place}\b.{0,40}\b(?:{nocharge}|as long as you|whenever you)",
    ),
    (
        "promises the Council's money",
        (
            "(?:will|'ll|shall|is to|are to|going to)(?: all)?(?: be)? {borne}(?: {in_full})?"
            " (?:by|from|out of) (?:the |our )?{purse}"
        ),
    ),
    (
        "answers for the Council's money",
        (
            r"(?:i'll|i will|i can|i'm going to|we'll|we will) (?:{adverb} )*{ensure} .{0,30}\b(?:(?:council|parish|you|we).{0,20}\b{pay}(?:s|es|d)?"
            "|you(?: get|'re|'ll be|'ll get| are|'ll have) (?:paid|reimbursed|refunded|compensated|your money))"
        ),
    ),
    (
        "offers what is the Council's",
        ALL + THEN + " {offering} (?:an?|the|our|plot|£|" + COUNT + ")",
        "papers idle",
    ),
    (
        "tells somebody of money kept for him",
        WE + r"(?:'ve| have|'s| has)(?: got)? £\d[\d,]*.{0,20}\b{set_by} for (?:you|your)",
    ),
    (
        "promises the Council's money",
        "{down_for} (?:£|an? |the |" + COUNT + ")",
    ),
    (
        "grants the Council's money",
        r"i" + THEN + r" (?:authorise|authorising|approve|approving|sanction) (?:a|the|your|£).{0,20}\b{gift}",
    ),
)
