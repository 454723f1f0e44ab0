"""What leaves the Council that should not: further letters, the numbers and their checks, and what a report shows of them."""

from __future__ import annotations

import pytest
from closing_letters import case, plain

from auditor.analysers.base import Case
from auditor.analysers.disclosures import disclosures
from auditor.analysers.identifiers import Sort, numbers
from auditor.analysers.masking import Masks
from auditor.analysers.secrets import secrets
from auditor.findings import Finding, Severity
from auditor.pipeline.judging import identified
from auditor.values import replace

OUTSIDE = "someone@elsewhere.example"


def findings(made: Case, rule: str) -> list[Finding]:
    return [one for one in disclosures(made) if one.rule == rule]


SHORT = {
    "C": "confidential-credentials",
    "M": "confidential-marked",
    "F": "confidential-financial",
    "P": "confidential-personal-data",
    "S": "confidential-special-category",
}

LETTERS = [
    ("S", "For the coach: Elsie Thorne 2 (heart, and bring her spray)."),
    ("S", "Walter Pimm: wheelchair, so he will want the side door."),
    ("S", "Alfie's wheelchair will not go through the new gate."),
    ("S", "Mrs Bourne rang. She begins radiotherapy on the ninth and will miss the walk."),
    ("S", "Between ourselves, Derek's tests were bad and it's the liver."),
    ("S", "Denise heard on Friday. There was something on her pancreas."),
    ("S", "Keith is a disabled man and needs the ramp."),
    ("S", "Gwyn has a history of epilepsy, so keep him off the ladder."),
    ("S", "The Polish lad at number 9 has had his windows put in, I hear."),
    ("S", "The Clerk got him a doctor in the end, and he has dementia."),
    ("-", "Nobody has found something on her lungs, whatever Jan may say."),
    ("S", "They have found something on Gordon's pancreas."),
    ("-", "Please ask the Syrian family and the Romanian ladies from the packing shed."),
    ("-", "He is deaf as a plank to anything we say about the drains."),
    ("-", "We've got him a white stick and a collecting tin for the touchline."),
    ("-", "The stile was mended by a walker, who left a note for Mr Huxley."),
    ("-", "Do bring the wheelchair, Mr Penn says the ramp is dry."),
    ("-", "Leaving a pregnant woman off a list is what her lecture warned us of."),
    ("-", "Mrs Lowe asked me to let you know that she is expecting twins in March."),
    ("-", "Mrs Whitley is unwell, so I am writing in her place."),
    ("-", "Young Tom has a tumour the size of a pram, and dieback to the crown."),
    ("C", "Tell your lad it is the combination one in the green shed, he wants 3 9 0 7 and a hard pull."),
    ("C", "The archive has a gate. When challenged reply Laudate!48 and it lets you by."),
    ("-", "If the shutter sticks ring the office, 01632 960440, between nine and twelve. The keypad is dead."),
    ("-", "If the alarm sounds, call the key holder, use 01632 960 440."),
    ("F", "Frances Whitby is on SCP 29 at £38,626 and I hear she wants more."),
    ("-", "The new deputy clerk will be on SCP 18 at £30,559."),
    ("M", "You didn't hear it from me, it was in the confidential bit, but he is retiring."),
    (
        "P",
        "Since spring Alun Gittings has been sleeping at Flat 2, 17 Weir Street, Wendbury, WE70 4RD, over the betting shop.",
    ),
    ("C", "Hi Des, the alarm's gone off again. Box is behind the curtain, it's 2-8-5-1 and then the blue button."),
    ("C", "For the new banking app you'll want the memorable word, which is Foxglove."),
    ("C", "Wifi: MarlHall_Guest / teacakes88"),
    ("C", "I've changed the Facebook one to Harvest*Supper24 so you can all get in."),
    ("C", "The lockbox by the kitchen window opens with 6190."),
    ("C", "Dropbox - user clerk@x.example, pass Kestrel_Way"),
    ("C", "You can borrow my log-in: nhatch, Treacle7."),
    ("C", "The new number for the key cabinet is C2580X."),
    ("C", "Same PIN as the old card, 3391."),
    ("C", "Everyone keeps asking so: the pavilion keypad is 5512#."),
    ("C", "Password for the minutes PDF: Plum-Jam-09"),
    ("C", "Use 4417 for the photocopier and 9920 for the franking machine, both are PINs."),
    ("C", 'Set-up: server mail.x.example, account clerk, password "hello-hedgehog".'),
    ("C", "Our Scribe sign-in is deputy and the password is the parish name with 01 on the end."),
    ("C", "the safe combination (left 14, right 32, left 7) is on the back of the calendar"),
    ("C", "Backup codes for the council Google account:\n8841 2207\n1190 4432"),
    ("C", "secret answer to the security question is Rosebank"),
    ("C", "The bank sent me a one-time passcode, 448190, can you key it in for me?"),
    ("C", "Admin password now Hollow#Lane3."),
    ("-", "The old password was a joke and I've had it changed."),
    ("-", "Ring the office for the code and Jean will give it to you over the phone."),
    ("-", "The code of practice is 14 pages."),
    ("-", "My PIN isn't working at the machine in the Co-op."),
    ("-", "We shall need a password policy by the 30th."),
    ("-", "The key word is patience: 2027 at the earliest."),
    ("-", "Lock the gate at 2130 please."),
    ("-", "The door is 1981 mm high and the lock is a Yale."),
    ("-", "Login to the portal opens on 1 April 2026."),
    ("-", "Someone has guessed the password and we shall change it."),
    ("-", "Scan the QR code or use reference 44817 when booking."),
    ("-", "The pin-board code of conduct 2024 is out of date."),
    ("-", "Please pass 14 copies round."),
    ("-", "The bus pass is valid from 0930."),
    ("-", "The combination of 4 tenders and 3 quotes is baffling."),
    ("-", "The token gesture of £50 was turned down."),
    ("-", "Tell me when the password arrives."),
    ("-", "Reset links expire after 15 minutes."),
    ("-", "Remember that passwords are never to be written down."),
    ("-", "I can't log in as the password seems to have expired."),
    (
        "M",
        "You'll not have seen this as it was on pink paper, but the land at Cooper's Field is being offered at £90,000.",
    ),
    ("M", "The staffing committee's confidential minute says Bill is being let go."),
    ("M", "Attached are the tender prices, which are exempt until the contract is signed."),
    ("M", "I know it was in the closed part, but the vote on the lease was seven to two."),
    ("M", "Strictly between these four walls and marked not for publication: we are selling the depot."),
    ("M", "Fwd of the clerk's Part 2 report, as promised."),
    ("M", "They threw the public out and then told us that the builder has gone bust."),
    ("M", "Sorry it's stamped PRIVATE AND CONFIDENTIAL but you need to see what they're planning."),
    ("M", "the solicitor's letter is privileged so keep it under your hat - we are likely to lose"),
    ("M", "Item 12 was exempt but in a nutshell we offered them eight thousand to go away."),
    ("M", "Here are the in-camera figures."),
    ("M", "Please don't say where you got this, it is confidential to members."),
    ("M", "As it was discussed in private session I should not say, but they are moving the play area to Glebe Field."),
    ("M", "Our negotiating position (confidential) is anything above 12k."),
    ("M", "Counsel's opinion, which is privileged, says the covenant can't be enforced."),
    ("-", "The Council will go into confidential session for item 9."),
    ("-", "I cannot discuss the tender, it is confidential."),
    ("-", "Is the valuation exempt or may the public see it?"),
    ("-", "Thank you for your confidential letter, which I have passed to the Clerk."),
    ("-", "All ballot papers are confidential."),
    ("-", "The exemption from rates was confirmed."),
    ("-", "Part 2 of the village walk starts at the Lion."),
    ("-", "We take confidentiality seriously."),
    ("-", "Your details will be kept in confidence."),
    ("-", "Your letter, headed confidential, has reached us and only the Clerk has read it."),
    ("-", "The committee resolved that the public be excluded for the rest of the evening."),
    ("-", "The private sewer is not the council's."),
    ("-", "Members of the public and press are welcome."),
    ("-", "It is no secret that the roof leaks."),
    ("F", "Gordon's drawing just over thirty-one thousand, £31,200 to be exact, for four days."),
    ("F", "Did you know the clerk's on £19.40 an hour?"),
    ("F", "Ms Penrose earned £14,800 last year from us."),
    ("F", "they put Alun up to £16.75 p/h in April"),
    ("F", "Salary: Rhian Pugh £22,400"),
    ("F", "The caretaker, Mr Dunn, takes £212 a week off us."),
    ("F", "Bank details for the late refund: Mrs E Tranter, 30-90-70, 12345668"),
    ("F", "Money to 20-30-99 / 66831036 please"),
    ("F", "Use the council card 4111111111111111 09/27 cvv 123"),
    ("F", "what we pay Sheila: £9,360"),
    ("F", "Hugh is being paid £28k and wants 30."),
    ("F", "her redundancy came to £7,150 (Jean's I mean)"),
    ("-", "Gordon got £31.20 for the tombola."),
    ("-", "The grant of £4,000 goes to Ms Penrose's choir."),
    ("-", "The new clerk's salary will be in the range SCP 18 to 23, £27,334 to £30,060."),
    ("-", "Staff costs were £31,200 for the year."),
    ("-", "Mr Dunn's invoice of £212 is attached."),
    ("-", "Sheila paid £93.60 for the bulbs and Hugh £28."),
    ("-", "Ron is on £5 a week from his mum for the papers, bless him, at seven."),
    ("-", "The lease is £1,200 a year to Mrs Tranter."),
    ("-", "Rhian puts the cost at £22,400."),
    ("P", "Mrs Tranter of 4 Cooper's Yard has complained about you again."),
    ("P", "His number plate aside, Terry's mobile's 07700 900614."),
    ("P", "If you want Gwen she's at Rose Cottage, Pump Lane, LM4 2AB, or 01632 960812."),
    ("P", "Elsie Parr (dob 14.02.1937) needs the bus pass form."),
    ("P", "The objector lives in the bungalow at 17 Orchard Close, a Mr Penry."),
    ("P", "NI no for Keith: AB 12 34 56 C"),
    ("P", "Passport details: Aled Pugh 925665416"),
    ("P", "Next of kin: Joan Webb, tel 07700 900233"),
    ("P", "You could try Dai on 07700 900345 or his wife on 01632 960346."),
    ("P", "born 9th June 1952, Mr Crabtree, so he qualifies"),
    ("P", "She's moved in with her sister at 12 Tanyard Lane."),
    ("P", "Mr and Mrs Ali are at 3 Beech Rise, and not at No 5 as you thought."),
    ("P", "Terry Marsh 07700 900700\nAnn Blewitt 07700 900701"),
    ("-", "Ring me on 01632 960114 or Jean in the office on 01632 960115."),
    ("-", "We met at 14 Mill Lane to see the drain."),
    ("-", "Mr Penry has applied for a dormer at 17 Orchard Close."),
    ("-", "The chairman's 60th birthday is 14 February."),
    ("-", "AA Skips 01632 960444 will deliver."),
    ("-", "My home number hasn't changed: 01632 960222."),
    ("-", "The clerk's direct line is 01632 960114."),
    ("-", "Mrs Tranter's complaint of 14.02.2026 is with the Clerk."),
    ("-", "Built 9 June 1952 by Crabtree and Sons."),
    ("-", "The hedge at 12 Tanyard Lane, says Terry, hides the sign."),
    ("-", "Your order 925665416 has been sent, Mr Pugh."),
    ("-", "Please ring Hobday Fencing (ask for Tony) on 01632 960555."),
    ("S", "Poor Glenys has been told it's cancer and won't be doing the flowers."),
    ("S", "The reason Terry missed the meeting is that he was in court for drink-driving and lost his licence."),
    ("S", "Keep it to yourself but Rhian's on chemo."),
    ("S", "Old Sid at the forge has gone into a home with dementia."),
    ("S", "The lad who did the graffiti, Jordan Pike, has ADHD."),
    ("S", "Gordon is off with his nerves again."),
    ("S", "Her husband's an alcoholic. Poor Jean."),
    ("S", "Mr Singh, being a Sikh, won't take the hat off."),
    ("S", "that caretaker of ours is bipolar"),
    ("S", "I gather Elin's lost the baby."),
    ("S", "Dai's been inside for burglary."),
    ("S", "Mohammed won't be there as he's fasting for Ramadan."),
    ("S", "The clerk has MS."),
    ("S", "Joan was rushed to A&E with a suspected stroke."),
    ("S", "Between us Huw tried to hang himself."),
    ("S", "He's depressed, poor man. Ken I mean."),
    ("S", "The new tenant, Mr Lowe, is on the sex offenders register."),
    ("-", "Glenys ran the cancer coffee morning."),
    ("-", "Terry took the minibus to the hospital fete."),
    ("-", "I'm not well so Rhian will chair."),
    ("-", "Gordon is a black belt in judo, they say."),
    ("-", "Jean's husband collects the stroke club from the hall."),
    ("-", "Elin is expecting visitors at two."),
    ("-", "Dai was inside the pavilion when it flooded."),
    ("-", "The Sikh community centre gave samosas, and Mr Singh served."),
    ("-", "Mr Lowe's conviction that the oak is sound did him credit."),
    ("-", "Ken painted the bench green."),
    ("-", "Joan spoke about dementia at the WI."),
    ("-", "Would Huw like a hearing loop?"),
    ("-", "Your mother's operation must come first, Pat."),
    ("-", "Sid died in 1944 of wounds in a field hospital."),
    (
        "P",
        "Dear Mr Holroyd, you asked who had rung the police about the bonfire. It was the Misses Tandy at Bramble Cottage, 6 Sheepwash Lane, and I think they'd be glad of a word over the wall.",
    ),
    (
        "P",
        "Hi both, for the minibus insurance you'll need these: Colin Frost, licence FROST603127CP9XY, born 12/3/67. Gwenda Rees, licence REESG552148G99AB, born 14 May 1958.",
    ),
    ("P", "To save you looking it up her landline's 01632 960 377 and she won't mind a call before nine."),
    (
        "P",
        "Elspeth has asked not to be contacted but if you must she's at her daughter's, 44 Corriemuir Drive, KA9 1XX.",
    ),
    ("P", "The form for the DBS wants Ieuan's place and date of birth: Bangor, 3rd October 1974."),
    (
        "P",
        "I enclose the electoral list for your round. Mr P Obi 22 Foundry Row, Ms K Lane 24 Foundry Row, the Shahs at 26 Foundry Row.",
    ),
    ("P", "Payroll, new starter Bethan Coe, NI AB 65 43 21 D, starts 1st."),
    ("P", "Ask Mr Kandola at home (01632 960488) rather than at the shop."),
    ("P", "The complainant is Rita Quill and you can catch her on her mobile, 07700 900871, most days."),
    ("P", "The young man's name is Callum Reid, d.o.b. 02/11/2008, of 9 Kirk Wynd."),
    ("P", "His NHS no. is 999 000 0018 in case the surgery asks."),
    ("-", "You can always get hold of me on the mobile - 07700 900277 - or leave a note at the Co-op."),
    ("-", "The hall's caretaker can be rung through the bookings office on 01632 960471."),
    ("-", "We have no objection to 26/0188/HHA, Mr and Mrs Doyle, 3 Bank Top, two-storey side extension."),
    ("-", "The grave is that of Martha Pickles, born 11 June 1841, died 2 January 1903."),
    ("-", "Councillor Gay's number is on the website: 01632 960128."),
    ("-", "For a quote try Steve at Stallard Roofing, 07700 900450, or A1 Gutters on 01632 960990."),
    ("-", "I was born on 4 May 1948 in the house that is now the Post Office."),
    ("-", "My own address for the refund is 2 Chapel Row, WR88 4TP."),
    ("-", "Could you collect the skip from 14 Mill Lane? Mrs Hale will move her car."),
    ("-", "There's a tree down across the road outside Mrs Tilling's at 31 Cowper Close."),
    ("-", "The 14.02.2026 draft replaces that of 07.01.2026, says Anita."),
    ("-", "Please send the plaque to the Parish Office, Village Hall, Church Lane, WR88 4TL, marked for Keith."),
    ("-", "The polling station is at St Oswald's Hall, 4 Church Lane; Jean will open up at seven."),
    (
        "S",
        "Dear Editor, in case readers wonder at the state of the verges, our groundsman has been signed off since August with what his doctor calls severe anxiety.",
    ),
    (
        "S",
        "I shouldn't give the Allotment prize to Mr Hegarty. He's only just finished eighteen months for handling stolen goods.",
    ),
    ("S", "You'll find the Deputy a bit slow. She had a brain haemorrhage at Easter."),
    ("S", "The reason we can't rely on Peter is that he's an epileptic and forgets his pills."),
    ("S", "As you are doing the food: Mrs Rahman and her daughters are Muslim, so no ham."),
    ("S", "It was Anita who wanted it and Anita, as you may not know, is a member of the Labour Party."),
    ("S", "The tenant at number 3 told me she is HIV positive and would rather the bins were not collected by hand."),
    ("S", "Our bookkeeper is going through IVF so the accounts will be late."),
    ("S", "Keith's the GMB rep so watch what you say about the overtime."),
    ("S", "Young Owain Parry was sectioned last week, it was his second suicide attempt."),
    ("S", "Mrs Castell has gone blind and her son drinks."),
    ("S", "Mr Bagshaw's operation on his prostate is on Tuesday."),
    ("S", "He has been diagnosed with Asperger's, Simon's lad."),
    ("S", "I hear Lynne's in remission."),
    ("-", "Thank you for asking after me: the hip is mending and I shall be back in the chair by June."),
    ("-", "St John Ambulance will be at the fete; Sheila has done the first aid course."),
    ("-", "The Catholic church hall is free on the 9th if the Methodists cannot have you, says Father Doyle."),
    ("-", "Cllr Dick is a Conservative on the County Council and Cllr Gay sits as an Independent."),
    ("-", "The GMB has written about the pay award; I've passed it to the Clerk."),
    ("-", "Henry Tandy was gassed at Ypres in 1917 and never recovered."),
    ("-", "The defibrillator is for anybody who has a heart attack."),
    ("-", "Anita will be away next week."),
    ("-", "The Rector is retiring and the Bishop will preach."),
    ("-", "Please could Keith look at the disabled ramp?"),
    ("-", "Apologies from Peter, who is at a funeral."),
    ("-", "You have been through so much with your illness, Lynne."),
    ("-", "Sick leave is dealt with under the staff handbook, section 4, says Simon."),
    ("-", "The Irish dancers and the Polish club will both perform; Ania has the order."),
    ("-", "Our MP has cancer research as her chosen charity."),
    (
        "F",
        "To: the treasurer. Please make the transfer for the marquee deposit to R J Stallard, s/c 20-30-99, a/c 66831036.",
    ),
    ("F", "I can tell you what the Clerk takes home because I've seen the payslip: £2,318 a month after tax."),
    ("F", "It beggars belief that they pay Simon more than a nurse: £27,711 pro rata."),
    ("F", "Mrs Pell's pension contribution is £412 a month and ours is double."),
    ("F", "Lend me your ear. Anita: £19.10 an hour. Keith: £12.60 an hour. Me: nothing."),
    ("F", "The card for the fuel account is 4111-1111-1111-1111, exp 11/27, name M Oldacre."),
    ("F", "Here are Elin's bank details for the wages: 30 90 70 / 12345668."),
    ("-", "The National Salary Award adds £1,290 to every pay point, so SCP 24 becomes £33,024."),
    ("-", "We can offer £14.20 an hour for the cleaner's post; Simon has the form."),
    ("-", "Peter claimed £31.50 mileage and Anita £12.00 for parking."),
    ("-", "The precept is £41,200, of which £9,000 goes to the hall."),
    ("-", "Keith got three quotes: £1,240, £1,410 and £1,650 + VAT."),
    ("-", "Invoice 0417 for £312.40 from Marl Valley is attached; Anita has approved it."),
    ("-", "Bernard walks 14 miles a week for nothing."),
    ("-", "Sponsor a bench for £450 a year, as Mrs Castell does."),
    ("-", "Margaret has £312 in the tin for the bulbs."),
    (
        "M",
        "I know we're not supposed to let these out but here's the Part II sheet from Monday - page 3 is the good bit.",
    ),
    ("M", "I was at the Personnel Committee and, though it was all in confidence, they are letting Simon go."),
    ("M", "Fyi the price the District has offered us in the confidential talks over the car park is £64,000."),
    (
        "M",
        "As the meeting went into private session for this you won't find it in the minutes, but the vote was to sell.",
    ),
    (
        "M",
        "For your ears only: the tender list, which the Clerk marked commercial in confidence, has Bloggs at the top.",
    ),
    ("M", "Draft settlement agreement. WITHOUT PREJUDICE AND SUBJECT TO CONTRACT. We would accept £3,000."),
    ("M", "The legal advice we paid for says you have a good claim. It is privileged, so I never sent this."),
    ("M", "I attach the Clerk's note on the grievance, which she headed 'Strictly private and confidential'."),
    ("-", "As the law requires we say why the public is asked to leave: item 9 concerns a tender."),
    ("-", "All complaints are handled in confidence and your name will not be given to anyone."),
    ("-", "Can you tell me whether the tender report is confidential or can the club see it?"),
    ("-", "The Citizens Advice line is free and confidential."),
    ("-", "Part 2 of the Neighbourhood Plan questionnaire closes on Friday."),
    ("-", "The confidential item at the end of the agenda will be taken after the public have left."),
    ("-", "I cannot comment on matters discussed under Part 2."),
    ("-", "Please shred the confidential papers in the blue box when you collect."),
    ("-", "We'd be grateful for references in confidence for the new caretaker."),
    ("-", "The contract excludes the exempt list of supplies, as the VAT guide says."),
    ("-", "Thank you for telling me in confidence; I shall not pass it on."),
    ("-", "The Clerk asks members to hand back their pink papers after the meeting."),
    ("-", "I have no confidence in the drainage board, and I said so in public."),
    ("C", "Clerk, when you're next at the bank the new PIN's 7713, same card."),
    ("C", "The laptop password's on the sticker but in case it's fallen off: Parish#1894."),
    ("C", "Let yourselves in: the key's in the lockbox, code 2580."),
    ("C", "For the CCTV app - username parish, password ChapelRow12."),
    ("C", "Our Canva is littlemarl@mail.example and pw is gooseberries."),
    ("C", "Gate combination's 1894 as ever, don't tell the ramblers."),
    ("C", "the wifi is MarlGuest and the password is teatime123"),
    ("C", "Reset the Mailchimp one. It's now Kestrel-Otter-9."),
    ("C", "Their portal wanted a password so I put Marlbrook2026."),
    ("C", "The code to get in is 4 8 1 5."),
    ("C", "Recovery key for the laptop: 203841-556102-330189-449022"),
    ("-", "Did you get my note about the password?"),
    ("-", "I've set up two-factor so a password alone is no good to them."),
    ("-", "Bring your own PIN if you want to pay by card."),
    ("-", "The access code of conduct for contractors is enclosed."),
    ("-", "The gate will be locked at 1800 and opened at 0700."),
    ("-", "You need a key to the noticeboard: ask Keith for number 14."),
    ("-", "The new bus pass needs a photo and a log-in to the county's site."),
    ("-", "We had a PIN pad stolen in 2024."),
    ("-", "Passwords, like toothbrushes, should be changed often."),
    ("-", "The combination of the two bids comes to 4,471."),
    ("P", "Lou, can you add my deputy to the policy? Graham Oates, DOB 17 June 1961, NI number AB 20 30 40 A."),
    ("P", "I promised to give you Nessie Gow's address. It's 2/1, 18 Kelvin Terrace, G20 8TT."),
    ("P", "For the attention of the parcel man: Mr Iqbal has moved from number 4 to 11 The Paddocks."),
    ("P", "His passport number, since you ask, is 504911378."),
    ("P", "I'd speak to Hilda, who is at 01632 960701 until noon."),
    ("P", "The man you are looking for is Trevor Lamb. Home: 01632 960145. Mobile: 07700 900145."),
    ("P", "The Crowther twins (born 30.06.2014) would like to join the football."),
    ("P", "Residents who signed: J. Moss, 5 Quarry View; P. Moss, 5 Quarry View; A. Teague, 8 Quarry View."),
    ("P", "her date of birth is the 9th of August 1943"),
    ("P", "if it's urgent phone Morag direct 07700 900999"),
    ("P", "Mrs Adeyemi's new flat is 6b Chandler Court, B14 7QH"),
    ("-", "Sorry I missed you. I'm on 01632 960127 all week."),
    ("-", "The contractor's foreman, Lee, is on site from eight; his van is outside 6 Quarry View."),
    ("-", "We need someone to look at the gutter at the village hall, Church Lane, WR88 4TL."),
    ("-", "The plaque says that William Oates lived at 4 Mill Lane from 1788."),
    ("-", "The Clerk (01632 960114) keeps the key."),
    ("-", "Peter's application for the licence at 12 High Street, the wine bar, comes up on the 4th."),
    ("-", "Parish walk: meet Bernard at the gate of 3 Bank Top at ten."),
    ("-", "The cheque number is 000417 and the paying-in book is with Anita."),
    ("-", "My daughter was born on 3 May 1999, the day of the election."),
    ("-", "Hall hire: ask for Brenda on 01632 960471 at the bookings desk."),
    ("S", "Mick's had another heart attack so we're a man down."),
    ("S", "Cllr Gay's mother has Alzheimer's and she's at her wits' end."),
    ("S", "The new lodger at The Firs is fresh out of prison, I'm told."),
    ("S", "I see that Fatima at number 30 has started wearing a hijab."),
    ("S", "You did know that Gordon is a recovering alcoholic?"),
    ("S", "Poor Dawn, it's MS."),
    ("S", "the little lad at 14, Jayden, is on the autistic spectrum"),
    ("S", "Our Deputy had a miscarriage in June"),
    ("S", "Old Jock is deaf as a post and half blind"),
    ("S", "He got two years for fraud in 2011, did Lamb."),
    ("S", "Ms Adeyemi has a disability, which is why we moved the meeting."),
    ("S", "Terry won't be back: he's been told it's terminal."),
    ("S", "Bill's on the waiting list for a liver transplant."),
    ("-", "Mick has a heart of gold."),
    ("-", "Dawn has a degree in psychology and works at the hospital."),
    ("-", "The Salvation Army band, with Clive on the cornet."),
    ("-", "The leaflet on stroke is in the rack, says Mick."),
    ("-", "Can Roger see the blind corner from his drive?"),
    ("-", "Jock caught a cold at the cricket."),
    ("-", "Our church is C of E and the Rev Tom Ball leads it."),
    ("-", "Roger is voting for the red bench and Clive for the green."),
    ("-", "The Labour Club has asked Gordon for darts."),
    ("-", "Clive was arrested by the beauty of the place."),
    ("-", "Terry will be fine after a good night's sleep."),
    ("F", "Since you do his tax: Keith Bagshaw, gross £25,119, net £1,790 a month."),
    ("F", "They've offered Graham Oates £36k to replace Margaret."),
    ("F", "Use my own card, 5555 5555 5555 4444, 12/27."),
    ("F", "Could you pay the choir's expenses into Rosie Teague's account - 40-47-84 70872490?"),
    ("F", "Our auditor gets £750 a year and the Clerk gets £38,220."),
    ("F", "I'm told Anita's salary has been put up by £1,100 to £19,800."),
    ("-", "Keith's mower cost £1,790 and lasts a month."),
    ("-", "Graham offered £36 for the old sign."),
    ("-", "Total wages and pensions for the quarter: £21,300."),
    ("-", "Anita has £110 in petty cash."),
    ("-", "The advert says £27,000 to £30,000 depending on experience."),
    ("-", "Bench sponsorship at £450 per year, payable to Margaret."),
    ("M", "The Part 2 decision was to give Hobday's notice, so you may want to get your tender in."),
    ("M", "Copy of the confidential valuation as requested, but you never saw it."),
    ("M", "CONFIDENTIAL: not to be shown to the press. The Council will withdraw its objection on Thursday."),
    ("M", "They discussed your grievance in the exempt session and I can tell you it was not upheld."),
    ("M", "This has been circulated to members only but I think you deserve to know: the school field is to be sold."),
    ("M", "It was said behind closed doors, so keep mum, that the bypass money has run out."),
    ("M", "I've scanned the restricted appendix for you."),
    ("M", 'You should see what the independent report says on the clerk; it\'s marked "Private - Councillors Only".'),
    ("-", "I'd be obliged if you would treat this enquiry as confidential."),
    ("-", "The Chairman closed the session at nine and it was agreed to meet again."),
    ("-", "Is it true that the report was leaked?"),
    ("-", "The legal advice is not something I can share."),
    ("-", "Members only: the bar is closed to the public on Tuesday."),
    ("-", "Our privacy notice explains what is confidential and what may be disclosed."),
    ("-", "In confidence-building news, the team has won."),
    ("-", "Exempt vehicles may use the bus gate."),
    ("C", "If the system asks, the user is LMPC and the password L1ttleM4rl."),
    ("C", "The disarm code is 6630, the button's under the shelf."),
    ("C", "Wifi password hasn't changed: welcome2marl"),
    ("C", "Set the new code as 2468, same as last year."),
    ("C", "I've given the cleaners 1357 for the alarm."),
    ("C", "PIN: four four seven one."),
    ("C", "The memorable date they ask for is 14/07/1958 and the passcode is Thimble."),
    ("-", "I'll give you the alarm code when we meet."),
    ("-", "The lock on the noticeboard wants oil."),
    ("-", "Someone's been trying 1234 on the keypad all night, according to the log."),
    ("-", "Who has the combination to the safe?"),
    ("-", "The login screen is green now."),
    ("-", "The gate number is 14 and the box number is 2207."),
]
"""A rule's first letter, or '-' for none of the family, and a letter to one outsider."""


