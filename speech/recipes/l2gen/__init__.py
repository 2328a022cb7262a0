"""L2-GEN: how Spanish speakers mispronounce English, learnt from counts and rules."""
