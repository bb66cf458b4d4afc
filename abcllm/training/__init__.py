"""Training models on corpora: xtuner's configs in `configs/*.py`, TRL's in `configs/trl/*.yaml`."""
