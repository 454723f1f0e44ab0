"""A large message is taken out of Gmail's JSON piece by piece, and comes out as json and base64 would have it."""

from __future__ import annotations

import base64
import json
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from auditor.spool import Spool
from connectors.gmail import large
from connectors.gmail.large import parted
from connectors.gmail.line import decoded

LABELS = st.dictionaries(st.text(max_size=8).filter(lambda name: name != "raw"), st.text(max_size=20), max_size=4)


@settings(max_examples=150)
@given(st.binary(max_size=200), LABELS, LABELS, st.booleans(), st.sampled_from([4, 8, 64]))
def test_it_comes_out_as_json_and_base64_would_have_it(
    raw: bytes, before: dict[str, str], after: dict[str, str], padded: bool, line: int
) -> None:
    text = base64.urlsafe_b64encode(raw).decode()
    said = {
        "snippet": '"raw": "no"',
        **before,
        "raw": text if padded else text.rstrip("="),
        **{f"z{k}": v for k, v in after.items()},
    }
    with TemporaryDirectory() as name, pytest.MonkeyPatch.context() as patch:
        patch.setattr(large, "_LINE", line)
        spool = Spool(Path(name))
        rest, found = parted(spool.keep([json.dumps(said).encode()]), spool)
        assert found is not None
        assert found.read() == raw == (decoded(said["raw"]) or b"")
        assert json.loads(rest) == said | {"raw": ""}
        found.discard()
        assert list(Path(name).iterdir()) == []


@pytest.mark.parametrize("text", ['{"id": "x"}', '{"raw": "****"}', '{"raw": "abcd', '{"raw": "ab\\u003d="}', "[]", ""])
def test_what_there_is_no_telling_of_is_left_whole(tmp_path: Path, text: str) -> None:
    spool = Spool(tmp_path)
    assert parted(spool.keep([text.encode()]), spool) == (text.encode(), None)
    assert list(tmp_path.iterdir()) == []
