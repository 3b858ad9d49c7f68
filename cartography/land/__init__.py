"""Projection and clustering -> MapScene: the land, its realms and its towns."""
