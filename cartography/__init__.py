"""Embeddings into maps and findings: pure computation, without Streamlit and without files."""
