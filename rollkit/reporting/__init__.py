"""Reports: what people want to see of an artifact, collected for whoever draws it."""
