"""Supervised fine-tuning of InternLM2-chat-1.8B, all parameters, packed 4,096.

    NPROC_PER_NODE=8 xtuner train configs/internlm2_1_8b_sft_full.py --deepspeed deepspeed_zero2

Machine: 29 GB of weights, gradients and moments, shared by the GPUs; not run on a GPU yet.
Without CUDA it trains the small model that ships on a sample of `data/`.
"""

from mmengine.config import read_base

from abcllm.training.choices import settle

with read_base():
    from .all_parameters import *

settle.build()(globals(), base="internlm2-chat-1_8b", corpus="corpora/imelodist")
