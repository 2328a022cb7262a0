"""The storytelling voice: curation, alignment, mel generator, vocoder, and what they are worth."""
