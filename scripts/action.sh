#!/usr/bin/env bash
# What the action does: `blis check` with BLIS_ARGS and BLIS_SLO, by the release BLIS_VERSION or, if
# that is empty, by Deno. Writes the summary of the job and the outputs of the step. Exits as blis does.
# For bash 3.2 too, which macOS has.
set -euo pipefail

root=$(cd "$(dirname "$0")/.." && pwd)
work=$(mktemp -d "${RUNNER_TEMP:-/tmp}/blis.XXXXXX")

output() { printf '%s=%s\n' "$1" "$2" >>"$GITHUB_OUTPUT"; }

fail() {
  output verdict error
  printf '::error title=capacity check::%s\n' "$1" >&2
  exit 2
}

# xargs splits words as a shell does, quotes included, but expands nothing.
args=()
if [[ ${BLIS_ARGS:-} == *[![:space:]]* ]]; then
  xargs printf '%s\0' <<<"$BLIS_ARGS" >"$work/args" || fail 'The input args has an unmatched quote'
  while IFS= read -r -d '' word; do args+=("$word"); done <"$work/args"
fi
while IFS= read -r slo; do
  if [[ $slo == *[![:space:]]* ]]; then args+=(--slo "${slo%$'\r'}"); fi
done <<<"${BLIS_SLO:-}"

if [[ -n ${BLIS_VERSION:-} ]]; then
  BLIS_REPOSITORY=${GITHUB_ACTION_REPOSITORY:-${GITHUB_REPOSITORY:-}} BLIS_INSTALL_DIR=$work \
    sh "$root/install.sh" >&2 || fail "Cannot install blis $BLIS_VERSION"
  blis=("$work/blis")
else
  # Each command gives up what it does not need before it runs.
  blis=(deno run --no-prompt --quiet --frozen --allow-read --allow-write --allow-net --allow-env
    "$root/main.ts")
fi

json=$work/check.json
svg=$work/check.svg
code=0
"${blis[@]}" check ${args[@]+"${args[@]}"} --output json --github-summary "$work/summary.md" \
  --svg "$svg" >"$json" || code=$?

if [[ $code -gt 1 ]]; then
  output verdict error
  exit "$code"
fi
cat "$work/summary.md" >>"$GITHUB_STEP_SUMMARY"
if [[ $code -eq 0 ]]; then output verdict passed; else output verdict failed; fi
output json "$json"
output svg "$svg"
for metric in ttft_p99_ms itl_p99_ms e2e_p99_ms responses_per_sec tokens_per_sec; do
  output "${metric//_/-}" "$(sed -nE "s/^ *\"$metric\": ([^,]+),?\$/\\1/p" "$json" | tail -n 1)"
done
exit "$code"
