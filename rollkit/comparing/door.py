"""Comparing two results: from a call to the verdicts."""

import datetime
from collections.abc import Sequence
from dataclasses import replace

from rollkit import provenance
from rollkit.comparing.alone import INFINITE
from rollkit.comparing.definitions import differences, other_unit, refuse
from rollkit.comparing.knowing import known_metrics
from rollkit.comparing.matching import refuse_other_kind
from rollkit.comparing.measuring import Found, Together, together
from rollkit.comparing.reach import out_of_reach
from rollkit.comparing.reading import Given, side_of
from rollkit.comparing.results import Comparison
from rollkit.comparing.sides import Declared, Side
from rollkit.comparing.tolerances import Amounts, Sizes, sizes
from rollkit.comparing.verdicts import Measured, verdicts
from rollkit.errors import UsageError, unknown
from rollkit.options import some

FAIL_ON = {"worse": ("worse",), "undecided": ("worse", "undecided"), "never": ()}
EQUIVALENCE = ("worse", "better", "differs", "undecided")


def compare(
    base: Given,
    candidate: Given,
    *,
    metrics: Sequence[str] | None = None,
    tolerance: Amounts | None = None,
    equivalence: bool = False,
    fail_on: str = "worse",
    alpha: float = 0.05,
    anyway: bool = False,
    names: tuple[str, str] | None = None,
) -> Comparison:
    """Compare two runs or two evaluations, metric by metric: what `rollkit compare` does.

    The difference is that of the means, candidate minus base. Rows of one seed, or one case, are
    paired; a seed's cells of a sweep and a case's samples are averaged first, as they are not
    independent of each other. Up to 2,000 pairs are tested by sign flips, more by Student's t of
    their differences. An artifact without values is compared by its means and standard deviations
    alone, by Welch's t, and so are columns without keys.

    Parameters
    ----------
    base, candidate : path, RunResult, EvalResult or mapping
        An artifact, whose values are looked for where it says that they were saved, beside it or
        here; a Parquet file of values, by `--save` or anybody's with a column `seed`, `case` or
        `id`; a result, whose values are there with `keep_values=True`; or columns `(n,)` by name.
        Columns without such a key are paired by position where both sides have as many rows.
    metrics : sequence of str, optional
        Compare only these.
    tolerance : number, str or mapping, optional
        The largest difference that does not matter: a number in each metric's own unit, `"5%"` of
        the magnitude of the base's mean, or by name, `"max_abs_jerk=5%,min_speed=0.1"`.
    equivalence : bool
        Hold the candidate to be the same: whatever is not `equal` fails. Takes a tolerance.
    fail_on : {"worse", "undecided", "never"}
        Which verdicts fail, `worse` in any case but the last. A metric that the base has and that
        is missing or failed in the candidate fails like a worse one.
    alpha : float
        The chance of a false `worse` among all metrics; likewise of a false `better`.
    anyway : bool
        Compare what is defined differently (another dt, say) and list how.
    names : (str, str), optional
        What the sides are called.

    Returns
    -------
    Comparison
        `.metrics["max_abs_jerk"].verdict`, `.difference`, `.low`, `.high`, `.ok`, `.failed`.

    Raises
    ------
    UsageError, DataError
        A wrong call, wrong data, or sides that are defined differently.

    References
    ----------
    S. Holm (1979) on many metrics; D. J. Schuirmann, A comparison of the two one-sided tests
    procedure and the power approach. Journal of Pharmacokinetics and Biopharmaceutics 15 (1987).

    Examples
    --------
    >>> import rollkit
    >>> asked = dict(metrics=["max_abs_jerk"], seeds=30, keep_values=True)
    >>> base, again = rollkit.run("left", **asked), rollkit.run("left", **asked)
    >>> compare(base, again).metrics["max_abs_jerk"].verdict
    'equal'
    >>> other = rollkit.run("left", params={"noise": 0.5}, **asked)
    >>> answer = compare(base, other)
    >>> answer.metrics["max_abs_jerk"].verdict, answer.ok
    ('worse', False)
    """
    failing = _failing(fail_on, equivalence)
    check_alpha(alpha)
    allowed = sizes("tolerance", tolerance)
    there, here = sides_of(base, candidate, names)
    refuse_other_kind(there, here)
    chosen = chosen_metrics((there, here), metrics)
    differing = differences(there, here, chosen)
    if not anyway:
        refuse(there, here, differing)
    allowed.check("the comparison", chosen)
    if equivalence:
        _need_tolerances(allowed, chosen)
    both = [name for name in chosen if _problem(name, there, here) is None]
    joined = together(there, here, both, allowed)
    known, guessed = known_metrics(chosen, there, here)
    measured = [_measured(name, known[name], there, here, joined, allowed) for name in chosen]
    pairing = joined.pairing
    found = verdicts(measured, alpha=alpha, equivalence=equivalence)
    return Comparison(
        base=there.name,
        candidate=here.name,
        metrics=found,
        paired_by=joined.paired_by,
        pairs=0 if pairing is None else pairing.pairs,
        only_base=0 if pairing is None else pairing.only_base,
        only_candidate=0 if pairing is None else pairing.only_candidate,
        alpha=alpha,
        definitions=tuple(differing),
        fail_on=failing,
        equivalence=equivalence,
        notes=(*joined.notes, *guessed, *out_of_reach(measured, found, alpha)),
        files=(*there.files, *here.files),
        provenance=provenance.environment(None),
        volatile={"started": datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds")},
    )


def check_alpha(alpha: float) -> None:
    """Refuse what is no chance of a false alarm.

    Raises
    ------
    UsageError
    """
    if isinstance(alpha, bool) or not isinstance(alpha, int | float) or not 0 < alpha < 0.5:
        raise UsageError(f"alpha: got {alpha!r}, expected a number between 0 and 0.5")


def sides_of(base: Given, candidate: Given, names: tuple[str, str] | None) -> tuple[Side, Side]:
    """Both sides, each metric declared as far as either knows it."""
    called = (None, None) if names is None else names
    if not isinstance(called, tuple | list) or len(called) != 2:
        raise UsageError(
            f"names: got {names!r}, expected what the base and the candidate are called"
        )
    return side_of(base, "base", called[0]), side_of(candidate, "candidate", called[1])


def chosen_metrics(sides: Sequence[Side], metrics: Sequence[str] | None) -> list[str]:
    """The metrics to compare: those named, or all that a side has, the base's first.

    Raises
    ------
    UsageError
        A metric that no side has, or none that both have.
    """
    known = list(dict.fromkeys(name for side in sides for name in side.metrics))
    if metrics is not None:
        wanted = list(dict.fromkeys(some("metrics", metrics)))
        for name in wanted:
            if name not in known:
                raise unknown("metric", name, known, of=" and ".join(one.name for one in sides))
        return wanted
    if not any(all(name in side.metrics for side in sides) for name in known):
        has = [f"{side.name} has {', '.join(list(side.metrics)[:3]) or 'none'}" for side in sides]
        raise UsageError(f"no metric that both sides have: {'; '.join(has)}")
    return known


def _failing(fail_on: str, equivalence: bool) -> tuple[str, ...]:
    if fail_on not in FAIL_ON:
        raise unknown("verdict to fail on", str(fail_on), FAIL_ON)
    return EQUIVALENCE if equivalence and fail_on != "never" else FAIL_ON[fail_on]


def _need_tolerances(allowed: Sizes, metrics: Sequence[str]) -> None:
    for name in metrics:
        size = allowed.of(name)
        if size is None or size.value == 0:
            raise UsageError(
                f"equivalence: {name} has no tolerance: how large a difference does not matter?",
                hint="tolerance=0.1, tolerance='5%' or tolerance='name=5%,other=0.1'",
            )


def _problem(name: str, base: Side, candidate: Side) -> tuple[str, bool] | None:
    """Why a metric cannot be compared, and whether that is the candidate's fault."""
    if name not in base.metrics:
        return f"missing in {base.name}", False
    if name not in candidate.metrics:
        return f"missing in {candidate.name}", True
    for side in (base, candidate):
        told = side.told.get(name)
        if told is not None and told.status == "failed":
            return f"failed in {side.name}: {told.error}", side is candidate
    unit = other_unit(base.metrics[name], candidate.metrics[name])
    return None if unit is None else (unit, True)


def _measured(
    name: str, known: Declared, base: Side, candidate: Side, joined: Together, allowed: Sizes
) -> Measured:
    blank = Measured(
        name=name,
        unit=known.unit or "",
        better=known.better,
        definition=known.definition or "",
        n_base=base.told[name].moments.n if name in base.told else 0,
        n_candidate=candidate.told[name].moments.n if name in candidate.told else 0,
    )
    problem = _problem(name, base, candidate)
    if problem is not None:
        return replace(blank, reason=problem[0], broken=problem[1])
    found, size = joined.found[name], allowed.of(name)
    mean = None if found.weighed is None else found.weighed.estimate.base_mean
    reason, gone = found.reason, found.n_base > 0 and found.n_candidate == 0
    if gone and reason != INFINITE:
        error = candidate.told[name].error if name in candidate.told else None
        reason = f"undefined in {candidate.name}" + (f": {error}" if error else "")
    elif size is not None and size.relative and size.value and not mean and reason is None:
        reason = f"{size} of a base mean of 0 is no tolerance"
    return replace(
        blank,
        n_base=found.n_base,
        n_candidate=found.n_candidate,
        weighed=found.weighed,
        bounds=known.bounds,
        only_base=found.only_base,
        only_candidate=found.only_candidate,
        reason=reason,
        held=_held(found, base, candidate),
        broken=gone,
    )


def _held(found: Found, base: Side, candidate: Side) -> str | None:
    """Why the candidate cannot be called better or equal: it has not all the values."""
    if found.only_base:
        return f"undefined in {candidate.name} for {found.only_base} that {base.name} has"
    there, here = found.undefined
    if here * found.n_base > there * found.n_candidate:
        return (
            f"undefined for {here} of {here + found.n_candidate} in {candidate.name}, "
            f"{there} of {there + found.n_base} in {base.name}"
        )
    return None
