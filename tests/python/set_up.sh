#!/usr/bin/env bash
# Makes the Python environment of the interoperability tests: target/python, from requirements.txt.
#
#     tests/python/set_up.sh
#
# Then `cargo test` finds it by itself. Where it cannot be made (no Python 3.11, no venv module, no package
# index), the reason goes to target/python-missing.txt, the tests print it and pass, and this script ends
# with 0 all the same. SHOTPOINT_PYTHON names another Python for the tests; BASE_PYTHON one to build on.
set -uo pipefail
cd "$(dirname "$0")/../.."

target="${CARGO_TARGET_DIR:-target}"
environment="$target/python"
reason="$target/python-missing.txt"
wanted="tests/python/requirements.txt"
base="${BASE_PYTHON:-python3}"
mkdir -p "$target"

give_up() {
  rm -rf "$environment"
  printf '%s\n' "$1" >"$reason"
  printf 'NO PYTHON ENVIRONMENT: %s\nThe tests of interoperability will be skipped.\n' "$1" >&2
  exit 0
}

# A copy of the requirements in the environment says that it is whole, and of what.
if ! cmp -s "$wanted" "$environment/requirements.txt"; then
  rm -rf "$environment" "$reason"
  command -v "$base" >/dev/null 2>&1 || give_up "there is no $base"
  "$base" -c 'import sys; sys.exit(sys.version_info < (3, 11))' ||
    give_up "$("$base" --version) is older than 3.11, which numpy and xarray need"
  "$base" -m venv "$environment" || give_up "$base -m venv failed; on Debian: apt-get install python3-venv"
  log="$target/python-pip.log"
  "$environment/bin/python" -m pip install --quiet --disable-pip-version-check --no-input \
    --retries 1 --timeout 20 --only-binary :all: --requirement "$wanted" >"$log" 2>&1 ||
    give_up "pip could not install tests/python/requirements.txt: $(grep -m 1 ERROR "$log" || tail -n 1 "$log")"
  cp "$wanted" "$environment/requirements.txt"
fi
rm -f "$reason"
"$environment/bin/python" tests/python/versions.py
