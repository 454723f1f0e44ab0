"""Units for systemd: a timer with the council's times that starts `auditor run`, or a service that is `auditor serve`."""

from __future__ import annotations

import shlex
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from auditor.cli.placing import command, folders, placed, variables

if TYPE_CHECKING:
    from auditor.config import Config

NAME = "mailbox-auditor"
ENVIRONMENT = "environment"
_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")

_HARDENED = """UMask=0077
KillSignal=SIGTERM
KillMode=mixed
TimeoutStopSec=15
NoNewPrivileges=yes
ProtectSystem=strict
PrivateTmp=yes
PrivateDevices=yes
ProtectKernelTunables=yes
ProtectKernelModules=yes
ProtectControlGroups=yes
RestrictAddressFamilies=AF_UNIX AF_INET AF_INET6
RestrictNamespaces=yes
RestrictRealtime=yes
RestrictSUIDSGID=yes
LockPersonality=yes
SystemCallArchitectures=native"""
# KillMode=mixed: the process that reads mail is ended by the one that started it, when it has kept what it read.


def installed(config: Config) -> str:
    """Writes the units, and says how they are put in place."""
    files = {
        f"{NAME}.service": _night(config),
        f"{NAME}.timer": _timer(config),
        f"{NAME}-serve.service": _serve(config),
    }
    folder = placed(config, {name: text.encode() for name, text in files.items()})
    return "\n".join(_told(config, folder))


def environment(config: Config) -> Path:
    """The file that the units take secrets from; a person writes it."""
    return config.folder / "service" / ENVIRONMENT


def quoted(word: str) -> str:
    """A word of a command line or of a list of paths. (systemd.syntax(7), systemd.unit(5): quotes, escapes, specifiers.)"""
    return '"' + plain(word).replace("\\", "\\\\").replace('"', '\\"') + '"'


def plain(value: str) -> str:
    """A value that is taken whole, on one line: `%` alone has a meaning there."""
    return " ".join(value.splitlines()).replace("%", "%%")


def _service(config: Config, description: str, service: str, argument: str) -> str:
    # ':' before a command: what looks like a variable in a path is none.
    words = " ".join(map(quoted, command(config, argument)))
    user = [f"User={name}\n"] if (name := _owner(config)) else []
    return (
        f"[Unit]\nDescription={plain(description)}\nWants=network-online.target\nAfter=network-online.target\n\n"
        f"[Service]\n{service}{''.join(user)}WorkingDirectory={plain(str(config.folder))}\nExecStart=:{words}\n"
        f"EnvironmentFile=-{plain(str(environment(config)))}\n"
        f"ReadWritePaths={' '.join(quoted(str(folder)) for folder in folders(config))}\n{_HARDENED}\n"
    )


def _night(config: Config) -> str:
    # 3: another run is at work; 130: it was stopped. Neither is a failure.
    kind = "Type=oneshot\nSuccessExitStatus=3 130\n"
    return _service(config, f"Mailbox auditor of {config.schedule.council.name}: one night", kind, "run")


def _serve(config: Config) -> str:
    # Also when schedule.toml cannot be used: once it is mended the nights go on, and nobody has to think of starting them.
    kind = "Type=exec\nRestart=on-failure\nRestartSec=1h\n"
    unit = _service(config, f"Mailbox auditor of {config.schedule.council.name}: every night", kind, "serve")
    return f"{unit}\n[Install]\nWantedBy=multi-user.target\n"


def _timer(config: Config) -> str:
    times, zone = config.schedule.schedule, config.policy.timezone.key
    weekday, at = times.weekly
    return (
        f"[Unit]\nDescription={plain(f'Nights of the mailbox auditor of {config.schedule.council.name}')}\n\n[Timer]\n"
        f"OnCalendar=*-*-* {times.nightly:%H:%M}:00 {zone}\nOnCalendar={_DAYS[weekday]} *-*-* {at:%H:%M}:00 {zone}\n"
        "Persistent=true\n\n[Install]\nWantedBy=timers.target\n"
    )


def _owner(config: Config) -> str:
    """Whose schedule.toml is: what the auditor keeps can be read by its owner alone."""
    with suppress(OSError, KeyError, NotImplementedError):
        return config.path.owner()
    return ""


def _told(config: Config, folder: Path) -> Iterator[str]:
    shown = [shlex.quote(str(folder / f"{NAME}{ending}")) for ending in (".service", ".timer", "-serve.service")]
    yield f"The units are in {folder}. These commands put them in place, and the nights begin by themselves:"
    yield f"  sudo install -m 644 {shown[0]} {shown[1]} /etc/systemd/system/"
    yield "  sudo systemctl daemon-reload"
    yield f"  sudo systemctl enable --now {NAME}.timer"
    yield f"Or, instead of the timer, one process that stays ('auditor serve'): install {shown[2]} in the same way, and"
    yield f"  sudo systemctl enable --now {NAME}-serve.service"
    if names := variables(config):
        yield (
            f"The configuration takes secrets from the environment ({', '.join(names)}): write a line NAME=VALUE for each "
            f"into {environment(config)}, readable by you alone (chmod 600)."
        )
    if sys.platform != "linux":
        yield "These units are for a Linux computer; the paths in them are those of this one."
