"""What every store engine must do: subclass `StoreContract` and give a `store` fixture."""

from __future__ import annotations

from contract_collecting import CollectingContract
from contract_deciding import DecidingContract
from contract_excepting import ExceptingContract
from contract_judging import JudgingContract
from contract_post import PostContract
from contract_reporting import ReportingContract
from contract_sampling import SamplingContract
from contract_searching import SearchingContract


class StoreContract(
    CollectingContract,
    DecidingContract,
    ExceptingContract,
    JudgingContract,
    PostContract,
    ReportingContract,
    SamplingContract,
    SearchingContract,
):
    """All of it. `store` is an open, empty store; `run` a run begun at `letters.STARTED`."""
