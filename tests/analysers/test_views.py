"""Views: the writer's, and the Council's: further letters, as data."""

from __future__ import annotations

import pytest
from conduct import Letter, judged

VIEWS_NO_DISCLAIMER = (
    Letter(
        True,
        "calls a decision what it is, in an aside",
        "The harvest supper raised £140. It beats me how the district could wave through that chicken farm.",
    ),
    Letter(
        True,
        "says who is to blame",
        "The flooding in Brook Lane is entirely the fault of the county, who have not cleaned a ditch since the Coronation.",
    ),
    Letter(
        True,
        "a view of a neighbour council",
        "Between you and me Stoke's parish council has behaved like a spoilt child over the boundary.",
    ),
    Letter(
        True,
        "favours one side in a planning case",
        "The Hendersons deserve their extension and the objectors are motivated by nothing but envy.",
    ),
    Letter(True, "a wish about government", "What this country needs is a government that has got mud on its boots."),
    Letter(True, "opinion of the police", "The police have given up on the countryside, and it shows."),
    Letter(True, "schools", "Closing the village school would be an act of vandalism and the county knows it."),
    Letter(
        True,
        "rhetorical praise",
        "Whoever had the courage to turn down the quarry deserves a medal, if you want my opinion.",
    ),
    Letter(
        True,
        "against electric cars policy",
        "Electric charging points on the green? Over my dead body. The whole net zero business is a fad.",
    ),
    Letter(True, "about the bishop", "I find the bishop's silence on the closure of St Anne's contemptible."),
    Letter(
        True,
        "long-winded letter to newspaper",
        "Sir, Your correspondent is surprised that anyone should oppose the solar farm. I am surprised that anyone should not. Three hundred acres of good wheat land are to be put under glass so that a company in Luxembourg may collect a subsidy, and those who wave it through should be ashamed of themselves.",
    ),
    Letter(
        True,
        "'has no business'",
        "Thank you for the marmalade. The Environment Agency has no business telling farmers when to dredge.",
    ),
    Letter(True, "opinion as exclamation", "And as for the new one-way system, what a shambles!"),
    Letter(True, "hunts", "I've always thought hunting barbarous and I'm glad to see the back of it."),
    Letter(
        False,
        "weather and taste",
        "I think this has been the dreariest February I remember, and the snowdrops are late.",
    ),
    Letter(
        False,
        "professional judgement",
        "In my view the second quotation is the clearer, but it is for the Council to choose.",
    ),
    Letter(
        False,
        "agenda fact",
        "The Local Plan inspector sits on the 4th, and the district's decision on housing numbers follows in June.",
    ),
    Letter(
        False,
        "personal, stated otherwise",
        "These are only my own thoughts, as somebody who lives opposite: the bypass decision was dreadful.",
    ),
    Letter(
        False,
        "reports the mood of a meeting",
        "Residents at the meeting felt strongly that the county's cuts were wrong. I took a note of what was said.",
    ),
    Letter(
        False,
        "neutral planning consultee",
        "The access would be on a blind bend, and the plan shows no footway. Could the officer look at this again?",
    ),
    Letter(
        False,
        "invites views",
        "The county would like to hear whether people are for or against the scheme; the form is in the post office.",
    ),
    Letter(False, "own error", "I was wrong about the date of the planning committee, for which I apologise."),
    Letter(
        False,
        "praise of a dish and a singer",
        "I believe Mrs Tandy's trifle to be the best in the county, and I shall say so under oath.",
    ),
    Letter(False, "hopes", "I hope the county will find the money for the culvert this year."),
    Letter(
        False,
        "a fact about tax",
        "Council tax goes up by 3.2 per cent in April; the parish's share is £61 for a band D house.",
    ),
    Letter(
        True,
        "of a county policy, to a walking club",
        "The stiles look grand. Charging for parking at the country park is a mean little tax on dog walkers, in my opinion.",
    ),
    Letter(
        True,
        "of the planning inspectorate, tail of a letter",
        "See you at the AGM. The inspector who allowed that barn must have been blindfolded.",
    ),
    Letter(
        True,
        "of a neighbour's conduct",
        "If you ask me, Mrs Dobbs has nobody but herself to blame for the state of that wall.",
    ),
    Letter(
        True,
        "of a national party, in passing",
        "Many thanks for the minutes. The sooner this government is gone the better for all of us in the country.",
    ),
    Letter(
        True,
        "of the district's refusal",
        "I was astonished by the district's refusal of the Jacksons' porch; a more spiteful decision I never saw.",
    ),
    Letter(
        True,
        "of wind turbines",
        "Frankly those turbines are hideous and whoever let them through wants his eyes testing.",
    ),
    Letter(True, "supports a strike", "Good for the teachers, I say. They are quite right to strike."),
    Letter(
        False,
        "the clerk reports",
        "The district refused the porch on 4 May; the appeal must be lodged within twelve weeks.",
        sender="clerk",
    ),
    Letter(False, "taste", "The new sign is lovely, and I think the blue suits it much better than the green."),
    Letter(
        False, "'as a private citizen'", "I write as a private citizen. The county's refusal was spiteful and wrong."
    ),
    Letter(
        False,
        "condolence",
        "It was a dreadful accident, and the county has closed the road until the inspector has been.",
    ),
    Letter(
        True,
        "on farm policy",
        "Thanks for the hay. If you want to know what I think, the minister couldn't tell a heifer from a hat stand and it's farmers who pay for it.",
    ),
    Letter(
        True,
        "on a planning appeal",
        "The appeal decision on Coopers Yard is a scandal, and the inspector plainly never left his car.",
    ),
    Letter(
        True,
        "on a councillor of another tier",
        "County Councillor Ambrose has done precious little for this division in twelve years, and it is time he made way.",
    ),
    Letter(True, "on the church", "In my opinion the diocese is wrong to sell the glebe."),
    Letter(
        True,
        "on housing",
        "We've quite enough houses here already. The district should build them in Weldchester and leave us alone.",
    ),
    Letter(False, "minutes request", "Could you let me have the inspector's decision letter when it is published?"),
    Letter(False, "about the writer's own cooking", "I'm convinced that my chutney was the worst in the tent."),
    Letter(
        False,
        "his own view, labelled",
        "The appeal decision was a scandal - my view, I hasten to add, and not that of the Council.",
    ),
    Letter(False, "work opinion", "I think the county will want a risk assessment before it closes the road."),
    Letter(False, "thanks", "The county has been most helpful over the culvert and we are grateful to your engineers."),
    Letter(
        True,
        "verdict on a highways scheme",
        "The flower tubs look a treat, unlike the county's new roundabout, which was plainly designed by somebody who has never driven a tractor.",
    ),
    Letter(
        True,
        "of a court's decision",
        "The magistrates let him off far too lightly, if I may say so, and the message to other fly-tippers is a poor one.",
    ),
    Letter(True, "on the NHS", "It is nothing less than criminal that they are closing the cottage hospital."),
    Letter(
        True,
        "agrees with the campaigner",
        "You're absolutely right about the pylons. They'll ruin the valley and the minister knows it.",
    ),
    Letter(
        True,
        "of a colleague's conduct",
        "I thought Cllr Webb made a complete ass of himself at your meeting on Monday.",
    ),
    Letter(
        True,
        "of immigration",
        "There are too many people coming into this country and nobody in Whitehall has the courage to say so.",
    ),
    Letter(
        False,
        "the Council's job",
        "The Council comments on planning applications but does not decide them; the district does.",
    ),
    Letter(
        False,
        "an observation of traffic",
        "I counted 412 cars in the hour, which is more than the county's survey found.",
    ),
    Letter(False, "prefers a date", "If the county can manage it, the 14th would be best for the road closure."),
    Letter(False, "kind", "I was so sorry to hear about the school's closure, and hope you find another post soon."),
    Letter(
        True,
        "a long preamble and a verdict",
        "I was brought up here and have seen six plans come and go. This local plan is the daftest of the lot.",
    ),
    Letter(
        True, "admires a protester", "Good for the farmers! If I had a tractor I'd have been in Whitehall with them."
    ),
    Letter(
        True,
        "on a neighbour's extension",
        "Entre nous, the Bakers' extension is an abomination and the district must have been asleep.",
    ),
    Letter(
        True,
        "thanks for the seedlings. between ourselves the",
        "Thanks for the seedlings. Between ourselves the county has handled the bridge appallingly from start to finish.",
    ),
    Letter(
        True,
        "i have no doubt that history will",
        "I have no doubt that history will judge the planning committee harshly for Long Mead.",
    ),
    Letter(
        True,
        "you will have seen that the appeal",
        "You will have seen that the appeal was dismissed. Quite right too: it was a greedy scheme by a greedy man.",
    ),
    Letter(
        True,
        "why anyone should want to live next",
        "Why anyone should want to live next to a motorway service station is beyond me, but the inspector evidently does.",
    ),
    Letter(
        True,
        "as i see it the environment agency",
        "As I see it the Environment Agency is run by people who have never had wet feet.",
    ),
)

