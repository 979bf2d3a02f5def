"""The standard plugins: scenarios, integrators and starter metrics, one plugin a file."""
