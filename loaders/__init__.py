"""Files and checkpoints into embeddings."""
