"""Offence (E4, U1): seen through its disguises, charged to whoever wrote it, and left alone where there is none."""

from __future__ import annotations

import time

import pytest
from closing_letters import case, plain
from hypothesis import given, settings
from hypothesis import strategies as st

from auditor.analysers.offence import Offence, masked
from auditor.analysers.seen_through import likeness, mended, rude, seen_through
from auditor.findings import Severity

CLERK = "clerk@ashmere.example"
FORWARD = """{top}

-----Original Message-----
From: Ray Fox <ray@openletters.example>
Sent: 07 November 2026 20:15
To: Thomas Arden
Subject: bins

{passed}
"""

DISGUISED = [
    "f*ck", "f**k", "f***", "sh1t", "$hit", "s.h.i.t", "f_u_c_k", "phuck", "fvck", "fcuk", "biatch",
    "b!tch", "wh0re", "ｆｕｃｋ", "ѕhit", "fu\u200bck", "f\u00adu\u00adck", "assh0le", "a$$hole",
    "arse-hole", "motherf*cker", "muthafukka", "wankerz", "tw@t", "shittt", "fuuuck", "c*nt", "w*nker",
    "b*stard", "f#ck", "sh<b></b>it", "fuckwit", "dickheads", "arsewipe", "cockwomble",
]  # fmt: skip
INNOCENT = [
    "Scunthorpe", "Penistone", "Shitterton", "Cockshutt", "Cockburn", "Clitheroe", "Lightwater", "Sussex", "Middlesex",
    "Titchmarsh", "Arsenal", "assessor", "shiitake", "cocktail", "therapist", "analysis", "peacock", "titmouse", "document",
    "cumulative", "cucumber", "Fukuoka", "snigger", "niggardly", "Dickson", "butterfly", "passage", "embarrass", "grape",
    "Nigeria", "raccoon", "tycoon", "spicy", "conquer", "policy", "blackthorn", "Hitchcock", "Woodcock", "Babcock", "Wanklyn",
    "B3057", "A55", "4B", "MP3", "H20", "£5", "café", "naïve", "Zoë", "Tŷ", "p.m.", "e-mail", "***", "--",
]  # fmt: skip


def found(body: str, sender: str = "cllr.arden@ashmere.example", **headers: str) -> list[tuple[str, str]]:
    return [(one.rule, one.excerpt) for one in Offence().check(case(plain(body), sender, **headers))]


def rules(body: str, **headers: str) -> list[str]:
    return sorted({rule.removeprefix("offensive-") for rule, _ in found(body, **headers)})


@pytest.mark.parametrize("word", DISGUISED)
def test_disguised(word: str) -> None:
    assert rules(f"I have had enough of this {word}, as I said on Monday.")


@pytest.mark.parametrize("word", INNOCENT)
def test_innocent(word: str) -> None:
    assert not found(f"The next meeting will be about {word}, at half past seven.")


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("You lot are a pack of selfish arseholes, and thick with it.", ["harassment", "profanity"]),
        ("Kill all Muslims.", ["discriminatory"]),
        ("The clerk is a halfwit.", ["harassment"]),
        ("He called the clerk a halfwit.", []),
        ("'You are a halfwit' is what the letter said.", []),
        ("Is the clerk a vegetarian?", []),
        ("Withdraw that or I'll tell your wife about Torquay.", ["threat"]),
        ("I'll tell your wife about the lovely torque wrench.", []),
        ("She looked a treat in the play and so did the cow.", []),
        ("Women are not stupid.", []),
        ("I never said that immigrants are scum.", []),
        ("Keep the dogs out of the pond.", []),
        ("The women's institute is a plague on nobody.", []),
    ],
)
def test_what_is_meant(body: str, expected: list[str]) -> None:
    assert rules(body) == expected


def test_sentences_that_follow_one_another_are_one_incident() -> None:
    body = "You are useless. You are pathetic.\n\nThe gate is shut.\n\nYou are a disgrace."
    assert [said for rule, said in found(body) if rule == "offensive-harassment"] == [
        "You are useless. You are pathetic.",
        "You are a disgrace.",
    ]


def test_what_is_quoted_in_a_reply_is_nobodys_here() -> None:
    body = "Thank you for writing.\n\nOn Mon, 2 Nov 2026 at 09:14, Ray <ray@openletters.example> wrote:\n> You are useless arseholes."
    assert not found(body, Subject="Re: bins")


def test_a_reply_is_not_charged_with_its_subject() -> None:
    assert not found("Thank you for writing.", Subject="Re: you useless arseholes")
    assert rules("Read this.", Subject="you useless arseholes") == ["harassment", "profanity"]


def test_passing_on_is_circulating() -> None:
    body = FORWARD.format(top="Worth a read.", passed="You are useless arseholes.")
    assert rules(body, Subject="Fw: bins", To="pat@growers.example") == ["circulated"]


def test_telling_the_clerk_is_for_information() -> None:
    body = FORWARD.format(top="You should see this.", passed="You are useless arseholes.")
    mail = case(plain(body), "cllr.arden@ashmere.example", Subject="Fw: bins", To=CLERK)
    assert [one.severity for one in Offence().check(mail)] == [Severity.INFO]
    both = case(plain(body), "cllr.arden@ashmere.example", Subject="Fw: bins", To=f"{CLERK}, pat@growers.example")
    assert [one.severity for one in Offence().check(both)] == [Severity.MEDIUM]


def test_a_message_attached_whole_is_passed_on() -> None:
    inner = plain("You are useless arseholes.")
    inner["Subject"], inner["From"] = "bins", "ray@openletters.example"
    outer = plain("See the attached.")
    outer.add_attachment(inner)
    mail = case(outer, "cllr.arden@ashmere.example", To="pat@growers.example")
    assert [one.rule for one in Offence().check(mail)] == ["offensive-circulated"]


