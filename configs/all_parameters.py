"""What full fine-tunings share: `fine_tuning.py` without LoRA and without 4 bits. Configs read it and say the rest."""

from mmengine.config import read_base
from torch import float32

with read_base():
    from .fine_tuning import *

model.pop("lora")
model["llm"].pop("quantization_config", None)
model["llm"]["torch_dtype"] = (
    float32  # products are bfloat16; DeepSpeed keeps the weights in bfloat16 and a float32 copy
)
train_dataloader["batch_size"] = 1 if cuda else 4
optim_wrapper["accumulative_counts"] = 16 if cuda else 1
optim_wrapper["optimizer"].update(lr=2e-5 if cuda else 5e-4, weight_decay=0.1)
