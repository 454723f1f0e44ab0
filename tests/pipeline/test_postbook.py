"""What the post book says of a recipient: from what is dated before, and from nothing else."""

from __future__ import annotations

import random
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from auditor.analysers.lookalike import namesakes
from auditor.mail.message import Address
from auditor.past import Elsewhere, NearMiss, OutOfPlace, Remark
from auditor.pipeline.neighbours import Neighbours, dressings
from auditor.pipeline.postbook import Entry, PostBook
from auditor.policy import Person, Policy, Role

TOM = "cllr.bell@stow.example"
POLICY = Policy(
    "Stow Parish Council",
    ("stow.example",),
    (Person("Tom Bell", Role.COUNCILLOR, "Councillor", TOM, private=("tom.bell@homemail.example",)),),
    known_correspondents=("jsmihtson@oakleyturf.example",),
)
DAY = 86_400


def address(text: str) -> Address:
    name, _, email = text.rpartition("<")
    return Address(name.strip(), email.rstrip(">"))


def line(day: int, sender: str, *to: str, message: str = "") -> Entry:
    return Entry(message or f"{day} {sender} {to}", day * DAY, address(sender), tuple(map(address, to)))


def said(earlier: list[Entry], this: Entry) -> tuple[Remark, ...]:
    entries = sorted([*earlier, this], key=lambda one: one.sent)
    return dict(PostBook(POLICY).read([(one.message, one) for one in entries])).get(this.message, ())


def known(email: str, times: int, *, start: int = 0, sender: str = TOM) -> list[Entry]:
    return [line(start + n, sender, email) for n in range(times)]


JENNY = "Jenny Smithson <jsmithson@oakleyturf.example>"


@pytest.mark.parametrize(
    ("new", "near"),
    [
        ("jsmtihson@oakleyturf.example", "jsmithson@oakleyturf.example"),
        ("jsmithsonn@oakleyturf.example", "jsmithson@oakleyturf.example"),
        ("jsmiths0n@oakleyturf.example", "jsmithson@oakleyturf.example"),
        ("jsmithson@oaklyturf.example", "oakleyturf.example"),
        ("jsmithson@oakleytrf.example", "oakleyturf.example"),
        ("jsmithson@oakley-turf.example", "oakleyturf.example"),
        ("jsmithson@oakleyturf.org", "oakleyturf.example"),
        ("accounts@oakleyturf.org", None),
        ("ksmithson@oakleyturf.example", None),
        ("jsmithson2@oakleyturf.example", None),
        ("jsmihtson@oakleyturf.example", None),
        ("sales@oakleyturf.example", None),
        ("jsmithson@turfandseed.example", None),
        ("jsmithson@oakleyturf.example", None),
    ],
)
def test_an_address_a_slip_away_from_one_that_is_known(new: str, near: str | None) -> None:
    found = said(known(JENNY, 4), line(50, TOM, new))
    assert [one.known for one in found if isinstance(one, NearMiss)] == ([near] if near else [])
    assert all(one.email == new for one in found)


def test_the_better_known_of_two_is_named() -> None:
    earlier = known("anders@quill.example", 3) + known("andres@quill.example", 5, start=10)
    [one] = said(earlier, line(50, TOM, "andrs@quill.example"))
    assert isinstance(one, NearMiss)
    assert (one.known, one.times) == ("andres@quill.example", 5)


def test_twice_is_not_known() -> None:
    assert said(known(JENNY, 2), line(50, TOM, "jsmtihson@oakleyturf.example")) == ()


def test_a_slip_made_before_is_still_one_and_no_longer_when_it_is_usual() -> None:
    slip = "jsmtihson@oakleyturf.example"
    assert said(known(JENNY, 10) + known(slip, 1, start=20), line(50, TOM, slip))
    assert said(known(JENNY, 9) + known(slip, 1, start=20), line(50, TOM, slip)) == ()


def test_whoever_writes_from_an_address_is_there() -> None:
    slip = "jsmtihson@oakleyturf.example"
    wrote = [line(20, slip, TOM)]
    assert said(known(JENNY, 30) + wrote, line(50, TOM, slip)) == ()
    told = [line(20, JENNY, TOM, slip)]
    assert said(known(JENNY, 30) + told, line(50, TOM, slip)) == (), "somebody else wrote to it"


