"""A course written as a folder of YAML files, one a lesson: its content, reader and checker."""
