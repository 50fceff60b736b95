#!/bin/sh
# sbatch slurm.sh, then: blis sweep merge part-*.jsonl --out results.jsonl
#SBATCH --job-name=blis-sweep
#SBATCH --array=0-7
#SBATCH --cpus-per-task=2
#SBATCH --mem=1G
# The array begins with 0 and has as many tasks as there are shards. A task that failed is submitted
# again under its own number: sbatch --array=3 slurm.sh
exec blis sweep sweep.yaml --shard-from-env --num-shards 8 \
  --jobs "$SLURM_CPUS_PER_TASK" --out "part-$SLURM_ARRAY_TASK_ID.jsonl"
