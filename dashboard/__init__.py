"""Everything a person touches: the Streamlit dashboard and the command line."""
