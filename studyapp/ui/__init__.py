"""The Textual application: the only importer of Textual."""
