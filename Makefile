# make run    install what is missing, build, serve (MUSIC=folder; without it a short tune the program makes)
# make test   install the oracles too, and run the tests;  make test-fast: those a change needs first;  make test-long: full sizes
# make test-clients  players that others wrote ask /rest, with pictures of those that have a window, in .build/clients
# make test-browser  the player in Chromium and Firefox;  make screenshots: pictures of all its views, in .build/screenshots
.PHONY: run deps build test test-fast test-long test-clients test-browser screenshots test-deps browser-deps client-deps client-packages lint bench clean
.DEFAULT_GOAL := run

PORT ?= 8080
DATA ?= data
MUSIC ?=

LIBRARIES := pkg-config libavcodec-dev libavformat-dev libswresample-dev libswscale-dev libmp3lame-dev libopus-dev \
	libebur128-dev libchromaprint-dev libseccomp-dev libsqlite3-dev zlib1g-dev
ORACLES := curl ffmpeg flac opus-tools sox nginx-light binutils strace python3-mutagen mpg123 wavpack faad vorbis-tools \
	musepack-tools speex lame mediainfo python3-venv python3-selenium python3-jsonschema chromium chromium-driver nodejs
# What PyPI alone has, or has newer: parsers, PostgreSQL's among them, clients of tus and Subsonic, and what sends all that an OpenAPI document allows; in
# .build/oracles.
PARSERS := m3u8==6.0.0 mpegdash==0.4.1 tuspy==1.1.0 schemathesis==4.32.5 pglast==8.8 py-sonic==1.2.0 py-opensonic==10.4.1

# What the player's tests need beside them: Firefox with a sound server, its driver, and a checker of accessibility, of which one file is taken.
BROWSERS := firefox-esr pulseaudio python3-numpy
DRIVERS := marionette-driver==3.7.1
AXE := axe-playwright-python==0.1.8
PICTURES := python3-pil fonts-dejavu-core

# Players that speak Subsonic, or play its streams, and what they need to run without a screen.
CLIENTS := mopidy python3-gst-1.0 gir1.2-gst-plugins-base-1.0 gstreamer1.0-plugins-good mpv vlc-bin vlc-plugin-base sublime-music gir1.2-gtk-3.0 \
	strawberry clementine xvfb xdotool dbus pulseaudio
SUBIDY := Mopidy-Subidy==1.1.0

# Tests wait for processes with deadlines of seconds: more of them at once than processors starve each other.
WIDTH = $(shell swift test --help-hidden 2>/dev/null | grep -q maximum-parallelization-width \
	&& echo --experimental-maximum-parallelization-width 4)

# Installs the Debian packages that are missing, and says what failed where that cannot be done.
define install
@missing=""; for package in $(1); do \
  dpkg-query -W -f='$${Status}' $$package 2>/dev/null | grep -q 'ok installed' || missing="$$missing $$package"; done; \
if [ -n "$$missing" ]; then \
  echo "installing:$$missing"; \
  root=""; [ "$$(id -u)" = 0 ] || root=sudo; \
  { $$root apt-get update -qq && DEBIAN_FRONTEND=noninteractive $$root apt-get install -y -qq --no-install-recommends $$missing; } >/dev/null \
  || { echo "sweetspot needs these Debian packages:$$missing"; exit 1; }; \
fi
endef

deps:
	@command -v swift >/dev/null || { echo "sweetspot needs Swift 6.2 or later: https://www.swift.org/install"; exit 1; }
	$(call install,$(LIBRARIES))

test-deps: deps
	$(call install,$(ORACLES))
	@mkdir -p .build; packages="$(PARSERS)"; \
	[ "$$(cat .build/oracles/installed 2>/dev/null)" = "$$packages" ] \
	|| { echo "installing: $$packages"; \
	  /usr/bin/python3 -m venv --clear --system-site-packages .build/oracles \
	  && .build/oracles/bin/pip install --quiet --disable-pip-version-check $$packages \
	  && echo "$$packages" >.build/oracles/installed; } \
	|| echo "PyPI's $$packages cannot be installed here: the tests that need them are SKIPPED"

