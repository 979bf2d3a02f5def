"""The command line: one file a verb; parsing and printing only.

Nothing here imports NumPy or a plugin before a verb needs it, so that `--help` is instant.
"""

import sys
from collections.abc import Sequence
from importlib import import_module

import click

from rollkit import __version__
from rollkit.cli.output import printing
from rollkit.errors import ExitCode, RollkitError, harmless, unknown

VERBS = ("check", "compare", "eval", "explain", "fit", "plugins", "presets", "report", "run")


class Verbs(click.Group):
    """The verbs, each imported when it is asked for: `rollkit.cli.VERB` defines VERB."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Names of all verbs."""
        return list(VERBS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command:
        """The verb of that name; an unknown one is a wrong call."""
        if cmd_name not in VERBS:
            raise unknown("verb", cmd_name, VERBS)
        command: click.Command = getattr(import_module(f"rollkit.cli.{cmd_name}"), cmd_name)
        return command


_CONTEXT = {"help_option_names": ["-h", "--help"], "max_content_width": 100}


@click.group(cls=Verbs, context_settings=_CONTEXT)
@click.version_option(__version__, prog_name="rollkit", message="%(prog)s %(version)s")
@click.option("--debug", is_flag=True, help="Show an error's traceback; anywhere on the line.")
def cli(debug: bool) -> None:
    """Measure driving policies: actions to trajectories to numbers to metrics.json.

    \b
    rollkit run                                   the left turn, seed 0, starter metrics
    rollkit run --scenario lane_change --seeds 1000 --plugins jerk,curv_rate
    rollkit run --plugins ./my_metric.py
    rollkit eval predictions.npz --at 1,3,5       measure what a policy predicted
    rollkit compare base.json candidate.json      what got worse, and how sure that is
    rollkit explain drive.csv --preset a,b        where and why two presets differ
    rollkit report metrics.json                   a page to look at, report.html
    rollkit fit drive.csv                         poses to actions, by several methods
    rollkit plugins                               what is installed
    rollkit presets                               metrics as other projects define them
    rollkit check ./my_metric.py                  does it keep the laws of its kind?
    """


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line; the exit code. The one place where errors become text."""
    arguments = list(sys.argv[1:] if argv is None else argv)
    # Wherever it stands: people add it to the end of the line that failed.
    debug = "--debug" in arguments
    arguments = [one for one in arguments if one != "--debug"]
    try:
        with printing():
            code = cli.main(
                args=arguments, prog_name="rollkit", standalone_mode=False, obj=arguments
            )
        return int(code or ExitCode.OK)
    except RollkitError as error:
        if debug:
            raise
        return _failed(str(error), error.exit_code)
    except click.exceptions.NoArgsIsHelpError as error:
        click.echo(error.format_message(), err=True)
        return ExitCode.USAGE
    except click.ClickException as error:
        context = getattr(error, "ctx", None)
        hint = f"\n`{context.command_path} --help` shows the options" if context else ""
        return _failed(error.format_message() + hint, ExitCode.USAGE)
    except (KeyboardInterrupt, click.Abort):
        return _failed("interrupted", ExitCode.INTERRUPTED)
    except Exception as error:
        if debug:
            raise
        return _failed(
            f"a bug in rollkit: {type(error).__name__}: {error}\n"
            "run it again with --debug and report what it prints",
            ExitCode.BUG,
        )


def _failed(message: str, code: ExitCode) -> ExitCode:
    first, *rest = harmless(message).splitlines()
    click.echo(f"{click.style('error:', fg='red', bold=True)} {first}", err=True)
    for line in rest:
        click.echo(f"       {line}", err=True)
    return code
