"""What the trainings of our own model share: all weights, bfloat16 products, Muon. Configs that read it say the rest.

A batch is 4,096 tokens on a CPU, 32,768 with CUDA. Any value can be set from outside, as in
`--cfg-options train_dataloader.batch_size=4`.
"""

from mmengine.config import read_base
from mmengine.dataset import DefaultSampler
from mmengine.optim import LinearLR
from torch import float32
from transformers import AutoModelForCausalLM, AutoTokenizer
from xtuner.engine.runner import TrainLoop

from abcllm.training.choices import has_cuda
from abcllm.training.corpora import load_rows
from abcllm.training.muon import MuonConstructor
from abcllm.training.xtuner import Finetune, collate

with read_base():
    from .running import *

cuda = has_cuda.build()()  # mmengine turns imports into promises; `.build()` keeps one

# Model
pretrained_model_name_or_path = ""  # `settle` puts the base here, and wherever this name stands below
tokenizer = dict(
    type=AutoTokenizer.from_pretrained,
    pretrained_model_name_or_path=pretrained_model_name_or_path,
)
model = dict(
    type=Finetune,
    autocast="bfloat16",
    compiled=True,
    use_activation_checkpointing=False,
    llm=dict(
        type=AutoModelForCausalLM.from_pretrained,
        pretrained_model_name_or_path=pretrained_model_name_or_path,
        torch_dtype=float32,
    ),
)

# Data: texts are packed into rows of one length, in which each sees itself only
train_dataloader = dict(
    batch_size=64 if cuda else 8,
    num_workers=4 if cuda else 0,
    sampler=dict(type=DefaultSampler, shuffle=True),
    collate_fn=dict(type=collate),
    dataset=dict(
        type=load_rows,
        path="",
        pretrained_model_name_or_path=pretrained_model_name_or_path,
        max_length=512,
        stage="pretrain",
    ),
)

# Optimisation: the rate rises for 2 % of the run, then falls in a straight line
epochs, warm_up = 1, 0.02
optim_wrapper = dict(
    constructor=MuonConstructor,
    optimizer=dict(lr=5e-3, adam_lr=3e-3, weight_decay=0.1),
    clip_grad=dict(max_norm=1.0, error_if_nonfinite=False),
)
train_cfg = dict(type=TrainLoop, max_epochs=epochs)
param_scheduler = [
    dict(type=LinearLR, start_factor=0.05, end=warm_up * epochs, convert_to_iter_based=True),
    dict(
        type=LinearLR,
        start_factor=1.0,
        end_factor=0.1,
        begin=warm_up * epochs,
        end=epochs,
        convert_to_iter_based=True,
    ),
]

# Run
default_hooks["logger"]["interval"] = 20
default_hooks["checkpoint"]["interval"] = 250
