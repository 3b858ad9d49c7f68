"""Files of a model's weights: one module per format."""
