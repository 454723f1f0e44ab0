"""How somebody is ordered about for a council, or charges it (E10). Words are in `terms/obligations`."""

from __future__ import annotations

from auditor.analysers.obligation_acts import ALL, COUNT, INSTRUCTION, START, THEN, WORK, acts

INSTRUCTIONS = (
    *acts(
        INSTRUCTION,
        (
            "gives authority for the Council",
            r"(?:{given} .{0,30}\b{authority}|{authorised})",
        ),
        (
            "has the Council charged",
            "(?:"
            + START
            + r"(?:(?:the |your )?{bill}|{charge_verb} .{0,25}\b(?:on|to|against) (?:the |our )?(?:{payer} |usual )?{slate}"
            r"|(?:\w+ )?(?:the |your )?{bill_word} .{0,20}\b(?:to|for|in|at|via|with) (?:the |our )?{payer})|{charged}|(?:charge|bill|invoice|debit) (?:it|them|this|that|the \w+) (?:all |both )?to (?:the |our )?{payer}|{charging} to (?:\w+ ){0,4}{payer})",
        ),
        ("orders for the Council", ALL + THEN + " {order} (?:{thing}|" + COUNT + ")", "notgoods"),
        (
            "tells of an order given for the Council",
            r"{past_order} .{0,60}\b{tradesman}",
        ),
        (
            "tells of an order given for the Council",
            r"{bidden} .{0,40}\b(?:to|can|may|could|should) {proceed}",
            "tell_words",
        ),
        (
            "ends work or a contract for the Council",
            "(?:" + START + "{halt}|{ended})",
        ),
        (
            "orders goods for the Council",
            "we" + THEN + " {want} " + COUNT + r".{0,120}\b{delivery}",
            "notgoods",
        ),
        (
            "calls people to a meeting as only the Clerk may",
            "{summons}",
        ),
    ),
    *acts(
        INSTRUCTION,
        ("sets work going for the Council", START + "{proceed}", "elsewhere"),
        (
            "orders somebody to do something",
            r"{must} (?:{adverb} )*{enforce} .{0,60}\b(?:{land}|{deadline})",
            "advice",
        ),
        (
            "orders somebody to do something",
            START + r"{enforce} .{0,50}\b{land}\b.{0,60}\b{deadline}",
        ),
        (
            "orders somebody to do something",
            (
                r"(?:i|we|{council}) (?:{adverb} )*(?:want|wants|expect|expects|require|requires|need|needs) (?:the|that|your|those|these|this|all|it|them|every)\b.{0,40}\b{done_to}"
                r" .{0,20}\b{deadline}"
            ),
        ),
        ("orders work for the Council", r"{please} (?:{opener} )*\w+ .{1,60}\b{behalf}", "homely"),
        (
            "tells somebody's men to begin",
            r"(?:your {lads} (?:can|may|should) .{0,40}\b(?:{proceed}|{begin})|"
            + START
            + r"tell (?:(?:your|the) (?:{lads}|{crew}) (?:to|that they can)|(?:him|her|them|\w+|the \w+) (?:to|he can|she can|they can) {proceed}))",
            "tell_words",
        ),
        ("orders somebody to do something", r"{bid} \w+ \w+", "telling"),
        (
            "ends work or a contract for the Council",
            "(?:^|{opener} ){do_not} {work} (?:{object}|more)",
            "homely",
        ),
        ("orders work for the Council", "^{strong} (?:{object}|" + COUNT + ")", "homely"),
        (
            "orders somebody to do something",
            r"(?:i|we|{council}) (?:{adverb} )*{wanting} (?:the|your|that|all|those|these)\b.{1,40} to be \w+ed",
            "clerical",
        ),
        (
            "orders somebody to do something",
            r"{respite} .{0,30}to {enforce} .{0,40}\b{land}",
        ),
        ("orders work for the Council", "{please} (?:{opener} )*" + WORK, "homely"),
        (
            "orders work for the Council",
            r"^(?:\w+, )?" + WORK + r".{0,100}\b(?:{deadline}|please|pls|for the council|for the parish)",
            "homely",
        ),
        guides=True,
    ),
    *acts(
        INSTRUCTION,
        (
            "orders work for the Council",
            r"(?:{can_you} (?:{opener} )*\w+(?: off| up| down| out)? {object}|{can_we} " + COUNT + ")",
            "homely notgoods",
        ),
        guides=True,
        account=True,
        asks=True,
    ),
)
