"""Processor seconds and memory to write the weekly workbook, beside pandas.to_excel, XlsxWriter and plain openpyxl.

    python benchmarks/workbook.py [--rows 5000 50000 200000]

Each writer runs in a process of its own on the same invented rows (no data folder is needed). 'extra MB' is the peak
above what the process held with the rows and the libraries loaded. The others write the same columns,
without looks (pandas, write-only) or with the same; none of them sees to formulas, order, coverage or figures.
"""

from __future__ import annotations

import argparse
import multiprocessing
import resource
import sys
import tempfile
import time
from datetime import timedelta
from pathlib import Path

from auditor.values import replace

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "tests" / "reports")]


def findings(many: int) -> list:
    """`many` findings over the invented council, three to a message."""
    import thorrington

    base = [thorrington.finding_row(*found) for found in thorrington.FOUND if found[1] != "clerk"]
    return [
        replace(
            base[n % len(base)],
            id=f"{n:020x}",
            message_id=f"{n // 3}@thorrington.example.org",
            subject=f"=SUM(A{n}) {base[n % len(base)].subject}",
            sent=base[n % len(base)].sent - timedelta(minutes=n % 8000),
        )
        for n in range(many)
    ]


_TALLIES: dict[int, list] = {}
"""By the number of findings: the weeks' figures, which the store answers and nobody has to count here."""


def tallied(rows: list) -> list:
    """The figures that go with these findings."""
    import thorrington

    from reports.week import week

    checked = {person.mailbox: len(rows) for person in thorrington.PEOPLE}
    return list(thorrington.tallies(week("2026-W47"), rows, checked))


def ours(rows: list, path: Path) -> None:
    """The product: figures, order, looks and all."""
    import thorrington

    from reports.workbook import write

    write(thorrington.sample(findings=rows, tallies=_TALLIES[len(rows)]).clerk, path)


def flat(rows: list) -> list[list]:
    """The columns as plain values, without the product's care."""
    return [
        [n, "", r.sent.replace(tzinfo=None), r.sender, ", ".join(r.recipients), r.subject, r.finding.rule, r.finding.rule,
         str(r.finding.severity), r.finding.reason, r.finding.excerpt, "", "", r.sender, r.sent.replace(tzinfo=None),
         r.finding.part, r.finding.confidence, r.mailbox, r.message_id, "", r.id]
        for n, r in enumerate(rows, 1)
    ]  # fmt: skip


def with_pandas(rows: list, path: Path) -> None:
    """pandas.to_excel through openpyxl; writes mail's '=…' as live formulas."""
    import pandas as pd

    pd.DataFrame(flat(rows)).to_excel(path, index=False)


def with_openpyxl(rows: list, path: Path) -> None:
    """openpyxl, every cell drawn with the same looks."""
    from openpyxl import Workbook

    from reports import style
    from reports.sheets.findings import COLUMNS

    workbook = Workbook()
    sheet = workbook.active
    sheet.append([column.heading for column in COLUMNS])
    for place, column in enumerate(COLUMNS, 1):
        style.dress(sheet.cell(2, place), column.look)
    looks = [sheet.cell(2, place)._style for place in range(1, len(COLUMNS) + 1)]
    for number, row in enumerate(flat(rows), 2):
        for place, (look, value) in enumerate(zip(looks, row, strict=True), 1):
            cell = sheet.cell(number, place, value)
            cell._style = look
            if isinstance(value, str):
                cell.data_type = "s"
    workbook.save(path)


def with_write_only(rows: list, path: Path) -> None:
    """openpyxl's write-only mode, no looks."""
    from openpyxl import Workbook

    workbook = Workbook(write_only=True)
    sheet = workbook.create_sheet()
    for row in flat(rows):
        sheet.append(row)
    workbook.save(path)


def with_xlsxwriter(rows: list, path: Path) -> None:
    """XlsxWriter, every cell with looks like ours."""
    from xlsxwriter import Workbook

    from reports import style
    from reports.sheets.findings import COLUMNS

    workbook = Workbook(path, {"strings_to_formulas": False, "strings_to_urls": False})
    sheet = workbook.add_worksheet()
    looks = []
    for place, column in enumerate(COLUMNS):
        sheet.write_string(0, place, column.heading)
        look = workbook.add_format(
            {"font_name": style.FACE, "font_size": column.look.size, "bold": column.look.bold, "text_wrap": column.look.wrap,
             "valign": "top", "align": column.look.across, "indent": column.look.indent, "bottom": 1, "bottom_color": style.RULE,
             "font_color": f"#{column.look.ink}"}
        )  # fmt: skip
        if column.look.form != "General":
            look.set_num_format(column.look.form)
        if column.look.fill:
            look.set_bg_color(f"#{column.look.fill}")
        looks.append(look)
    for number, row in enumerate(flat(rows), 1):
        for place, (look, value) in enumerate(zip(looks, row, strict=True)):
            sheet.write(number, place, value, look)
    workbook.close()


WRITERS = {
    "this product": ours,
    "openpyxl write-only, no looks": with_write_only,
    "pandas.to_excel, no looks": with_pandas,
    "XlsxWriter, same looks": with_xlsxwriter,
    "openpyxl, same looks": with_openpyxl,
}


def peak() -> float:
    """The process's highest memory so far, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def measured(name: str, many: int, answers: multiprocessing.Queue) -> None:
    """One writer, once, in this process."""
    import openpyxl  # noqa: F401
    import pandas  # noqa: F401

    import reports.workbook  # noqa: F401

    rows = findings(many)
    _TALLIES.update({len(some): tallied(some) for some in (rows[:50], rows)})
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "Audit.xlsx"
        WRITERS[name](rows[:50], path.with_name("warm.xlsx"))
        before, started = peak(), time.process_time()
        WRITERS[name](rows, path)
        answers.put((time.process_time() - started, peak() - before, peak(), path.stat().st_size / 1e6))


def main() -> int:
    """Measures and prints."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, nargs="+", default=[5000, 50000])
    given = parser.parse_args()
    spawn = multiprocessing.get_context("spawn")
    print(f"{'rows':>8}  {'writer':32}{'CPU s':>8}{'extra MB':>10}{'peak MB':>9}{'file MB':>9}")
    for many in given.rows:
        for name in WRITERS:
            answers = spawn.Queue()
            process = spawn.Process(target=measured, args=(name, many, answers))
            process.start()
            seconds, extra, most, size = answers.get()
            process.join()
            print(f"{many:>8}  {name:32}{seconds:>8.2f}{extra:>10.0f}{most:>9.0f}{size:>9.1f}", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
