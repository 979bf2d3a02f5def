"""The comfort limits that nuPlan states and NAVSIM, Alpamayo and auto_e2e repeat.

All are strict and hold over the whole horizon; what each project compares with them differs.
Source: motional/nuplan-devkit @e9241677, nuplan/planning/script/config/common/simulation_metric/
low_level, the thresholds of the metrics `ego_lon_acceleration` ... `ego_yaw_rate`.
"""

MIN_LON_ACCEL = -4.05  # m/s^2, longitudinal acceleration
MAX_LON_ACCEL = 2.40  # m/s^2, longitudinal acceleration
MAX_LAT_ACCEL = 4.89  # m/s^2, magnitude of the lateral acceleration
MAX_YAW_RATE = 0.95  # rad/s, magnitude
MAX_YAW_ACCEL = 1.93  # rad/s^2, magnitude
MAX_LON_JERK = 4.13  # m/s^3, magnitude of the longitudinal jerk
MAX_JERK = 8.37  # m/s^3, magnitude of the jerk as a vector, or what a project takes for it
