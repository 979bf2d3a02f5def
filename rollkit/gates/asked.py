"""The metrics that gates name: looked up before anything is computed, and computed."""

from collections.abc import Sequence

from rollkit.errors import PluginError, UsageError
from rollkit.gates.gate import Gate
from rollkit.gates.judging import refuse_rate
from rollkit.plugins import Plugins


def metrics_asked(gates: Sequence[Gate], plugins: Plugins) -> list[str]:
    """The names of the metrics, each once.

    One that only a plugin could have that does not load is left out: its gate fails.

    Raises
    ------
    UsageError
        A metric that nobody knows, or the rate of one that has none.
    """
    plugins.load(one.plugin for one in gates if one.plugin)
    names: dict[str, None] = {}
    for gate in gates:
        expression = gate.expression
        try:
            spec = plugins.metric(expression.metric).spec
        except UsageError as error:
            raise UsageError(f"gate {gate.expr}: {error.message}", hint=error.hint) from None
        except PluginError:
            continue
        if expression.statistic == "rate":
            refuse_rate(expression, spec.bounds)
        names[spec.name] = None
    return list(names)
