"""What a trajectory does, in words, and whether it can be true: one plugin a file.

Everything is told from x, y, yaw and speed alone, so that it works for every log and prediction.
Each metric is 1 where the label or the flag holds, 0 where not, nan where any instant is missing;
the mean over rollouts is the share. Of each kind of action a trajectory has exactly one.

Longitudinal action: the first row that holds.

=============  =========================================================================
reverses       the net way driven along the yaw is at most -1 m
stops          |speed| ends below 0.5 m/s, or it is never 0.3 m or more from its start
accelerates    speed grows by 0.5 m/s² or more on average, and by 0.5 m/s or more in all
brakes         speed falls by as much
steady         none of these
=============  =========================================================================

Lateral action. The turn is the change of yaw over all steps at 0.5 m/s or more; the offset is that
of the end from the start, to the left of the heading halfway through the turn.

===================  ===================================================================
turns_left           the turn is 20° or more
turns_right          the turn is -20° or less
changes_lane_left    neither; the offset is 2 to 6 m, and the heading swings to the left beyond what
                     it was at both ends, by 1° and by half of offset/distance (rad) or more
changes_lane_right   its mirror image
goes_straight        none of these, or never 0.3 m or more from its start
===================  ===================================================================

A path that bends to one side only, however it bends, never swings beyond both ends and is no lane
change. Without a map, a chicane of 2 to 6 m is one.

Flags, better 0:

=====================  =================================================================
folds_back             within 1 m the path turns by more than 120°, without slowing down
teleports              a step is longer than its neighbours explain, or faster than 100 m/s
heads_against_motion   1 m or more is driven against the yaw, faster than 5 m/s or while the
                       speed says forward
moves_sideways         1 m or more is driven more than 30° off the yaw, to either end
mirrored               yaw and path turn by 0.2 rad or more, in opposite directions
=====================  =================================================================

Thresholds, rollkit's own unless stated, stand in `thresholds` with units and reasons. All are met
from a thousandth below them, so that rounding does not part round numbers. Published ones differ:

- Senna (data_tools/senna_qa_utils.py) over 3 s at 2 Hz: never 2 m/s is a stop; 3 m/s more or less
  at the end an acceleration or deceleration; 4 m aside a turn where the end is seen 5° or more off
  the heading, else a lane change.
- Waymo's motion metrics (motion_metrics_utils.cc): below 2 m/s and within 5 m is stationary, up to
  30° of turn straight.
"""

rollkit_plugins = (
    "longitudinal_action",
    "lateral_action",
    "folds_back",
    "teleports",
    "heads_against_motion",
    "mirrored",
)
