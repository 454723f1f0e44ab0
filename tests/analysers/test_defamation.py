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
)


@pytest.mark.parametrize("letter", LETTERS, ids=lambda letter: letter.because)
def test_defamation_risk(letter: Letter) -> None:
    assert judged("defamation-risk", letter) is letter.flagged
