"""What other projects measure, under their names: one file a project, and a bundle of them all.

A preset named after a project is faithful, its quirks included; where a definition is wrong as
physics, a second one with the suffix `_corrected` stands beside it.
"""

rollkit_plugins = (
    "nuplan_presets",
    "navsim_presets",
    "alpamayo_presets",
    "alpasim_presets",
    "auto_e2e_presets",
    "waymo_presets",
    "waymax_presets",
    "argoverse_presets",
    "autoware_presets",
    "comma_presets",
    "bounds_presets",
)