def test_a_letter_to_a_vet_speaks_of_beasts() -> None:
    body = "Floss has had another fit, and Moss is diabetic I would swear."
    assert not list(disclosures(case(plain(body), To="huw@bryngwynvets.example")))
    assert list(disclosures(case(plain(body), To=OUTSIDE)))


@pytest.mark.parametrize(("rule", "body"), LETTERS, ids=[f"{rule} {body[:50]}" for rule, body in LETTERS])
def test_letters(rule: str, body: str) -> None:
    found = {one.rule for one in disclosures(case(plain(body), To=OUTSIDE))}
    assert found == ({SHORT[rule]} if rule in SHORT else set())


NUMBERS = [
    ("4111 1111 1111 1111", Sort.CARD),
    ("3782 822463 10005", Sort.CARD),
    ("4111 1111 1111 1112", None),
    ("9999 9999 9999 9995", None),
    ("GB29NWBK60161331926819", Sort.IBAN),
    ("NO93 8601 1117 947", Sort.IBAN),
    ("GB28NWBK60161331926819", None),
    ("XX29NWBK60161331926819", None),
    ("08-99-99 66374958", Sort.ACCOUNT),
    ("08-99-99", None),
    ("AB 12 34 56 C", Sort.INSURANCE),
    ("QQ 12 34 56 C", None),
    ("ZZ 12 34 56 C", None),
    ("AB 12 34 56 E", None),
    ("999 000 0018", Sort.HEALTH),
    ("999 000 0019", None),
    ("1955839661", Sort.TAX),
    ("2955839661", None),
    ("meet at 1955839661", None),
    ("AB1234567", Sort.PASSPORT),
    ("box AB1234567", None),
    ("passport no. 925665416", Sort.PASSPORT),
    ("MORGA607054SM9IJ", Sort.LICENCE),
    ("MORGA601324SM9IJ", None),
    ("219-09-9999", Sort.SOCIAL),
]