def test_that_somebody_writes_from_a_domain_that_looks_like_another_says_little() -> None:
    forged = "jsmithson@oakleyturt.example"
    [one] = said([*known(JENNY, 30), line(40, forged, TOM)], line(50, TOM, forged))
    assert one == NearMiss(forged, "oakleyturf.example", 30, True)


def test_both_at_once_are_two_people() -> None:
    assert said(known(JENNY, 9), line(50, TOM, JENNY, "jsmtihson@oakleyturf.example")) == ()


def test_a_strangers_letter_is_nobodys_fault() -> None:
    assert said(known(JENNY, 9), line(50, "ann@marsh.example", "jsmtihson@oakleyturf.example")) == ()


def test_a_private_account_writes_for_whoever_has_it() -> None:
    [one] = said(known(JENNY, 9), line(50, "tom.bell@homemail.example", "jsmtihson@oakleyturf.example"))
    assert isinstance(one, NearMiss)


BETHAN = "Bethan Pryce <bethan.pryce@homemail.example>"


@pytest.mark.parametrize(
    ("before", "new", "flagged"),
    [
        (BETHAN, "Bethan Pryce <bp1@quickpost.example>", True),
        (BETHAN, "Pryce, Bethan <bp1@quickpost.example>", True),
        (BETHAN, "Mrs Bethan Pryce <bp1@quickpost.example>", True),
        (BETHAN, "Bethan <bp1@quickpost.example>", False),
        (BETHAN, "Bethan Price <bp1@quickpost.example>", False),
        (BETHAN, "Bethan Pryce <bethan.pryce@stow.example>", False),
        ("Bethan Pryce <b7@homemail.example>", "Bethan Pryce <bp1@quickpost.example>", False),
        ("Planning Department <planning.dept@weld.example>", "Planning Department <plans@marl.example>", False),
    ],
)
def test_a_name_on_an_address_that_was_never_its_bearers(before: str, new: str, flagged: bool) -> None:
    found = said(known(before, 4), line(50, TOM, new))
    assert [type(one) for one in found] == ([Elsewhere] if flagged else [])


def test_who_has_two_addresses_may_have_a_third() -> None:
    other = "Bethan Pryce <beth@pryceprint.example>"
    new = line(50, TOM, "Bethan Pryce <bp1@quickpost.example>")
    assert said(known(BETHAN, 4) + known(other, 3, start=10), new) == ()
    assert said(known(BETHAN, 2), new) == (), "too few to be always"
    assert said(known(BETHAN, 4), line(50, TOM, BETHAN, "Bethan Pryce <bp1@quickpost.example>")) == ()


OLIVE, WADE, HALE = "olive@tranters.example", "wade@homemail.example", "Martin Hale <hale@silverband.example>"


def company(*, together: int = 0, usual: int = 30, since: int = 30, early: int = 1) -> list[Entry]:
    """Hale was written to `early` times, then Olive with Wade, then Olive alone."""
    first = [line(n, TOM, HALE) for n in range(early)] + [line(5, TOM, OLIVE, HALE) for _ in range(together)]
    return first + [line(10 + n, TOM, OLIVE, WADE) for n in range(usual)] + known(OLIVE, since, start=100)


def test_somebody_out_of_place() -> None:
    this = line(200, TOM, OLIVE, HALE)
    [one] = said(company(), this)
    assert one == OutOfPlace("hale@silverband.example", "Martin Hale", (OLIVE,), WADE, date(1970, 1, 1), 60)


@pytest.mark.parametrize(
    ("earlier", "to", "why"),
    [
        (company(together=1), (OLIVE, HALE), "they had a letter together once"),
        (company(usual=0, since=60), (OLIVE, HALE), "nobody is missing"),
        (company(usual=25, since=25), (OLIVE, HALE), "he was written to not so long ago"),
        (company(early=0), (OLIVE, HALE), "he is new"),
        (company(), (OLIVE, HALE, WADE), "whom they usually have is there"),
        (company(), (HALE,), "he has it alone"),
        (company(), ("new@nowhere.example", HALE), "nobody else was written to before"),
        (company(), (OLIVE, HALE, *(f"r{n}@homemail.example" for n in range(19))), "a round letter"),
    ],
)
def test_who_is_not_out_of_place(earlier: list[Entry], to: tuple[str, ...], why: str) -> None:
    assert said(earlier, line(200, TOM, *to)) == (), why


