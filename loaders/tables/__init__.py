"""Tables through Arrow: which columns are vectors, and how they become float32."""
