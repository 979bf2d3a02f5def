"""Is no Python."""

def metric(:  # HERE
    pass