def test_the_councils_own_people_are_never_out_of_place() -> None:
    own = "Tom Bell <cllr.bell@stow.example>"
    clerk = "clerk@stow.example"
    earlier = [Entry(one.message, one.sent, address(clerk), one.recipients) for one in company(early=0)]
    this = line(200, clerk, OLIVE, own)
    assert said([line(0, clerk, own), *earlier], this) == ()
    assert said([line(0, clerk, "x@stow.example"), *earlier], line(200, clerk, OLIVE, "x@stow.example"))


def test_another_senders_letters_say_nothing_of_company() -> None:
    theirs = [Entry(one.message, one.sent, address("cllr.holt@stow.example"), one.recipients) for one in company()]
    assert said(theirs, line(200, TOM, OLIVE, HALE)) == ()


def test_what_is_dated_at_the_same_moment_or_later_is_not_earlier() -> None:
    this = line(50, TOM, "jsmtihson@oakleyturf.example")
    assert said([line(50, TOM, JENNY, message=str(n)) for n in range(9)], this) == ()
    assert said(known(JENNY, 9, start=51), this) == ()


def test_copies_of_a_message_are_one_message() -> None:
    copies = [line(3, TOM, JENNY, message="one") for _ in range(5)]
    this = line(50, TOM, "jsmtihson@oakleyturf.example")
    assert said(copies, this) == ()
    blind = [line(3, TOM, JENNY, message="one"), line(3, TOM, JENNY, "x@blind.example", message="one")]
    book = PostBook(POLICY)
    assert list(book.read([(n, one) for n, one in enumerate(blind)])) == []
    assert book.remarks(line(50, TOM, "x@blind.example")) == ()


@settings(deadline=None)
@given(st.randoms(use_true_random=False), st.integers(0, 5))
def test_the_order_of_one_moment_makes_no_difference(chance: random.Random, days: int) -> None:
    people = [
        f"{name}@{place}.example" for name in ("anders", "andres", "andrse", "berta") for place in ("quill", "qiull")
    ]
    entries = [
        line(
            chance.randint(0, days),
            chance.choice([TOM, *people]),
            *chance.sample(people, chance.randint(1, 3)),
            message=str(n),
        )
        for n in range(40)
    ]
    ordered = sorted(entries, key=lambda one: one.sent)
    shuffled = sorted(chance.sample(entries, len(entries)), key=lambda one: one.sent)
    first, second = (dict(PostBook(POLICY).read([(e.message, e) for e in given])) for given in (ordered, shuffled))
    assert first == second


@pytest.mark.parametrize(
    ("name", "other", "apart"),
    [
        ("jane.croft", "jake.croft", True),
        ("susan.ludlow", "susna.ludlow", False),
        ("susan.ludlow", "susan.ludow", False),
        ("kbrowning", "tbrowning", True),
        ("kbrowning", "kbrownnig", False),
        ("ruth.delaney", "ruth.m.delaney", True),
        ("j.smith", "k.smith", True),
        ("jsmith", "sjmith", False),
        ("planning", "olanning", False),
    ],
)
def test_what_may_be_two_people(name: str, other: str, apart: bool) -> None:
    assert namesakes(name, other) is apart


@settings(deadline=None)
@given(st.text("abc", min_size=1, max_size=9), st.integers(0, 8), st.sampled_from("abcd"), st.integers(0, 3))
def test_every_name_a_slip_away_is_a_neighbour(name: str, at: int, letter: str, way: int) -> None:
    at %= len(name)
    slip = (
        name[:at] + name[at + 1 :],
        name[:at] + letter + name[at:],
        name[:at] + letter + name[at + 1 :],
        name[:at] + name[at : at + 2][::-1] + name[at + 2 :],
    )[way]
    near = Neighbours(lambda _one, _other: True)
    near.add("group", name)
    assert near.of("group", slip) == [name]
    assert near.of("other", slip) == []


def test_what_a_domain_is_dressed_up_as() -> None:
    assert "weldshire.gov.uk" in dressings("weldshire.gov.uk.example.com")
    assert "weldshire.gov.uk" in dressings("weldshire-gov-uk-mail.example.com")
    assert list(dressings("weldshire.example")) == []
