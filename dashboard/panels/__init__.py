"""Pieces of pages: functions of data that draw with Streamlit and hold no computation of their own."""
