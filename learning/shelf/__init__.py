"""The shelf: books read from their folders, checked, told aloud and read in turns."""
