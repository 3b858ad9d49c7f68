"""Questions of the form a is to b as c is to what."""
