"""Our own model from scratch: 7.8 M parameters, tunes in fifteen keys, one epoch of 11.1 M tokens.

ABCLLM_TUNES=FOLDER abcllm data build configs/corpus/small.toml
python tools/make_base.py corpora/small --out models/small_base
ABCLLM_BASE_MODEL=models/small_base ABCLLM_DATA=corpora/small xtuner train configs/abcllm_small_pretrain.py

45 minutes of one core of an Intel Xeon with AMX; then 1.27 bits a character on the validation split.
"""

from mmengine.config import read_base

from abcllm.training.choices import settle

with read_base():
    from .from_scratch import *

settle.build()(globals(), base="models/small_base", corpus="corpora/small")
