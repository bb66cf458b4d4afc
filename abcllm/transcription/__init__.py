"""Notes in time to a tune as a person would write it: beats, bars, voices, keys and repeats found in MIDI."""