VIEWS_AS_COUNCIL = (
    Letter(
        True,
        "parish councillors do not want",
        "Dear Mr Voss, your mast isn't wanted here. Nobody on the Parish Council wants it and we shall fight you all the way.",
    ),
    Letter(
        True,
        "'the official view'",
        "The official view of Ashmere Parish Council is that your company should never have been let near a river.",
    ),
    Letter(True, "'you can quote me'", "You can quote the Council as saying that the bus cuts are a disgrace."),
    Letter(True, "speaks for all", "I speak for the whole Council when I say that the new vicarage is hideous."),
    Letter(True, "'our council is appalled'", "Our council is quite appalled at the state of the station."),
    Letter(
        True,
        "in the Council's eyes",
        "In the eyes of this council the crossing is an accident waiting to happen and somebody should lose his job.",
    ),
    Letter(
        True,
        "would like",
        "The Parish Council would far rather see a wood there than your bungalows, so please think again.",
    ),
    Letter(
        True,
        "the Council's patience",
        "The Council has run out of patience with dog owners like yourself, and rightly.",
    ),
    Letter(True, "'as a Council we have always'", "As a council we have always held that second homes are a blight."),
    Letter(True, "by name alone", "Ashmere Parish Council says no to fracking, and always will."),
    Letter(True, "we councillors", "We councillors are unanimous that the Mayor's budget is daylight robbery."),
    Letter(
        True,
        "'it is Council policy'",
        "It is Council policy that cyclists keep off the green, whatever your club may think.",
    ),
    Letter(
        True,
        "'the Council supports your campaign'",
        "Keep it up! The Parish Council is right behind your campaign against the pylons.",
    ),
    Letter(
        False,
        "announces a decision with minute number",
        "At its meeting on 6 May the Council agreed to support the crossing (minute 88), and the Clerk has written to you.",
    ),
    Letter(False, "what the Council will do", "The Council will consider your letter on the 12th."),
    Letter(
        False,
        "Council meets",
        "The Council meets on the second Tuesday, and members of the public may speak for three minutes.",
    ),
    Letter(
        False,
        "urges the reader to ask",
        "If you want to know what the Council thinks about the mast, please write to the Clerk.",
    ),
    Letter(
        False,
        "what another council thinks",
        "Stoke Parish Council believes the boundary runs along the brook. We have no papers on it here.",
    ),
    Letter(
        False, "cannot speak for it", "I am only one of nine, and can't say what the Council believes about the quarry."
    ),
    Letter(
        False,
        "county",
        "The county council is opposed to any more lights on the A-road, so I doubt that we shall get them.",
    ),
    Letter(
        False,
        "gratitude for the Council",
        "The Council is very grateful for the bench, and the Clerk will write to you properly.",
    ),
    Letter(
        False,
        "the parish as a place",
        "The parish has always been famous for its plums, and the show wants volunteers.",
    ),
    Letter(
        False,
        "clerk's message by the RFO, inside",
        "Members think the heating is too low. Could you turn it up?",
        to="clerk@ashmere.example",
    ),
    Letter(
        True,
        "to a newspaper",
        "You may print this: Ashmere Parish Council considers the MP's remarks beneath contempt.",
        to="newsdesk@weldshirepost.example",
    ),
    Letter(
        True,
        "chairman to developer",
        "As Chairman I can tell you that my Council would never accept a single house on that meadow.",
    ),
    Letter(True, "to the police", "The Parish Council takes a very dim view of your officers' absence on Saturday."),
    Letter(True, "to a resident", "I'm afraid the Council feels your hedge lowers the tone of the street."),
    Letter(
        True, "to a school", "We on the Parish Council don't believe that children should be walking home at that hour."
    ),
    Letter(
        True, "'the Council's view is'", "The Council's view is that allotments are for vegetables, not trampolines."
    ),
    Letter(
        False,
        "cites minutes, in business",
        "The Council voted on 2 June (min. 41) to oppose the quarry, and its letter is on your portal.",
    ),
    Letter(
        False,
        "asks clerk to find out",
        "I shall ask whether the Council is in favour of your idea and let you know after the 9th.",
    ),
    Letter(False, "'the Council would need to'", "The Council would need to see a plan before it could take a view."),
    Letter(True, "wind in the sails", "Please be in no doubt that this parish council detests the bypass."),
    Letter(True, "of a film crew", "The Parish Council thinks your film is in very poor taste."),
    Letter(
        True,
        "of a school's plan",
        "The governors should know that the Parish Council is wholly opposed to the academy.",
    ),
    Letter(
        True,
        "planning agent",
        "The Council would never support a drive-through on the A-road, so save your client the fee.",
    ),
    Letter(
        True,
        "via chair",
        "Speaking as Chairman for the Council, we regard the closure of the branch line as a betrayal.",
    ),
    Letter(False, "fact of membership", "The Council has nine members and two vacancies."),
    Letter(
        False, "a meeting's outcome with minute", "The Council resolved (minute 102/26) that it opposes the quarry."
    ),
    Letter(False, "will raise it", "I'll raise it on the 9th and the Council can then say what it thinks."),
    Letter(
        False, "planning committee next week", "The Council's planning committee looks at your application on Monday."
    ),
    Letter(True, "assures", "I can assure you the Parish Council is one hundred per cent behind the hunt."),
    Letter(True, "to a charity", "The Council feels your collectors are a nuisance on the High Street."),
    Letter(
        True,
        "to the county's consultation",
        "Name of respondent: Cllr T Arden. The Parish Council rejects option B out of hand and prefers option C.",
    ),
    Letter(True, "condescends", "Ashmere Parish Council has no wish to see any more caravans on that field."),
    Letter(
        True, "everybody here", "All of us on the Council are of the opinion that your choir should find another hall."
    ),
    Letter(
        False,
        "reports what the clerk sent",
        "The Clerk's letter of the 5th gives the Council's view of option B, and I can't improve on it.",
    ),
    Letter(False, "asks the reader's council", "Does your council believe the ferry will come back?"),
    Letter(False, "would like to hear", "The Council would be glad to have your comments by the 20th."),
    Letter(True, "says that the Council is fed up", "Let me tell you that the Council is heartily sick of your dogs."),
    Letter(
        True,
        "shares a view in the Council's name",
        "I'm writing to say on behalf of us all at the Parish Council that the decision to move the post office is plain wrong.",
    ),
    Letter(True, "a preference", "The parish council much prefers thatch."),
    Letter(
        True,
        "dear headmaster, the parish council regrets that",
        "Dear Headmaster, the Parish Council regrets that your pupils can no longer be trusted on the green.",
    ),
    Letter(
        True,
        "for the record, ashmere parish council wants",
        "For the record, Ashmere Parish Council wants no part of your twinning scheme.",
    ),
    Letter(
        True,
        "you ask where we stand. the council",
        "You ask where we stand. The Council is four-square behind the landlord, and against you.",
    ),
    Letter(
        True,
        "it's the feeling of the whole parish",
        "It's the feeling of the whole Parish Council that the rector has overstepped the mark.",
    ),
    Letter(
        True,
        "the council's attitude to caravans is simple:",
        "The Council's attitude to caravans is simple: we don't like them.",
    ),
)


@pytest.mark.parametrize("letter", VIEWS_NO_DISCLAIMER, ids=lambda letter: letter.because)
def test_views_no_disclaimer(letter: Letter) -> None:
    assert judged("views-no-disclaimer", letter) is letter.flagged


@pytest.mark.parametrize("letter", VIEWS_AS_COUNCIL, ids=lambda letter: letter.because)
def test_views_as_council(letter: Letter) -> None:
    assert judged("views-as-council", letter) is letter.flagged
