"""The pages, one file each: thin, they arrange panels."""
