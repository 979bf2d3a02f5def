"""`rollkit plugins`: what is installed, and what each one brings."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import click

from rollkit.cli.output import print_json

if TYPE_CHECKING:
    from rollkit.declare import ReaderSpec, Spec
    from rollkit.guard import Origin
    from rollkit.parameters import Parameter
    from rollkit.plugins import Plugins


@click.group(invoke_without_command=True)
@click.option("--json", "as_json", is_flag=True, help="Print JSON instead of a table.")
@click.pass_context
def plugins(context: click.Context, as_json: bool) -> None:
    """List the installed plugins, or show what one of them brings.

    \b
    rollkit plugins
    rollkit plugins show left
    rollkit plugins show ./my_metric.py
    """
    if context.invoked_subcommand is None:
        context.invoke(list_plugins, as_json=as_json)


@plugins.command("list")
@click.option("--json", "as_json", is_flag=True, help="Print JSON instead of a table.")
def list_plugins(as_json: bool = False) -> None:
    """List every installed plugin, from metadata alone: nothing is imported.

    \b
    rollkit plugins list --json
    """
    from rollkit.cli.tables import print_table
    from rollkit.discovery import installed

    origins = [one.origin for one in installed()]
    if as_json:
        print_json([_origin(one) for one in origins])
        return
    rows = [(one.plugin, one.distribution or "", one.version or "", one.module) for one in origins]
    print_table("", ("plugin", "distribution", "version", "module"), rows, numbers=set())


@plugins.command("show")
@click.argument("name")
@click.option("--json", "as_json", is_flag=True, help="Print JSON instead of text.")
def show(name: str, as_json: bool) -> int:
    """Show what plugin NAME brings: metrics, integrators, formats and so on, and their options.

    The name of a format or a preset does as well.

    \b
    rollkit plugins show formats
    rollkit plugins show npz
    rollkit plugins show jerk
    rollkit plugins show left
    """
    from rollkit.errors import ExitCode, UsageError
    from rollkit.plugins import Plugins

    loaded = Plugins()
    try:
        members = loaded.load([name])
    except UsageError:
        if not _print_member(loaded, name, as_json=as_json):
            raise
        members = []
    found = [_brought(loaded, member) for member in members]
    if as_json and found:
        print_json(found)
    else:
        for one in found:
            _print_plugin(one)
    for fault in loaded.failures:
        click.echo(f"{click.style('failed:', fg='red', bold=True)} {fault}", err=True)
    return ExitCode.FAILED if loaded.failures else ExitCode.OK


def _origin(origin: "Origin") -> dict[str, Any]:
    return {
        "name": origin.plugin,
        "distribution": origin.distribution,
        "version": origin.version,
        "module": origin.module,
    }


def _brought(loaded: "Plugins", key: str) -> dict[str, Any]:
    """What one plugin declares, as plain values."""
    from rollkit.cli.preset_text import described
    from rollkit.gates.files import read_gates

    def mine(table: Any) -> list[dict[str, Any]]:
        return [_described(one.spec) for one in table.values() if one.origin.key == key]

    presets = [one for one in loaded.presets.values() if one.origin.key == key]
    # The presets name their metrics, and what these are follows from the checks.
    read = {one.name for preset in presets for one in preset.spec.metrics}
    plain = [one for one in mine(loaded.metrics) if one["preset"] is None or one["name"] in read]
    return {
        **_origin(loaded.origins[key]),
        "metrics": plain,
        "integrators": mine(loaded.integrators),
        "action_sources": mine(loaded.sources),
        "executors": mine(loaded.executors),
        "readers": mine(loaded.readers),
        "inverses": mine(loaded.inverses),
        "baselines": mine(loaded.baselines),
        "reporters": mine(loaded.reporters),
        "presets": [described(one, loaded) for one in presets],
        "gates": [one.to_dict() for file in loaded.gate_files_of(key) for one in read_gates(file)],
    }


def _described(spec: "Spec") -> dict[str, Any]:
    """Everything a spec says, as plain values."""
    facts = {name: value for name, value in spec._asdict().items() if name not in _INNER}
    options = facts.pop("parameters", None)
    facts = {name: dict(one) if isinstance(one, Mapping) else one for name, one in facts.items()}
    return facts if options is None else {**facts, "options": [_option(one) for one in options]}


_INNER = ("function", "recognises")
_SHOWN_APART = ("name", "definition", "options")


def _option(one: "Parameter") -> dict[str, Any]:
    return {
        "name": one.name,
        "default": None if one.required or one.default is None else str(one.default),
        "unit": one.about.unit,
        "range": one.range,
        "required": one.required,
        "meaning": one.about.doc,
    }


def _print_member(loaded: "Plugins", name: str, *, as_json: bool) -> bool:
    """What is no plugin, but has a name that users know: a format or a preset. Whether it is."""
    from rollkit.cli.preset_text import described, print_preset
    from rollkit.plugins import FORMATS, PRESETS

    loaded.load([FORMATS, PRESETS])
    if name in loaded.readers:
        _print_format(loaded.readers[name].spec, as_json=as_json)
    elif name in loaded.presets:
        facts = described(loaded.presets[name], loaded)
        (print_json if as_json else print_preset)(facts)
    return name in loaded.readers or name in loaded.presets


def _print_format(spec: "ReaderSpec", *, as_json: bool) -> None:
    """One format, with all that its reader's docstring says about keys and columns."""
    import inspect

    described = _described(spec)
    if as_json:
        print_json(described)
        return
    click.echo(f"format {spec.name}: {', '.join(spec.suffixes) or 'no suffix of its own'}\n")
    click.echo(inspect.cleandoc(spec.function.__doc__ or spec.definition))
    _print_options(described["options"])


