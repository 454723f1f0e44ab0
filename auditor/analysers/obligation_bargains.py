"""How offers are accepted for a council (E10). Words are in `terms/obligations`."""

from __future__ import annotations

from auditor.analysers.obligation_acts import ACCEPTANCE, ALL, START, THEN, acts

ACCEPTANCES = acts(
    ACCEPTANCE,
    ("accepts an offer for the Council", ALL + THEN + r" {accept}\b.{0,60}\b{offer}", "kindness"),
    (
        "accepts an offer for the Council",
        r"(?:i|we)(?: have|'ve) (?:{adverb} )*{accepted}\b.{0,60}\b{offer}",
        "kindness",
    ),
    (
        "tells somebody that the offer is taken",
        (
            r"(?:(?:your|the|this|that|yr) (?:\w+ ){0,3}(?:{offer}|{altered})(?: £[\d,.]+)?(?: {bid_for} .{1,40})?"
            r"(?: is| are|'s| has been| have been) (?:{adverb} )*{taken}|^(?:your )?{offer} {taken}"
            r"|(?:consider|treat|regard|take|deem) .{0,20}(?:{offer}|{altered})(?: as)? (?:{taken}|amended|varied|placed|changed))"
        ),
        "decided kindness",
    ),
    (
        "tells somebody that the offer is taken",
        r"\d[\d,.]*(?: an? \w+)? {agreed_sum}",
    ),
    (
        "tells somebody that the offer is taken",
        r"(?:^|(?:i'm|i am|we're|we are|very|quite|perfectly) ){content} (?:your|the|that|this) .{0,30}\b{offer}",
    ),
    ("tells somebody that the work is theirs", "{won}", "decided"),
    (
        "tells somebody that the work is theirs",
        "{picked} (?:you|your|yours|them|(?:the|that|this) .{0,20}{offer}|option)",
    ),
    (
        "chooses an offer for the Council",
        "(?:we|let's)" + THEN + r" {choose} .{0,40}\b(?:{lot}|{offer})",
        "kindness",
    ),
    (
        "signs for the Council",
        r"(?:(?:i|we)"
        + THEN
        + r" {signed} .{0,50}\b{deed}|(?:^|the |our |my |attached |enclosed )signed (?:{copy} )?{deed}"
        r"|(?:attached|enclosed|herewith|enclose|attach|here|return|returning) .{0,40}\b{deed}\b.{0,20}signed)",
    ),
    (
        "is willing to take the offer",
        "^(?:i'm |we're |i am |we are )?{glad} to {close_on}",
        "kindness however",
    ),
    (
        "accepts an offer for the Council",
        "{thanks},? (?:and |but )?(?:i|we)(?: {adverb})* accept",
        "kindness sociable",
    ),
    (
        "signs the Council up",
        "{signup}",
    ),
    (
        "accepts an offer for the Council",
        r"{offer}.{0,60}\bwhich " + ALL + THEN + " {accept}",
        "kindness",
    ),
    (
        "tells somebody that the offer is taken",
        r"^(?:{sealed}\b.{0,12}£\d+|{yes},? £\d+[\d,.]* (?:is|sounds|seems|will be|looks) {good})",
    ),
    (
        "accepts an offer for the Council",
        START + r"{assenting} (?:your|the|that) .{0,20}\b{offer}",
    ),
    (
        "chooses an offer for the Council",
        ALL + THEN + r" {buying} .{1,40}\bat (?:£|the price|your price)",
    ),
    (
        "takes silence for agreement",
        (
            r"{silence}\b.{0,60} (?:take|taken|assume|assumed|treat|treated|mean|means|count|counts|regard|regarded|will be|is|as"
            r"|deemed) .{0,30}\b{assent}"
        ),
        "denied",
    ),
    (
        "has something decided by e-mail, which only a meeting can",
        "{roundrobin}",
    ),
)
