"""What stands around the course: its commands, its bench, its pages."""
