"""Hostile, demeaning or excluding words about people for what they are (Equality Act 2010, ss. 4 to 12, 18).

Each sentence is read as a row of marks: who is spoken of (G), what is said of them, whether it is denied, reported or
spoken against. The patterns are over those marks, so that they hold for every group and every word of the tables.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from auditor.analysers.patterns import Pattern, alternatives, compiled, pattern
from auditor.analysers.profanity import Hit, struck
from auditor.analysers.prose import Prose, Sentence
from auditor.analysers.seen_through import Seen, rude
from auditor.analysers.vocabulary import terms
from auditor.values import Value

CHARACTERISTICS = {
    "race": "race or nationality",
    "religion": "religion or belief",
    "sex": "sex",
    "orientation": "sexual orientation",
    "gender": "gender reassignment",
    "disability": "disability",
    "age": "age",
    "maternity": "pregnancy and maternity",
    "marriage": "marriage and civil partnership",
}
"""The protected characteristics by the tables that name the people."""

_FILE = "discrimination"
_MARKS = {
    "vermin": "V",
    "hates": "H",
    "harms": "K",
    "should": "S",
    "damages": "D",
    "worths": "W",
    "goods": "E",
    "refusals": "F",
    "denials": "N",
    "reporting": "R",
    "counter": "C",
    "affirming": "A",
    "disclaiming": "A",
    "they": "T",
    "wishes": "Z",
    "doubts": "M",
    "refused": "X",
    "contempt": "B",
    "appointing": "L",
    "feelings": "J",
}
_TOKEN = re.compile(r"[a-z0-9]+(?:['+-][a-z0-9]+)*|[.,;:!?\"()-]")
_MOST_WORDS = 120
_NEAR = 2
"""Sentences before and one behind in which 'they' are looked for."""

_TO_BE = "(?:T|still|are|is|be|being|were|was|as|look|looks|seem|seems|like|remain|become|make|smell|act|behave|such|all|just|[a-z]+'re|A|AN|NA)"
_FEW = "(?:[^ N]+ ){0,3}?"
_SOME = "(?:[^ N]+ ){0,6}?"
_MANY = "(?:[^ N]+ ){0,9}?"
_BEHIND = "(?:$| (?:[.,;:!?)]|E|as|at|back|because|for|from|here|in|into|living|moving|near|of|on|or|and|round|this|until|when|who|with|anywhere|any|again|while|like|next|over|cutting|running|working|doing|hanging|looking|teaching|coming|telling|ordering|handling|touching|serving|driving|taking|leading|representing|parading|camping|setting|messing|cluttering|begging|judging|reading|raising|adopting|having|marrying|wearing|speaking|[A-Z]*[FT]))"
_HOSTILE = (
    # 'G are vermin', 'G might look human but they are parasites'
    rf"G {_MANY}{_TO_BE} {_SOME}{{V}}",
    # 'filthy G', 'such stupid, lazy G'
    r"V[A-Z]* (?:[A-Z]*V[A-Z]* |F |of |these |those |like |such |little |old |all |the |a |bunch |are |and |T ){0,3}G",
    # 'I hate G', 'so much contempt for G', 'disgusted by all the G', 'the scorn I feel for G'
    rf"(?:^|(?:i|i'm|i've|i'd|we|we're|god|everyone|everybody|whole|me|my own|us|so|such|much|feel|filled|full|how|absolutely|really|just|A|S) (?:[^ N]+ ){{0,4}}?){{H}} {_MANY}G",
    rf"{{H}} (?:i|we) {_SOME}G",
    rf"^my {{H}} {_SOME}G",
    # 'G disgust me', 'the sight of G makes me sick'
    rf"G (?:[^ N]+ ){{0,12}}?(?:me|us|my|everyone|i|we) {_FEW}{{H}}",
    rf"G {_SOME}{{H}} {_FEW}(?:me|us|everyone|everybody)",
    # 'we should shoot G', 'how about we get rid of G', 'G should be locked up', 'I am going to make G suffer'
    rf"{{S}} {_MANY}{{K}} {_SOME}G",
    rf"G {_MANY}{{S}} {_MANY}{{K}}",
    rf"{{S}} {_FEW}(?:make|see|watch|have) {_FEW}G {_FEW}{{K}}",
    rf"{{K}} {_FEW}{{S}} {_SOME}G",
    rf"{{Z}} {_MANY}G {_MANY}{{K}}",
    rf"{{Z}} {_FEW}(?:were|was|are|is|be) N {_FEW}G",
    # 'Send G back', 'Keep G out', 'Kill all G'
    rf"(?:^|[,;:] |and |so )(?:[^ N]+ )?{{K}} {_FEW}G",
    r"(?:send|F|ship|kick|K|wipe|sweep|blow|run|throw|chuck|turf|keep|lock|drive|get|pack|move|turn|want) (?:[^ N]+ )?G (?:[a-z]+ )?(?:back|out|home|off|up|away|gone|K|KS)",
    # 'G are taking over', 'G drag our school down'
    rf"G {_SOME}{{D}}",
    # 'G are not human', 'G have no right to be here', 'human rights should not apply to G'
    rf"G {_SOME}N[A-Z]* {_SOME}{{W}}",
    rf"{{W}} {_FEW}N[A-Z]* {_FEW}{{W}} {_FEW}G",
    # 'no compassion for G', 'no place in this village for G', 'never let G vote'
    rf"N[A-Z]* {_FEW}{{E}} {_SOME}(?:for|towards|to|with) {_FEW}G",
    rf"G {_SOME}N[A-Z]* (?:[^ N,]+ ){{0,3}}?(?:{{S}}|have|be) (?:[^ N,]+ ){{0,6}}?{{E}}",
    rf"M {_FEW}G {_SOME}(?:{{S}}|{{W}}|{{E}}|belong|fit)",
    # 'we do not want G here', 'no more G, please', 'the last thing we need is G'
    rf"(?:N[A-Z]*|last thing|wouldn't|avoid) (?:[^ N]+ ){{0,4}}?F[A-Z]* {_SOME}G{_BEHIND}",
    # 'I would not hire a G to drive the tractor'
    rf"N[A-Z]* {_FEW}{{L}} {_FEW}G",
    r"(?:^|[,;:.] |and |but )N (?:more |young |S |other |single |bloody ){0,2}G(?: either| allowed| here| [.,;:!]|$)",
    rf"N[A-Z]* {_FEW}(?:met|seen|known|heard of|find|found) {_FEW}{{W}} {_SOME}G",
    r"S G (?:are|is) (?:an? )?{K}",
    r"G (?:are|is) (?:[a-z]+ )?N(?: [.!]| to (?:me|us|anyone)|$)",
    # 'G have no idea', 'the trouble with G is that you cannot trust them', 'G shouldn't be on the committee'
    rf"G (?:[^ N]+ ){{0,2}}?(?:have|has|with|got) N[A-Z]* {_FEW}{{E}}",
    rf"(?:V|trouble|problem) with (?:the |these |those |all |most )?G {_MANY}(?:{{V}}|{{D}}|N[A-Z]* {_FEW}{{F}}|N[A-Z]* {_FEW}{{W}})",
    rf"G {_FEW}(?:{{S}} )?N[A-Z]* be (?:on|running|chairing|leading|reading|teaching|driving|allowed|here|trusted|given|working|standing|near|around|doing|judging|serving)",
    rf"X {_FEW}G (?:[a-z]+ing|on|as|near|around|{{E}})",
    r"(?:,|;|and|-) N more G",
    # 'I would rather die than sit by G', 'my dog is smarter than any G', 'better off without G'
    rf"(?:S|rather|sooner|A) {_MANY}than {_SOME}G",
    rf"{{V}} {_SOME}than {_SOME}G",
    rf"(?:off|place|happier|safer|better|quieter|cleaner|nicer) (?:N|before) {_FEW}G",
    r"G (?:[^ N]+ )?(?:{W}|know|understand|bring|add|give|produce|achieve) N",
    rf"^(?:please |S )?tell {_FEW}G (?:to )?{{K}}",
    r"G (?::|-|=) (?:an? |the |just |what an? )?(?:[^ N]+ )?{V}",
    rf"N (?:good|nice|decent|positive|to like|W|S) (?:about|in) {_FEW}G",
    rf"{{V}} to {{F}} {_FEW}G",
    r"(?:teach|E|put|place|lock|stick|shut) (?:[^ N]+ )?G (?:in |a |behind )?(?:[a-z]+ )?{K}",
    # contempt, wherever it stands
    r"G (?:\S+ )*{B}",
    r"{B} (?:\S+ )*G",
    rf"N care {_FEW}G {_MANY}{{K}}",
    # 'G get on my nerves', 'looking at G turns my stomach', 'nothing annoys me as much as G'
    rf"G {_SOME}{{J}}",
    rf"N[A-Z]* {_FEW}{{H}} (?:[^ N]+ ){{0,5}}?(?:than|as|like) {_FEW}G",
    # 'are G even human?', 'what are G good for?', 'why should we tolerate G?', 'who let G in?'
    rf"(?:are|is) {_FEW}G (?:even|actually|really) {{W}}",
    rf"(?:what|who) (?:use |good |the hell |on earth |earthly )?(?:are|is|needs|wants|need|want|let|lets|F|CF|asked for|invited) {_FEW}G (?:in|here|good for|for|W for|anyway|anyhow|[?]|$)",
    rf"why (?:on earth |the hell |the fuck )?(?:S|would|do) (?:we|anyone|anybody|you|i|people|W|anyone else|the rest of us) (?:[^ N]+ ){{0,2}}?(?:F[A-Z]*|FW|EF) {_FEW}G",
    rf"how (?:can|could) (?:anyone|anybody|a person|someone|S) {_FEW}(?:{{F}}|{{E}}|{{W}}) {_FEW}G",
    rf"when (?:[^ N]+ ){{0,5}}?{{K}} {_FEW}G",
    rf"(?:point|use|purpose|good) (?:of|in|are|is) {_FEW}G(?: [?]|$| anyway)",
    # 'I would not mind if G were dead', 'no city for G', 'nicer with fewer G', 'if it were not for G'
    rf"N[A-Z]* {_FEW}(?:mind|care|bother|matter|cry|weep|F[A-Z]*) {_SOME}G {_MANY}{{K}}",
    r"(?:fewer|less|without) (?:of |these |those |the |so many ){0,2}G",
    rf"(?:if it (?:(?:N|wasn't|weren't|was not|were not) for|A)|as long as (?:there are|we have|they let)|wherever (?:there are|you find|you see)|blame|blaming|thanks to) (?:[^ N]+ ){{0,2}}?G (?:[^ ]+ ){{0,3}}?(?:for|, [^ ]+ )",
    rf"if (?:my|your|our) (?:[a-z]+ ){{1,3}}?(?:brought|brings|married|marries|marry|dated|dates|became|turned|turns|were|was|is) {_SOME}G .*(?:disown|ashamed|{{H}}|{{K}}|out|leave|cry|disappointed|N)",
    rf"{{Z}} (?:to )?{_FEW}{{K}} {_SOME}G",
    # 'G have never achieved anything', 'G will get nothing from me', 'I would not call G human'
    rf"N[A-Z]* {_FEW}(?:call|describe|regard|see|think of|consider|count|FW|F) (?:a |an |any |most |these |those )?G {_FEW}{{W}}",
    rf"G (?:{{S}} |will |shall )?(?:get|have|bring|offer|add|win|FW|E) (?:only |just )?N(?: [.!]|$| from| to| but)",
    # 'we are coming for you G', 'I will find you G', 'G, watch your backs'
    rf"(?:coming|came|come|looking|gunning) (?:for|after) (?:all |every |you |the |those |these |T |, ){{0,3}}G",
    rf"(?:{{S}}|going to) {_FEW}(?:find|get|catch|track down|hunt down|deal with|wipe|finish|finish off|take out|sort out|come for|come after|go after) (?:all |every |you |those |these |the |them ){{1,3}}G (?:and|off|until|$|[.!])",
    r"G (?:[^ ]+ ){0,4}?(?:watch (?:your|their|its) (?:back|backs|step)|live to (?:see|tell|regret)|make it (?:home|out)|E to [^ ]+|N E to [^ ]+|run while|start running|last long|be next)",
    rf"G {_SOME}(?:{{S}}|going to) (?:[^ N]+ ){{0,4}}?(?:[a-z]+ )?(?:your|their|his|her) {{K}}",
    rf"{{S}} (?:[^ N]+ ){{0,3}}?(?:put|stick|fire|drive|pump|throw|pour|set) (?:[^ N]+ ){{0,2}}?{{K}} (?:[a-z]+ )?{_FEW}G",
    r"G S N(?: [.!]|$)",
    rf"N (?:asked for|ever asked for|needs|needed|wanted|F) G to (?:{{E}}|be here|come)",
    rf"N (?:one|single|a single) {{W}} G",
    rf"N (?:single |one )?G (?:has |have |S )?ever {_FEW}(?:{{W}}|{{E}})",
    rf"{{K}} to (?:deal with|sort|sort out|use on|teach|stop|clear|take care of) {_FEW}G",
    # 'who would want G?', 'has a G ever done anything?', 'hanging is too good for G', 'worse since G came'
    rf"(?:who|what [^ ]+(?: [^ ]+)? (?:person|man|idiot|V)) (?:S |would |could ){{1,3}}(?:to )?(?:{{F}}|{{E}}|{{W}}) {_FEW}G",
    rf"(?:do|does|has|have|did|can) {_FEW}G (?:even|ever) {_FEW}(?:{{W}}|{{E}})",
    rf"(?:{{K}}|hanging|prison|death|hell|bullet) (?:is|are|would be) too (?:good|nice|kind) for {_FEW}G",
    rf"{{D}} (?:[^ ]+ ){{0,2}}?(?:when|since|once|after|because) {_FEW}G",
    r"G (?:[^ ]+ ){0,3}?your days are numbered",
    r"(?:A|S) G (?:be )?{K}",
    rf"N (?:great |big )?(?:loss|tragedy|harm|shame|bad thing|pity) (?:if|when) {_FEW}G",
    # 'G have the morals of alley cats', 'G lack intelligence', 'no such thing as a good G'
    r"G have the {E} of",
    rf"G {_FEW}(?:lacks?|lacking|without) (?:any |all |the |basic |real |even |a )*(?:{{E}}|{{W}})",
    rf"N such thing as (?:an? )?{_FEW}G",
    r"G N (?:know|understand) (?:what [^ ]+ (?:means|is)|the meaning of)",
    r"{W} G is a {K} G",
    # 'I moved to get away from G', 'there ought to be a law against G', 'G are lucky that we let them'
    rf"(?:get|move|stay|keep|run|go|escape|far|moved|got|as far) (?:far |as far |right )?(?:away|clear) (?:from|of) {_FEW}G",
    rf"{{S}} (?:[^ N]+ ){{0,3}}?(?:law|ban|wall|cure|vaccine|spray) (?:N|for|on|that keeps) {_FEW}G",
    rf"(?:hanging|gallows|gas chambers?|rope|guillotine|firing squads?|death penalty|K|final solution|final cure) for (?:all |every |the |these |those ){{0,2}}G(?: [.!]|$)",
    rf"(?:embarrassed|humiliating|embarrassing|scared|V) to (?:be )?{{F}} {_FEW}G",
    r"(?:shame|pity|disgrace|scandal|mistake|V|E) that G (?:are|can|have|get|were) (?:now |even |still )?(?:F|FX|allowed|E|W|EW|the|equal|legal|to E)",
    r"G (?:are|S be) (?:lucky|grateful|thankful|fortunate) (?:that |if )?(?:we|to|T)",
    r"{K} (?:[^ ]+ ){0,6}?, (?:you |all you )?(?:V )?G(?: [.!]|$)",
    r"G , (?:[^ ]+ ){0,5}?{K} (?:you|T)",
    rf"N S F {_FEW}G (?:if|when|were)",
    r"who (?:the [^ ]+ )?(?:do|does) (?:these |those |the |you |a )?G think",
    rf"why (?:[^ ]+ ){{0,2}}?god (?:[^ ]+ ){{0,2}}?G",
    rf"how (?:long|much longer) (?:[^ ]+ ){{0,5}}?F {_FEW}G",
    # 'a good enough worker for a G'
    r"{W} (?:[^ N]+ ){0,2}?for (?:a )?G\b(?: , but| but| , though| [.!]|$)",
    r"(?:every one|all|most|half|each|the lot) of G (?:[a-z]+ ){0,2}?{V}",
    # 'as long as there are G here, nobody is safe'
    rf"G {_SOME}, (?:and |so )?N (?:is|are|can be|feels|will be) (?:safe|free|happy)",
    # 'too many G here'
    rf"(?:too many|enough|overrun by|overrun with|full of|swarming with|D by|D with) {_FEW}G (?:[^ N]+ ){{0,4}}?(?:here|country|village|parish|council|already|around|town|street)",
)
_NEUTRAL = (
    r"\bR[A-Z]* .*G",
    r"\b[A-Z]*C[A-Z]*\b",
    r"\bN all (?:of )?(?:the )?G",
    r"^[A-Z]*W[A-Z]* (?:who|that) ",
    r"^H[A-Z]* G (?:is|does|makes|will)\b",
    r"\b[A-Z]*H[A-Z]* (?:when|that|if) (?:[a-z]+ )?(?:[A-Z]*W[A-Z]*|people|someone|anyone|men|he|she|you|they|[A-Z]*S[A-Z]*) ",
    r"\bN[A-Z]* (?:single |one )?G (?:[^ N]+ ){0,6}[A-Z]*[SVK]",
    r"\bN[A-Z]* (?:[a-z]+ )?[A-Z]*S[A-Z]* (?:[^ N]+ ){0,3}[A-Z]*K",
    r"\bN[A-Z]* [A-Z]*F[A-Z]* (?:[^ N]+ )?G (?:to )?be\b",
    r"\bN (?:any |real )?[A-Z]*H[A-Z]* (?:in|for|towards|against)\b",
    r"^N about\b",
    r"\bN (?:evidence|proof|reason|sign|truth|basis|indication|excuse|justification)\b",
    r"^(?:he|she|they|T|W|who|my [^ ]+|your [^ ]+|some [^ ]+|the [^ ]+) (?:[^ ]+ )?H G\b",
    r"^(?:your|his|her|their|such|this|that|the) (?:[^ ]+ )?H (?:of|for|towards|against) G\b",
    r"^(?:thinking|R|saying|assuming|pretending|hoping|Z|H|K) .*G .*\b(?:is|makes|shows|says|R)\b",
    r"^if you [^,]*[A-Z]*[KH][A-Z]* [^,]*G[^,]* , (?:you|we|i|then|T|S|R|H)\b",
    r"^(?:it's|it is|how) (?:so |just |really |S )?[A-Z]*V[A-Z]* (?:of you |of him |of her |of T |of people )?to (?:[ac-z][^ ]*|[A-Z]+) ",
    r"^(?:as|i am|i'm|we are|we're) (?:an? )?(?:fellow |proud )?G\b",
    r"\bN[A-Z]* (?:[^ ]+ ){0,2}[A-Z]*B",
    r"^(?:whoever|anyone|anybody|those who|people who)\b",
    r"^who [^ ]+ (?:[^ ]+ )?(?:to )?[A-Z]*[KH]",
    r"\b[A-Z]*H[A-Z]* (?:it when|how|to see|the way|hearing|seeing)\b",
    r"\b[A-Z]*H[A-Z]* (?:[a-z]+ )?(?:people|those|anyone|anybody|someone|men|thugs|kids|lads|bullies|C) (?:who|R)",
    r"\b(?:some|many|other|these|those) [^ G]+ (?:[a-z]+ )?[A-Z]*H",
    r"\bM .*V",
)


class Mention(Value, frozen=True):
    """A sentence as marks."""

    marks: str
    kinds: tuple[str, ...]
    """The characteristics that it names people by."""


def discriminating(seen: Seen) -> Iterator[Hit]:
    """At most one for each sentence, in reading order."""
    text = seen.prose
    named = {sentence.start for sentence in struck(text, people())}
    if not named:
        return
    at = [i for i, sentence in enumerate(text.sentences) if sentence.start in named]
    near = sorted({j for i in at for j in range(max(0, i - 1), min(len(text.sentences), i + _NEAR + 1))})
    read = {i: _mention(text, text.sentences[i]) for i in near}
    for i in near:
        kinds = read[i].kinds or _kinds_near(read, i)
        before = f"{read[i - 1].marks} / {read[i].marks}" if i - 1 in read and read[i].kinds else ""
        if kinds and (_hostile(read[i]) or (before and _after_all().found(before) is not None) or _felt(read, i)):
            sentence = text.sentences[i]
            yield Hit(f"group:{kinds[0]}", sentence.start, sentence.end, CHARACTERISTICS[kinds[0]])


@cache
def people() -> Pattern:
    """Any mention of people by what they are."""
    nouns = "|".join(f"{{{kind}}}" for kind in CHARACTERISTICS)
    adjectives = "|".join(f"{{{kind}_of}}" for kind in CHARACTERISTICS)
    return pattern(f"{nouns}|(?:{adjectives}) (?:[a-z-]+ )?(?:{{persons}}|{{vermin}}|{nouns})", _FILE)


def _kinds_near(read: dict[int, Mention], at: int) -> tuple[str, ...]:
    """Whom 'they' are in a sentence that names nobody: those named shortly before, or at once behind."""
    around = [read[i] for i in (*range(at - 1, at - _NEAR - 1, -1), at + 1) if i in read]
    return next((kinds for one in around if (kinds := tuple(k for k in one.kinds if k != "age"))), ())


def _hostile(mention: Mention) -> bool:
    marks = mention.marks
    if not mention.kinds:
        if "T" not in marks.split():
            marks = _exclaimed(marks)
        marks = re.sub(r"\bT\b", "G", marks)
    if not marks:
        return False
    if any(one.found(marks) for one in _neutral()):
        marks = _BUT.split(marks, maxsplit=1)[-1] if _BUT.search(marks) else ""
        if not marks or any(one.found(marks) for one in _neutral()):
            return False
    if mention.kinds:
        marks = re.sub(r"\bT\b", "G", marks)
    return any(one.found(marks) for one in _patterns()) or _plainly(mention, marks)


_BUT = re.compile(r" (?:but|although|though|whereas|yet) ")
_SHORT = 16
"""Marks of a sentence so short that what is ill in it is said of those whom it names."""


def _plainly(mention: Mention, marks: str) -> bool:
    """Whether a short sentence says something vile of people, and denies nothing."""
    if marks.count(" ") > _SHORT or not _ONE_PERSON.isdisjoint(marks.split()) or not _MEANT.issuperset(mention.kinds) or not mention.kinds:
        return False
    return _vile().found(marks) is not None


_ONE_PERSON = frozenset(["he", "she", "him", "his", "her", "he's", "she's", "my", "our"])
"""Words of a sentence that is about somebody, not about a kind of people."""
_MEANT = frozenset(kind for kind in CHARACTERISTICS if kind not in ("age", "maternity", "marriage"))


@cache
def _vile() -> Pattern:
    """People and an ill word within a few words of one another, with nothing that denies it in the sentence."""
    gap = r"(?:[^ ENRCF]+ ){0,7}?"
    ill = "[A-Z]*[VHJ][A-Z]*"
    return compiled(rf"^[^NRCE]*(?:^| )(?:G {gap}{ill}|{ill} {gap}G)(?: [^NRCE]*)?$")


def _felt(read: dict[int, Mention], at: int) -> bool:
    """'I saw a … today. It made me sick.'"""
    last = read.get(at - 1)
    if last is None or not last.kinds or read[at].kinds or last.marks.count(" ") > _SHORT:
        return False
    return _FELT.match(read[at].marks) is not None and not any(one.found(last.marks) for one in _neutral())


_FELT = re.compile(r"(?:it|this|that|S)(?: [^ NRC]+){0,2} (?:J|K (?:him|her|T))\b")


@cache
def _after_all() -> Pattern:
    """'The plan is rubbish. It came from a …'"""
    return compiled(r"\b[A-Z]*[VK][A-Z]* .*/ (?:it|that|this|T) (?:came|comes|was|is|will have come) (?:[^ ]+ ){0,4}?G\b|\b[A-Z]*[VK][A-Z]* .*/ (?:[^ ]+ )*G after all")


def _exclaimed(marks: str) -> str:
    """'Disgusting creatures.': a sentence without a verb is of those who were named before."""
    match = _EXCLAIMED.match(marks)
    return f"T are {marks}" if match else ""


_EXCLAIMED = re.compile(r"(?:what |such |just |all |bunch |pack |load |lot |an? |the |absolute |utter |total |complete |bloody |nothing |of )*[A-Z]*V[A-Z]*(?: [^ ]+){0,4}$")


@cache
def _patterns() -> tuple[Pattern, ...]:
    marked = (re.sub(r"\{([A-Z])\}", r"[A-Z]*\1[A-Z]*", one) for one in _HOSTILE)
    return tuple(compiled(rf"(?:^| )(?:{one})(?: |$)".replace("(?:^| )(?:^", "^(?:")) for one in marked)


@cache
def _neutral() -> tuple[Pattern, ...]:
    return tuple(map(compiled, _NEUTRAL))


def marks(text: Prose, sentence: Sentence) -> str:
    """A sentence as a row of marks."""
    return _mention(text, sentence).marks


def _mention(text: Prose, sentence: Sentence) -> Mention:
    tokens = list(_TOKEN.finditer(sentence.plain))[:_MOST_WORDS]
    words = [m[0] for m in tokens]
    spoken = [text.reports(sentence.start + m.start(), sentence.start + m.end()) for m in tokens]
    marks: list[str] = []
    kinds: list[str] = []
    at = 0
    while at < len(words):
        if spoken[at]:
            at += 1
            continue
        group, length = _group(words, at)
        if group:
            kinds.append(group)
            marks.append("G")
        else:
            mark, length = _marked(words, at)
            marks.append(mark)
        at += length
    return Mention(" ".join(marks), tuple(dict.fromkeys(kinds)))


def _group(words: list[str], at: int) -> tuple[str, int]:
    """The characteristic that people are named by here, and how many words name them."""
    if words[at] in terms(_FILE, "one") and at and _single(words, at):
        return "", 1
    for size in (4, 3, 2, 1):
        phrase = " ".join(words[at : at + size])
        kind = _nouns().get(phrase) or _nouns().get(phrase.removesuffix("'s"))
        after = words[at + size] if at + size < len(words) else ""
        if kind and (after in terms(_FILE, "not_people") or (phrase.endswith("'s") and not _theirs(after))):
            return "", 1
        if phrase in _adjectives():
            behind = at + size
            while behind < min(len(words), at + size + 2) and words[behind] in _adjectives():
                behind += 1
            if behind == at + size < len(words) and _despised(_adjectives()[phrase], phrase, words[at - 7 if at > 7 else 0 : at], words[behind]):
                return _adjectives()[phrase], size
            noun = words[behind].removesuffix("'s") if behind < len(words) else ""
            thing = behind + 1 < len(words) and words[behind + 1] in terms(_FILE, "not_people")
            if not thing and (noun in terms(_FILE, "persons") or noun in _nouns()):
                return _adjectives()[phrase], behind + 1 - at
        if kind and len(phrase.split()) == min(size, len(words) - at):
            return kind, size
    return "", 1


def _single(words: list[str], at: int) -> bool:
    """Whether one person is spoken of, whatever is said of her: 'you idle woman', 'that Connie woman'."""
    before = words[at - 1]
    one = terms(_FILE, "before_one")
    return before in one or before in terms("hostility", "rude_qualities") or (at > 1 and words[at - 2] in ("that", "this"))


def _theirs(noun: str) -> bool:
    """Whether what people have stands for them: 'women's brains', and not 'the women's page'."""
    return noun in terms(_FILE, "theirs") or noun in terms(_FILE, "persons") or noun in terms(_FILE, "vermin")


def _despised(kind: str, adjective: str, before: list[str], noun: str) -> bool:
    """'Gay trash': where the noun is the insult. Black dogs and old rubbish are what they are."""
    if noun not in terms(_FILE, "vermin") or kind == "age":
        return False
    accused = "you're" in before or ("you" in before and "are" in before) or rude(noun) is not None
    return accused or adjective not in terms(_FILE, "colours")


def _marked(words: list[str], at: int) -> tuple[str, int]:
    """The marks of the longest term that begins here, and its length in words; the word itself when it has none."""
    index = _terms()
    for size in (5, 4, 3, 2, 1):
        if at + size <= len(words):
            mark = index.get(" ".join(words[at : at + size]))
            if mark:
                return mark, size
    return words[at], 1


@cache
def _terms() -> dict[str, str]:
    found: dict[str, str] = {}
    for table, mark in _MARKS.items():
        for word in terms(_FILE, table):
            if mark not in found.get(word, ""):
                found[word] = "".join(sorted(found.get(word, "") + mark))
    return found


@cache
def _nouns() -> dict[str, str]:
    return {word: kind for kind in reversed(CHARACTERISTICS) for word in terms(_FILE, kind)}


@cache
def _adjectives() -> dict[str, str]:
    return {word: kind for kind in reversed(CHARACTERISTICS) for word in terms(_FILE, f"{kind}_of")}


SLURS = {
    "slur_race": "race",
    "slur_disability": "disability",
    "slur_orientation": "orientation",
    "slur_gender": "gender",
    "slur_sex": "sex",
}
"""The characteristic that a word of abuse is about, by its table of `terms/rude.toml`."""


def reclaimed(sentence: Sentence, at: int) -> bool:
    """Whether somebody speaks of himself, or of his own, with a word that others use as abuse."""
    if pattern("{reclaiming}", _FILE, "reclaiming").found(sentence.plain) is not None:
        return True
    return compiled(rf"\b{alternatives(terms(_FILE, 'own_kind'))} +(?:[a-z]+ +)?$").found(sentence.plain[max(0, at - _OWN_KIND) : at]) is not None


_OWN_KIND = 24
