"""The sample council of `auditor demo`, and the starter files of `auditor init`.

Everybody in it and everything they write is invented for the purpose.
"""

from auditor.sample.build import SampleFacts, build
from auditor.sample.planted import FORMAL, Planted
from auditor.sample.starter import starter_policy, starter_schedule, write_starter

__all__ = ["FORMAL", "Planted", "SampleFacts", "build", "starter_policy", "starter_schedule", "write_starter"]
