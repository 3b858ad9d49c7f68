"""What is selected: conditions by charts, what sets items apart, what can be done with them."""
