"""What all other packages use: errors, settings, random streams, files, text, the study's own components."""
