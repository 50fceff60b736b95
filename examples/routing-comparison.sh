#!/usr/bin/env bash
# Which routing policy suits a workload? Simulates it under each and prints one line a policy.
#
#     examples/routing-comparison.sh
#     MODEL=meta-llama/llama-3.1-8b-instruct INSTANCES=8 examples/routing-comparison.sh clients.yaml
#
# BLIS is the command that starts the program; by default it is run from this folder's project.
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
workload=${1:-$here/prefix-affinity-demo.yaml}
model=${MODEL:-qwen/qwen3-14b}
instances=${INSTANCES:-4}
blis=${BLIS:-deno run -q --no-prompt --allow-read $here/../main.ts}

# The value of a field of the cluster's metrics, the last block of JSON that a run prints.
field() {
  sed -n "s/^  \"$1\": \([-0-9.e]*\),*$/\1/p" <<<"$2" | tail -n 1
}

compare() {
  local name=$1 result
  shift
  result=$($blis run --model "$model" --num-instances "$instances" --workload-spec "$workload" \
    --log error "$@")
  printf '%-34s %9.1f %9.1f %9.1f %9.1f %9.2f\n' "$name" \
    "$(field ttft_mean_ms "$result")" "$(field ttft_p99_ms "$result")" \
    "$(field e2e_mean_ms "$result")" "$(field e2e_p99_ms "$result")" \
    "$(field responses_per_sec "$result")"
}

printf '%-34s %9s %9s %9s %9s %9s\n' "$(basename "$workload")" \
  "TTFT mean" "TTFT p99" "E2E mean" "E2E p99" "requests/s"
compare "round-robin" --routing-policy round-robin
compare "least-loaded" --routing-policy least-loaded
compare "weighted (default scorers)" --routing-policy weighted
compare "weighted, by prefix" --routing-policy weighted \
  --routing-scorers "prefix-affinity:5,queue-depth:1"
compare "weighted, by load" --routing-policy weighted --routing-scorers "queue-depth:1"
compare "always-busiest (the worst case)" --routing-policy always-busiest
