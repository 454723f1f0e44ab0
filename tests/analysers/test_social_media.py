"""Posts in the Council's name, and others: further letters, as data."""

from __future__ import annotations

import pytest
from conduct import Letter, judged

LETTERS = (
    Letter(True, "updated web page", "I have updated the Council's web page with your new opening hours."),
    Letter(
        True,
        "posted on behalf",
        "Good news about the grant! Posted it on Facebook this morning on behalf of the Parish Council.",
    ),
    Letter(
        True,
        "editor told",
        "Hi Joe, can you take down the planning notice from the Council site and put mine there instead?",
        to="webmaster@webfolk.example",
    ),
    Letter(
        True, "twitter", "The parish council's Twitter was looking dead so I put out a few tweets about the bypass."
    ),
    Letter(True, "live stream", "I'll be live-streaming Tuesday's meeting on the Council's YouTube channel."),
    Letter(
        True,
        "whatsapp group",
        "I've started a WhatsApp group for the Council so that residents can ask us things. Here's the link.",
    ),
    Letter(
        True,
        "answers a troll",
        "Someone was rude on the Council's Facebook page so I gave him both barrels, as the Council, and then blocked him.",
    ),
    Letter(
        True,
        "asks a resident",
        "You run the admin side, don't you? Please pin my statement to the top of the parish council page.",
    ),
    Letter(True, "reposts", "Just reposted your missing cat on our parish council Instagram."),
    Letter(True, "will get it up", "Send me the poster and I'll get it up on the council's Facebook by teatime."),
    Letter(
        True, "announces", "I announced on the Council's Facebook page last night that the skate park will go ahead."
    ),
    Letter(
        False,
        "private group, as neighbour",
        "I put a note on the Mill Lane WhatsApp group to say the road was flooded, as one neighbour to another.",
    ),
    Letter(False, "own councillor page", "My own page, Tom Arden for Mill Lane, has the photographs of the walk."),
    Letter(
        False, "refuses to post", "It's not for me to post on the Council's Facebook, so I have passed it to Judith."
    ),
    Letter(
        False, "site link", "The form is on the Council's website under Allotments; print it and post it to the office."
    ),
    Letter(False, "club's site", "Could you put the date of the fete on the cricket club's website?"),
    Letter(
        False,
        "criticism of page",
        "The Council's website is slow and I couldn't get the agenda to open. Is it my machine?",
    ),
    Letter(False, "Clerk intends", "The Clerk hopes to have the survey on the Council's website by the weekend."),
    Letter(
        False,
        "asks the Clerk, in company",
        "Please could this go on our Facebook page, Judith? The pond is frozen.",
        to="clerk@ashmere.example, cllr.webb@ashmere.example",
    ),
    Letter(
        False, "the county's posts", "The county have tweeted about the gritting, and it's on their Facebook page too."
    ),
    Letter(
        False,
        "suggests for the agenda",
        "I shall propose that the Council sets up a Facebook page, and the Clerk has it for the March agenda.",
    ),
    Letter(True, "a member's own post on the page", "I put your poster up on the PC Facebook page, hope that's ok."),
    Letter(
        True,
        "tells the designer",
        "Jo, please change the home page of the Council's website to say that the hall is shut.",
        to="studio@webfolk.example",
    ),
    Letter(
        True,
        "as the parish council on a local group",
        "I've told the village Facebook group, as the Parish Council, that dogs are banned from the green.",
    ),
    Letter(True, "schedules", "I've scheduled three posts on the Council's Facebook for the bank holiday."),
    Letter(False, "Clerk to post", "Margaret will put the dates on the Council's page when she has them."),
    Letter(False, "liking a post", "I liked the picture of the swings on the parish council's Instagram!"),
    Letter(False, "notice board", "I put your poster up in the Council's glass case by the bus stop."),
    Letter(False, "private share", "I shared the Council's post about the ducks with my sister."),
    Letter(
        True,
        "niece",
        "Jo, could you put these up on the parish council's Instagram for me? You're quicker at it than I am.",
        to="niece.jo@homemail.example",
    ),
    Letter(True, "his reply", "I answered her on the Council's Facebook page and told her the Council would pay."),
    Letter(
        True,
        "edits the site",
        "I logged in last night and changed the news page on the parish council website, as it was out of date.",
    ),
    Letter(True, "tweets", 'Tweeted from the Council\'s account this morning: "Vote yes to the bypass".'),
    Letter(True, "nextdoor", "Have posted on Nextdoor on behalf of the Parish Council asking people to bring loppers."),
    Letter(False, "parish magazine", "I have put a piece in the parish magazine about the Council's plans."),
    Letter(
        False,
        "sees comments",
        "There are forty comments on the Council's Facebook page about the ducks, most of them kind.",
    ),
    Letter(False, "own account", "I tweeted about the ducks from my own account, not as a councillor."),
    Letter(False, "clerk away", "The Clerk is back on Monday and will put it on the website then."),
    Letter(True, "puts minutes up", "The draft minutes are on the Council's website now, I uploaded them myself."),
    Letter(
        True,
        "tells volunteer",
        "When you've a minute please post the walk on our Facebook page, the password's the same as before.",
        to="footpathhelper@homemail.example",
    ),
    Letter(True, "the Council's X", "I've had a go at that journalist on the Council's X account."),
    Letter(
        True, "a poll", "I ran a poll on the parish council's Facebook page and 80 per cent are against the lights."
    ),
    Letter(False, "looked", "I looked on the Council's website for the form and could not find it."),
    Letter(False, "noticeboard only", "Please put this on the noticeboard, not on Facebook."),
    Letter(False, "would the clerk", "Would Judith be able to mention the sale on the Council's Facebook page?"),
    Letter(
        True,
        "posts result",
        "I've just put the vote on the Council's Facebook page so that people know how everyone voted.",
    ),
    Letter(
        True,
        "tells printer",
        "Could you add my piece on the bypass to the news section of the parish council website today?",
        to="studio@webfolk.example",
    ),
    Letter(
        True,
        "his daughter",
        "Amy, be a love and tweet that from the Council's account, I can't work the thing.",
        to="amy.arden@homemail.example",
    ),
    Letter(
        True,
        "i've let everyone know on the council's",
        "I've let everyone know on the council's Facebook that the fete's been moved to the 20th.",
    ),
    Letter(
        True,
        "sam, can you sort the council website",
        "Sam, can you sort the council website out and stick my speech on the front page?",
        to="lad@homemail.example",
    ),
    Letter(
        True,
        "my reply to the post's reporter is",
        "My reply to the Post's reporter is on the Council's Twitter, I sent it out at lunchtime.",
    ),
    Letter(
        True,
        "ive stuck a notice about the",
        "I've stuck a notice about the road closure on our Facebook page so that the shop doesn't get asked all day.",
    ),
    Letter(
        True,
        "i have set up a twitter",
        "I have set up a Twitter account for the parish council, since nobody else was going to.",
    ),
    Letter(True, "be so kind as to put", "Be so kind as to put the enclosed on the Council's website this evening."),
    Letter(
        True,
        "i answered the woman on facebook",
        "I answered the woman on Facebook as the Parish Council and told her the pond will be done in May.",
    ),
    Letter(
        True, "pls share this from the council", "Pls share this from the council account, I'm not near a computer."
    ),
    Letter(
        True,
        "youll see it on the parish",
        "You'll see it on the parish council's page, I put it up last night while I had the password.",
    ),
    Letter(
        True,
        "i tweeted from the councils account",
        "I tweeted from the council's account that we're against the quarry.",
    ),
    Letter(
        True,
        "louise youre admin on our council",
        "Louise, you're admin on our council page, can you take down what that man wrote and block him?",
    ),
    Letter(
        True,
        "ive just replied to the comments",
        "I've just replied to the comments on the Council's Facebook, someone had to.",
    ),
    Letter(
        True,
        "i went live from the chamber",
        "I went live from the chamber on the council's page so everyone could watch the vote.",
    ),
    Letter(
        False,
        "ive asked the clerk to put",
        "I've asked the Clerk to put the road closure on the Council's Facebook page.",
    ),
    Letter(False, "the clerk has put it on", "The Clerk has put it on the Council's website, here is the link."),
    Letter(False, "i posted it on my own", "I posted it on my own Facebook page, saying that I speak for myself."),
    Letter(False, "could you put the poster in", "Could you put the poster in your shop window?"),
    Letter(False, "i saw on the councils page", "I saw on the Council's page that the office is shut on Friday."),
    Letter(
        False,
        "we posted the forms to you",
        "We posted the forms to you on Monday, first class, from the Council's office.",
    ),
    Letter(
        False, "the school has put our litter", "The school has put our litter pick on its own website, which was kind."
    ),
    Letter(False, "i dont post on the councils", "I don't post on the Council's page, only the Clerk may."),
    Letter(False, "please have a look at the", "Please have a look at the Council's website for the dates."),
    Letter(False, "you can find the minutes on", "You can find the minutes on the council's website under Meetings."),
    Letter(
        False,
        "would the history society like to",
        "Would the History Society like to share the old photographs on its page?",
    ),
    Letter(
        False,
        "your comment on the councils facebook",
        "Your comment on the Council's Facebook page has been passed to the Clerk, who will reply.",
    ),
)


@pytest.mark.parametrize("letter", LETTERS, ids=lambda letter: letter.because)
def test_social_media_post(letter: Letter) -> None:
    assert judged("social-media-post", letter) is letter.flagged
