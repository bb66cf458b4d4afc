"""What fine-tunings share: QLoRA (nf4, r 64) on packed conversations with xtuner. Configs read it and say the rest.

Any value can be set from outside: `--cfg-options optim_wrapper.optimizer.lr=1e-4 train_dataloader.batch_size=2`.
Without CUDA the model is small, so it is trained in full precision, for a hundred steps of some thousand tokens.
"""

from mmengine.config import read_base
from mmengine.dataset import DefaultSampler
from mmengine.optim import CosineAnnealingLR, LinearLR, OptimWrapper
from peft import LoraConfig
from torch import bfloat16, float32
from torch.optim import AdamW
from transformers import AutoModelForCausalLM, AutoTokenizer, BitsAndBytesConfig
from xtuner.engine.hooks import EvaluateChatHook
from xtuner.engine.runner import TrainLoop
from xtuner.utils import PROMPT_TEMPLATE

from abcllm.training.choices import has_cuda
from abcllm.training.corpora import load_rows
from abcllm.training.xtuner import Finetune, collate

with read_base():
    from .running import *

cuda = has_cuda.build()()  # mmengine turns imports into promises; `.build()` keeps one

# Model
pretrained_model_name_or_path = ""  # `settle` puts the base here, and wherever this name stands below
tokenizer = dict(
    type=AutoTokenizer.from_pretrained,
    pretrained_model_name_or_path=pretrained_model_name_or_path,
    padding_side="right",
)
model = dict(
    type=Finetune,
    autocast="bfloat16" if cuda else None,
    use_activation_checkpointing=cuda,
    llm=dict(
        type=AutoModelForCausalLM.from_pretrained,
        pretrained_model_name_or_path=pretrained_model_name_or_path,
        torch_dtype=bfloat16 if cuda else float32,
    ),
    lora=dict(
        type=LoraConfig,
        r=64 if cuda else 16,
        lora_alpha=16,
        lora_dropout=0.1 if cuda else 0.0,
        bias="none",
        task_type="CAUSAL_LM",
    ),
)
if cuda:
    model["llm"]["quantization_config"] = dict(
        type=BitsAndBytesConfig,
        load_in_4bit=True,
        bnb_4bit_quant_type="nf4",
        bnb_4bit_use_double_quant=True,
        bnb_4bit_compute_dtype=bfloat16,
    )

# Data: texts are packed into rows of `max_length` tokens, in which each sees itself only
train_dataloader = dict(
    batch_size=8 if cuda else 4,
    num_workers=0,
    sampler=dict(type=DefaultSampler, shuffle=True),
    collate_fn=dict(type=collate),
    dataset=dict(
        type=load_rows,
        path="",  # `settle` puts the corpus here
        stage="sft",
        pretrained_model_name_or_path=pretrained_model_name_or_path,
        max_length=4096 if cuda else 512,
    ),
)

# Optimisation
optim_wrapper = dict(
    type=OptimWrapper,
    optimizer=dict(type=AdamW, lr=2e-4 if cuda else 2e-3, betas=(0.9, 0.999), weight_decay=0.0),
    clip_grad=dict(max_norm=1.0, error_if_nonfinite=False),
    accumulative_counts=16 if cuda else 1,
)
if cuda:
    epochs, warm_up = 3, 0.03 * 3
    train_cfg = dict(type=TrainLoop, max_epochs=epochs)
    param_scheduler = [
        dict(type=LinearLR, start_factor=1e-5, by_epoch=True, end=warm_up, convert_to_iter_based=True),
        dict(type=CosineAnnealingLR, by_epoch=True, begin=warm_up, end=epochs, convert_to_iter_based=True),
    ]
else:
    train_cfg = dict(type=TrainLoop, max_iters=100)
    param_scheduler = [dict(type=CosineAnnealingLR, by_epoch=False, eta_min=2e-4, end=100)]

# Run: now and then the model is asked
evaluation_inputs = ["Compose a jig in G major, 16 bars.", "写一首D大调的里尔舞曲。"]
custom_hooks.append(
    dict(
        type=EvaluateChatHook,
        tokenizer=tokenizer,
        every_n_iters=500,
        evaluation_inputs=evaluation_inputs,
        max_new_tokens=600 if cuda else 100,
        prompt_template=PROMPT_TEMPLATE.internlm2_chat,
    )
)