_KINDS = {
    "metrics": "metric",
    "integrators": "integrator",
    "action_sources": "action source",
    "executors": "executor",
    "readers": "reader",
    "inverses": "inverse",
    "baselines": "baseline",
    "reporters": "reporter",
}


def _print_plugin(plugin: dict[str, Any]) -> None:
    owner = f" ({plugin['distribution']} {plugin['version']})" if plugin["distribution"] else ""
    click.echo(f"plugin {plugin['name']}{owner}: {plugin['module']}")
    for kind, singular in _KINDS.items():
        for one in plugin[kind]:
            click.echo(f"\n{singular} {one['name']}")
            click.echo(f"  {one['definition']}")
            facts = [
                f"{key.replace('_', ' ')}: {_words(key, value)}"
                for key, value in one.items()
                if key not in _SHOWN_APART and value not in ((), {}, None, False)
            ]
            if facts:
                click.echo(f"  {'; '.join(facts)}")
            _print_options(one.get("options"))
    for preset in plugin["presets"]:
        click.echo(f"\npreset {preset['name']}")
        click.echo(f"  {preset['definition']}")
        click.echo(f"  {len(preset['metrics'])} metrics: {', '.join(preset['metrics'])}")
        click.echo(f"  rollkit presets show {preset['name']}: limits, rules and quirks")
    if plugin["gates"]:
        click.echo(f"\ngates, --gates {plugin['name']}")
        for gate in plugin["gates"]:
            mild = "" if gate["severity"] == "error" else f"  ({gate['severity']})"
            click.echo(f"  {gate['expr']}{mild}")


def _print_options(options: Sequence[dict[str, Any]] | None) -> None:
    from rollkit.cli.tables import print_table

    if options:
        rows = [
            (
                option["name"],
                "required" if option["required"] else option["default"] or "none",
                option["unit"],
                option["range"],
                option["meaning"],
            )
            for option in options
        ]
        head = ("option", "default", "unit", "range", "meaning")
        print_table("options, --set name=value", head, rows, numbers=set())


def _words(key: str, value: Any) -> str:
    if key in ("limits", "clips"):
        return ", ".join(f"|{signal}| <= {limit:g}" for signal, limit in value.items())
    if key == "breaks":
        return ", ".join(value)
    if isinstance(value, dict):
        return ", ".join(f"{name}^{power:g}" for name, power in value.items())
    if isinstance(value, tuple):
        return ", ".join("none" if one is None else str(one) for one in value)
    return str(value)