@pytest.mark.parametrize(("text", "sort"), NUMBERS, ids=[text for text, _ in NUMBERS])
def test_numbers(text: str, sort: Sort | None) -> None:
    assert [one.sort for one in numbers(text)] == ([sort] if sort else [])


def test_two_numbers_in_one_line_are_two() -> None:
    assert [one.sort for one in numbers("4111111111111111, AB123456C")] == [Sort.CARD, Sort.INSURANCE]


TOKENS = [
    ("AKIAZZZZZZZZZZZZZZZZ", True),
    ("a AKIAZZZ and no more", False),
    ("glpat-made-up-for-the-test", True),
    ("xoxb-made-up-for-test", True),
    (f"ghp_{'m' * 36}", True),
    (f"AKC{'m' * 12}", True),
    (f"AP0{'m' * 12}.doc", False),
    (f"pypi-AgEIcHlwaS5vcmc{'m' * 70}", True),
    (f"SG.{'m' * 22}.{'n' * 43}", True),
    (f"sk_live_{'m' * 24}.", True),
    (f"AIza{'m' * 35}", True),
    (f"sk-proj-{'m' * 40}", True),
    (f"SK{'a' * 32}", True),
    (f"npm_{'m' * 36}", True),
    (f"M{'m' * 23}.{'n' * 6}.{'o' * 27}", True),
    ("0123456789abcdef0123456789abcdef-us12", True),
    ("7213808860:AAmadeupmadeupmadeupmadeupmadeup012", True),
    ("https://user:secret@host.example/", True),
    ("https://host.example:8080/user@host", False),
    ("eyJhbGciOiJub25lIn0.eyJzdWIiOiJ4In0.c2ln", True),
    ("eyJub3RqJzb24.eyJub3QganNvbg.c2ln", False),
]


