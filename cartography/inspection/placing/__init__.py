"""Where new vectors belong on a map that is there, and what their neighbours say of them."""
