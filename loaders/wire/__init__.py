"""Readers of the encodings that checkpoints come in: protobuf, msgpack, GGUF headers, tables of LevelDB."""
