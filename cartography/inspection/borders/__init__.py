"""How well groups can be told apart, who is confused with whom, and who stands on the wrong side."""
