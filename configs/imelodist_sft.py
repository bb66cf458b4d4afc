"""Supervised fine-tuning on conversations about music: InternLM2-chat-7B, QLoRA (nf4, r 64), packed 4,096.

    ABCLLM_BASE_MODEL=models/internlm2-chat-7b ABCLLM_DATA=corpora/imelodist xtuner train configs/imelodist_sft.py
    NPROC_PER_NODE=8 xtuner train configs/imelodist_sft.py --deepspeed deepspeed_zero2

For a model that has read music before, the base is the merged result of `imelodist_increment.py`.
Without CUDA: `xtuner train configs/imelodist_sft.py` trains the small model that ships on a sample of `data/`.
"""

from mmengine.config import read_base

from abcllm.training.choices import settle

with read_base():
    from .fine_tuning import *

settle.build()(globals(), base="internlm2-chat-7b", corpus="corpora/imelodist")
