"""What is drawn over the land besides names: borders, roads, banners, boats and beasts."""
