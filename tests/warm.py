"""`python -m auditor` without the two seconds in which Python reads libraries and rules are made ready: a server that has
judged a letter forks the processes.

They are processes nevertheless, with their own folder, environment, output and exit status, and with a reader of their
own. What a cold start does (imports, warnings at the end, what the environment tells Python) is seen by others only.
"""

from __future__ import annotations

import gc
import multiprocessing
import os
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from multiprocessing import forkserver
from multiprocessing.context import ForkServerContext
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest

TESTS = Path(__file__).parent
POSSIBLE = "forkserver" in multiprocessing.get_all_start_methods()
_TO_PYTHON = ("PYTHON", "LANG", "LC_", "TMPDIR", "TEMP")


def possible(env: Mapping[str, str] | None) -> bool:
    """Whether a process with this environment may come from a server that has another."""
    return POSSIBLE and not any(name.startswith(_TO_PYTHON) for name in env or {})


def _become(folder: Path, env: dict[str, str]) -> None:
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(env)
    time.tzset()


class _Context(ForkServerContext):
    """What the auditor starts processes by: the server that it comes from itself."""

    def Process(self, *, target: Callable[..., None], args: tuple[Any, ...], **more: Any) -> Any:  # noqa: N802
        return super().Process(target=_reader, args=(Path.cwd(), dict(os.environ), target, args), **more)


def _reader(folder: Path, env: dict[str, str], target: Callable[..., None], args: tuple[Any, ...]) -> None:
    _become(folder, env)
    target(*args)


def _command(arguments: list[str], folder: Path, env: dict[str, str], said: Path) -> None:
    _become(folder, env)
    for number, stream in enumerate((sys.stdout, sys.stderr), 1):
        stream.flush()
        file = os.open(said / str(number), os.O_WRONLY | os.O_CREAT)
        os.dup2(file, number)
        os.close(file)
    multiprocessing.get_context = lambda _way: _Context()  # type: ignore[assignment]
    # A child of the server knows its address, and would start another, with nothing read (CPython 3.11, forkserver.py).
    forkserver._forkserver.ensure_running = lambda: None  # type: ignore[attr-defined]
    sys.argv = ["auditor", *arguments]
    from auditor.cli import main

    try:
        main()
    finally:
        gc.collect()  # a file that was left open is told of, as where Python ends


def _ready() -> None:
    """The server runs: started by the first who needs it, it looks for modules where its environment says."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("PYTHONPATH", os.pathsep.join(map(str, (TESTS.parent, TESTS))))
        patched.setenv("PYTHONWARNINGS", "error")
        multiprocessing.set_forkserver_preload(["warmth"])
        forkserver.ensure_running()


@pytest.fixture
def warm_reader(monkeypatch: pytest.MonkeyPatch) -> None:
    """The night is in this process, and its reader, a process of its own, comes from the server."""
    if POSSIBLE:
        _ready()
        monkeypatch.setattr(multiprocessing, "get_context", lambda _way: _Context())


def run(arguments: list[str], folder: Path, env: dict[str, str], seconds: float) -> tuple[int, bytes, bytes]:
    """Exit status, standard output and standard error of `auditor` with these arguments."""
    _ready()
    with TemporaryDirectory() as said:
        process = ForkServerContext().Process(target=_command, args=(arguments, folder, env, Path(said)))
        process.start()
        process.join(seconds)
        if process.exitcode is None:
            process.kill()
            process.join()
            raise subprocess.TimeoutExpired(["auditor", *arguments], seconds)
        status = process.exitcode
        process.close()
        out, err = ((Path(said) / number).read_bytes() for number in "12")
    return status, out, err
