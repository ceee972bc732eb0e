"""What is taught: decks, lessons and exercise templates as text, and the reader that turns them into objects."""
