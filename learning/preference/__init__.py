"""The preference study: adults hear one passage read in two ways, and say which they prefer."""
