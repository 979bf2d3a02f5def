"""The displacement metrics that an evaluation against a reference computes when none is named."""

rollkit_plugins = ("ade", "fde", "min_ade", "min_fde", "missed", "heading_error")
