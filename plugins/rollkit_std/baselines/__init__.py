"""What would have been predicted without a model: one baseline a file, from the history alone.

The last speed, acceleration, yaw rate and curvature are those of straight lines fitted by least
squares to the last 0.5 s of the history (`_history`); the prediction is the closed form.
"""
