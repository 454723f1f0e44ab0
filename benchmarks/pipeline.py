"""The whole walk from a Maildir to judged, searchable mail, beside the programs people index mail with.

    python benchmarks/pipeline.py DATA [--rounds N] [--messages N]

DATA holds `enron_sent/dev/*.mbox.gz`. The same Maildir is read by a night of the auditor (collect, parse, split, store,
index, judge), by `auditor run` (the same and its workbooks), `notmuch new`, `mu index` and a plain loop of Python's own
email package and FTS5, in turn, N rounds; printed are processor seconds (user and system) of each whole process tree,
the ratio to ours in each round's pair (median), peak memory, and the share of a first run that a second one takes with
nothing new. Programs that are not installed are named and left out.
"""

from __future__ import annotations

import argparse
import gzip
import mailbox
import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

OURS = "a night"
RUN = "auditor run"
PACKAGES = [str(Path(__file__).parent.parent / name) for name in ("auditor", "connectors", "reports")]
SCHEDULE = """
[council]
name = "Benchmark"
domains = ["{domain}"]
users_informed_on = 2026-01-01

[[people]]
name = "Nobody"
role = "clerk"
mailbox = "nobody@{domain}"

[[sources]]
kind = "files"
root = "mail"
folders = ["all"]
mailboxes = [{mailboxes}]

[policy]
retention_months = 1200
signatures = "signatures"
waivers = "waivers"
"""

NIGHT = """
import sys, time
from pathlib import Path
from auditor.cli.workplace import duties, open_the_store
from auditor.config import load
from auditor.pipeline.night import Night, utc_now, window
from auditor.pipeline.pull import Clock

if __name__ == "__main__":
    config = load(Path(sys.argv[1]))
    with open_the_store(config) as store:
        Night(
            store=store, policy=config.policy, duties=duties(config), now=utc_now,
            window=window(config.policy, config.schedule.policy.retention_months, None, utc_now()),
            clock=Clock(time.monotonic, time.sleep), report=lambda _run: (),
        ).run()
"""

NAIVE = """
import email, email.policy, pathlib, sqlite3, sys
db = sqlite3.connect(sys.argv[2])
db.execute("CREATE VIRTUAL TABLE m USING fts5(subject, sender, recipients, body, tokenize='porter')")
for path in pathlib.Path(sys.argv[1]).rglob("*"):
    if not path.is_file():
        continue
    message = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
    body = message.get_body(("plain", "html"))
    try:
        text = body.get_content() if body else ""
    except (LookupError, UnicodeError):
        text = ""
    db.execute("INSERT INTO m VALUES (?,?,?,?)", (str(message["subject"]), str(message["from"]), str(message["to"]), text))
db.commit()
"""


def maildirs(data: Path, root: Path, limit: int, judged: bool) -> tuple[int, str]:
    """Writes one Maildir a mailbox; how many messages, and the schedule for them."""
    boxes = sorted((data / "enron_sent" / "dev").glob("*.mbox.gz"))
    if not boxes:
        sys.exit(f"{data / 'enron_sent' / 'dev'} holds no *.mbox.gz: give the folder of the data sets.")
    domain = "enron.com" if judged else "council.example"
    count, names = 0, []
    for box in boxes:
        name = f"{box.name.removesuffix('.mbox.gz')}@enron.com"
        folder = root / "mail" / name / "Sent"
        for part in ("cur", "new", "tmp"):
            (folder / part).mkdir(parents=True)
        names.append(name)
        plain = root / "one.mbox"
        plain.write_bytes(gzip.decompress(box.read_bytes()))
        source = mailbox.mbox(plain)
        for key in source.iterkeys():
            if count == limit:
                break
            (folder / "cur" / f"{count:07d}.bench:2,S").write_bytes(source.get_bytes(key))
            count += 1
        source.close()
        plain.unlink()
    for kind, text in (
        ("signatures", "{name}\n{title}\n{phone}"),
        ("waivers", "For the addressee alone; tell us if it went astray."),
    ):
        (root / kind).mkdir()
        (root / kind / "agreed.txt").write_text(text, encoding="utf-8")
    (root / "schedule.toml").write_text(
        SCHEDULE.format(domain=domain, mailboxes=", ".join(f'"{n}"' for n in names)), encoding="utf-8"
    )
    return count, domain


