"""Schemes, and what only looks like them: further letters, as data."""

from __future__ import annotations

import pytest
from conduct import Letter, judged

LETTERS = (
    Letter(
        True,
        "receipts for nothing",
        "Have you any spare receipts I could put in with my claim? Anything from about May would do.",
    ),
    Letter(
        True, "hours", "Just write down eight hours for Saturday, even though we knocked off at noon. Nobody counts."
    ),
    Letter(
        True,
        "quotes from friends",
        "We need three quotes, so could you get your brother to send a couple of silly high ones on different paper?",
    ),
    Letter(True, "kickback", "Add five hundred to the price and we'll split it between us when the Council pays."),
    Letter(True, "burnt CD", "I've copied the whole of the hymn CD for the choir, twenty discs, saves them buying it."),
    Letter(
        True,
        "streams",
        "Don't bother with Sky for the pavilion, I know a site where you can get all the games for nothing.",
    ),
    Letter(
        True,
        "software crack",
        "There's a crack for that mapping program, my lad will put it on the office machine for you.",
    ),
    Letter(
        True,
        "log in as clerk",
        "I still have the old Clerk's log-in, so I went in last night and had a read of the staff folder.",
    ),
    Letter(
        True, "insurance", "The mower was clapped out anyway. We'll tell the insurers it was stolen and get a new one."
    ),
    Letter(
        True,
        "grant trick",
        "Say the hall has forty members on the grant form. It's eleven, but they'll never come and count.",
    ),
    Letter(
        True,
        "evades interest",
        "I've an interest in the field but if I put it in the wife's name I needn't declare it.",
    ),
    Letter(True, "cash job", "I can let you have it for three hundred in notes, and you didn't get it from me."),
    Letter(
        True,
        "photocopies",
        "I've scanned the whole of the new walks book and can e-mail it to all your members, no need for anyone to buy one.",
    ),
    Letter(True, "postal vote", "Mum can't hold a pen now, so I fill in her postal vote for her as I like."),
    Letter(
        False,
        "a lost receipt, honestly",
        "I have lost the receipt for the stamps. The Clerk says I must bear the £6 myself.",
    ),
    Letter(
        False,
        "two quotes asked for",
        "Please could you send a quote for the gate? We are asking two other firms as well.",
    ),
    Letter(
        False,
        "purchase of software",
        "The Council has paid for five licences of the accounts package and your login will come from the Clerk.",
    ),
    Letter(False, "copyright asked", "May we print your photograph of the mill in the newsletter, and is there a fee?"),
    Letter(False, "reset", "The portal has locked me out. Please send a new link to this address."),
    Letter(
        False,
        "refuses cash",
        "We can't pay in cash, I'm sorry. The Clerk pays by transfer within thirty days of an invoice.",
    ),
    Letter(
        False, "interest declared", "I have declared an interest in the field and shall leave the room for that item."
    ),
    Letter(
        False,
        "insurance honestly",
        "The insurers have asked for a photograph of the fallen wall and the builder's invoice.",
    ),
    Letter(
        False,
        "computer left on",
        "The office computer was left on last night. Could you shut it down when you lock up?",
    ),
    Letter(
        False,
        "watching the match lawfully",
        "The pavilion will show the final: we have the TV licence and the pub has lent its Sky box with the agreement that covers it.",
    ),
    Letter(False, "mention of a drink", "There will be a drink for all volunteers at the Bell after the litter pick."),
    Letter(
        True,
        "film off the internet",
        "Don't worry about the distributor. I've downloaded the film off some site, and no one will be any the wiser.",
    ),
    Letter(
        True,
        "guess a colleague's password",
        "I bet Margaret's password is the dog's name. Let's try it on Monday while she's at the dentist.",
    ),
    Letter(
        True,
        "two cheques to dodge the limit",
        "Keep each bill under £500 and it needn't go to the committee, so send me three.",
    ),
    Letter(
        True,
        "sat nav / windows",
        "I can put Windows and Office on the clubhouse computer for you, I have a disc that works on any number of machines.",
    ),
    Letter(
        False,
        "training on fraud",
        "The course covers invoice fraud, passwords and what to do when a supplier changes its bank details.",
    ),
    Letter(
        False,
        "licence for music",
        "We need a licence to play recorded music at the tea dance, and I've asked PRS for a price.",
    ),
    Letter(
        False, "access by right", "The Clerk has set me up with a log-in of my own for the mapping site, and it works."
    ),
    Letter(
        False, "honest correction", "The invoice says hedge work, but it was the barbecue. Please send a corrected one."
    ),
    Letter(True, "dates", "Could you change the date on the quote to before the April meeting? They'd never know."),
    Letter(True, "overtime", "Put yourself down for six hours, it was only four but you've earned it."),
    Letter(
        True,
        "game copies",
        "I can run you off a copy of the new football game for the youth club, no point paying fifty quid.",
    ),
    Letter(
        True,
        "a password left about",
        "Anita left her password on a sticky note, so I've been logging in to see who gets paid what.",
    ),
    Letter(True, "cash for the marquee", "If I pay you cash for the marquee can we forget the VAT?"),
    Letter(False, "VAT query", "Is the marquee VAT-rated, and can the Council reclaim it?"),
    Letter(
        False,
        "password policy",
        "Please change your password by Friday, and do not leave it on a sticky note.",
        sender="clerk",
    ),
    Letter(
        False,
        "overtime claimed rightly",
        "I worked six hours on Saturday and the sheet is attached, countersigned by the Clerk.",
    ),
    Letter(False, "date corrected", "The date on your quote should be 14 April, not 14 May. Could you correct it?"),
    Letter(
        True,
        "asks for a false reference",
        "Could you write us a letter saying the hall had a hundred bookings last year? The grant people won't look into it.",
    ),
    Letter(
        True,
        "shares streaming",
        "You can have my Netflix login for the youth club's film nights, it's cheaper than a licence.",
    ),
    Letter(True, "burns copies", "I'll burn copies of the DVD for everyone on the committee."),
    Letter(
        True, "spies on e-mail", "I got into the Clerk's e-mail while she was at lunch and forwarded myself the letter."
    ),
    Letter(True, "skims", "Tell them the takings were £420. That leaves eighty for us."),
    Letter(True, "rigs the raffle", "I'll see to it your number comes out of the hat if you know what I mean."),
    Letter(False, "licence for films", "The youth club's film nights need a licence, which costs £90 a showing."),
    Letter(
        False,
        "letter of support honestly",
        "Could you write a letter in support of the grant, giving last year's bookings?",
    ),
    Letter(False, "takings", "The takings were £420 and the float £50, as the sheet shows."),
    Letter(
        True,
        "overstated hours",
        "If you say it took ten hours instead of six I'll sign it off and we can split the extra.",
    ),
    Letter(True, "password of the clerk used", "I used Judith's login to have a look at what the staff are paid."),
    Letter(
        True, "cracked software", "I've got a cracked version of Photoshop on a stick if the newsletter people want it."
    ),
    Letter(
        True,
        "leave the date blank and i'll fill",
        "Leave the date blank and I'll fill it in so that it looks as if we applied before the deadline.",
    ),
    Letter(
        True,
        "bung it on the council's account at",
        "Bung it on the Council's account at the timber yard with the rest, no one goes through the bill.",
    ),
    Letter(
        True,
        "my brother-in-law has a box that gets",
        "My brother-in-law has a box that gets all the channels for nothing, shall I get one for the pavilion?",
    ),
    Letter(
        True,
        "give me your pin and i'll draw",
        "Give me your PIN and I'll draw the money before Anita is back from Spain, she needn't know.",
    ),
)


@pytest.mark.parametrize("letter", LETTERS, ids=lambda letter: letter.because)
def test_fraud_or_piracy(letter: Letter) -> None:
    assert judged("fraud-or-piracy", letter) is letter.flagged
