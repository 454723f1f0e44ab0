"""What an hour with regular expressions reaches: the least that the rules must be worth."""

from __future__ import annotations

import re

OBLIGATION = re.compile(
    r"\b(?:(?:i|we|the council) (?:hereby |will |shall |am happy to |are happy to )?(?:accept|agree|approve|authori[sz]e|"
    r"commit|confirm|guarantee|promise|undertake|pay|fund)|please (?:go ahead|proceed|arrange|order|send|invoice)|"
    r"you (?:must|are (?:hereby )?(?:instructed|authori[sz]ed)))\b",
    re.IGNORECASE,
)
CREDENTIAL = re.compile(r"\b(?:password|passcode|pin|user ?id|login)\b\W{0,3}(?:is|was|:|=)?\s*\S*\d", re.IGNORECASE)
NUMBERS = re.compile(
    r"\b[A-CEGHJ-PR-TW-Z]{2} ?(?:\d{2} ?){3}[A-D]\b|\b\d{2}-\d{2}-\d{2} ?\d{8}\b|\b(?:\d[ -]?){13,16}\b|"
    r"\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){3,7}|\b\d{3}[ -]\d{3}[ -]\d{4}\b|[\w.]+@[\w.]+|\b(?:born|dob)\b",
    re.IGNORECASE,
)
KEYWORDS: dict[str, re.Pattern[str]] = {
    rule: re.compile(source, re.IGNORECASE)
    for rule, source in {
        "obligation-commitment": r"\b(?:we|the council) (?:will|shall|promise|guarantee|undertake)\b",
        "obligation-acceptance": r"\b(?:accept|approve|agree)(?:s|d)?\b.{0,40}\b(?:quot|tender|order|contract|terms|offer)",
        "obligation-instruction": r"\b(?:please go ahead|please proceed|you must|instruct|authori[sz]e)\b",
        "offensive-profanity": r"\b(?:bloody|bugger\w*|crap|shit\w*|fuck\w*|bollocks|arse\w*|bastards?|piss\w*)\b",
        "offensive-discriminatory": r"\b(?:gypsies|gypsy|foreigners|immigrants|muslims|gays?|old people|women)\b",
        "offensive-harassment": r"\b(?:idiots?|stupid|useless|pathetic|moron\w*|waste of space)\b",
        "offensive-threat": r"\b(?:regret it|watch your back|or else|kill|smash|sorry you)\b",
        "offensive-sexual": r"\b(?:sexy|tits|naked|porn\w*|boobs)\b",
        "language-unbusinesslike": r"!!+|\b(?:lol|omg|gonna|wtf)\b",
        "confidential-marked": r"\b(?:confidential|part 2|not for publication|exempt|without prejudice|privileged)\b",
        "confidential-personal-data": NUMBERS.pattern,
        "confidential-special-category": r"\b(?:depress\w*|cancer|pregnan\w*|diagnos\w*|convict\w*|trade union|disab\w*)\b",
        "confidential-financial": r"\bsort code\b|\biban\b|\bsalary\b|£\d\d,\d{3}",
        "confidential-credentials": r"\b(?:password|passcode|pin)\b",
        "defamation-risk": r"\b(?:crook|thief|stole|fraud\w*|corrupt\w*|bribe\w*|liar)\b",
        "views-as-council": r"\bthe council (?:believes|thinks|is of the view)\b",
        "views-no-disclaimer": r"\b(?:i think|in my opinion|i believe)\b",
        "views-political-religious": r"\b(?:vote for|conservative|labour|lib dem\w*|reform|green party|jesus|allah)\b",
        "chain-or-solicitation": r"\b(?:sponsor|forward this|raffle|for sale|discount)\b",
        "fraud-or-piracy": r"\b(?:crack(?:ed)?|torrent|licen[cs]e key|backdate)\b",
        "social-media-post": r"\b(?:facebook|twitter|instagram|post(?:ed)? (?:it|this))\b",
    }.items()
}


def keywords(text: str) -> set[str]:
    """The rules whose keywords occur."""
    return {rule for rule, pattern in KEYWORDS.items() if pattern.search(text)}