browser-deps: test-deps
	$(call install,$(BROWSERS))
	@packages="$(DRIVERS) $(AXE)"; [ "$$(cat .build/oracles/browsers 2>/dev/null)" = "$$packages" ] \
	|| { echo "installing: $$packages"; \
	  .build/oracles/bin/pip install --quiet --disable-pip-version-check $(DRIVERS) \
	  && .build/oracles/bin/pip download --quiet --disable-pip-version-check --no-deps --dest .build/oracles $(AXE) \
	  && /usr/bin/python3 -c 'import glob, zipfile; \
	    open(".build/oracles/axe.min.js", "wb").write(zipfile.ZipFile(glob.glob(".build/oracles/axe_playwright_python-*.whl")[0]).read("axe_playwright_python/axe.min.js"))' \
	  && echo "$$packages" >.build/oracles/browsers; } \
	|| { echo "PyPI's $$packages cannot be installed here"; exit 1; }

# A client that cannot be installed is skipped, and the test says so.
client-deps: test-deps
	@$(MAKE) --no-print-directory client-packages || echo "not all clients of Subsonic can be installed here: the others are SKIPPED"
	@[ "$$(cat .build/oracles/subidy 2>/dev/null)" = "$(SUBIDY)" ] \
	|| { echo "installing: $(SUBIDY)"; .build/oracles/bin/pip install --quiet --disable-pip-version-check $(SUBIDY) \
	  && echo "$(SUBIDY)" >.build/oracles/subidy; } \
	|| echo "PyPI's $(SUBIDY) cannot be installed here: mopidy is SKIPPED"

client-packages:
	$(call install,$(CLIENTS))

build: deps
	swift build -c release --product sweetspot
	swift build -c release --product sweetspot-codec

run: build
	$(call install,curl)
	@PORT=$(PORT) DATA=$(DATA) MUSIC="$(MUSIC)" Config/run

# On CI nobody debugs what is built: without debug information it is built sooner. The index stays: SwiftPM looks for tests in it.
test: test-deps
	swift build --build-tests $(if $(CI),-debug-info-format none)
	swift test --skip-build $(WIDTH)

# The targets whose tests start no server, no codec and no foreign program: a minute after the build.
FAST := '(Audio|Packaging|Originals|Locker|Intake|Streaming|Push|Taste)Tests\.'

test-fast: deps
	swift build --build-tests
	SWEETSPOT_FAST=1 swift test --skip-build --filter $(FAST) --skip FolderWatchTests $(WIDTH)

test-long: client-deps
	swift build -c release --product sweetspot
	swift build -c release --product sweetspot-codec
	swift build --build-tests
	SWEETSPOT_LONG=1 SWEETSPOT_PROGRAM=.build/release/sweetspot swift test --skip-build $(WIDTH)

test-clients: build client-deps
	@mkdir -p .build/clients
	SWEETSPOT_PICTURES=$(CURDIR)/.build/clients .build/oracles/bin/python -B Tests/Oracles/subsonic_clients.py .build/release/sweetspot >.build/clients/verdict.json
	@python3 -c 'import json; verdict = json.load(open(".build/clients/verdict.json")); print(verdict["figures"]); exit(bool(verdict["problems"]))'

# Each program of Tests/Web is a test; all are run, whatever the first ones find.
test-browser: build browser-deps
	@passed=""; failed=""; export SWEETSPOT_PROGRAM=$(CURDIR)/.build/release/sweetspot; \
	if node -e 'process.exit(Number(process.versions.node.split(".")[0]) < 20)'; then \
	  node --import ./Tests/Web/register.mjs --test Tests/Web/ >.build/node.log 2>&1 && passed=" modules" || { failed=" modules"; tail -40 .build/node.log; }; \
	else echo "the modules are not tested: they need node 20"; fi; \
	for test in Tests/Web/*_test.py; do name=$$(basename $$test _test.py); echo "== $$name"; \
	  if timeout 1800 .build/oracles/bin/python -B $$test; then passed="$$passed $$name"; else failed="$$failed $$name"; fi; done; \
	echo "test-browser: passed:$${passed:- none}; failed:$${failed:- none}"; [ -z "$$failed" ]

screenshots: build browser-deps
	$(call install,$(PICTURES))
	SWEETSPOT_PROGRAM=$(CURDIR)/.build/release/sweetspot .build/oracles/bin/python -B Tests/Web/screenshots.py .build/screenshots

lint:
	swift format lint --strict --recursive --parallel Package.swift Sources Tests Benchmarks

# Suites against their thresholds, counts, costs, and the first table of Figures.md. Benchmarks/README.md has what takes minutes each.
bench: build test-deps
	$(call install,python3 python3-matplotlib valgrind wrk)
	Benchmarks/check-thresholds
	Benchmarks/count-allocations
	Benchmarks/count-instructions
	Benchmarks/time-codec-loop
	Benchmarks/measure-costs

clean:
	rm -rf .build
