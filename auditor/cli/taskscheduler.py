"""A task for the Windows Task Scheduler: both moments, made up for when the computer was off, one run at a time."""

from __future__ import annotations

import subprocess
from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

from auditor.cli.placing import command, folders, placed, variables

if TYPE_CHECKING:
    from auditor.config import Config

NAME = "Mailbox auditor"
FILE = "mailbox-auditor.xml"
LIMIT = "PT72H"
"""A first run of large mailboxes may take more than a day."""
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")

_TASK = """<?xml version="1.0" encoding="UTF-16"?>
<Task version="1.2" xmlns="http://schemas.microsoft.com/windows/2004/02/mit/task">
  <RegistrationInfo>
    <Description>{description}</Description>
  </RegistrationInfo>
  <Triggers>
    <CalendarTrigger>
      <StartBoundary>{nightly}</StartBoundary>
      <ScheduleByDay>
        <DaysInterval>1</DaysInterval>
      </ScheduleByDay>
    </CalendarTrigger>
    <CalendarTrigger>
      <StartBoundary>{weekly}</StartBoundary>
      <ScheduleByWeek>
        <WeeksInterval>1</WeeksInterval>
        <DaysOfWeek>
          <{day} />
        </DaysOfWeek>
      </ScheduleByWeek>
    </CalendarTrigger>
  </Triggers>
  <Principals>
    <Principal id="Author">
      <LogonType>S4U</LogonType>
      <RunLevel>LeastPrivilege</RunLevel>
    </Principal>
  </Principals>
  <Settings>
    <MultipleInstancesPolicy>IgnoreNew</MultipleInstancesPolicy>
    <DisallowStartIfOnBatteries>false</DisallowStartIfOnBatteries>
    <StopIfGoingOnBatteries>false</StopIfGoingOnBatteries>
    <StartWhenAvailable>true</StartWhenAvailable>
    <WakeToRun>true</WakeToRun>
    <ExecutionTimeLimit>{limit}</ExecutionTimeLimit>
    <Enabled>true</Enabled>
  </Settings>
  <Actions Context="Author">
    <Exec>
      <Command>{program}</Command>
      <Arguments>{arguments}</Arguments>
      <WorkingDirectory>{folder}</WorkingDirectory>
    </Exec>
  </Actions>
</Task>
"""


def installed(config: Config) -> str:
    """Writes the task, and says how it is put in place."""
    folders(config)
    folder = placed(config, {FILE: _task(config).encode("utf-16")})
    lines = [
        f"The task is in {folder}. This command puts it in place, in a prompt opened with 'Run as administrator':",
        "  " + subprocess.list2cmdline(["schtasks", "/Create", "/TN", NAME, "/XML", str(folder / FILE)]),
        "This one starts it now, to see that it works:",
        "  " + subprocess.list2cmdline(["schtasks", "/Run", "/TN", NAME]),
        "Its times are those of this computer's own clock: it must be set to the council's time zone.",
    ]
    if names := variables(config):
        lines.append(
            f"The configuration takes secrets from the environment ({', '.join(names)}): set them for the user of the task "
            "('Edit environment variables for your account')."
        )
    return "\n".join(lines)


def _task(config: Config) -> str:
    times = config.schedule.schedule
    weekday, at = times.weekly
    program, *arguments = command(config, "run")
    words = {
        "description": f"Mailbox auditor of {config.schedule.council.name}: one night, and the weekly workbook.",
        "nightly": _first(config, times.nightly),
        "weekly": _first(config, at),
        "day": _DAYS[weekday],
        "limit": LIMIT,
        "program": program,
        "arguments": subprocess.list2cmdline(arguments),
        "folder": str(config.folder),
    }
    return _TASK.format_map({name: escape(word) for name, word in words.items()})


def _first(config: Config, at: time) -> str:
    """Yesterday at that time, without a zone: by the computer's own clock, winter and summer alike."""
    day = datetime.now(config.policy.timezone).date() - timedelta(days=1)
    return datetime.combine(day, at).isoformat()
