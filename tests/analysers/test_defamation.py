"""Charges, and what only looks like them: further letters, as data."""

from __future__ import annotations

import pytest
from conduct import Letter, judged

LETTERS = (
    Letter(True, "pockets fees", "Mr Fitch at the hall pockets half the hire fees and always has."),
    Letter(
        True, "worthless professional", "Your architect Mr Lamb couldn't design a rabbit hutch. The man is a menace."
    ),
    Letter(True, "bribed planners", "It is well known that Colne Homes paid off the planning officer."),
    Letter(True, "dishonest garage", "Steer clear of Bridge Garage, they clock the cars and swear blind they don't."),
    Letter(True, "drives drunk", "The vicar drives home drunk from the Bell every Thursday."),
    Letter(True, "tampering with election", "Ken Moss forged half the names on that petition."),
    Letter(True, "beats", "That poor girl at number nine, her husband Lee knocks her about and everyone looks away."),
    Letter(
        True,
        "incompetent clerk of another council",
        "The clerk at Stoke is hopelessly incompetent and hasn't produced a straight set of accounts in five years.",
    ),
    Letter(True, "dealing", "The Dawson boy is dealing drugs out of the bus shelter."),
    Letter(
        True,
        "cheats at marrow",
        "Everybody in the club is aware that Sid Marl cheats at the show: he buys his leeks in.",
    ),
    Letter(
        True, "fraudulent claim", "Mrs Vane is swindling the insurance over that chimney; it was down before the storm."
    ),
    Letter(
        True,
        "accuse with a hedge of certainty",
        "There's no doubt in my mind that Pete Rudge set the barn alight for the insurance.",
    ),
    Letter(
        True,
        "bullying harassment claim",
        "The head teacher, Mr Stokes, is a bully who has driven out three good teachers and lied to the governors about it.",
    ),
    Letter(True, "poisons", "Old Garland has been poisoning the badgers again."),
    Letter(
        False,
        "reports burglary",
        "The pavilion was broken into on Sunday and the mower stolen. The police have given us a crime number.",
    ),
    Letter(
        False,
        "court report",
        "Mr Rudge pleaded guilty to arson at Weldchester Crown Court on Friday and will be sentenced in June.",
    ),
    Letter(
        False, "clears", "Nobody is suggesting that Doreen took the money. The bank had put it in the wrong account."
    ),
    Letter(
        False,
        "a complaint about work in measured words",
        "The kerb laid by Bridge Contracting in May has sunk by two inches, and we should like it relaid.",
    ),
    Letter(
        False,
        "questions figures",
        "I can't make the hire fees agree with the bank statement. Could Mr Fitch show us the receipts book?",
    ),
    Letter(False, "the cowboy film", "The film club is showing a cowboy picture on Friday with a crook called Slim."),
    Letter(
        False,
        "owl",
        "A barn owl has stolen the heart of the whole village, and the pigeons have been robbed of their perch.",
    ),
    Letter(
        False,
        "someone unnamed",
        "Somebody has been helping themselves to the logs behind the hall. A notice may do the trick.",
    ),
    Letter(
        False,
        "reader's own conduct, civil",
        "You overcharged us by £12 on the last invoice, I expect by a slip. Could you send a credit note?",
    ),
    Letter(
        False,
        "fraud awareness",
        "The bank's talk on fraud is on the 9th: how thieves get hold of your card and what to do about it.",
    ),
    Letter(False, "history", "In 1831 the squire swindled the commoners out of Long Mead, as Dr Amory's book relates."),
    Letter(
        False,
        "opinions of quality",
        "Mr Lamb's drawings are not to my taste, and I have asked whether the porch might be smaller.",
    ),
    Letter(True, "of a shopkeeper", "Watch out for Raj Bell at the garage shop, he waters the diesel."),
    Letter(True, "of a firm", "Stoke Surfacing are con artists. They took the Scouts' deposit and scarpered."),
    Letter(True, "of a predecessor", "My predecessor Colin Foss cooked the books for a decade and nobody said a word."),
    Letter(
        True, "of a district officer", "Your Mr Tapp takes presents from builders, that is why nothing is ever refused."
    ),
    Letter(
        True,
        "of a couple",
        "The Prossers are thieves, the pair of them; half the village's wheelbarrows are behind that hedge.",
    ),
    Letter(
        True,
        "of a surveyor's skill",
        "That survey was done by an incompetent, Nigel Rowe, who wouldn't know a culvert from a coffee pot.",
    ),
    Letter(
        True,
        "of an official, as fact",
        "It's no secret that the bursar of St Wulf's has been lining his pockets with the roof fund.",
    ),
    Letter(False, "asks for facts", "Did anybody see who took the wheelbarrow from behind the hall?"),
    Letter(
        False,
        "states work's defects",
        "The surfacing by Stoke Surfacing has failed in four places within a year, as the photographs show.",
    ),
    Letter(False, "disciplinary, neutral", "The Clerk will look into what was said about Mr Tapp. I express no view."),
    Letter(False, "accident", "A lorry driver reversed into the lych gate and drove off. We should like to trace him."),
    Letter(False, "praise with a bad word in it", "Nigel Rowe is a wicked spin bowler and robbed us of the cup."),
    Letter(True, "of a landlord", "Beware of Dennis Poole at the Plough. He waters the beer and fiddles the change."),
    Letter(True, "of a former clerk", "The last Clerk, Mrs Ings, helped herself to the petty cash for years."),
    Letter(True, "of the district", "Everyone knows that West Weldshire's planning committee can be bought."),
    Letter(True, "of a GP", "Dr Sable is dangerous. She misdiagnosed half the village and covers it up."),
    Letter(True, "of a headmaster", "Mr Finch at the school is totally incompetent and drinks."),
    Letter(
        True,
        "of a dog breeder",
        "Karen Boot starves those dogs and sells sick puppies, don't let anybody tell you otherwise.",
    ),
    Letter(
        False,
        "neutral enquiry on credentials",
        "Is Marlow & Sons a member of the federation, and may we see its insurance?",
    ),
    Letter(False, "theft from the hall, nobody named", "The cash box was stolen from the hall between six and seven."),
    Letter(
        False, "plain complaint", "The GP surgery did not answer the telephone on Monday. Could somebody look into it?"
    ),
    Letter(False, "retracted", "I wrote in haste. Mr Poole has never watered anything but his geraniums."),
    Letter(
        True,
        "of a carer",
        "I wouldn't let Sonia Trigg near my mother. She has had money out of three old ladies' purses that I know of.",
    ),
    Letter(
        True, "of an accountant", "Our old accountant, Mr Beale, falsified two years' figures and got away with it."
    ),
    Letter(True, "of a fellow member", "Cllr Webb lied to the meeting about the lease, and he knows he did."),
    Letter(
        True,
        "of a company's practice",
        "Brightglaze Windows prey on pensioners. They are swindlers and they've never finished a job yet.",
    ),
    Letter(True, "of a policeman", "PC Dray is as bent as a nine bob note."),
    Letter(
        True,
        "of an engineer",
        "The so-called engineer who signed off the bridge, a Mr Hulme, is negligent and ought to be struck off.",
    ),
    Letter(
        False, "question of procedure", "How would one report a suspected fraud to the district, please? I name nobody."
    ),
    Letter(False, "a fact in a dispute", "Mr Beale's invoice is higher than his quotation, and we have asked him why."),
    Letter(False, "a dog", "A dog stole the sausages and then lay low under the table."),
    Letter(False, "hearsay refused", "I have heard talk about Mr Hulme and don't intend to repeat it."),
    Letter(True, "of a tenant", "Mr Cobb at number two is running a brothel and everybody in the Row knows it."),
    Letter(
        True, "of a solicitor", "Pemberley's are shysters. They charged the trust for meetings that never took place."
    ),
    Letter(True, "of a treasurer", "Between ourselves Joan Tate has been helping herself to the coffee morning money."),
    Letter(
        True,
        "old perrin swears he is teetotal but",
        "Old Perrin swears he is teetotal but he was three sheets to the wind when he drove into the war memorial.",
    ),
    Letter(
        True,
        "the allotment secretary, mavis lock, has been",
        "The allotment secretary, Mavis Lock, has been selling the plots to her cronies and keeping the cash.",
    ),
    Letter(
        True,
        "mr venn obtained his planning consent by",
        "Mr Venn obtained his planning consent by bribing the case officer.",
    ),
    Letter(
        True,
        "i see they've made toby crale headmaster",
        "I see they've made Toby Crale headmaster, a man sacked from his last school for putting his hand in the dinner money.",
    ),
    Letter(
        True,
        "the swan's landlady serves under-age children and",
        "The Swan's landlady serves under-age children and everyone turns a blind eye.",
    ),
    Letter(
        True,
        "you should know that keith barlow",
        "You should know that Keith Barlow never did the survey he charged us for. He sat in his van for an hour and copied the old one.",
    ),
    Letter(
        True,
        "pam whittle got her sister the",
        "Pam Whittle got her sister the cleaning contract and told nobody, and now the two of them share the money.",
    ),
    Letter(
        True,
        "i would not send your children",
        "I would not send your children there. Mrs Oakes drinks, and on Thursday she was asleep in the reading corner by two.",
    ),
    Letter(
        True,
        "grenfell homes bought the officer a",
        "Grenfell Homes bought the officer a holiday and the trees came down the same week.",
    ),
    Letter(
        True,
        "the reason the lights failed is",
        "The reason the lights failed is that Dawson Electrical used second-hand cable and painted it.",
    ),
    Letter(
        True,
        "our vicar has had three thousand",
        "Our vicar has had three thousand out of the bell fund and there's not a new rope to show for it.",
    ),
    Letter(
        True,
        "mr tranter cannot read a balance",
        "Mr Tranter cannot read a balance sheet and has been making the figures up for years.",
    ),
    Letter(
        True,
        "tony rudge set that barn alight",
        "Tony Rudge set that barn alight himself for the insurance, and the whole pub knows it.",
    ),
    Letter(True, "cllr peel votes as grenfell tell", "Cllr Peel votes as Grenfell tell him, and he is paid for it."),
    Letter(
        True,
        "the vet in slade put our",
        "The vet in Slade put our dog down to hide that he had given her the wrong dose.",
    ),
    Letter(
        True,
        "youre employing a man who knocks",
        "You're employing a man who knocks his wife about. Ask anyone at the Lion why Shane Bell's arm was in plaster: she hit back.",
    ),
    Letter(
        True,
        "whatever doyle & sons charge you",
        "Whatever Doyle & Sons charge you, half of it is for sand. They water the concrete and it'll be gravel by spring.",
    ),
    Letter(
        True,
        "the treasurer mr ince takes ten",
        "The treasurer, Mr Ince, takes ten per cent of every collection before it is counted.",
    ),
    Letter(
        True,
        "wendale lettings keep every deposit and",
        "Wendale Lettings keep every deposit and send the tenants photographs of somebody else's stains.",
    ),
    Letter(True, "dr moss isnt a doctor of", "Dr Moss isn't a doctor of anything; he bought it off the internet."),
    Letter(
        True,
        "it was carol finch who rang",
        "It was Carol Finch who rang the press with the salaries, out of spite, and then lied to the inquiry.",
    ),
    Letter(
        True,
        "bill sykes poaches the estates deer",
        "Bill Sykes poaches the estate's deer and sells them to the Copper Kettle, who ask no questions.",
    ),
    Letter(
        True,
        "the head falsifies the attendance; my",
        "The head falsifies the attendance; my niece was marked in while she was in Spain.",
    ),
    Letter(
        True,
        "nobody at harker plant has a",
        "Nobody at Harker Plant has a ticket. They let a lad of fifteen drive the dumper.",
    ),
    Letter(
        False,
        "keith barlow has not sent the",
        "Keith Barlow has not sent the survey yet. Could you ask him when it will come?",
    ),
    Letter(
        False, "mrs oakes was ill on thursday", "Mrs Oakes was ill on Thursday and the class was taken by the head."
    ),
    Letter(
        False,
        "grenfell homes took the trees down",
        "Grenfell Homes took the trees down with the officer's leave; the notice is on the website.",
    ),
    Letter(
        False,
        "mr tranters figures dont agree with",
        "Mr Tranter's figures don't agree with mine. One of us is out by forty pounds and it may be me.",
    ),
    Letter(
        False,
        "if anybody took money from the",
        "If anybody took money from the bell fund the bank would have told us. It's all there.",
    ),
    Letter(
        False,
        "some people say that tony rudge",
        "Some people say that Tony Rudge set the barn alight. I don't believe a word.",
    ),
    Letter(
        False, "cllr peel declared his interest and", "Cllr Peel declared his interest and left the room, as he should."
    ),
    Letter(
        False,
        "the vet was very good with",
        "The vet was very good with our dog at the end and would take nothing for it.",
    ),
    Letter(
        False,
        "doyle & sons laid the base",
        "Doyle & Sons laid the base on Tuesday and it needs a week before anyone walks on it.",
    ),
    Letter(False, "wendale lettings returned the deposit in", "Wendale Lettings returned the deposit in full."),
    Letter(
        False, "dr moss is a doctor of", "Dr Moss is a doctor of music, not of medicine, so don't show him your knee."
    ),
    Letter(
        False,
        "two men were fined for poaching",
        "Two men were fined for poaching on the estate, it was in the Gazette.",
    ),
    Letter(False, "the register was damaged by damp", "The register was damaged by damp in 1987 and a copy was made."),
    Letter(
        False, "do you think mr ince keeps", "Do you think Mr Ince keeps proper books? I have no reason to doubt it."
    ),
    Letter(
        False,
        "i kept the takings from the",
        "I kept the takings from the fair in the safe and Frances has counted them.",
    ),
    Letter(False, "the lad who drives the dumper", "The lad who drives the dumper has his ticket, I've seen it."),
    Letter(
        False,
        "ray cobb found the clock had",
        "Ray Cobb found the clock had been changed by the last owner and told me at once.",
    ),
    Letter(False, "i lost the key and mrs", "I lost the key and Mrs Bell had to wait in the rain; I've said sorry."),
    Letter(
        False,
        "they altered the minutes at the",
        "They altered the minutes at the meeting, by vote, to say Tuesday instead of Monday.",
    ),
    Letter(
        False,
        "joyce wrote the invoice herself since",
        "Joyce wrote the invoice herself since I was away, thank you Joyce.",
    ),
    Letter(False, "mr hale put the money in", "Mr Hale put the money in the bank on Friday, the slip is attached."),
    Letter(True, "mrs tidy at the shop has", "Mrs Tidy at the shop has her thumb on the scale, always has had."),
    Letter(
        True,
        "dont let prosser near your roof",
        "Don't let Prosser near your roof. He took Edie's four thousand and has not been seen since.",
    ),
    Letter(
        True, "the school cook bet lowe waters", "The school cook, Bet Lowe, waters the soup and takes the meat home."
    ),
    Letter(
        True,
        "sergeant moon would sooner lose a",
        "Sergeant Moon would sooner lose a statement than charge one of his own lodge.",
    ),
    Letter(
        True, "the accounts that mr pym gave", "The accounts that Mr Pym gave the AGM were fiction from top to bottom."
    ),
    Letter(
        True, "our mps been fiddling his second", "Our MP's been fiddling his second home since the day he was elected."
    ),
    Letter(
        True,
        "councillor vane has had planning for",
        "Councillor Vane has had planning for three houses and never once declared that the land's his wife's.",
    ),
    Letter(
        True,
        "dr lyle was struck by nothing",
        "Dr Lyle was struck by nothing but drink when he missed your mother's cancer.",
    ),
    Letter(
        True,
        "the slade gazette made that quote",
        "The Slade Gazette made that quote up, as Faye Dickens makes up most of them.",
    ),
    Letter(
        True,
        "jowetts put red diesel in the",
        "Jowett's put red diesel in the school buses and tell the county it's white.",
    ),
    Letter(
        True,
        "peter gale set the dog on",
        "Peter Gale set the dog on him and then told the magistrate it slipped its lead.",
    ),
    Letter(
        False,
        "len harkers lorry went through the",
        "Len Harker's lorry went through the weighbridge and was under by a ton.",
    ),
    Letter(False, "mrs tidy at the shop has", "Mrs Tidy at the shop has hurt her thumb."),
    Letter(False, "prosser has edies deposit and starts", "Prosser has Edie's deposit and starts on the 4th."),
    Letter(
        False,
        "bet lowe takes the leftover meat",
        "Bet Lowe takes the leftover meat home for the dogs, as the head asked her to.",
    ),
    Letter(False, "sergeant moon took the statement and", "Sergeant Moon took the statement and will let us know."),
    Letter(False, "mr pyms accounts were approved from", "Mr Pym's accounts were approved from top to bottom."),
    Letter(False, "the gazette got my quote wrong", "The Gazette got my quote wrong, I expect I mumbled."),
    Letter(False, "the dog slipped its lead and", "The dog slipped its lead and Peter Gale was mortified."),
    Letter(
        True,
        "everyone says what a good doctor",
        "Everyone says what a good doctor Reeve is. He killed Tom Ash by not turning up.",
    ),
    Letter(
        True,
        "hill farm sells you eggs from",
        "Hill Farm sells you eggs from a battery in Poland with its own stamp on.",
    ),
    Letter(
        True,
        "mr cole passed his driving examiner",
        "Mr Cole passed his driving examiner fifty pounds, which is how he comes to be driving the school minibus.",
    ),
    Letter(True, "the reverend pike has two wives", "The Reverend Pike has two wives, one in each parish."),
    Letter(
        False,
        "stella marsh bought the flowers with",
        "Stella Marsh bought the flowers with the flower money and the receipts are in the vestry.",
    ),
    Letter(
        False,
        "doctor reeve was away when tom",
        "Doctor Reeve was away when Tom Ash died, and has been to see the family.",
    ),
    Letter(False, "hill farm sells eggs at the", "Hill Farm sells eggs at the gate."),
    Letter(
        False, "mr cole passed his driving test", "Mr Cole passed his driving test and may drive the school minibus."
    ),
)


@pytest.mark.parametrize("letter", LETTERS, ids=lambda letter: letter.because)
def test_defamation_risk(letter: Letter) -> None:
    assert judged("defamation-risk", letter) is letter.flagged
