"""In place of torchaudio, which LLaMA-Factory 0.9.5 imports, and uses only for sound.

Its wheels do not load beside a torch for the processor alone.
"""
