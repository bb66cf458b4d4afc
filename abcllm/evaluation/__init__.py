"""How near a conversion comes to its reference: notes, beats, bars, and all of it together."""
