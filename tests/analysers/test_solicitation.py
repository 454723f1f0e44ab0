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
    Letter(
        True,
        "your licence came through by the",
        "Your licence came through. By the way I'm an Avon rep now, the Christmas book is out, have a look and let me have your order before the tenth.",
    ),
    Letter(
        True,
        "my lad has set himself up",
        "My lad has set himself up as a window cleaner. Twelve pounds a house, he'd do the surgery for thirty. I've told him you'll be in touch.",
    ),
    Letter(
        True,
        "whilst i write my husbands book",
        "Whilst I write, my husband's book of Wendale walks has come back from the printers, £7.50, and I have a boot full.",
    ),
    Letter(
        True,
        "we are doing a sponsored silence",
        "We are doing a sponsored silence for the donkeys on Saturday and I wondered whether your staff would put their names on my sheet.",
    ),
    Letter(
        True,
        "this prayer has been round the",
        "This prayer has been round the world nine times. Pass it to twelve people and you will have money within the week. I've done mine, you're one of my twelve.",
    ),
    Letter(
        True,
        "the rotary are selling tickets for",
        "The Rotary are selling tickets for the duck race, a pound a duck. I can drop ten in if you send the money in an envelope.",
    ),
    Letter(
        True,
        "i dont know if you know",
        "I don't know if you know but I do kitchens. If yours is looking tired give me a bell and I'll come and measure up, no charge for looking.",
    ),
    Letter(
        True,
        "i joined a wonderful company in",
        "I joined a wonderful company in March that sells water filters. You pay forty pounds for the starter box, and for everyone you bring in you get ten back.",
    ),
    Letter(
        True,
        "got a litter of lurcher pups",
        "Got a litter of lurcher pups ready Friday, hundred each, dogs and bitches. Tell the lads.",
    ),
    Letter(
        True,
        "my daughter is doing her duke",
        "My daughter is doing her Duke of Edinburgh in Peru and has to find two thousand pounds. If the firm could sponsor her she'd wear your logo.",
    ),
    Letter(
        True,
        "if this doesnt make you cry",
        "If this doesn't make you cry you've a heart of stone. Post it to your wall and tag ten friends, or a puppy dies.",
    ),
    Letter(
        True,
        "the legions short of helpers for",
        "The Legion's short of helpers for the Poppy dinner; twenty-five pounds a plate, carriages at midnight. I have put two tables aside and hope the practice will take one.",
    ),
    Letter(
        True,
        "your speed gun is in the",
        "Your speed gun is in the post. Do you or the girls in the office want any of my honey? Clear or set, six pounds, I'm down your way Thursday.",
    ),
    Letter(
        True,
        "i have been asked by my",
        "I have been asked by my church to find ten people who will give five pounds a month to the well at Gulu. May I count on you?",
    ),
    Letter(
        True,
        "ladies im hosting a jewellery evening",
        "Ladies, I'm hosting a jewellery evening on the 9th, bring your purse! There's a free necklace for whoever spends the most.",
    ),
    Letter(
        True,
        "now that the hedge is settled",
        "Now that the hedge is settled, may I recommend my brother-in-law for your extension? He's a builder, reliable, and he'd do you a good price.",
    ),
    Letter(
        True,
        "have you thought about a stairlift",
        "Have you thought about a stairlift? I'm agent for Easyrise in this valley and could do you one at trade.",
    ),
    Letter(
        True,
        "please find my invoice i also",
        "Please find my invoice. I also tune pianos, as you may know, and have Tuesdays free.",
    ),
    Letter(
        True,
        "theres a petition going to save",
        "There's a petition going to save the donkeys at Ludgrove. Sign at the bottom, keep a copy, and send it to five more.",
    ),
    Letter(
        True,
        "our firms having a clear-out: desks",
        "Our firm's having a clear-out: desks from £20, filing cabinets £15, chairs a fiver, collect from the yard.",
    ),
    Letter(
        True,
        "the wife is opening a tea",
        "The wife is opening a tea shop in Ludgrove on the 1st. Bring this e-mail for a free scone.",
    ),
    Letter(
        False,
        "my brother-in-law is a builder so",
        "My brother-in-law is a builder, so I have declared an interest and shall leave the room.",
    ),
    Letter(
        False,
        "the clerk has asked me to",
        "The Clerk has asked me to say that the Council's calendar is on sale at £6 in the office.",
    ),
    Letter(
        False,
        "we have ordered six jars of",
        "We have ordered six jars of honey for the pensioners' hampers at £6, as agreed in May.",
    ),
    Letter(
        False,
        "the church has asked the council",
        "The church has asked the Council for £500 for the roof. It's on the agenda for Tuesday.",
    ),
    Letter(
        False,
        "thank you for sponsoring my daughter;",
        "Thank you for sponsoring my daughter; she got round in four hours and the hospice has its £200.",
    ),
    Letter(
        False,
        "please forward this to the ten",
        "Please forward this to the ten allotment holders on your list, so that all of them know about the water.",
    ),
    Letter(
        False,
        "im afraid i cant buy raffle",
        "I'm afraid I can't buy raffle tickets from everyone who asks, but good luck with the hospice.",
    ),
    Letter(
        False,
        "please pass the date to everyone",
        "Please pass the date to everyone on your committee: the 4th, at seven.",
    ),
    Letter(
        False,
        "i had one of those letters",
        "I had one of those letters that says twelve people or bad luck. It's in the bin and I am still alive.",
    ),
    Letter(
        False,
        "could you send us a price",
        "Could you send us a price for cleaning the windows of the hall twice a year?",
    ),
    Letter(False, "ive a week free in may", "I've a week free in May, so could come and help with the survey then."),
    Letter(
        False, "my sister cant come to the", "My sister can't come to the lunch, so there's a place free at our table."
    ),
    Letter(
        False,
        "my wife made the cakes for",
        "My wife made the cakes for the fair and they raised £60 for the play area.",
    ),
    Letter(
        False,
        "the bench can be sponsored; the",
        "The bench can be sponsored; the price list is the Council's and the Clerk has the forms.",
    ),
    Letter(
        False,
        "we have twelve tables and sixty",
        "We have twelve tables and sixty chairs, hire is £1 a chair, the rest of the list is on the website.",
    ),
    Letter(
        False,
        "i see youre selling your cottage",
        "I see you're selling your cottage. I hope that doesn't mean you are leaving the village.",
    ),
    Letter(
        False,
        "your candles for the carol service",
        "Your candles for the carol service came on Monday, forty at £1, and I have signed for them.",
    ),
    Letter(
        False,
        "there will be a stall for",
        "There will be a stall for the lifeboat at the fair, as there is each year; nobody need do anything.",
    ),
    Letter(False, "my car is being mended so", "My car is being mended so I'll be on the bus."),
    Letter(
        False,
        "the yoga class has the hall",
        "The yoga class has the hall on Mondays and the choir has it on Thursdays.",
    ),
    Letter(
        True,
        "sorry to use the parish list",
        "Sorry to use the parish list, but our Jack has outgrown his pony. Grey, 12 hands, good in traffic, offers round nine hundred.",
    ),
    Letter(
        True,
        "ps the choir is singing messiah",
        "P.S. The choir is singing Messiah on Saturday for the lifeboat, tickets are a tenner from me or on the door. Do come!",
    ),
    Letter(
        True,
        "my niece has just qualified in",
        "My niece has just qualified in reflexology and is doing half-price sessions in our back room till Easter.",
    ),
    Letter(
        True,
        "would your readers be interested in",
        "Would your readers be interested in a cruise? I've an arrangement with the agents and there's something in it for me for each cabin.",
    ),
    Letter(
        True,
        "send this on to a dozen",
        "Send this on to a dozen others or the water company will charge for rain from June, it was on the news.",
    ),
    Letter(
        True,
        "i make welsh cakes to order",
        "I make Welsh cakes to order, a pound each or ten for eight pounds, and deliver as far as Slade.",
    ),
    Letter(
        True,
        "our rugby tour needs kit a",
        "Our rugby tour needs kit. A hundred pounds gets the firm's name on a sleeve; can I put you down?",
    ),
    Letter(
        True,
        "weve a stand at the county",
        "We've a stand at the county show with our new tractors, do bring the family and I'll see you get a good deal.",
    ),
    Letter(
        True,
        "vote for my dog! shes in",
        "Vote for my dog! She's in the final of Pet of the Year, it's a pound a vote, link below.",
    ),
    Letter(
        True,
        "whoever would like to rent our",
        "Whoever would like to rent our flat in Tenerife, drop me a line; special rate for anybody in the parish.",
    ),
    Letter(
        False,
        "the choir is singing messiah on",
        "The choir is singing Messiah on Saturday in the hall, so the car park will be full.",
    ),
    Letter(False, "jacks pony got out again and", "Jack's pony got out again and is on the recreation ground."),
    Letter(
        False,
        "the firms name must come off",
        "The firm's name must come off the sleeve of the banner, as it isn't one of ours.",
    ),
    Letter(False, "the county show has moved our", "The county show has moved our stand next to the gate."),
    Letter(False, "my niece qualified on friday and", "My niece qualified on Friday and we're very proud."),
    Letter(False, "your welsh cakes at the fair", "Your Welsh cakes at the fair sold out in ten minutes."),
    Letter(
        False,
        "which of the ten agencies has",
        "Which of the ten agencies has the best rates for bin collection? The Clerk would like to know.",
    ),
    Letter(
        True,
        "if youve any old gold my",
        "If you've any old gold, my cousin gives the best price in the county, comes to the house and pays in notes.",
    ),
    Letter(
        True,
        "im on my bike for the",
        "I'm on my bike for the children's ward on Saturday week and am shameless about it: who'll start me off with ten pounds?",
    ),
    Letter(
        True,
        "theres an alpaca going gelded likes",
        "There's an alpaca going, gelded, likes children. £400 and I'll throw in the halter.",
    ),
    Letter(
        True,
        "my wifes choir has a cd",
        "My wife's choir has a CD out! £8 and all of it to the air ambulance. Say the word and I'll put one by.",
    ),
    Letter(
        True,
        "you have been chosen by nine",
        "You have been chosen by nine friends. Choose nine in your turn before the new moon, or be forgotten.",
    ),
    Letter(False, "my cousin gave us his old", "My cousin gave us his old gold paint for the sign."),
    Letter(False, "the childrens ward has asked for", "The children's ward has asked for the play mats back."),
    Letter(False, "the alpaca is out again and", "The alpaca is out again and eating the churchyard."),
    Letter(False, "the choirs cd was played at", "The choir's CD was played at the opening and very nice it was."),
)


@pytest.mark.parametrize("letter", LETTERS, ids=lambda letter: letter.because)
def test_chain_or_solicitation(letter: Letter) -> None:
    assert judged("chain-or-solicitation", letter) is letter.flagged
