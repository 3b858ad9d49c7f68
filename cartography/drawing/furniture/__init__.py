"""What stands around the land: title, legend, scale bar, compass rose and frame, and where they find room."""
