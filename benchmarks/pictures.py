"""Draws the workbook as a clerk would print it: the first page of the sheets people open, into docs/pictures.

    python benchmarks/pictures.py [WORKBOOK.xlsx] [--out docs/pictures]

Without a workbook the invented week of tests/reports/thorrington.py is drawn. Needs LibreOffice (soffice) and
pdftoppm (poppler-utils).
"""

from __future__ import annotations

import argparse
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from openpyxl import load_workbook

ROOT = Path(__file__).resolve().parent.parent
LIMIT = 300_000
KEPT = (
    "Start", "Findings", "People", "Clauses", "Sample", "Exceptions", "Coverage", "Not read", "Searches and holds",
    "Assertion 10", "Rules", "Policy",
)  # fmt: skip


def sample(folder: Path) -> Path:
    """Writes the invented week's workbook."""
    sys.path[:0] = [str(ROOT), str(ROOT / "tests" / "reports")]
    import thorrington

    from reports.workbook import write

    return write(thorrington.sample().clerk, folder / "Audit 2026-W47.xlsx").path


def pages(workbook: Path, folder: Path) -> list[Path]:
    """Every printed page of a workbook as a PNG, in order."""
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    convert = ["soffice", profile, "--headless", "--convert-to", "pdf", "--outdir", str(folder), str(workbook)]
    subprocess.run(convert, check=True, capture_output=True, timeout=180)
    pdf = folder / f"{workbook.stem}.pdf"
    subprocess.run(["pdftoppm", "-r", "104", "-png", str(pdf), str(folder / "page")], check=True, timeout=180)
    return sorted(folder.glob("page*.png"))


def titles(pdf: Path, count: int) -> list[str]:
    """What each page is headed with: the sheet's title stands first in its header."""
    heads = []
    for number in range(1, count + 1):
        only = ["pdftotext", "-f", str(number), "-l", str(number), "-layout", str(pdf), "-"]
        text = subprocess.run(only, check=True, capture_output=True, text=True).stdout
        heads.append(text.split("Audit")[0].strip().splitlines()[0].strip() if text.strip() else "")
    return heads


def main() -> int:
    """Draws, keeps the first page of each sheet, says what was kept."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("workbook", type=Path, nargs="?")
    parser.add_argument("--out", type=Path, default=ROOT / "docs" / "pictures")
    parser.add_argument("--all", action="store_true", help="keep every page of every sheet")
    given = parser.parse_args()
    missing = [tool for tool in ("soffice", "pdftoppm", "pdftotext") if shutil.which(tool) is None]
    if missing:
        print(f"Cannot draw: {', '.join(missing)} is not installed (LibreOffice Calc and poppler-utils).")
        return 1
    given.out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        workbook = given.workbook or sample(folder)
        names = load_workbook(workbook, read_only=True).sheetnames
        drawn = pages(workbook, folder)
        seen: set[str] = set()
        for number, (page, head) in enumerate(
            zip(drawn, titles(folder / f"{workbook.stem}.pdf", len(drawn)), strict=True), 1
        ):
            title = next((sheet for sheet in names if head.startswith(sheet)), head)
            first = title not in seen
            seen.add(title)
            if given.all or (first and title in KEPT):
                stem = title.lower().replace(" ", "-")
                kept = given.out / (f"{stem}.png" if first else f"{stem}-{number}.png")
                shutil.copyfile(page, kept)
                print(f"{kept}: page {number} of {len(drawn)}, {kept.stat().st_size:,} bytes")
                if kept.stat().st_size > LIMIT:
                    print(f"  larger than {LIMIT:,} bytes: do not keep it in the repository")
    return 0


if __name__ == "__main__":
    sys.exit(main())
