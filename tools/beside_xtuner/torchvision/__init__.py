"""In place of torchvision, which nobody needs to train on text, but which xtuner 0.2.0 imports.

The wheels of torchvision do not load beside a torch for the processor alone.
"""

__version__ = "0"
