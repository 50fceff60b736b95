#!/bin/sh
# Eight shards on the hosts of hosts.txt, which share this folder; each job gets PARALLEL_SEQ from 1.
parallel --sshloginfile hosts.txt --workdir . --jobs 1 --retries 3 \
  'blis sweep sweep.yaml --shard-from-env --num-shards 8 --out part-{#}.jsonl' ::: 1 2 3 4 5 6 7 8
blis sweep merge part-*.jsonl --out results.jsonl
