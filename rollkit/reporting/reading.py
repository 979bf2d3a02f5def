"""Results by their paths: the artifact of a run or of an evaluation."""

from pathlib import Path

from rollkit.errors import UsageError
from rollkit.examples.choosing import Result
from rollkit.predictions.results import EvalResult, read_evaluation
from rollkit.results import RunResult, parsed, read_result


def read(result: Result | str | Path) -> Result:
    """The result itself, or that of an artifact.

    Raises
    ------
    DataError
        No artifact, or one of a newer rollkit.
    UsageError
        Neither a result nor a path.
    """
    if isinstance(result, RunResult | EvalResult):
        return result
    if not isinstance(result, str | Path):
        raise UsageError(
            f"got {type(result).__name__}, expected a result or the path of an artifact"
        )
    path = Path(result)
    return read_evaluation(path) if "eval" in parsed(path) else read_result(path)
