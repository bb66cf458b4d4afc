"""One step with TRL's `SFTTrainer`, which knows conversations and plain text by their columns."""

from __future__ import annotations

from job import load_rows, read_job
from trl import SFTConfig, SFTTrainer


def main() -> None:
    job = read_job()
    settings = SFTConfig(
        output_dir=job.out, max_steps=1, per_device_train_batch_size=2, learning_rate=job.rate,
        max_length=job.most_tokens, use_cpu=True, bf16=False, logging_steps=1, save_strategy="no", report_to=[], seed=0,
    )  # fmt: skip
    trainer = SFTTrainer(model=job.model, args=settings, train_dataset=load_rows(job, job.rows))
    trainer.train()
    trainer.save_model()
    trainer.save_state()


main()
