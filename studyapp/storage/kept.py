"""How an item's row keeps its card, as SQL for all who read it: as JSON, or not at all where the row says it without.

Most cards of most tables are a question and an answer. Their JSON would be as long as all the rest of the row.
"""

from __future__ import annotations

CARD = (
    "CASE WHEN i.card <> '' THEN i.card ELSE json_object("
    "'deck', substr(i.key, 1, instr(i.key, '/') - 1), 'id', substr(i.key, instr(i.key, '/') + 1), 'kind', i.kind, "
    "'front', i.front, 'back', substr(i.text, length(i.front) + 2, length(i.text) - length(i.front) - 4), "
    "'digest', i.digest) END"
)
"""The JSON of a card, from the table `item` under the name `i`.

Where the column is empty, `front` is the whole question, and `text` is the question, a line break, the answer and three
line breaks: what the search looks through of a card that has nothing else.
"""
