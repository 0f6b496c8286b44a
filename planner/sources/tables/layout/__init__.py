"""How a table lies in its sheet: titles, header, totals, running numbers, closing lines."""
