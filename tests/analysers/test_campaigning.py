"""Campaigning, and mention: further letters, as data."""

from __future__ import annotations

import pytest
from conduct import Letter, judged

LETTERS = (
    Letter(
        True,
        "rally",
        "Come and hear our splendid Plaid candidate at the Bell on Thursday, and bring your neighbours. We can win this!",
    ),
    Letter(
        True,
        "tells whom not to vote for",
        "Whatever you do on Thursday, do not let Labour back in. They would tax the thatch off your roof.",
    ),
    Letter(
        True,
        "jibe at a party",
        "I see the Greens have been at it again. Never met one who could mend a fence. Don't give them your vote.",
    ),
    Letter(
        True,
        "prays over the reader",
        "I shall pray that you find the Lord before it is too late, for without Him there is only the pit.",
    ),
    Letter(
        True, "hands a tract", "I enclose a tract. Please read it, and accept Christ as your saviour as I did in 1988."
    ),
    Letter(
        True,
        "canvasses",
        "We are out canvassing for Reform on Saturday from ten and could do with another pair of legs.",
    ),
    Letter(
        True,
        "own re-election",
        "You may know that I am up for re-election in May. I should be most grateful for your vote.",
    ),
    Letter(
        True,
        "membership",
        "Have you thought of joining the Liberal Democrats? It's only fifteen pounds, and we are the only ones fighting for the village.",
    ),
    Letter(
        True,
        "sign in a garden",
        "Would you be willing to have a Conservative board in your front garden until polling day?",
    ),
    Letter(
        True,
        "against a faith group",
        "Those Jehovah's Witnesses are peddling a false religion, don't let them over the step.",
    ),
    Letter(
        True,
        "urges prayer to government",
        "Only a Christian country can be a decent one, and it is time we all went back to church.",
    ),
    Letter(
        False,
        "MP will attend",
        "Sir Gerald Pugh MP has accepted the invitation to open the fete and will arrive at two.",
    ),
    Letter(
        False,
        "a result",
        "The county election was won by the Liberal Democrats with 1,204 votes; the turnout was 41 per cent.",
    ),
    Letter(
        False,
        "use of the hall by a party",
        "The Conservative Association has booked the hall for its supper on the 9th and has paid the deposit.",
    ),
    Letter(
        False,
        "bishop's visit",
        "The bishop will bless the new bells on Sunday, and everyone is welcome to the service.",
    ),
    Letter(
        False,
        "notice of vacancy",
        "There is a vacancy for a councillor. Ten electors may ask for an election; otherwise we co-opt.",
    ),
    Letter(
        False,
        "an alpha course asks to use the board",
        "The Methodists ask whether they may put their poster for the Lent course on the board. I have said that the Clerk decides.",
    ),
    Letter(
        False,
        "labour, green and liberal",
        "We paid for labour and two tins of green paint, and Mr Reform the terrier ate a liberal share of the sandwiches.",
    ),
    Letter(False, "vote on a motion", "I shall vote against the motion on Tuesday because the figures are not in."),
    Letter(
        False, "thanks God", "Thank God nobody was hurt when the wall came down. The vicar has put a tape round it."
    ),
    Letter(
        False,
        "who can vote",
        "You may vote at the Schoolroom from seven; bring your card if you have it, though you do not need it.",
    ),
    Letter(
        True,
        "a plug at the end",
        "The bench is in. PS Don't forget to vote Labour tomorrow, every one counts round here.",
    ),
    Letter(True, "a leaflet round", "Any chance you could do Mill Lane with the Lib Dem leaflets on Sunday?"),
    Letter(
        True, "against a candidate", "Please, anybody but Pugh. If he gets in again we can say goodbye to the library."
    ),
    Letter(True, "evangelises", "Jesus is knocking at your door, Brian. Will you not open it?"),
    Letter(
        True,
        "party praise",
        "Reform are the only ones talking sense in this county and I'd urge everyone on the committee to back them in May.",
    ),
    Letter(
        False,
        "a candidate's query about the hall",
        "Mr Pugh, the Labour candidate, asks what the hall costs to hire. I have told him it is £9 an hour, as for anybody.",
    ),
    Letter(False, "nativity", "The nativity play is at four, with a real donkey, and the vicar as Herod."),
    Letter(
        False, "count", "The count is at the leisure centre on Friday and the result will be on the district's website."
    ),
    Letter(
        True,
        "reminds to vote for a friend",
        "My good friend Ali Shah is standing for the Greens in Brookside. Do please give him your support on the 6th.",
    ),
    Letter(
        True,
        "against the government party",
        "It's time to show this Labour government the door. Start on Thursday, at the Schoolroom.",
    ),
    Letter(
        True, "invites to convert", "Sister, come and be baptised. There is no other road to Heaven than the Lord's."
    ),
    Letter(True, "a window poster", "Can I drop off a Tory poster for your window?"),
    Letter(True, "mocks a creed", "Islam has no place in an English village and I shall say so till I drop."),
    Letter(
        False,
        "a hustings in the hall",
        "The hustings for all five candidates is in the hall on the 29th; questions in writing to the vicar.",
    ),
    Letter(False, "faith school", "The Catholic school's carol service needs the green for parking."),
    Letter(
        False,
        "a councillor's party in fact",
        "County Councillor Ambrose (Liberal Democrat) sends apologies for Tuesday.",
    ),
    Letter(True, "tells off voters", "If you vote for that shower of Tories again you deserve everything you get."),
    Letter(
        True,
        "promotes a rally",
        "There's a Reform rally in Weldchester on Saturday. Come along, it's time ordinary folk were heard!",
    ),
    Letter(True, "tract", "The Bible tells us that we must all be born again. Have you made your peace with God?"),
    Letter(
        True,
        "councillor asks colleagues",
        "We need to get more Labour people on to this council. Can you help with the leaflets in May?",
        to="cllr.webb@ashmere.example",
    ),
    Letter(False, "political history", "The Liberal Club was built in 1894 and is now the library."),
    Letter(
        False,
        "parish election notice",
        "Nomination papers for the parish election must reach the district by 4 pm on 4 April.",
        sender="clerk",
    ),
    Letter(False, "condolence with a prayer", "You are in our prayers, and the choir will sing on Thursday."),
    Letter(True, "slogans", "Vote Green, get clean! See you on Thursday."),
    Letter(
        True,
        "runs down a leader",
        "Can't stand Farage or any of his crew, and I hope nobody on your committee is daft enough to vote for them.",
    ),
    Letter(
        True,
        "asks to pray",
        "Would you let me come and pray with you for your healing? The Lord can do what doctors cannot.",
    ),
)


@pytest.mark.parametrize("letter", LETTERS, ids=lambda letter: letter.because)
def test_views_political_religious(letter: Letter) -> None:
    assert judged("views-political-religious", letter) is letter.flagged
