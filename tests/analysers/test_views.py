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
)


@pytest.mark.parametrize("letter", VIEWS_NO_DISCLAIMER, ids=lambda letter: letter.because)
def test_views_no_disclaimer(letter: Letter) -> None:
    assert judged("views-no-disclaimer", letter) is letter.flagged


@pytest.mark.parametrize("letter", VIEWS_AS_COUNCIL, ids=lambda letter: letter.because)
def test_views_as_council(letter: Letter) -> None:
    assert judged("views-as-council", letter) is letter.flagged
