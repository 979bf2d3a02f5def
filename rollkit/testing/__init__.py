"""For the tests of plugin authors: hypothesis strategies of actions, states and rollouts.

Nothing else in rollkit imports hypothesis.
"""
