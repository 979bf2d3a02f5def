"""Statistics of a difference: arrays and numbers in, an estimate out."""
