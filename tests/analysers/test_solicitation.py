"""Chain letters, advertisements and appeals, and what only looks like them: further letters, as data."""

from __future__ import annotations

import pytest
from conduct import Letter, judged

LETTERS = (
    Letter(
        True,
        "lucky coin",
        "This coin has been round the world nine times. Copy it to seven friends today and luck will come to you by Friday.",
    ),
    Letter(
        True,
        "Facebook style",
        "Please copy and paste this into your own e-mail, let's see how many of my friends actually read it.",
    ),
    Letter(
        True,
        "brother's roofing firm",
        "If your roof lets in water, my brother's firm in Stoke does a good job at a fair price. Shall I send you his card?",
    ),
    Letter(
        True,
        "piano lessons",
        "I have two places free for piano pupils after Easter, £18 the half hour. Do mention it to anyone you know.",
    ),
    Letter(
        True,
        "Christmas trees from his farm",
        "We are selling Christmas trees at the farm again from the 1st, needle-fast from £25. Order early!",
    ),
    Letter(
        True,
        "sponsored silence",
        "My granddaughter is doing a sponsored silence for the dogs' home. Could I put you down for 50p an hour?",
    ),
    Letter(
        True,
        "fundraising page",
        "Our Tom is cycling to Paris for the air ambulance. Any help gratefully received, the page is on JustGiving under his name.",
    ),
    Letter(
        True,
        "house",
        "You mentioned that your son is looking for somewhere. Our house goes on the market on Monday, three bedrooms, £310,000.",
    ),
    Letter(
        True,
        "skin cream scheme",
        "I have joined a wonderful company that sells skin cream. You could be earning by June, with me as your sponsor. Interested?",
    ),
    Letter(
        True,
        "concert tickets of her choir",
        "My choir sings the Messiah in Weldchester on the 12th. Tickets are £14 from me, and I have eight to get rid of.",
    ),
    Letter(True, "his book", "My new book on the canals is out! £12.99, and I'll sign it for you."),
    Letter(
        True,
        "virus hoax as chain",
        "Urgent: a virus called Olympic Torch is coming. Forward this to everyone in your address book at once.",
    ),
    Letter(
        False,
        "Council's Christmas tree",
        "The Council has ordered its Christmas tree from the farm, at £85, for the 2nd.",
        sender="clerk",
    ),
    Letter(
        False,
        "village fete stallholders",
        "Stalls at the fete are £10 a table, payable to the fete committee's treasurer. Shall I put you down for one?",
    ),
    Letter(
        False,
        "farm shop recommended when asked",
        "You asked where the hall buys its logs: it's the farm shop at Stoke.",
    ),
    Letter(
        False,
        "hospice thanks",
        "Thank you for your letter about the hospice's coffee morning, which I have passed on to the Clerk.",
    ),
    Letter(
        False,
        "sponsor for the newsletter sought by the clerk",
        "We are looking for a sponsor for the parish newsletter: £90 an issue, with the firm's name on the back page.",
        sender="clerk",
    ),
    Letter(False, "contractor's card", "Could you send me your card? The Clerk keeps a list of tree surgeons."),
    Letter(False, "forwards minutes", "Please forward the minutes to the two members who were away."),
    Letter(False, "the poppy appeal", "The Poppy Appeal boxes are in the shop and the surgery from Monday."),
    Letter(
        False,
        "a supplier's sale",
        "Your catalogue says that the benches are half price until March. Does that include delivery?",
    ),
    Letter(
        False,
        "warns about an offer",
        "If anybody rings with guaranteed returns on an investment, put the receiver down.",
    ),
    Letter(
        True,
        "own holiday let",
        "By the by, our cottage at Porthgain still has a week free in August if you know of anybody, £540.",
    ),
    Letter(
        True,
        "Amway-like",
        "Have you ever thought of being your own boss? I've found a way to make real money selling wellness drinks.",
    ),
    Letter(
        True,
        "marathon",
        "On a personal note I'm doing the London Marathon for the lifeboats in April. If everyone I write to gave a fiver I'd be home and dry.",
    ),
    Letter(
        True,
        "prayer chain",
        "Say this prayer and send it to twelve people within the hour. Do not ignore it, a man in Leeds did and lost his job.",
    ),
    Letter(
        True,
        "old sofa",
        "Before I ring off, does anyone at the surgery want a three-piece suite? £150, buyer collects.",
    ),
    Letter(
        True, "daughter's cakes", "Our Megan does wedding cakes now, so if ever you need one she'd do you a good price."
    ),
    Letter(
        False,
        "marathon road closure",
        "The marathon passes through on the 12th and the High Street closes from nine to one.",
    ),
    Letter(
        False,
        "raffle for the Council's own fund",
        "The Council's raffle for the play area is drawn on Saturday. Tickets are a pound each from the office.",
        sender="clerk",
    ),
    Letter(False, "trader's licence question", "Does a cake stall on the green need a licence from the district?"),
    Letter(
        False,
        "second-hand for the Council",
        "Have you a second-hand mower for sale? The Clerk would like to know the price.",
    ),
    Letter(
        True,
        "market stall",
        "PS I'm on Weldchester market every Saturday with my honey and beeswax candles, tell all your friends.",
    ),
    Letter(
        True, "sponsored swim", "Pauline is swimming the Channel for guide dogs. Sponsor her here, every pound helps."
    ),
    Letter(
        True,
        "chain with threat",
        "DO NOT BIN THIS. Nine people broke the chain and all had accidents. Pass it to nine others by Sunday.",
    ),
    Letter(
        True,
        "his gardening business",
        "If the churchyard ever wants mowing, my son's just set up as a gardener, £15 an hour.",
    ),
    Letter(
        True,
        "caravan",
        "Our caravan's for sale, four berth, £3,500 with the awning. Put the word round at the club, would you?",
    ),
    Letter(
        False,
        "grants leaflet",
        "The lottery fund gives grants of up to £10,000 to village halls, and the form is on its website.",
    ),
    Letter(
        False,
        "the clerk seeks quotes",
        "Please send your best price for mowing the churchyard, by the 20th.",
        sender="clerk",
    ),
    Letter(False, "fun run", "The school's fun run crosses the green at ten; the Clerk has agreed the route."),
    Letter(
        True,
        "charity appeal",
        "My niece is trekking in Nepal for the hospice and has £300 still to raise. Can you spare a few pounds?",
    ),
    Letter(True, "tutor", "I tutor GCSE maths in the evenings and have room for two more. Do pass my name on."),
    Letter(
        True, "bungalow", "My late mother's bungalow is coming up for sale, if anybody at the golf club is looking."
    ),
    Letter(True, "lucky letter", "Don't break the luck! Copy this out five times and post it to people you admire."),
    Letter(
        False, "the golf club's offer", "The golf club offers its car park for the fete, for which we are grateful."
    ),
    Letter(False, "hospice news", "The hospice shop is open again on Tuesdays."),
    Letter(
        True,
        "sells insurance",
        "By the way I'm selling life insurance these days. Shall I pop round with some figures?",
    ),
    Letter(
        True, "school fair", "Our Lily's school is raising funds for a minibus. Would you buy a book of tickets? £5."
    ),
    Letter(
        True,
        "card through doors",
        "My lad's a plumber now. Ten per cent off for anyone from the club who rings before Easter.",
    ),
)


@pytest.mark.parametrize("letter", LETTERS, ids=lambda letter: letter.because)
def test_chain_or_solicitation(letter: Letter) -> None:
    assert judged("chain-or-solicitation", letter) is letter.flagged