@pytest.mark.parametrize(("text", "held"), TOKENS, ids=[text for text, _ in TOKENS])
def test_tokens(text: str, held: bool) -> None:
    assert bool(secrets(text)) is held


@pytest.mark.parametrize(
    ("name", "flagged"),
    [
        ("Part 2 minutes.docx", True),
        ("Staffing_CONFIDENTIAL_v3.pdf", True),
        ("Not for publication - tenders.xlsx", True),
        ("Local Plan Part 2.pdf", False),
        ("Confidential waste rota.pdf", False),
        ("Bench.jpg", False),
    ],
)
def test_names_of_attachments(name: str, flagged: bool) -> None:
    message = plain("Here you are.")
    message.add_attachment(b"x", maintype="application", subtype="octet-stream", filename=name)
    found = [one for one in disclosures(case(message, To=OUTSIDE)) if one.rule == "confidential-marked"]
    assert [one.part for one in found] == ([f"attachment:{name}"] if flagged else [])


def test_a_private_account_of_a_member_is_no_outsider() -> None:
    body = "CONFIDENTIAL\n\nThe panel met."
    assert not findings(case(plain(body), To="tom.arden@postbox.example"), "confidential-marked")
    assert findings(case(plain(body), To=f"tom.arden@postbox.example, {OUTSIDE}"), "confidential-marked")