def test_the_name_of_a_file() -> None:
    mail = plain("The pictures.")
    mail.add_attachment(b"x", maintype="image", subtype="jpeg", filename="topless_girls.jpg")
    assert [one.rule for one in Offence().check(case(mail, "cllr.arden@ashmere.example"))] == ["offensive-sexual"]


def test_a_machine_is_not_charged() -> None:
    assert not found("You are useless arseholes.", **{"Auto-Submitted": "auto-replied"})


def test_the_reason_does_not_repeat_the_word() -> None:
    (reason,) = [one.reason for one in Offence().check(case(plain("It is fucking cold."), CLERK))]
    assert "fucking" not in reason
    assert masked("fucking") == "f*****g"


def test_the_excerpt_is_the_text_as_it_stands() -> None:
    assert found("Well, s h 1 t. That is that.")[0][1] == "Well, s h 1 t."


LETTERS = st.text(alphabet="abfuckshitniger 013$@!*._-<>/bé\u200b\u00ad\u0455'\"\n", max_size=120)


@given(LETTERS | st.text(max_size=120))
@settings(max_examples=300, deadline=None)
def test_places_are_kept(text: str) -> None:
    seen = seen_through(text)
    last = (0, 0)
    for i in range(len(seen.prose.text)):
        start, end = seen.span(i, i + 1)
        assert 0 <= start <= end <= len(text)
        assert (start, end) >= last
        last = (start, end)


@given(LETTERS)
@settings(max_examples=300, deadline=None)
def test_a_mended_word_is_whole(text: str) -> None:
    for word in text.split():
        new = mended(word)
        if new is not None:
            assert all(mended(one) is None for one in new.split())
        rude(word)


@given(st.characters())
def test_a_likeness_is_a_letter_or_itself(char: str) -> None:
    new = likeness(char)
    assert new == char or len(new) <= 1
    assert likeness(new) == new if new else True


@pytest.mark.parametrize(
    "piece",
    [
        "f u c k ",
        "n1gg3r ",
        "f*ck",
        "women are ",
        "you are stupid ",
        "I will kill you ",
        "fuck-",
        "\u0430",
        '"',
        "<b>",
        "x",
        "a b c ",
    ],
)
def test_no_text_takes_long(piece: str) -> None:
    text = piece * (10_000 // len(piece))
    found("The gate is shut.")
    start = time.process_time()
    found(text)
    assert time.process_time() - start < 1


EVERYDAY = [
    "Two wheelchairs, a carer and one assistance dog for the panto on Saturday.",
    "The gents smells and the ladies is worse; can Joyce bleach them both.",
    "The wasps are back, above the ladies, same hole as last year.",
    "The old ladies had a bad coach trip; the heating was rubbish and the driver was slow.",
    "Young people say the skate park is rubbish and they are right, it is broken and dirty.",
    "The Travellers left on Sunday and the rubbish they were blamed for was there in March.",
    "The vet will take the semen on Friday and see to the heifers after.",
    "Please put your name and nothing else on the ballot envelope.",
    "The filter blocked a site on breast cancer as pornography and I need it let through.",
    "Cockerels at Hookers Farm have started at four.",
    "What an idiot I am, I sent you the wrong file.",
    "I am a pompous old fool with a spreadsheet, so please check my sums.",
    "I cannot add up, as you know, so please check the float.",
    "Whether she is married is nobody's concern.",
    "I owe you an apology. On Tuesday I said you were a liar and a bully, and that was wrong of me.",
    "Our spaniel eats anything. He is stupid, fat and lazy, so keep the sausages high.",
    "County hall couldn't run a bath, as we saw with the potholes.",
    "That hedge is a disgrace to the village and wants cutting.",
    "Nobody would miss the old bench, it is rotten.",
    "I shall have him out of the ditch with the tractor by noon.",
    "Say goodbye to your old bins, the new ones come on Monday.",
    "Watch your back on the cellar steps.",
    "Aliens in the pond again: signal crayfish, which eat our natives and breed like rabbits.",
    "Knotweed first, then the balsam. They breed like rabbits and we should get rid of the lot.",
    "The elders of the chapel do not want people over the tea urn when it is hot.",
    "Your note has a speaker saying 'people like that should go back where they came from', and nobody said so.",
    "Elderly drivers get muddled at that junction because the sign is useless.",
    "I was no use at that age either.",
    "I'll make certain he never gets left off the rota again.",
    "How do you get disabled people on to the bus at the bottom stop?",
]
HARSH = [
    ("threat", "I'll see to it that his lorry never works in this county again."),
    ("threat", "Publish it and kiss your licence goodbye."),
    ("harassment", "You've always been thick as two planks, Ken."),
    ("harassment", "You couldn't tell your left foot from your right and you run the rota!"),
    ("harassment", "She could not put up a tent, and you couldn't post a letter without a grown-up."),
    ("discriminatory", "People that age spoil the photographs, so seat him behind the pillar."),
    ("discriminatory", "What do you call a black man in court? Ask Ray for the rest of it."),
    ("discriminatory", "How many Irishmen does it take to mend a gate?"),
    ("discriminatory", "I hear the flat has gone to immigrants who live next to the mill and are filthy."),
]


@pytest.mark.parametrize("body", EVERYDAY)
def test_everyday(body: str) -> None:
    """What the clerk, the groundsman and the vet write, with words that elsewhere would offend."""
    assert not found(body)


@pytest.mark.parametrize(("rule", "body"), HARSH)
def test_harsh(rule: str, body: str) -> None:
    assert rule in rules(body)
