"""The laws as judge of a mutated `rollkit_std`: exit code 1 at the first violation.

Run by cosmic-ray for each mutant (docs/mutation-testing.md). Only the plugin that is mutated, as
git sees it, is checked.
"""

import subprocess
import sys
from pathlib import Path

from rollkit.testing import checks

EXAMPLES = 40


def mutated() -> list[str]:
    """Plugins whose file differs from the last commit."""
    command = ["git", "diff", "--name-only", "--", "plugins/rollkit_std"]
    answer = subprocess.run(command, capture_output=True, text=True, check=True)
    return [Path(name).stem for name in answer.stdout.split()]


def main() -> int:
    """Check until something is violated."""
    for plugin in mutated():
        for subject in checks.subjects(plugin):
            for law in checks.laws_of(subject):
                record = checks.check(law, subject, seed=1, max_examples=EXAMPLES)
                if record.failed:
                    print(record)
                    return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
