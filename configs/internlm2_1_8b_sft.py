"""Supervised fine-tuning of InternLM2-chat-1.8B, QLoRA (nf4, r 64), packed 4,096.

    ABCLLM_BASE_MODEL=models/internlm2-chat-1_8b xtuner train configs/internlm2_1_8b_sft.py

Machine: one GPU of 16 GB with train_dataloader.batch_size=1; not run on a GPU yet.
Without CUDA it trains the small model that ships on a sample of `data/`.
"""

from mmengine.config import read_base

from abcllm.training.choices import settle

with read_base():
    from .fine_tuning import *

settle.build()(globals(), base="internlm2-chat-1_8b", corpus="corpora/imelodist")
