"""Notes in time to a tune that a person would write: read MIDI, find beats, bars, voices, key and repeats, write ABC."""
