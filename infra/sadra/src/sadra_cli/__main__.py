"""The command line: `./sadra COMMAND`. Exit codes are 0 fine, 1 failed, 2 wrong use."""

import sys

from cyclopts import App, CycloptsError

from crm_storage.settings import SettingsRefused
from sadra_cli.children import Failed

FAILED = 1
WRONG_USE = 2
COMMANDS = {
    "up": ("sadra_cli.up:up", "Run everything on this machine."),
    "test": ("sadra_cli.test:test", "Run the tests on real services."),
    "check": ("sadra_cli.check:check", "Check format, types, imports, messages and more."),
    "bench": ("sadra_cli.bench:bench", "Measure, each figure beside its floor."),
    "doctor": ("sadra_cli.doctor:doctor", "Tell what works here, what does not and what to do."),
    "demo": ("sadra_cli.demo:demo", "Fill a tenant with a made-up company."),
    "tenant": ("sadra_cli.tenant:app", "Create, list, suspend and restore tenants."),
    "user": ("sadra_cli.user:app", "Create users of a tenant."),
    "token": ("sadra_cli.token:app", "Make API tokens."),
}
"""Where each command lies, loaded only when it is asked for, and what it does."""

app = App(name="./sadra", help="Runs, checks and administers Sadra CRM.", version_flags=[], help_format="markdown")
for name, (place, meaning) in COMMANDS.items():
    app.command(place, name=name, help=meaning)


def main(words: list[str]) -> int:
    """Runs one command; its exit code."""
    try:
        done = app(words, exit_on_error=False, print_error=True, result_action="return_value")
    except CycloptsError:
        return WRONG_USE
    except (Failed, SettingsRefused) as refusal:
        print(refusal, file=sys.stderr)
        return FAILED
    except KeyboardInterrupt:
        return FAILED
    return done if isinstance(done, int) else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
