"""A file is read to its end whatever the system says of its size, and only where it is a file."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from connectors.files.disk import TooLarge, whole

LARGE = 1 << 20


def test_all_of_a_file_and_no_more_than_was_asked_for(tmp_path: Path) -> None:
    path = tmp_path / "a.eml"
    for content in (b"", b"x", os.urandom(3 << 19)):
        path.write_bytes(content)
        assert whole(str(path), len(content))[0] == content
    with pytest.raises(TooLarge) as large:
        whole(str(path), LARGE)
    assert large.value.size == 3 << 19
    with pytest.raises(OSError, match=r"directory|regular|denied"):
        whole(str(tmp_path), LARGE)


@pytest.mark.skipif(sys.platform != "linux", reason="no file there has more in it than its size says")
def test_a_file_with_more_in_it_than_its_size_says_is_read_to_its_end() -> None:
    # As one that is being written while it is read.
    assert Path("/proc/self/status").stat().st_size == 0
    assert whole("/proc/self/status", LARGE)[0].endswith(b"\n")
    assert len(whole("/proc/self/status", LARGE)[0]) > 100
