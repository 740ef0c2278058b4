"""The types of columns that mean more than their SQL name; apart from DuckDB itself,
which takes a tenth of a second to load."""

INSTANT = "TIMESTAMP WITH TIME ZONE"  # a column of this type is given seconds since 1970
