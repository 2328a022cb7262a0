"""The phonetic RNN-T: features, ConvRNN-T encoder, predictor, joiner and decoding."""
