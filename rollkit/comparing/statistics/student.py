"""Student's t: the law of a difference over its standard error."""

import math
from typing import NamedTuple

from rollkit.comparing.statistics.estimate import TAIL, Constant, Estimate
from rollkit.comparing.statistics.pairs import Pairs
from rollkit.comparing.statistics.special import special


class Student(NamedTuple):
    """The law of (difference - tau) / stderr: Student's t with so many degrees of freedom."""

    difference: float
    stderr: float
    freedom: float

    @property
    def floor(self) -> float:
        """The smallest p-value: there is none."""
        return 0.0

    def above(self, tau: float) -> float:
        """The one-sided p-value of "at most tau"."""
        return float(special().stdtr(self.freedom, (tau - self.difference) / self.stderr))

    def below(self, tau: float) -> float:
        """The one-sided p-value of "at least tau"."""
        return float(special().stdtr(self.freedom, (self.difference - tau) / self.stderr))

    def interval(self) -> tuple[float, float]:
        """The interval of 95 %."""
        reach = float(special().stdtrit(self.freedom, 1.0 - TAIL)) * self.stderr
        return self.difference - reach, self.difference + reach


def student(pairs: Pairs) -> Estimate:
    """Student's t of two or more paired differences, with n - 1 degrees of freedom."""
    mean, std = pairs.moments()
    law: Student | Constant
    if std == 0.0:
        law = Constant(pairs.unit(mean), pairs.unit(pairs.tie), math.ldexp(1.0, -pairs.n))
    else:
        law = Student(pairs.unit(mean), pairs.unit(std / math.sqrt(pairs.n)), pairs.n - 1.0)
    return pairs.estimate(f"Student's t of {pairs.n:,} paired differences", law, *law.interval())
