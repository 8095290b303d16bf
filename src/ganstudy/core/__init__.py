"""What all rooms use: errors, settings, random streams, files, text, own work."""
