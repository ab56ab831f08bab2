#!/bin/sh
# The browser tests want a Chromium: one that is there, else Debian's package (when root), else Playwright's own.
# `age` and PostgreSQL are fetched the same way: their tests skip, with a reason, where they are absent.
set -u
have() { for name in "$@"; do command -v "$name" >/dev/null 2>&1 && return 0; done; return 1; }
missing=""
have chromium chromium-browser google-chrome google-chrome-stable || missing="chromium"
have age || missing="$missing age"
have postgres || ls /usr/lib/postgresql/*/bin/postgres >/dev/null 2>&1 || missing="$missing postgresql"
if [ -n "$missing" ] && [ "$(id -u)" = 0 ] && have apt-get; then
    echo "Installing for the tests: $missing"
    apt-get update -q >/dev/null 2>&1
    for package in $missing; do
        DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends "$package" >/dev/null 2>&1 \
            || echo "could not install $package"
    done
fi
if ! have chromium chromium-browser google-chrome google-chrome-stable; then
    .venv/bin/python -m playwright install chromium || echo "No Chromium: the browser tests will say so."
fi
exit 0
