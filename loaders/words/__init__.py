"""Word vectors, in the layouts of word2vec, GloVe and fastText."""
