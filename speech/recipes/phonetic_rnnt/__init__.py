"""Recipe of the listener and its judge: prepare, train, judge, export, predict, evaluate."""
