"""Continued pre-training: InternLM2-chat-7B reads music, QLoRA (nf4, r 64), packed 4,096.

    ABCLLM_BASE_MODEL=models/internlm2-chat-7b ABCLLM_DATA=corpora/imelodist xtuner train configs/imelodist_increment.py
    NPROC_PER_NODE=8 xtuner train configs/imelodist_increment.py --deepspeed deepspeed_zero2

Machine: one GPU of 24 GB with train_dataloader.batch_size=1; not run on a GPU yet.
Without CUDA it trains the small model that ships on a sample of `data/`.
"""

from mmengine.config import read_base

from abcllm.training.choices import settle

with read_base():
    from .fine_tuning import *

train_dataloader["dataset"]["stage"] = "pretrain"
custom_hooks[-1].update(prompt_template=None, evaluation_inputs=["X:1\nT:The New Jig\nM:6/8\nL:1/8\nK:G\n"])

settle.build()(globals(), base="internlm2-chat-7b", corpus="corpora/imelodist")
