"""Mathematics, prose, charts and drawings into terminal cells: text in, lines of text out. No Textual, no Rich."""
