"""The table of items: views of sorted rows, served in pages beside Streamlit, and the component that shows them."""

from dashboard.table.routes import table_routes
from dashboard.table.tables import TABLES, Tables
from dashboard.table.view import PAGE, TableView

__all__ = ["PAGE", "TABLES", "TableView", "Tables", "table_routes"]
