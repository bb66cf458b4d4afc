"""One step with TRL's `SFTTrainer`, which knows conversations and plain text by their columns."""

from __future__ import annotations

from datasets import Dataset, concatenate_datasets, load_dataset
from job import read_job
from trl import SFTConfig, SFTTrainer


def main() -> None:
    job = read_job()
    if job.form == "arrow":
        rows = concatenate_datasets([Dataset.from_file(name) for name in job.files])
    else:
        rows = load_dataset("json", data_files=job.files, split="train")
    settings = SFTConfig(
        output_dir=job.out, max_steps=1, per_device_train_batch_size=2, learning_rate=job.rate,
        max_length=job.most_tokens, use_cpu=True, bf16=False, logging_steps=1, save_strategy="no", report_to=[], seed=0,
    )  # fmt: skip
    trainer = SFTTrainer(model=job.model, args=settings, train_dataset=rows.select(range(min(job.rows, len(rows)))))
    trainer.train()
    trainer.save_model()
    trainer.save_state()


main()
