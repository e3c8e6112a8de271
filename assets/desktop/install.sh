#!/usr/bin/env bash
# Puts Shotpoint into a Linux desktop: program, menu entry, icon, file types, man pages.
#
#     cargo build --release
#     assets/desktop/install.sh                for this user, below ~/.local
#     sudo assets/desktop/install.sh /usr/local
#     assets/desktop/install.sh --uninstall [PREFIX]
#
# SHOTPOINT_PROGRAM names another program than target/release/shotpoint.
set -euo pipefail
repository="$(cd "$(dirname "$0")/../.." && pwd)"

uninstall=""
if [ "${1:-}" = "--uninstall" ]; then
  uninstall=1
  shift
fi
prefix="${1:-$HOME/.local}"
program="${SHOTPOINT_PROGRAM:-${CARGO_TARGET_DIR:-$repository/target}/release/shotpoint}"
share="$prefix/share"
pages=("$repository"/assets/man/*.1)

# What is put where; the menu entry is written below.
sources=("$program" "$repository/assets/icon.png" "$repository/assets/desktop/shotpoint-mime.xml" "${pages[@]}")
targets=("$prefix/bin/shotpoint" "$share/icons/hicolor/128x128/apps/shotpoint.png"
  "$share/mime/packages/shotpoint.xml" "${pages[@]/#*\//$share/man/man1/}")
entry="$share/applications/shotpoint.desktop"

if [ -n "$uninstall" ]; then
  rm -f "${targets[@]}" "$entry"
else
  if [ ! -x "$program" ]; then
    echo "There is no $program: run cargo build --release first" >&2
    exit 1
  fi
  for i in "${!sources[@]}"; do
    mode=644
    [ "$i" -gt 0 ] || mode=755
    install -D -m "$mode" "${sources[$i]}" "${targets[$i]}"
  done
  mkdir -p "$(dirname "$entry")"
  # The whole path, in quotes: not every desktop looks into ~/.local/bin.
  sed "s|^Exec=shotpoint|Exec=\"$prefix/bin/shotpoint\"|" "$repository/assets/desktop/shotpoint.desktop" >"$entry"
fi

# The desktop reads these folders through caches, where it has the tools that make them.
refresh() {
  if command -v "$1" >/dev/null 2>&1; then "$@" >/dev/null 2>&1 || true; fi
}
refresh update-mime-database "$share/mime"
refresh update-desktop-database "$share/applications"
refresh gtk-update-icon-cache -q -t "$share/icons/hicolor"

if [ -n "$uninstall" ]; then
  echo "Removed from $prefix; settings and datasets are untouched"
else
  echo "Installed to $prefix"
  case ":$PATH:" in *":$prefix/bin:"*) ;; *) echo "Note: $prefix/bin is not in PATH" ;; esac
fi
