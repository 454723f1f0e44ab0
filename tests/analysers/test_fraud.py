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
    Letter(
        True,
        "could you do me an invoice",
        "Could you do me an invoice for the mower service even though you only sharpened the blades? Put a full service on it, two hundred, and buy yourself a pint with the rest.",
    ),
    Letter(
        True,
        "the grant people want match funding",
        "The grant people want match funding. I'll show the fifty hours as volunteer time; we did about twelve but they take our word.",
    ),
    Letter(
        True,
        "can you send me the receipt",
        "Can you send me the receipt for your own strimmer line, I'll slip it in with the parish ones and they'll refund it.",
    ),
    Letter(
        True,
        "if you give us the job",
        "If you give us the job at four thousand I'd be happy to do your own drive at the weekend with what's left of the tarmac. Nothing on paper.",
    ),
    Letter(
        True,
        "we need to get rid of",
        "We need to get rid of the last of this year's budget before March. Bill us now for work you'll do in the summer and date it February.",
    ),
    Letter(
        True,
        "frans left her computer on so",
        "Fran's left her computer on so I had a quick look through her inbox while she was at lunch, attached is what she's been saying about you.",
    ),
    Letter(
        True,
        "ive downloaded the whole of the",
        "I've downloaded the whole of the Ordnance Survey set off a file-sharing place, I'll put it on a drive for you.",
    ),
    Letter(
        True,
        "the choir only bought two copies",
        "The choir only bought two copies of the anthem, I've run thirty more off on the office photocopier, saves a packet.",
    ),
    Letter(
        True,
        "three quotes they want yours is",
        "Three quotes they want. Yours is the real one. I'll ask your cousin for a higher one and your mate for a higher one still.",
    ),
    Letter(
        True,
        "say on the form youre a",
        "Say on the form you're a resident of the parish and you'll get the cheaper rate, nobody looks at the postcode.",
    ),
    Letter(
        True,
        "ive been claiming for the drive",
        "I've been claiming for the drive to Wendale and back every week, though since spring I've gone on the bus with my pass.",
    ),
    Letter(
        True,
        "just sign margarets name on the",
        "Just sign Margaret's name on the cheque, she's in hospital and the bank only wants two squiggles.",
    ),
    Letter(
        True,
        "there is a site streams every",
        "There is a site streams every match live, you don't need Sky. I'll set it up on the club laptop.",
    ),
    Letter(
        True,
        "i know the code to the",
        "I know the code to the deputy's phone. I can read you what the developer texted him.",
    ),
    Letter(
        True, "could you knock forty off and", "Could you knock forty off and we'll do it in cash, no bill, no VAT?"
    ),
    Letter(
        True,
        "i got a crack for the",
        "I got a crack for the accounts package from a lad at work. It thinks it's registered. Do you want it?",
    ),
    Letter(
        True,
        "would you mind putting the work",
        "Would you mind putting the work on two bills of £480? Anything over five hundred has to go to the full Council.",
    ),
    Letter(
        True,
        "the bench was rotten anyway but",
        "The bench was rotten anyway but let's tell the insurance a lorry hit it. I'll be the witness.",
    ),
    Letter(
        True,
        "put my lad on the list",
        "Put my lad on the list of helpers at eight pounds an hour. He'll not be there, he's at college, but he needs the money for his driving lessons.",
    ),
    Letter(
        True,
        "for the competition i set the",
        "For the competition, I set the questions, so I'll send you them on Thursday and you can look surprised on Saturday.",
    ),
    Letter(
        True,
        "my neighbour at number four died",
        "My neighbour at number four died in June but her bus pass still works, you can use it till it's stopped.",
    ),
    Letter(
        True,
        "tell the assessor that you cant",
        "Tell the assessor that you can't walk to the gate. I'll write a letter that I have to carry your shopping.",
    ),
    Letter(
        True,
        "i can get you the answers",
        "I can get you the answers the other firms gave in their tenders, they're in the clerk's drawer and I've a key.",
    ),
    Letter(
        True,
        "adobes a rip-off use mine: same",
        "Adobe's a rip-off. Use mine: same login as the surgery, they've bought for ten and there's only four of them.",
    ),
    Letter(
        True,
        "could the invoice say path repairs",
        "Could the invoice say 'path repairs'? The wall isn't in the budget but paths are.",
    ),
    Letter(
        False,
        "the invoice says path repairs but",
        "The invoice says path repairs but it was the wall you did. Could you send one that says wall?",
    ),
    Letter(
        False,
        "i have claimed for one trip",
        "I have claimed for one trip to Wendale only, the second was in my own time.",
    ),
    Letter(
        False,
        "the insurers ask whether the bench",
        "The insurers ask whether the bench was rotten before the lorry hit it. It was, a little, and I have told them so.",
    ),
    Letter(
        False,
        "please could you split the invoice",
        "Please could you split the invoice into labour and materials, as the auditor likes to see the VAT apart.",
    ),
    Letter(
        False,
        "nobody checks the defibrillator from october",
        "Nobody checks the defibrillator from October to March. Could we have a rota?",
    ),
    Letter(
        False,
        "the licence is for one machine",
        "The licence is for one machine, so I've bought a second for the laptop.",
    ),
    Letter(
        False,
        "im told there are people selling",
        "I'm told there are people selling hooky boxes in the car park of the Lion. Please don't be tempted.",
    ),
    Letter(
        False,
        "well go halves with the church",
        "We'll go halves with the church on the cost of the wall. The Clerk has it in the budget.",
    ),
    Letter(False, "i forgot my password again so", "I forgot my password again so Frances has reset it and I am in."),
    Letter(
        False,
        "the receipt for the paint is",
        "The receipt for the paint is in the envelope with the change, all £3.12 of it.",
    ),
    Letter(False, "they never count the votes until", "They never count the votes until ten, so come any time before."),
    Letter(False, "if you dont want to buy", "If you don't want to buy the book the library has a copy on the shelf."),
    Letter(
        False,
        "the three quotes came in on",
        "The three quotes came in on Friday and were opened by the Clerk. I can't tell you what the others asked.",
    ),
    Letter(
        False,
        "dont buy bulbs for the green",
        "Don't buy bulbs for the green, I've kept a sackful from last year which you may have for nothing.",
    ),
    Letter(
        False,
        "could you please date the invoice",
        "Could you please date the invoice? The one you sent has no date on it at all.",
    ),
    Letter(
        False,
        "i shall put in a claim",
        "I shall put in a claim for the fence that the storm took; the photographs are attached.",
    ),
    Letter(
        False,
        "my password to the booking system",
        "My password to the booking system does not work since Tuesday. What should I do?",
    ),
    Letter(
        False,
        "youve billed us twice for the",
        "You've billed us twice for the same skip. It'll be an oversight; would you cancel one?",
    ),
    Letter(
        False,
        "i cant sign for margaret the",
        "I can't sign for Margaret, the bank says it must be her, so I'll take the cheque to the hospital.",
    ),
    Letter(
        False,
        "we have the film licence from",
        "We have the film licence from the distributor, so the showing is on, and the box office opens at seven.",
    ),
    Letter(
        True,
        "send me a bill for the",
        "Send me a bill for the whole fence and I'll see that it's paid out of the parish account; you only did our side, but they have deeper pockets.",
    ),
    Letter(
        True,
        "i told the census lady that",
        "I told the census lady that the shed is a holiday let so that we get the business grant.",
    ),
    Letter(
        True,
        "shall we say the storm was",
        "Shall we say the storm was on the 4th? The policy didn't start till the 3rd and the roof went on the 1st.",
    ),
    Letter(
        True,
        "if you mark the delivery as",
        "If you mark the delivery as thirty bags I'll sign, and the other ten can stop in your barn until I fetch them.",
    ),
    Letter(
        True, "give me your receipts from the", "Give me your receipts from the holiday, I can claim them as training."
    ),
    Letter(
        True,
        "my lads been into the school",
        "My lad's been into the school system. If your girl's grade wants nudging, tell me before Friday.",
    ),
    Letter(
        True,
        "id like the order but thered",
        "I'd like the order but there'd have to be something coming my way, say the new decking you mentioned.",
    ),
    Letter(
        True,
        "i have changed the bank details",
        "I have changed the bank details on the hall's invoices to mine for the summer months. The committee will think it's the same account.",
    ),
    Letter(True, "theres a man in the lion", "There's a man in the Lion does MOTs without seeing the car."),
    Letter(
        True,
        "bring the old vans tax disc",
        "Bring the old van's tax disc and plates and we'll put them on the new one until the insurance is sorted.",
    ),
    Letter(
        True,
        "the surveyors report is a bit",
        "The surveyor's report is a bit gloomy. Can you take page six out before you send it to the buyers?",
    ),
    Letter(False, "i told the census lady that", "I told the census lady that the shed is a shed."),
    Letter(
        False,
        "give me your receipts from the",
        "Give me your receipts from the training day and I shall claim them for you.",
    ),
    Letter(
        False,
        "the storm was on the 1st",
        "The storm was on the 1st and the policy began on the 3rd, so I fear there's nothing to claim.",
    ),
    Letter(False, "thirty bags came and ive signed", "Thirty bags came, and I've signed for thirty."),
    Letter(
        False,
        "i have changed the bank details",
        "I have changed the bank details on our invoices, as the Clerk asked; she will confirm by telephone.",
    ),
    Letter(False, "could you take page six out", "Could you take page six out? It belongs to another file."),
    Letter(
        False, "the order goes to whoever is", "The order goes to whoever is cheapest, so please don't send me decking."
    ),
    Letter(False, "the map program has one licence", "The map program has one licence, so only the office may use it."),
    Letter(
        True,
        "would you mind being my reference",
        "Would you mind being my reference for the mortgage? Say that I earn thirty from you. It's nearer eighteen but the bank will never ring.",
    ),
    Letter(
        True, "ill vote for the barn if", "I'll vote for the barn if you let my boy have the flat over it at half rent."
    ),
    Letter(
        True,
        "make the cheque payable to me",
        "Make the cheque payable to me and I'll sort it with the club. No need for the treasurer to see it.",
    ),
    Letter(True, "put me through as a pensioner", "Put me through as a pensioner on the coach, I've Dad's card."),
    Letter(
        True,
        "the score sheet can be put",
        "The score sheet can be put right before the judge comes back from lunch, if your dahlias are short of a point or two.",
    ),
    Letter(
        False, "ive no login for the county", "I've no login for the county library any more; you need your own card."
    ),
    Letter(False, "make the cheque payable to the", "Make the cheque payable to the Council, please, and not to me."),
    Letter(
        False, "shes ninety and signs her own", "She's ninety and signs her own cheques, so please ask her and not me."
    ),
    Letter(False, "the score sheet is with the", "The score sheet is with the judge until after lunch."),
)


@pytest.mark.parametrize("letter", LETTERS, ids=lambda letter: letter.because)
def test_fraud_or_piracy(letter: Letter) -> None:
    assert judged("fraud-or-piracy", letter) is letter.flagged
