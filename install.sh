#!/bin/sh
# Installs the program blis from a release, after its checksum was verified.
#
#   BLIS_VERSION       tag of the release; by default the latest
#   BLIS_INSTALL_DIR   folder for the program; by default ~/.local/bin
#   BLIS_REPOSITORY    owner/name on GitHub; a release's own copy of this script knows it
#   BLIS_RELEASES_URL  where releases are, instead of GitHub
set -eu

repository=${BLIS_REPOSITORY:-}
folder=${BLIS_INSTALL_DIR:-$HOME/.local/bin}

fail() {
  echo "error: $1" >&2
  exit 1
}

target() {
  case "$(uname -s)/$(uname -m)" in
    Linux/x86_64) echo x86_64-unknown-linux-gnu ;;
    Linux/aarch64 | Linux/arm64) echo aarch64-unknown-linux-gnu ;;
    Darwin/x86_64) echo x86_64-apple-darwin ;;
    Darwin/arm64) echo aarch64-apple-darwin ;;
    MINGW*/x86_64 | MSYS*/x86_64 | CYGWIN*/x86_64) echo x86_64-pc-windows-msvc ;;
    *) fail "No release for $(uname -s) on $(uname -m): run the sources with Deno instead" ;;
  esac
}

checksum() {
  if command -v sha256sum >/dev/null; then sha256sum "$1"; else shasum -a 256 "$1"; fi |
    cut -d ' ' -f 1
}

# The whole script is read before any of it runs, so that a download cut short does nothing.
main() {
  if [ -z "${BLIS_RELEASES_URL:-}" ]; then
    [ -n "$repository" ] || fail "Set BLIS_REPOSITORY to the owner/name of the project on GitHub"
    BLIS_RELEASES_URL=https://github.com/$repository/releases
  fi
  if [ -n "${BLIS_VERSION:-}" ]; then
    from=$BLIS_RELEASES_URL/download/$BLIS_VERSION
  else
    from=$BLIS_RELEASES_URL/latest/download
  fi
  target=$(target)
  archive=blis-$target.tar.gz
  work=$(mktemp -d)
  trap 'rm -rf "$work"' EXIT

  for file in "$archive" SHA256SUMS; do
    curl -fsSL --retry 3 -o "$work/$file" "$from/$file" || fail "Cannot get $from/$file"
  done
  expected=$(awk -v name="$archive" '$2 == name { print $1 }' "$work/SHA256SUMS")
  [ -n "$expected" ] || fail "SHA256SUMS says nothing of $archive"
  [ "$(checksum "$work/$archive")" = "$expected" ] ||
    fail "The checksum of $archive is not that of SHA256SUMS: nothing is installed"

  case $target in *windows*) program=blis.exe ;; *) program=blis ;; esac
  tar -xzf "$work/$archive" -C "$work"
  chmod +x "$work/$program"
  mkdir -p "$folder"
  # Within one folder a rename is whole or not at all, also while the old program runs.
  cp "$work/$program" "$folder/.$program.new"
  mv -f "$folder/.$program.new" "$folder/$program"
  echo "Installed $folder/$program: $("$folder/$program" --version)"
}

main
