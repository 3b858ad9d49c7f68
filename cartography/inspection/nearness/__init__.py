"""What is near an item, which of that the map shows, and what lies between two places."""
