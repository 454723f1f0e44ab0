"""Wrong recipients found by what mail says of them: a simulation on real mail, and look-alike addresses of our own.

    python -m benchmarks.accuracy.recipients DATA [--list]

DATA holds `wrong_recipient_sim/dev/cases.jsonl.gz` and `enron_sent/dev/*.mbox.gz`. Each case is a message of a user with
the recipients that the case shows; earlier is the user's mail dated before it. Both the messages and what is earlier go
the way of `auditor scan`. The look-alikes need no data: a council that has written to 60 people for a year, 120 addresses
that look like theirs and over 300 honest new ones, made here.
"""

from __future__ import annotations

import argparse
import gzip
import json
import random
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from typing import Any

from auditor.findings import Finding
from auditor.mail.parse import envelope
from auditor.pipeline.postbook import Entry, PostBook, entry
from auditor.pipeline.scanning import Examined, examine
from auditor.policy import Policy
from connectors.files.mbox import letters

RULE = "recipient-suspect"
_ADDRESSED = re.compile(rb"^(?:To|Cc|Bcc|X-To|X-cc|X-bcc):[^\n]*\n(?:[ \t][^\n]*\n)*", re.IGNORECASE | re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Tried:
    """One message, whether something is wrong with its recipients, and what was found."""

    user: str
    wrong: str | None
    """The address that should not be there."""
    found: tuple[Finding, ...]

    @property
    def right_one(self) -> bool:
        """Whether a finding names the wrong address."""
        return any(one.evidence == self.wrong for one in self.found)


def simulated(data: Path) -> list[Tried]:
    """The cases of the simulation, judged."""
    policy = Policy("Benchmark", ("enron.com",), ())
    by_user: dict[str, list[dict[str, Any]]] = {}
    with gzip.open(data / "wrong_recipient_sim/dev/cases.jsonl.gz", "rt", encoding="utf-8") as file:
        for row in map(json.loads, file):
            by_user.setdefault(row["user"], []).append(row)
    return [one for user, rows in by_user.items() for one in _of_user(policy, data, user, rows)]


def _of_user(policy: Policy, data: Path, user: str, rows: list[dict[str, Any]]) -> Iterator[Tried]:
    with gzip.open(data / f"enron_sent/dev/{user}.mbox.gz") as stream:
        raws = [one.raw for one in letters(stream)]
    lines = [(made, raw) for raw in raws if (made := entry(envelope(raw)))]
    lines.sort(key=lambda line: line[0].sent)
    book, at = PostBook(policy), 0
    wanted = {row["message_id"].strip("<>"): row for row in rows}
    cases = [(made, raw, row) for made, raw in lines if (row := wanted.pop(made.message, None))]
    for made, raw, row in cases:
        until = at
        while until < len(lines) and lines[until][0].sent < made.sent:
            until += 1
        for _ in book.read((None, line) for line, _ in lines[at:until]):
            pass
        at = until
        shown = f"To: {', '.join(row['recipients_shown'])}\n".encode()
        case = shown + _ADDRESSED.sub(b"", raw.partition(b"\n\n")[0] + b"\n") + b"\n" + raw.partition(b"\n\n")[2]
        yield Tried(user, row["leak"], _suspects(policy, book, case))


def _suspects(policy: Policy, book: PostBook, raw: bytes) -> tuple[Finding, ...]:
    line = entry(envelope(raw))
    read = examine(policy, raw, book.remarks(line) if line else ())
    found = read.findings if isinstance(read, Examined) else ()
    return tuple(one for _, one in found if one.rule == RULE)


# --- look-alike addresses

KNOWN = """Susan Ludlow <susan.ludlow@homemail.example>; Bethan Pryce <bethan.pryce@btinternet.com>; Harold Akers <harold.akers@talktalk.net>
Mohammed Iqbal <m.iqbal@gmail.com>; Fiona MacAskill <fionamacaskill@icloud.com>; Trevor Winstanley <twinstanley@outlook.com>
Olwen Parry <olwenparry@yahoo.co.uk>; Ruth Delaney <ruth.delaney@virginmedia.com>; Gurpreet Dhillon <gurpreet.dhillon@gmail.com>
Deborah Kingsnorth <debkingsnorth@hotmail.co.uk>; Alasdair Fleming <alasdair.fleming@sky.com>; Nora Whitcombe <norawhitcombe@aol.com>
enquiries@oakleyturf.example; accounts@marlowfencing.example; Jenny Smithson <jsmithson@oakleyturf.example>
Paul Grantham <paul.grantham@granthamtrees.example>; bookings@stannesparishhall.example; depot@hollowayplant.example
Wendy Castle <wendy.castle@castleandsons.example>; quotes@brightsignage.example; orders@playsafesurfaces.example
planning.policy@weldshire.gov.uk; highways@weldshire.gov.uk; Colin Straker <colin.straker@weldshire.gov.uk>
democratic.services@eastmarl.gov.uk; electoral@eastmarl.gov.uk; Joanne Tipton <joanne.tipton@eastmarl.gov.uk>
monitoring.officer@eastmarl.gov.uk; Derek Amos <derek.amos@northmarl-tc.gov.uk>; townclerk@northmarl-tc.gov.uk
clerk@uppermarl-pc.gov.uk; assistant@lowermarl-pc.gov.uk; Priya Nair <priya.nair@weldshireald.example>
training@weldshireald.example; Stephen Rudge <s.rudge@rudgeelectrical.example>; service@liftmasters.example
Hannah Bellweather <hannah@bellweatherdesign.example>; editor@themarlmagazine.example; Rev Peter Inskip <rector@marlbenefice.example>
churchwarden@marlbenefice.example; headteacher@marlprimary.sch.uk; office@marlprimary.sch.uk
Sarah Oyelaran <sarah.oyelaran@weldshire.police.uk>; marl.team@weldshire.police.uk; Gareth Bowen <gareth.bowen@cambrianwater.example>
wayleaves@cambrianwater.example; claims@parishmutual.example; Lorna Tweddle <lorna.tweddle@parishmutual.example>
Philip Haddow <phaddow@haddowsurveyors.example>; office@haddowsurveyors.example; payroll@tallybookkeepers.example
Margaret Stott <margaret.stott@tallybookkeepers.example>; secretary@marlcricket.example; Ken Dodgson <ken.dodgson@plus.com>
treasurer@marlallotments.example; Iris Featherstone <iris.featherstone@zen.co.uk>; warden@marlwoods.example
Duncan Petrie <duncanpetrie@me.com>; Angela Hartnoll <angela.hartnoll@gmail.com>; Winifred Sallow <w.sallow@uwclub.net>"""

HONEST_PEOPLE = """Ann Marsh, Bill Tanner, Cathy Orme, David Ludlow, Eileen Pryce, Frank Akers, Gillian Iqbal, Hugh Winstanley, Isla Fleming, Jack Parry,
Kate Delaney, Liam Dhillon, Molly Kingsnorth, Neil Whitcombe, Oscar Smithson, Pauline Grantham, Quentin Castle, Rosie Straker, Simon Tipton, Tara Amos,
Una Nair, Victor Rudge, Walter Bowen, Yvonne Haddow, Zoe Stott, Adam Dodgson, Brenda Featherstone, Clive Petrie, Dawn Hartnoll, Evan Sallow,
Susan Lovell, Bethan Price, Harold Ackroyd, Mohammed Ismail, Fiona MacArthur, Trevor Winston, Olwen Perry, Ruth Delaware, Gurpreet Dhaliwal, Deborah King"""
PROVIDERS = (
    "gmail.com",
    "btinternet.com",
    "outlook.com",
    "homemail.example",
    "sky.com",
    "yahoo.co.uk",
    "icloud.com",
    "talktalk.net",
)
HONEST_DOMAINS = """oakleygardens.example oakfieldturf.example marlowfoods.example granthamtiles.example stpetersparishhall.example holmesplant.example
castlemotors.example brightwindows.example playtimetoys.example westmarl.gov.uk southmarl-tc.gov.uk middlemarl-pc.gov.uk weldshirefa.example
rudgeplumbing.example lifestylers.example bellringersunion.example themarlgazette.example marldeanery.example marlsecondary.sch.uk weldshirefire.gov.uk
cambrianrail.example parishnetwork.example hadleysurveyors.example tallyhotel.example marltennis.example marlorchards.example marlwaters.example
stannesschool.sch.uk weldon.gov.uk norwold.gov.uk"""
MAILBOXES = ("info", "office", "hello", "clerk", "sales", "jo.barnes")
COLLEAGUES = ("peter.lamb", "helen.croft", "tom.ashby", "rachel.venn", "licensing", "parks", "j.hobbs", "amir.shah")

_BESIDE = {
    "a": "s",
    "e": "r",
    "i": "o",
    "o": "p",
    "n": "m",
    "s": "d",
    "t": "y",
    "l": "k",
    "r": "t",
    "d": "f",
    "m": "n",
    "u": "i",
    "h": "g",
    "c": "v",
    "k": "l",
    "g": "h",
}


def _look_alikes(chance: random.Random) -> list[str]:
    """Twice through everybody known: a slip in the mailbox, and a slip in the domain or somebody else's name."""
    made: list[str] = []
    for number, known in enumerate(_known()):
        name, email = known
        local, _, domain = email.partition("@")
        shown = f"{name} <{{}}>" if name and number % 3 else "{}"
        slip = (_swapped, _dropped, _doubled, _neighbour)[number % 4]
        made.append(shown.format(f"{slip(local, chance)}@{domain}"))
        ending = domain[domain.index(".") :]
        label = domain.partition(".")[0]
        if domain in PROVIDERS or len(label) < 6:
            made.append(
                f"{name} <{local.replace('.', '_')}{number}@quickpost.example>"
                if name
                else shown.format(f"{_swapped(local, chance)}@{domain}")
            )
            continue
        way = number % 6
        other = (
            _swapped(label, chance) + ending,
            _dropped(label, chance) + ending,
            label.replace("l", "1", 1).replace("o", "0", 1) + ending,
            (label.replace("m", "rn", 1) if "m" in label else _doubled(label, chance)) + ending,
            label + (".org" if not ending.endswith("uk") else ".org.uk"),
            label[: len(label) // 2] + "-" + label[len(label) // 2 :] + ending,
        )[way]
        made.append(shown.format(f"{local}@{other if other != domain else _swapped(label, chance) + ending}"))
    return made


def _swapped(word: str, chance: random.Random) -> str:
    places = [n for n in range(len(word) - 1) if word[n] != word[n + 1] and word[n : n + 2].isalpha()]
    n = chance.choice(places)
    return word[:n] + word[n + 1] + word[n] + word[n + 2 :]


def _dropped(word: str, chance: random.Random) -> str:
    n = chance.choice([n for n in range(1, len(word)) if word[n].isalpha() and word[n - 1].isalpha()])
    return word[:n] + word[n + 1 :]


def _doubled(word: str, chance: random.Random) -> str:
    n = chance.choice([n for n in range(len(word)) if word[n].isalpha()])
    return word[: n + 1] + word[n:]


def _neighbour(word: str, chance: random.Random) -> str:
    n = chance.choice([n for n in range(1, len(word)) if word[n] in _BESIDE and word[n - 1].isalpha()])
    return word[:n] + _BESIDE[word[n]] + word[n + 1 :]


def _honest() -> list[str]:
    """New people, colleagues of known ones, new bodies, and people whose names are near known ones."""
    made: list[str] = []
    for n, name in enumerate(re.split(r",\s+", HONEST_PEOPLE)):
        first, last = name.lower().split()
        provider, other = PROVIDERS[n % len(PROVIDERS)], PROVIDERS[(n + 3) % len(PROVIDERS)]
        made += [f"{name} <{first}.{last}@{provider}>", f"{first[0]}{last}@{other}"]
    for n, known in enumerate(dict.fromkeys(email.partition("@")[2] for _, email in _known())):
        if known not in PROVIDERS and not known.startswith(
            ("virgin", "aol", "zen", "plus", "me.", "uwclub", "hotmail")
        ):
            made += [f"{COLLEAGUES[(n + k) % len(COLLEAGUES)]}@{known}" for k in range(4)]
    made += [
        f"{mailbox}@{domain}" for n, domain in enumerate(HONEST_DOMAINS.split()) for mailbox in MAILBOXES[n % 3 :: 3]
    ]
    made += [
        f"{mailbox}@{domain}"
        for n, domain in enumerate(HONEST_DOMAINS.split())
        for mailbox in MAILBOXES[(n + 1) % 3 :: 3]
    ]
    return made


def _known() -> list[tuple[str, str]]:
    made = []
    for one in re.split(r";\s*|\n", KNOWN):
        name, _, email = one.rpartition("<")
        made.append((name.strip(), email.rstrip(">").strip()))
    return made


def alike() -> list[Tried]:
    """Look-alikes and honest new addresses, each in a letter of its own to that address."""
    policy = Policy("Benchmark", ("marl-pc.gov.uk",), ())
    sender, today = "cllr.hobday@marl-pc.gov.uk", datetime(2026, 11, 2, 9, tzinfo=UTC)
    chance = random.Random(7)
    book = PostBook(policy)
    earlier: list[Entry] = []
    for number, (name, email) in enumerate(_known()):
        for time in range(chance.randint(3, 12)):
            day = today - timedelta(days=chance.randint(20, 360), minutes=number)
            to, by = (f"{name} <{email}>" if name else email), sender
            if time % 3 == 2:
                to, by = by, to
            line = entry(envelope(_letter(by, to, day, f"{number}-{time}")))
            assert line is not None
            earlier.append(line)
    for _ in book.read((None, one) for one in sorted(earlier, key=lambda one: one.sent)):
        pass
    cases = [(one, True) for one in _look_alikes(chance)] + [(one, False) for one in _honest()]
    return [
        Tried("", _email(to) if wrong else None, _suspects(policy, book, _letter(sender, to, today, str(n))))
        for n, (to, wrong) in enumerate(cases)
    ]


def _email(to: str) -> str:
    return to.rpartition("<")[2].rstrip(">")


def _letter(sender: str, to: str, day: datetime, number: str) -> bytes:
    return (
        f"From: {sender}\nTo: {to}\nDate: {format_datetime(day)}\nMessage-ID: <{number}@marl-pc.gov.uk>\n"
        "Subject: The verge\n\nThe verge by the bus stop was cut on Friday.\n"
    ).encode()


# --- figures


def wrong_recipient_sim(bench: Any) -> Iterator[Any]:
    """For `python -m benchmarks.accuracy`."""
    from benchmarks.accuracy.bench import Absent
    from benchmarks.accuracy.figures import share

    if not (bench.data / "wrong_recipient_sim/dev/cases.jsonl.gz").is_file():
        raise Absent("wrong_recipient_sim")
    wrong, honest = _parted(simulated(bench.data))
    name = "wrong_recipient_sim"
    recall = share(
        name, "messages with a wrong recipient found", sum(bool(o.found) for o in wrong), len(wrong), "at least", 0.30
    )
    recall.others = {"12-feature boosted model": 0.31}
    yield recall
    yield share(name, "… and the wrong one named", sum(one.right_one for one in wrong), len(wrong))
    yield share(name, "untouched messages flagged", sum(bool(o.found) for o in honest), len(honest), "at most", 0.05)


def look_alikes(_bench: Any) -> Iterator[Any]:
    """For `python -m benchmarks.accuracy`."""
    from benchmarks.accuracy.figures import share

    wrong, honest = _parted(alike())
    yield share("look_alikes", "look-alikes found", sum(one.right_one for one in wrong), len(wrong), "at least", 0.95)
    yield share(
        "look_alikes", "honest new addresses flagged", sum(bool(o.found) for o in honest), len(honest), "at most", 0.01
    )


def _parted(tried: list[Tried]) -> tuple[list[Tried], list[Tried]]:
    return [one for one in tried if one.wrong], [one for one in tried if not one.wrong]


def main() -> None:
    """Reads the command line and prints both measures."""
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("data", type=Path)
    asked.add_argument("--list", action="store_true", help="show what was missed and what was flagged wrongly")
    given = asked.parse_args()
    for name, tried in (("simulated wrong recipients", simulated(given.data)), ("look-alikes", alike())):
        wrong, honest = _parted(tried)
        found, named = sum(bool(one.found) for one in wrong), sum(one.right_one for one in wrong)
        false = sum(bool(one.found) for one in honest)
        print(
            f"{name}: {found} of {len(wrong)} found ({found / len(wrong):.3f}), {named} by the right address; "
            f"{false} of {len(honest)} honest ones flagged ({false / len(honest):.3f})"
        )
        if name.startswith("sim"):
            users = sorted({one.user for one in tried})
            random.Random(0).shuffle(users)
            for fold in range(5):
                of = set(users[fold::5])
                print(
                    "  a fifth of the users: "
                    f"{sum(bool(o.found) for o in wrong if o.user in of)} of {sum(o.user in of for o in wrong)}, "
                    f"{sum(bool(o.found) for o in honest if o.user in of)} of {sum(o.user in of for o in honest)}"
                )
        if given.list:
            for one in tried:
                if bool(one.found) != bool(one.wrong) and (name != "simulated wrong recipients" or not one.wrong):
                    print("  ", one.user, one.wrong or "", *[f.reason for f in one.found])


if __name__ == "__main__":
    main()
