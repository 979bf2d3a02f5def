"""Where Alpamayo's definitions come from."""

PROJECT = "NVlabs/alpamayo"
COMMIT = "1cba38ca"
COMFORT = "finetune/rl/rewards/comfort_reward.py"
DISPLACEMENT = "src/alpamayo_r1/metrics/distance_metrics.py"

GROUPS = (
    "Alpamayo takes the mean over the K samples of a group, then over the groups of a scene. Here "
    "a case is a group: the mean over the samples, then over the cases."
)
