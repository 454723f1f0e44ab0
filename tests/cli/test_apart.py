"""Words of the clerk's own mail and of the Chair's, planted where they are unique, and looked for in all that the clerk can see."""

from __future__ import annotations

from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
from openpyxl import load_workbook
from openpyxl.workbook import Workbook
from stow import CLERK, TOM, Council, Ran, due_monday, label, letter, signed, stow
from test_canaries import contents

WEEKS = [label(due_monday() + timedelta(days=7 * n)) for n in range(2)]
SUBJECT, EXCERPT, PERSON, SAMPLED, BEGINS, ROTA = OF_MAIL = (
    "quizzsubject7411", "quizzexcerpt7412", "quizzperson7413", "quizzsampled7414", "quizzbegins7415", "quizzrota7416",
)  # fmt: skip
NOTE, LOOKED, LATER = OF_THE_CHAIR = "quizznote7417", "quizzlooked7418", "quizzlater7419"
COMMANDS = (
    ("status",), ("status", "--json"), ("decisions",), ("decisions", "--json"), ("check", "--json"), ("verify", "--json"),
)  # fmt: skip


def choose(book: Workbook, sheet: str, said: dict[str, str], only: str = "") -> None:
    """Writes these words under their headings into each row of the table, or into those that have `only` somewhere."""
    columns: dict[str, int] = {}
    chosen = 0
    for row in book[sheet].iter_rows():
        texts = {cell.value: cell.column for cell in row if isinstance(cell.value, str)}
        if said.keys() <= texts.keys():
            columns = {heading: texts[heading] for heading in said}
        elif columns and (any(only in text for text in texts) if only else len(texts) > 3):
            for heading, words in said.items():
                book[sheet].cell(row[0].row, columns[heading]).value = words
            chosen += 1
    assert chosen, sheet


def decided(path: Path, sheet: str, said: dict[str, str], only: str = "") -> None:
    with closing(load_workbook(path)) as book:
        choose(book, sheet, said, only)
        book.properties.creator = "Ann Marsh"
        book.save(path)


def visible(council: Council) -> list[tuple[str, bytes]]:
    """What lies there for the clerk: not the mail, not the store, not the Chair's folder."""
    hidden = ("mail/", "out/chair/", "data/auditor.db", "tmp/")
    return [(name, data) for name, data in contents(council.folder) if not name.startswith(hidden)]


def clear(council: Council, ran: list[Ran], words: tuple[str, ...], pages: list[str]) -> None:
    for word in words:
        ways = [word.encode(), word.encode("utf-16-le"), word.upper().encode(), word.encode().hex().encode()]
        assert [name for name, data in visible(council) if any(way in data for way in ways)] == [], word
        assert not [one for one in ran if word in one.out + one.err], word
        assert not [page for page in pages if word in page], word


def texts(council: Council) -> list[str]:
    pdfium = pytest.importorskip("pypdfium2")
    said = []
    for path in sorted((council.folder / "out").rglob("*.pdf")):
        with closing(pdfium.PdfDocument(path)) as page:
            said.append("\n".join(page[n].get_textpage().get_text_range() for n in range(len(page))))
    return said


def test_nothing_of_the_clerks_own_mail_comes_to_the_clerk(tmp_path: Path) -> None:
    council = stow(tmp_path)
    council.schedule(rest="[reports]\njson = true\n")
    own = f"You are a damned {EXCERPT} idiot and everybody knows it!!!"
    council.post(CLERK, "own", letter(own, box=CLERK, n=60, subject=SUBJECT, to=[f"{PERSON}@elsewhere.example"]))
    council.post(CLERK, "good", letter(f"{BEGINS} is painted.", box=CLERK, n=61, good=True, subject=SAMPLED))
    for n in (62, 63):
        rota = signed(f"The board is mended, no. {n}.", CLERK, "")
        council.post(CLERK, f"rota{n}", letter(rota, box=CLERK, n=n, subject=ROTA))
    council.post(TOM, "good", letter("The bench is painted.", n=64, good=True))
    for n in (65, 66):
        council.post(TOM, f"rota{n}", letter(signed("The bench.", TOM, ""), n=n, subject="Rota"))
    ran = [council.run(), council.auditor("report", "--week", WEEKS[0])]
    assert [one.status for one in ran] == [0, 0]
    clerk, chair = (council.folder / "out" / f"Audit {WEEKS[0]}.xlsx"), council.folder / "out" / "chair"
    [chairs] = chair.glob("*.xlsx")
    shown = b"".join(data for name, data in contents(chair))
    assert all(word.encode() in shown for word in OF_MAIL), "what is looked for is there"

    decided(chairs, "Findings", {"Decision": "Permitted", "Note": NOTE}, ROTA)
    decided(chairs, "Sample", {"What you found": "Something missed", "Which clause": "E5", "Note": LOOKED})
    decided(clerk, "Findings", {"Decision": "Permitted"}, "Rota")
    decided(clerk, "Findings", {"Decision": "Breach"}, "Letter")
    ran += [council.auditor(*one) for one in COMMANDS]
    ran.append(council.auditor("report", "--week", WEEKS[0]))
    [second] = chair.glob("* (2).xlsx")
    decided(second, "Exceptions", {"Choice": "Adopt"}, ROTA)
    council.post(CLERK, "rota67", letter(signed(f"The board {LATER}.", CLERK, ""), box=CLERK, n=67, subject=ROTA))
    ran += [council.run(), council.auditor("report", "--week", WEEKS[1]), *(council.auditor(*one) for one in COMMANDS)]
    with council.store() as store:
        assert [one.label for one in store.hidden()] == [WEEKS[1]]
        assert {one.chairs for one in store.choices()} == {True}
        assert len(store.missed(True)) == 2
        names = tuple({one.exception for one in store.choices()} | {one.message.name for one in store.missed(True)})
        findings = tuple(row.id for row in store.findings() if row.sender == CLERK)
    assert list((council.folder / "out").glob("Notes */*.eml"))
    assert len(list((council.folder / "out").glob("*.json"))) > 1
    pages = texts(council)
    assert pages
    clear(council, ran, (*OF_MAIL, *OF_THE_CHAIR, *names, *findings), pages)
