"""What can be found in a tune by computing: sections, control codes, melody, motif, form, chords."""
