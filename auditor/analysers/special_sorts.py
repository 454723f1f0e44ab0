"""How the law's special categories are told of somebody, sort by sort (for `special_category`)."""

from __future__ import annotations

from auditor.values import Value


class Sort(Value, frozen=True):
    """A sort of fact: how it is said, what it is called, and how such words are tied to somebody."""

    said: str
    kind: str
    tied: str = ""
    """'had' as an illness is, 'is' as a faith is, 'whose' as a heart is, 'within' where the words themselves name the person; empty where the words themselves say that it is
    somebody's; 'does' where they are told of whom they stand next to."""
    unless: str = ""
    """What stands behind such words where they mean something else."""


_FAILING = "{organs}(?: [a-z]+)? {fails}"
_TROUBLED = (
    "{troubles} (?:with|in|on|of|to) (?:(?:his|her) (?:[a-z]+ )?{organs}|the {inner})|{spread} (?:the|his|her) {inner}"
)
_FOUND = "(?:something|shadow|mass|patch|lump) (?:on|in) (?:his|her|[a-z]+'s) {inner}"
_LOST = (
    "(?:lost|losing|donated|only has|has only|has just|cost (?:him|her)|needs|need|having|waiting for) (?:a new|a|an|the|one|his|her|two|three|both|half his|half her)(?: other| left| right| new)? {parts}"
    "|(?:took|taken|take|takes|removed|remove|cut) (?:away |out |off )?(?:part of |half of |half |a bit of |some of |most of |both )?(?:his|her) (?:left |right |other )?{parts}"
    "|(?:had|having|have|has|needs?) (?:to have )?(?:a|an|the|one|his|her|two|both)(?: other| left| right)? {parts} (?:off|out|removed|taken|done|replaced|amputated)"
)
_SENTENCED = (
    "(?:months|years|years'|months'|weeks|stretch|time|spell|term|sentence),?(?: (?:in|at) [a-z]+(?: [a-z]+)?)? (?:inside|for {offences}|(?:in|at) (?:a |the )?{gaols})"
    "|(?:record|form|previous|caution|done|nicked|convicted|charged|court|bench|magistrates|arrested|cautioned|fined|entry|entries|had up) (?:with|for|over|on) (?:the |a )?(?:[a-z-]+ )?{offences}"
    "|(?:in|to|into|out of) (?:a |the )?{gaols}|{records}|{crimes}"
)
_COMING = (
    "(?:parents|mother|father|family|people|folks|grandparents|wife|husband|they|he|she) (?:all )?(?:is|are|originally|came|come|comes|hails|hail|was born|were born)(?: here| over| originally| out| in)? (?:from|in) {lands}"
    "|(?:born|raised|brought up|grew up) in {lands}|{settled}"
)
_TREATED = (
    "{organs} (?:is|are|was|were|'s|wants|needs) (?:being |to be |going to be |getting |having to be )?{mended}"
    "|(?:have|has|having|had|get|getting|gets|got|wants|needs) (?:his|her) (?:[a-z]+ )?{organs} {mended}"
    "|(?:since|after|before|until|from|over|with) (?:his|her) (?:[a-z]+ )?{surgery}"
    "|in for (?:tests|observation|assessment|treatment|(?:an?|his|her|another|the) (?:[a-z]+ )?{surgery})"
    "|(?:took|taken|taking|take|had) (?:the|his|her|one|a) (?:other |left |right )?{parts} (?:off|out|away)"
    "|(?:carted|taken|rushed|carried|whisked|wheeled) (?:off |away |out )?(?:in an|to|into|by) {wards}"
    "|on (?:pills|tablets|medication|something|drugs) (?:for|from the doctor|to sleep|to help)"
    "|(?:put|got|sent|moved|had|kept) (?:him|her) (?:in|into|to|away to) (?:a|the) (?:[a-z]+ )?{wards}|{hurting} (?:his|her|a) (?:[a-z]+ )?{organs}"
    "|(?:she's|she is) (?:about |nearly |only |just )?{number} (?:months|weeks)"
    "|(?:one of|another of) (?:his|her) (?:[a-z]+ )?{turns}"
)
_FORETOLD = (
    "(?:the|his|her|their) {doctors} (?:(?:has|have|had) )?(?:(?:given|gives|give|gave) (?:him|her|(?:[a-z]+ )?[a-z]+) (?:until|till|only|no more|not|about|a few|at most|a year|{number})"
    "|(?:told|tells|tell|warned) (?:him|her) (?:it|that|to|he|she|there|not)|(?:is|are) not happy with (?:him|her)|(?:isn't|aren't) happy with (?:him|her))"
    "|(?:won't|will not|isn't going to|not expected to|unlikely to|hardly|may not) (?:see|last|make|live) (?:[a-z]+ ){0,3}{feasts}"
    "|(?:bad|grim|poor|dreadful|worrying) news (?:from|at) (?:the |his |her )?(?:{doctors}|{wards}|scan|tests|clinic)"
    "|(?:scanning|x-raying|operating on|opening|opened) (?:him|her)(?: up)?"
)
_IS_ILL = (
    "(?:is|was|been|are|'s) (?:riddled with it|carrying(?: again| in secret)|in (?:a|an) (?:special|secure) unit)"
    "|(?:is |was |'s |been |still |back |lies |lying |up |kept |put |taken |rushed |gone |off |under )*(?:in|at|to|into|on|under) (?:the |a )?(?:[a-z]+ )?{wards} (?:at|in|again|having|with|since|over|because|for (?:his|her)|(?:two|three|four|five) times|twice|every|and)"
    "|(?:is|was|'s|are|kept|still|taken|rushed|gone|been|back) (?:in|into|to|at) (?:the )?{hospitals}|(?:had|has|having|needs|need|booked for|waiting for|awaiting) (?:a|an|the|his|her|another) {probes}"
    "|{abed}|(?:is|was|has|been|got|just|'s) (?:just |been |at last |now )*diagnosed"
    "|(?:seeing|sees|saw|to see|back to|under|referred to|sent to) (?:the|a|his|her|another) (?:[a-z]+ )?{seers}"
    "|(?:is |been |'s )?(?:waiting for|waits for|awaiting|dreading|had back) (?:(?:the|his|her|some) )?(?:(?:[a-z]+ )?(?:test|biopsy|scan|blood|hospital|x-ray) )?results"
)
_SERVED = "(?:did|done|doing|serving|served|got|given|spent|finishing|facing) (?:a |about |the best part of )?{number}(?: {number})? (?:months|years|weeks|days|hours|month|year)(?: (?:inside|community|of unpaid|unpaid|suspended))?"
_DEALT_WITH = (
    "{dealt}|(?:fined|convicted|done|jailed|had up|nicked|charged|cautioned|banned|sentenced|imprisoned) (?:[a-z0-9]+ ){0,4}(?:for|over|with) (?:[a-z-]+ ){0,2}{offences}"
    "|sent (?:away|down) for {offences}"
)
_CHARGED = (
    "(?:police|constabulary|law|they) (?:have |has |had )*(?:charged|cautioned|arrested|bailed|nicked) (?:him|her|(?:[a-z]+ )?[a-z]+ (?:with|for|over))"
    "|(?:police|constabulary|law) (?:have |has |had )+(?:him|her|[a-z]+) in (?:again|twice|for|over|about)"
)
_BELIEVES = (
    "(?:is|are|was|were|'s|being|all|raised|turned|became|born|brought up) (?:all |very |strictly |quite |one of those |some sort of |born |brought up |strict |staunch |good |devout |a |an |both |practising |as )*{believers}"
    "|{devotions}|(?:keeps?|keeping|observ(?:es|ing)|off for|away for|celebrat(?:es|ing)|fasting for|because of|home for) (?:the )?{festivals}"
    "|(?:won't|will not|doesn't|does not|don't|do not|cannot|can't|never) (?:eat|have|touch|drive|work|drink|cook|use the phone|answer the telephone)s? (?:[a-z]+ )?(?:pork|beef|bacon|on (?:a |the )?(?:saturdays?|sundays?|sabbath|shabbat)|until (?:sundown|sunset))"
    "|(?:goes|go|going|went|is|is always|be|attends|off) (?:to |at |down at |up at |along to )?(?:the )?{shrines}(?: on| every| each| twice| for| most| all| again| and)?"
)
_SIDES_WITH = (
    "{siding} (?:for |to |with )?(?:the )?{camps}(?: man| woman| voter| supporter| member)?"
    "|(?:is|'s|was) (?:very |all |true |old |solid )*{camps} (?:to (?:the|his|her)|through|all|born)"
    "|(?:(?:had|has|have|got|with|keeps|put|puts|flies) (?:a|an|his|her|up a|that) )?{camps} (?:poster|placard|sticker|board|banner|rosette|flag|card|badge|party card|party member|membership|supporter|voter|activist) ?(?:in|on|up|since|all|and|man)?"
)
_ORGANISED = (
    "{guilds} (?:rep|member|steward|card|convenor|shop steward|official|branch secretary|activist|subs|man)"
    "|(?:joined|in|member of|through|with|belongs to|rang|gone to|been to|via) (?:the )?{guilds}"
)
_LOVES = (
    "(?:prefers|fancies|likes|goes with|sleeps with|likes the company of|after|chases) (?:other |young |married |the )?(?:men|women|boys|girls|lads|ladies|his own sex|her own sex|his own kind)"
    "|(?:walk|walks|walked|walking|stepping|stepped|going|goes|went|gone|seeing|sees|living|lives|lived|live|off|in bed|kissing|moved in|taken up|took up)(?: out| about| off)? (?:with )?(?:another|a|his|her) (?:married |male |lady |woman |man |gentleman )?{sweethearts}"
    "|{persuasions}"
)
_CAME = "(?:is|'s|comes?|came|hails|are|was) (?:originally |really |over |here |all )*from {lands}|(?:is|are|'s) (?:some sort of |a |one of the |all |partly |half )*{peoples}"
_OF_NOBODY = (
    r" (?:of the|of a|for (?:a|an|the|some|second)|late|behind|into|in arrears|away|older|younger|short|from)\b"
)
SORTS = (
    Sort("{states}|{cares}|{medicines}|{ailing}|{bearing}|{drinking}", "health"),
    Sort("{illnesses}", "health", "had"),
    Sort(_FAILING, "health", "whose"),
    Sort("{aids}", "health", "owned"),
    Sort("{noted}", "health", "noted"),
    *(Sort(said, "health", unless=r" (?:of the|for an?)\b") for said in (_TROUBLED, _LOST)),
    Sort(_FOUND, "health", "within"),
    Sort(
        "(?:the|his|her|its) {illnesses} (?:has|have|had|is|was)(?: [a-z]+)? {relapses}|(?:his|her|an?) (?:{organs}|{inner})(?: [a-z]+)? {surgery}"
        "|(?:only )?one (?:good )?{parts}|(?:list|waiting|waits|down) for (?:a|an|his|her|the|two) (?:new |other )?(?:{organs}|{parts}|{inner})",
        "health",
    ),
    Sort(_SENTENCED, "a criminal record", unless=r" (?:as|on the|in the|with the)\b|-out"),
    Sort("{unions}", "a trade union"),
    Sort("{parties}|{dues}", "politics"),
    Sort("{faiths}", "a faith", "is"),
    Sort("{practices}|{tenets}", "a faith"),
    Sort("{sexes}", "sex life", "is"),
    Sort("{sides}", "sex life", unless=r" (?:with (?:the|our|a|it|this)|regardless|as)\b"),
    Sort("{races}", "origin", "is"),
    Sort(_COMING, "origin"),
    Sort("{biometrics}", "biometric data"),
    *(Sort(said, "health", "within", _OF_NOBODY) for said in (_TREATED, _FORETOLD, "{fading}")),
    Sort(
        _IS_ILL,
        "health",
        "does",
        r" about (?!h)| by (?!the (?:doctor|hospital|consultant))| (?:of the|for the|engineer|ecologist|surveyor|architect|planner|who|from)\b",
    ),
    Sort(_CHARGED, "a criminal record", "within"),
    Sort(_DEALT_WITH, "a criminal record", "does"),
    Sort(
        _SERVED,
        "a criminal record",
        "does",
        r",? (?:as|of|in the|on|with|at the|making|running|working|to|each|a|for the|for us|warranty|notice|holiday|leave)\b|'",
    ),
    Sort(_BELIEVES, "a faith", "does"),
    Sort(_SIDES_WITH, "politics", "does"),
    Sort(_ORGANISED, "a trade union", "does"),
    Sort(_LOVES, "sex life", "does", " (?:from|of) the (?:council|committee|planning)"),
    Sort("{changed}", "sex life", "does"),
    Sort(_CAME, "origin", "does"),
)
