"""Coverage-guided fuzzing of the loaders, by atheris where it is installed."""