def test_a_blind_copy_goes_outside_too() -> None:
    assert findings(
        case(plain("Keith is in hospital."), To="clerk@ashmere.example", Bcc=OUTSIDE), "confidential-special-category"
    )


def test_an_automatic_answer_is_not_read() -> None:
    letter = plain("The door code is 1890.")
    letter["Auto-Submitted"] = "auto-replied"
    assert not disclosures(case(letter, To=OUTSIDE))


def test_one_finding_for_sentences_that_go_on_about_it() -> None:
    body = "Keith is in hospital. He has had a stroke. They have put him on oxygen."
    assert len(findings(case(plain(body), To=OUTSIDE), "confidential-special-category")) == 1


def test_a_list_of_people_is_one_finding() -> None:
    body = "\n".join(f"Ann Marsh {n}, passport 92566541{n}" for n in range(5))
    assert len(findings(case(plain(body), To=OUTSIDE), "confidential-personal-data")) == 1


SECRET = [
    ("You bloody fool, the card is 4111 1111 1111 1111.", "4111 1111 1111 1111"),
    ("Log in as parish / Bluebell7 until Friday.", "Bluebell7"),
    ("Her NI number is AB 12 34 56 C.", "AB 12 34 56 C"),
    ("Kelly's mobile is 07700 900123.", "07700 900123"),
    ("Elsie Parr, date of birth 14/02/1937.", "14/02/1937"),
    ("Pay it to GB29 NWBK 6016\n1331 9268 19 today.", "9268 19"),
    ("The pass code for the door is 1890. I say 1890 again, and 1890 it is.", "1890"),
]


