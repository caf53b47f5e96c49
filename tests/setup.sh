#!/bin/sh
# What the tests need beyond Python packages: a browser, and three npm packages.
# `make setup-test` runs it with .venv/bin first on PATH (npm comes from there); a second run does nothing.
set -eu
cd "$(dirname "$0")"

stop() {
	printf 'tests/setup.sh: %s\n' "$1" >&2
	exit 1
}

as_root() {
	if [ "$(id -u)" -eq 0 ]; then
		"$@"
	elif command -v sudo >/dev/null; then
		sudo "$@"
	else
		stop "Testene trenger Chromium. Be en administrator kjøre: apt-get install chromium-headless-shell fonts-dejavu-core"
	fi
}

install_browser() {
	command -v apt-get >/dev/null ||
		stop "Testene trenger Chromium, og apt-get finnes ikke her. Installer Chromium slik at kommandoen «chromium» virker."
	echo "Installerer Chromium for nettlesertestene …"
	as_root apt-get update -qq
	as_root env DEBIAN_FRONTEND=noninteractive \
		apt-get install -y -qq --no-install-recommends chromium-headless-shell fonts-dejavu-core >/dev/null
}

install_npm_packages() {
	command -v npm >/dev/null || stop "Fant ikke npm. Kjør «make setup-test»; den legger npm i .venv."
	npm ci --ignore-scripts --prefix clients
}

# The one without a window is what the tests are quicker with.
command -v chromium-headless-shell >/dev/null || command -v chromium >/dev/null || install_browser
# npm writes this file last, so a broken installation is done again.
[ clients/node_modules/.package-lock.json -nt clients/package-lock.json ] || install_npm_packages
