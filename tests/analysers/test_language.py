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
    Letter(True, "to the bin men", "Dear Sirs, THE BINS HAVE NOT BEEN EMPTIED FOR THREE WEEKS. SORT IT OUT."),
    Letter(
        True,
        "temper with the photocopier firm",
        "I am absolutely livid. Your engineer swore at our Clerk, broke the tray and left, and you have the nerve to send a bill?",
    ),
    Letter(True, "a note full of abbreviations", "r u ok for sat? bring ur strimmer if u can, cheers m8"),
    Letter(True, "laughing faces", "The vicar fell in the pond 😂😂😂 you should have seen his face"),
    Letter(True, "teen talk", "Hiya! OMG the fete was soooo good, totes amazing, deffo doing it again next yr xoxo"),
    Letter(True, "insolent", "Do you actually read what people send you or do you just press reply?"),
    Letter(
        True, "to a planning officer", "Your report is the biggest load of old tosh I have read since I left school."
    ),
    Letter(False, "a brisk note", "Not Tuesday, please. Thursday at four or not at all, as the hall is let."),
    Letter(False, "initials", "Could the PCSO ring the WI about the NHW signs? The HGVs are back."),
    Letter(
        False, "excited but proper", "We have won! Best Kept Village, and by two points. The plaque arrives on Monday."
    ),
    Letter(False, "irony, mild", "The gate has been mended, and this time on the hinge side."),
    Letter(False, "Welsh", "Diolch yn fawr, Rhian, and see you at the eisteddfod. Hwyl, Tom"),
    Letter(
        True,
        "impatience with a supplier",
        "For heaven's sake, Mr Lowe, it is a gate, not the Forth Bridge. When are you going to finish it?",
    ),
    Letter(
        True,
        "cross capitals",
        "I HAVE NEVER BEEN SO RUDELY TREATED IN MY LIFE, and by a parks department of all things.",
    ),
    Letter(True, "informal to the bank", "hey, just wanna check u got the form, ta muchly xx"),
    Letter(
        True,
        "put-down",
        "With the greatest respect, a goldfish has a longer memory than your customer service department.",
    ),
    Letter(
        True,
        "dismissive to a resident",
        "Frankly, Mrs Cole, you are a pain in the neck and I have had more than enough of your emails.",
    ),
    Letter(True, "contemptuous aside", "I suppose it never crossed your minds to pick up a phone. No, silly me."),
    Letter(
        False,
        "a long civil complaint",
        "We have now waited nine weeks for the sign. I appreciate that you are busy, but the school is anxious and so am I.",
    ),
    Letter(
        False,
        "quoting a slogan",
        "The banner reads 'STOP THE BYPASS NOW', and the highways officer has asked for it to come down.",
    ),
    Letter(False, "two exclamation marks", "Thank you! See you there!"),
    Letter(False, "'mad' and 'sick' otherwise", "The mad hatter's tea party is off, as two of the cast are sick."),
    Letter(True, "wits' end", "Another week, another excuse. Do you people ever do anything but send out surveys?"),
    Letter(
        True,
        "caps and marks",
        "Dear Ms Orme, the hall is BOOKED. It was ALWAYS going to be booked. Why does NOBODY listen???",
    ),
    Letter(True, "matey", "Alright mate, cheers for sorting that, you're a legend, pint on me tmrw lol"),
    Letter(
        True,
        "right then. since nobody at your end",
        "Right then. Since nobody at your end can apparently use a diary, I'll spell out the date one more time.",
    ),
    Letter(True, "can somebody please tell me who has", "CAN SOMEBODY PLEASE TELL ME WHO HAS THE KEY."),
    Letter(True, "lol no worries hun, c u sat", "Lol no worries hun, c u sat xxx"),
    Letter(
        True,
        "your so-called repair lasted four days. what",
        "Your so-called repair lasted four days. What a complete and utter waste of everybody's time.",
    ),
    Letter(True, "grow a backbone, man, and tell your", "Grow a backbone, man, and tell your boss he's wrong."),
    Letter(True, "great news about the pitch!!!!!! woohoo", "Great news about the pitch!!!!!! Woohoo!!!"),
)


@pytest.mark.parametrize("letter", LETTERS, ids=lambda letter: letter.because)
def test_language_unbusinesslike(letter: Letter) -> None:
    assert judged("language-unbusinesslike", letter) is letter.flagged