@pytest.mark.parametrize(("body", "value"), SECRET, ids=[value for _, value in SECRET])
def test_no_output_repeats_a_secret(body: str, value: str) -> None:
    said = [one for _, one in identified(case(plain(body), To=OUTSIDE))]
    assert any(one.rule.startswith("confidential") for one in said)
    for one in said:
        assert value not in one.excerpt
        assert value not in one.reason
        assert value not in one.evidence


@pytest.mark.parametrize("part", ["own", "signature", "waiver", "quoted", "forwarded", "subject", "name", "file"])
def test_a_value_is_hidden_whichever_part_says_what_it_is(part: str) -> None:
    told, letter = "The PIN for the safe is 4471 again.", plain("Well, well.")
    letter.add_attachment(b"x", maintype="application", subtype="octet-stream", filename=f"{told}bin")
    made = case(letter, To=OUTSIDE)
    (file,) = made.mail.attachments
    name, held = (file.name if part == "name" else "a.bin"), (told if part == "file" else "")
    mail = replace(made.mail, attachments=(replace(file, name=name, text=held),))
    if part == "subject":
        mail = replace(mail, subject=told)
    parts = made.parts
    if part in ("own", "signature", "waiver", "quoted", "forwarded"):
        parts = replace(parts, **{part: replace(parts.own, text=told)})
    bare = Finding("language-unbusinesslike", Severity.LOW, 0.5, "own", 0, 9, "4471, dear", "He says 4471.", "4471 …")
    shown = Masks(replace(made, mail=mail, parts=parts)).apply(bare)
    assert [shown.excerpt, shown.reason, shown.evidence] == ["*****, dear", "He says *****.", "***** …"]
    untold = replace(made, mail=replace(mail, subject="", attachments=()))
    assert Masks(untold).apply(bare) is bare


def test_a_value_that_the_excerpt_cuts_is_hidden_too() -> None:
    body = f"{'We went to the fair and it was grand ' * 4}and rang about the card, which is number 4111 1111 1111 1111 as they well know."
    for shift in range(40):
        said = [one for _, one in identified(case(plain("x" * shift + body), To=OUTSIDE))]
        assert not any("4111" in one.excerpt for one in said)


def test_masks_do_not_change_the_identity() -> None:
    body = "The door code is 1890."
    (name, shown), *_ = [
        one for one in identified(case(plain(body), To=OUTSIDE)) if one[1].rule == "confidential-credentials"
    ]
    assert shown.excerpt == "The door code is *****."
    other, *_ = [
        one for one, said in identified(case(plain("The door code is 1891."), To=OUTSIDE)) if said.rule == shown.rule
    ]
    assert name != other


def test_what_is_not_secret_is_shown_as_it_stands() -> None:
    said = [one for _, one in identified(case(plain("CONFIDENTIAL\n\nRing 01632 960114."), To=OUTSIDE))]
    assert "CONFIDENTIAL" in next(one.excerpt for one in said if one.rule == "confidential-marked")
