"""The journal, its projections, migrations, backup and sync. The only importer of SQLAlchemy."""
