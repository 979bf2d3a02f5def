"""From where on a trajectory is said to do something: numbers, units, reasons."""

import numpy as np

# m/s. Below, a vehicle stands: speeds by differences of poses that scatter by 1 cm reach 0.4.
STANDING_SPEED = 0.5
# m. Never so far from the start is standing all the time, whatever the speeds say.
STANDING_REACH = 0.3
# m. A pose may drift back by centimetres; a wheel turn, some 2 m, is meant.
REVERSE_WAY = 1.0
# m/s². The mean over the horizon. FLoRA's predicate for cruising: 0.5 m/s², learned in 0.3 to 1.0.
SPEED_CHANGE = 0.5
# m/s. In all: over a second or less a mean acceleration is little more than noise.
LEAST_SPEED_CHANGE = 0.5

# rad, 20°. A road's bend within some seconds is mostly less, a junction 70° or more.
TURN = np.pi / 9
# m. Less is a swerve within the lane, which is 2.5 to 3.75 m wide.
LANE_OFFSET = 2.0
# m. More within one horizon is where the road leads.
LARGEST_LANE_OFFSET = 6.0
# rad, 1°. Half the swing of a change of 3.5 m stretched over 190 m (6.4 s at 30 m/s).
SWING = np.pi / 180
# Of the angle that the offset is seen under. A lane change alone swings by the whole of it or more;
# a road that bends late leads aside with little swing.
SWING_SHARE = 0.5

# m. Between two points of a path that are compared in direction; a car needs 6 m for 120°.
FOLD_LENGTH = 0.5
# cos 120°.
FOLD_COSINE = -0.5
# m/s². What tyres give: speeds change from step to step by no more than this times dt.
TYRES = 10.0
# m. A jump worth the name, beyond the scatter of tracked vehicles at 10 Hz.
JUMP = 1.0
# How much longer than its neighbours a jump is.
JUMP_RATIO = 3.0
# m/s. 360 km/h.
FASTEST = 100.0
# m/s. Cars reverse at 20 km/h at most.
REVERSE_SPEED = 5.0
# m. So much of the way must contradict the yaw.
CONTRADICTED_WAY = 1.0
# cos 90°, and a little more: a yaw that is off by just 90° is not against the motion.
AGAINST_COSINE = -1e-3
# sin 30°. A point at the front axle moves up to the steering angle, 29° at 0.2 1/m, off the yaw.
SIDEWAYS_SINE = 0.5
# rad, 11°. More than the scatter of a yaw.
MIRRORED_TURN = 0.2
# rad. A yaw that turns by more in one step may as well have turned the other way.
ALIASED_TURN = np.pi
