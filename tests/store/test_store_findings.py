"""Whatever is judged in whatever order, a finding is in force exactly while somebody makes it."""

from __future__ import annotations

import tempfile
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st
from letters import STARTED, finding, judgement, letter, page

from auditor.findings import identity
from auditor.store.sqlite.findings import short, whole
from auditor.store.sqlite.store import SqliteStore

RULES = ["waiver-missing", "waiver-altered", "signature-missing"]
PAGES = st.lists(
    st.dictionaries(st.integers(0, 2), st.sets(st.sampled_from(RULES)), min_size=1), min_size=1, max_size=6
)


@settings(max_examples=40, deadline=None)
@given(PAGES)
def test_in_force_while_somebody_makes_it(pages: list[dict[int, set[str]]]) -> None:
    with tempfile.TemporaryDirectory() as folder, SqliteStore(Path(folder) / "a.db") as store:
        first = store.begin_run(STARTED, "0.1")
        store.commit(page(first, *(letter(str(n), message_id="one message") for n in range(3))))
        holdings = [docket.holding for docket in store.queue(3)]
        makers: dict[int, set[str]] = {}
        found_by: dict[str, int] = {}
        for said in pages:
            run = store.begin_run(STARTED, "0.1")
            given = [judgement(holdings[n], *map(finding, sorted(rules))) for n, rules in said.items()]
            new = store.judge(run, given)
            makers |= said
            fresh = {rule for rules in said.values() for rule in rules} - found_by.keys()
            assert new == len(fresh)
            found_by |= dict.fromkeys(fresh, run)
            in_force = {rule for rules in makers.values() for rule in rules}
            rows = store.findings()
            assert {row.finding.rule: row.run for row in rows} == {rule: found_by[rule] for rule in in_force}
            assert len(rows) == len(in_force)
            owners = store._database.rows("SELECT id, holding FROM findings WHERE NOT withdrawn")
            made = {identity(finding(rule), "m"): rule for rule in RULES}
            assert all(made[whole(name)] in makers[holdings.index(holding)] for name, holding in owners)


def test_what_is_said_of_many_is_kept_once(tmp_path: Path) -> None:
    with SqliteStore(tmp_path / "a.db") as store:
        run = store.begin_run(STARTED, "0.1")
        store.commit(page(run, *(letter(str(n)) for n in range(50))))
        dockets = store.queue(50)
        judged = [judgement(one.holding, finding(), message=str(one.holding)) for one in dockets]
        assert store.judge(run, judged) == 50
        count = "SELECT count(*) FROM verdicts"
        assert store._database.value(count) == 1
        again = [judgement(one.holding, finding(reason="Otherwise."), message=str(one.holding)) for one in dockets]
        store.judge(run, again)
        assert store._database.value(count) == 2
        store.end_run(run, STARTED, True, [])
        assert store._database.value(count) == 1
        assert {row.finding.reason for row in store.findings()} == {"Otherwise."}


@given(st.one_of(st.text(), st.binary().map(bytes.hex), st.from_regex(r"[0-9a-fA-F ]*", fullmatch=True)))
def test_an_id_comes_back_as_it_was(name: str) -> None:
    kept = short(name)
    assert whole(kept if isinstance(kept, str) else bytes(kept)) == name
