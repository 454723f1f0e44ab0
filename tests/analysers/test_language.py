"""What is business language and what is none: further letters, as data."""

from __future__ import annotations

import pytest
from conduct import Letter, judged

LETTERS = (
    Letter(
        True,
        "tells off like a child",
        "Mr Pask, I do not know what they teach you at that depot, but manners are not among it, and neither is arithmetic.",
    ),
    Letter(
        True,
        "sarcasm",
        "Well done, you have managed to dig up the one road in the county that was not broken. Take a bow.",
    ),
    Letter(True, "weary, elliptical", "Sick to the back teeth of this. Three letters, no answer."),
    Letter(
        True,
        "exclamations in a civil letter",
        "Dear Ms Orme,\n\nThank you for your letter!!! We were thrilled!!! See you on Friday!!!",
    ),
    Letter(True, "capitals for a demand", "Dear Sirs, the lamp is out. WHEN WILL SOMEBODY COME AND LOOK AT IT."),
    Letter(True, "shouts in half a line", "I don't want a leaflet, I want an ANSWER and I want it NOW."),
    Letter(
        True,
        "insults the reader's wits",
        "You clearly haven't the brains you were born with if you think a lorry will go under that arch.",
    ),
    Letter(True, "slang from one youngster to another", "omg that meeting was sooo long, nearly died lol"),
    Letter(True, "dismisses", "Frankly I couldn't give two hoots what your supervisor thinks, just get it fixed."),
    Letter(
        True,
        "threatens nothing, but sneers",
        "If you people at the depot spent less time on your tea breaks and more on the verges we might get somewhere.",
    ),
    Letter(True, "emoticons and kisses in a business mail", "ok hun will do 😘😘 c u tues xx"),
    Letter(True, "rude questions", "Do you lot ever open your post, or do you just use it to wedge the door?"),
    Letter(
        True,
        "accuses of idleness",
        "Nobody in your office seems capable of lifting a telephone. It is a disgrace, and so are you.",
    ),
    Letter(
        True,
        "barks",
        "Enough. I have asked nicely. Now get your men out of my lane and don't come back until you have learned to read a map.",
    ),
    Letter(True, "casual texting to a firm", "yeah no worries mate gonna pop round tmrw n drop the key off, ta"),
    Letter(
        False,
        "firm, courteous chaser",
        "Dear Mr Pask, this is my third letter about the gully and I must confess to some disappointment. May I have a date, please?",
    ),
    Letter(
        False,
        "mild humour",
        "The committee survived my flapjacks, though one member needed a lie down. You were much missed!",
    ),
    Letter(
        False,
        "exclamation twice, in pleasure",
        "What good news about the roof! And what a view you will have from the scaffolding!",
    ),
    Letter(
        False, "table of capitals", "Agenda item 7: HIGHWAYS AND FOOTPATHS. Please let me have your papers by Friday."
    ),
    Letter(
        False,
        "colloquial and still business",
        "Hi Dave, no rush on the noticeboard, whenever you're next passing. The lads did a grand job on the gate.",
    ),
    Letter(
        False,
        "an innocent 'do your job'",
        "Please let us know what you need to do your work safely and whether the tap should be left on.",
    ),
    Letter(
        False,
        "acronyms in a row",
        "I attach the CIL, S106 and NHB figures, with copies to NALC, WALC and the SLCC as asked.",
    ),
    Letter(
        False,
        "disagreement in good order",
        "I am afraid that I cannot accept the reasons in your letter, and I shall ask the Clerk to raise it with your manager.",
    ),
    Letter(
        False,
        "apologises for own temper",
        "I was short with you on Tuesday and I am sorry; I was tired, and it was no fault of yours.",
    ),
    Letter(True, "a shout to a contractor", "Dear Mr Voss, I WILL NOT BE SPOKEN TO LIKE THAT BY A FENCING CONTRACTOR."),
    Letter(
        True,
        "heated to an officer of the county",
        "I've rung your helpline eleven times. Is anyone there actually alive?",
    ),
    Letter(True, "slang to a vicar", "Soz Rev, totally forgot, my bad. B there in a bit lol"),
    Letter(True, "rude dismissal", "Your letter has gone where it belongs, in the bin."),
    Letter(True, "ranting", "Honestly, what a bunch of jokers you are. Two years! Two years to mend a stile!!!"),
    Letter(True, "emoji strings", "Bins out tonight peeps 🗑️🗑️😂😂"),
    Letter(
        True,
        "rebuke of a colleague",
        "Pete, for goodness' sake stop sending everybody these ridiculous emails, nobody reads them and you are making us all look like idiots.",
        to="cllr.webb@ashmere.example",
    ),
    Letter(True, "heavy question marks", "where is the quote you promised me???? this is getting silly now"),
    Letter(False, "thanks with kisses? one x", "Thank you so much, Ivy. The cake went in ten minutes. x"),
    Letter(
        False,
        "acronyms at length",
        "The TRO, the TTRO and the PROW diversion all go to WCC Highways, with the LCWIP to follow.",
    ),
    Letter(
        False,
        "strong but proper",
        "I must ask you to withdraw the remark, which was unfounded and unfair to the Clerk.",
    ),
    Letter(False, "stress in one word", "We need the keys by FRIDAY, as the band arrives at nine."),
    Letter(
        False,
        "puzzled",
        "I am afraid I do not understand the third paragraph of your letter. Could you put it another way?",
    ),
)


@pytest.mark.parametrize("letter", LETTERS, ids=lambda letter: letter.because)
def test_language_unbusinesslike(letter: Letter) -> None:
    assert judged("language-unbusinesslike", letter) is letter.flagged