def measured(command: list[str], **environment: str) -> tuple[float, float]:
    """Processor seconds and wall seconds of a whole process tree."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    began = time.perf_counter()
    done = subprocess.run(command, env={**os.environ, **environment}, capture_output=True, text=True, check=False)
    wall = time.perf_counter() - began
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.returncode:
        sys.exit(f"{' '.join(command)} ended with {done.returncode}: {done.stderr[-2000:]}")
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, wall


def memory(command: list[str]) -> float:
    """Peak resident megabytes of the whole process tree, sampled."""
    import psutil

    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    peak = 0
    tree = psutil.Process(process.pid)
    while process.poll() is None:
        total = 0
        for one in [tree, *tree.children(recursive=True)]:
            try:
                total += one.memory_info().rss
            except psutil.Error:
                continue
        peak = max(peak, total)
        time.sleep(0.02)
    return peak / 2**20


def ours(root: Path) -> list[str]:
    return [sys.executable, "-m", "auditor", "--config", str(root / "schedule.toml"), "run", "--json"]


def night(root: Path) -> list[str]:
    """The night without its workbooks: what the programs beside it do, and the rules."""
    script = root / "night.py"
    script.write_text(NIGHT)
    return [sys.executable, str(script), str(root / "schedule.toml")]


def fresh(root: Path) -> None:
    for name in ("data", "out", "xapian", "mu", "naive.db"):
        path = root / name
        shutil.rmtree(path, ignore_errors=True)
        path.unlink(missing_ok=True)
    shutil.rmtree(root / "mail" / ".notmuch", ignore_errors=True)


def notmuch(root: Path) -> tuple[float, float]:
    config = root / "notmuch.cfg"
    config.write_text(f"[database]\npath={root / 'mail'}\n[new]\ntags=\n[maildir]\nsynchronize_flags=false\n")
    return measured(["notmuch", "new", "--quiet"], NOTMUCH_CONFIG=str(config))


def mu(root: Path) -> tuple[float, float]:
    first = measured(["mu", "init", f"--maildir={root / 'mail'}", f"--muhome={root / 'mu'}"])
    second = measured(["mu", "index", "--quiet", f"--muhome={root / 'mu'}"])
    return first[0] + second[0], first[1] + second[1]


def naive(root: Path) -> tuple[float, float]:
    return measured([sys.executable, "-c", NAIVE, str(root / "mail"), str(root / "naive.db")])


def rounds(root: Path, count: int, number: int) -> None:
    peers = {"notmuch new": notmuch, "mu index": mu, "naive Python loop": naive}
    for name, program in (("notmuch new", "notmuch"), ("mu index", "mu")):
        if shutil.which(program) is None:
            print(f"{name}: not installed, left out")
            del peers[name]
    measured([sys.executable, "-m", "compileall", "-q", *PACKAGES])  # as the README installs it
    times: dict[str, list[float]] = {name: [] for name in [OURS, f"second {OURS}", RUN, f"second {RUN}", *peers]}
    walls: dict[str, list[float]] = {name: [] for name in times}
    for _ in range(number):
        for name, run in ((OURS, night), (RUN, ours)):
            fresh(root)
            for which in (name, f"second {name}"):
                cpu, wall = measured(run(root))
                times[which].append(cpu)
                walls[which].append(wall)
        for name, peer in peers.items():
            fresh(root)
            cpu, wall = peer(root)
            times[name].append(cpu)
            walls[name].append(wall)
    print(f"{'':22}{'CPU s':>9}{'wall s':>9}{'msg/CPU s':>11}{'x ours':>8}")
    for name, values in times.items():
        ratio = statistics.median(v / o for v, o in zip(values, times[OURS], strict=True))
        cpu = statistics.median(values)
        print(f"{name:22}{cpu:9.2f}{statistics.median(walls[name]):9.2f}{count / cpu:11,.0f}{ratio:8.3f}")
    for name in (OURS, RUN):
        share = statistics.median(s / f for f, s in zip(times[name], times[f"second {name}"], strict=True))
        print(f"second {name}, of the first: {share:.1%}")
    fresh(root)
    print(f"peak memory of the whole tree: {memory(ours(root)):.0f} MB")
    size = sum(f.stat().st_size for f in (root / "data").rglob("*") if f.is_file())
    print(f"store: {size / 1e6:.1f} MB")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--messages", type=int, default=1 << 30)
    parser.add_argument("--strangers", action="store_true", help="no sender is the council's: no rule runs, no finding")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        count, domain = maildirs(options.data, root, options.messages, not options.strangers)
        print(f"{count:,} messages; the council's domain is {domain}")
        rounds(root, count, options.rounds)


if __name__ == "__main__":
    main()
