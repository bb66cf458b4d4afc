"""Training of the beat tracker: scores with exact beats, performances made of them, a network that finds the beats."""
