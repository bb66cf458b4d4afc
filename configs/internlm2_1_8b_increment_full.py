"""Continued pre-training of InternLM2-chat-1.8B, all parameters, packed 4,096.

    NPROC_PER_NODE=8 xtuner train configs/internlm2_1_8b_increment_full.py --deepspeed deepspeed_zero2

Machine: 29 GB of weights, gradients and moments, shared by the GPUs; not run on a GPU yet.
Without CUDA it trains the small model that ships on a sample of `data/`.
"""

from mmengine.config import read_base

from abcllm.training.choices import settle

with read_base():
    from .all_parameters import *

train_dataloader["dataset"]["stage"] = "pretrain"
custom_hooks[-1].update(prompt_template=None, evaluation_inputs=["X:1\nT:The New Jig\nM:6/8\nL:1/8\nK:G\n"])

settle.build()(globals(), base="internlm2-chat-1_8b", corpus="corpora/imelodist")
