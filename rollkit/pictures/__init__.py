"""What all pictures share: how they look, how a path is drawn to scale, how a file is written."""
