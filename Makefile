# Tania. `make` lists what can be made.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help

VERSION := $(shell git describe --tags --always --dirty 2>/dev/null || echo dev)
TOOLS := $(shell go env GOPATH)/bin
GOLANGCI_LINT_VERSION := 2.15.0
FUZZTIME ?= 1m
TEST_TIMEOUT ?= 30m

# Programs the tests run, each as command:package. Any command of a group (a|b) will do. Debian's services of them are not started:
# the tests start their own.
NEEDS := chromium|chromium-browser|google-chrome|google-chrome-stable:chromium redis-server|valkey-server:redis-server systemd-analyze:systemd promtool:prometheus nginx:nginx haproxy:haproxy socat:socat curl:curl node:nodejs npm:npm

# Tests that do the same many times over (internal/testsize): in part with the race detector, whole without.
SIZED := ^TestOutages$$|^TestACrashAnywhereOfATurnIsFinishedByAnother$$|^TestConformance$$/^Model$$|^TestNothingIsLostInAnyCity$$|^TestPictures$$|^TestNoFlippedBitOrCutIsSilent$$|^TestAKillWhileAFileIsBroughtUpLeavesAWholeVersion$$|^TestAFlippedBitIsPutRight$$|^TestMoreDamageIsRefused$$|^TestQuestionsAreDifferentAndTheSameForTheSameSeed$$|^TestAModelThatObeysEverybodyStaysWithinTheRules$$|^TestTheRulesAllowWhatTheShopTakes$$|^TestTheShopsTasksAreDoneThroughAnyCrash$$|^TestWholeTurnsOfAModelThatObeysEverybody$$
SIZED_PACKAGES := ./internal/worker ./internal/queue/sqlitequeue ./internal/queue/redisqueue ./internal/simulation ./internal/dashboard ./internal/sqlitefile ./internal/cache/cacheeval ./internal/tool/policy

# Packages that compute much and run nothing beside anything, in code or tests: there is no race to detect in them, and they are tested
# without the detector. What uses them in many goroutines is tested with it.
SEQUENTIAL := ./internal/answer/modeltext ./internal/chatwoot/channels ./internal/dispatcher ./internal/knowledge/recall

# SQLite's code is C in Go's words, by far the most of what tests run, and not ours: it is compiled without the race detector. So it has to
# be of that one package, which has no generic code: of a generic function that several packages use, the linker keeps any one's copy.
# Around it the detector comes without its check of unsafe pointers.
RACE := -race -gcflags=modernc.org/...=-d=checkptr=0 -gcflags=modernc.org/sqlite/lib=-race=false

# Databases are synced at every step, and most of what many tests wait for is a disk. They need none: they kill processes, which takes
# nothing from the system's own memory, and the disks whose power they cut are their own. So what tests write is kept in memory, where the
# machine has 2 GiB of such from which programs run. Some tests start programs as another user, who must get there.
define IN_MEMORY
temp=$$(mktemp -d /dev/shm/tania-test-XXXXXX 2>/dev/null) || temp=; \
trap 'if [[ -n $$temp ]]; then rm -rf "$$temp"; fi' EXIT; \
if [[ -n $$temp ]] && chmod 711 "$$temp" && [[ $$(df -Pk "$$temp" | awk 'END {print $$4}') -gt 2097152 ]] && \
	printf '#!/bin/sh\n' >"$$temp/program" && chmod +x "$$temp/program" && "$$temp/program" 2>/dev/null; then \
	export GOTMPDIR="$${GOTMPDIR:-$${TMPDIR:-/tmp}}" TMPDIR="$$temp"; \
fi
endef

.PHONY: help build demo test prepare chaos simulate soak fuzz mutate measure bench bench-cache bench-knowledge train lint clean

help: ## List the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "  make %-15s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

build: ## Build bin/tania, static and without cgo
	sh deploy/build bin/tania '$(VERSION)'

demo: build ## Try Tania in the browser: no key, no Redis, no Docker
	@exec bin/tania demo

test: prepare ## Run all tests, with the race detector where there is a C compiler; e2e, which is about time, has the machine for itself
	go vet ./...
	@$(IN_MEMORY); \
	race='$(RACE)'; export CGO_ENABLED=1; \
	if ! command -v "$$(go env CC | cut -d' ' -f1)" >/dev/null; then \
		echo "No C compiler ($$(go env CC)): testing without the race detector."; \
		race=; CGO_ENABLED=0; \
	fi; \
	run() { echo "go test $$race $$1"; go test $$race -count=1 -timeout $(TEST_TIMEOUT) "$${@:2}"; }; \
	failed=0; \
	sequential=$$(go list $(SEQUENTIAL)); \
	run "all but e2e, the longest first" $$(go list ./... | grep -v '/e2e$$' | grep -vxF "$$sequential" | tac) || failed=1; \
	race= run "what runs nothing beside anything" $$sequential || failed=1; \
	if [[ -n $$race ]]; then \
		race= run "what was run in part, whole" -run '$(SIZED)' $(SIZED_PACKAGES) || failed=1; \
	fi; \
	race= run "./e2e, whose programs are built without the race detector" ./e2e || failed=1; \
	exit $$failed
	cd deploy/check && go vet ./... && go test -count=1 ./...

prepare:
	@missing=(); \
	for need in $(foreach n,$(NEEDS),'$(n)'); do \
		found=; IFS='|' read -ra commands <<<"$${need%%:*}"; \
		for c in "$${commands[@]}"; do if command -v "$$c" >/dev/null; then found=$$c; fi; done; \
		if [[ -z $$found ]]; then missing+=("$${need##*:}"); fi; \
	done; \
	if [[ $${#missing[@]} -eq 0 ]]; then exit 0; fi; \
	as=(); if [[ $$(id -u) -ne 0 ]]; then as=(sudo -n); fi; \
	if command -v apt-get >/dev/null && "$${as[@]}" true 2>/dev/null; then \
		echo "Installing what the tests need, with apt-get: $${missing[*]}"; \
		policy=/usr/sbin/policy-rc.d; \
		if [[ ! -e $$policy ]]; then printf '#!/bin/sh\nexit 101\n' | "$${as[@]}" install -m 755 /dev/stdin $$policy; else policy=; fi; \
		"$${as[@]}" apt-get update -qq && \
		"$${as[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$${missing[@]}" || \
		echo "apt-get could not install $${missing[*]}: the tests that need it will fail." >&2; \
		if [[ -n $$policy ]]; then "$${as[@]}" rm -f $$policy; fi; \
	else \
		echo "Missing: $${missing[*]}. It cannot be installed here (no apt-get, or neither root nor sudo without a password):" >&2; \
		echo "the tests that need it will fail." >&2; \
	fi

chaos: prepare ## Do 200 harms to processes, connections and Redis under load, and count (10 minutes)
	TANIA_CHAOS_ROUNDS=200 go test -race -count=1 -timeout 15m -run '^TestChaos' -v ./e2e

SEEDS ?= 10000
FIRST ?= 1

simulate: ## Live SEEDS (10000) simulated cities from seed FIRST (1) on, and cut the power SEEDS times under SQLite's file
	TANIA_SEEDS=$(SEEDS) TANIA_FIRST_SEED=$(FIRST) go test -count=1 -timeout 24h -v ./internal/simulation
	TANIA_POWER_CUTS=$(SEEDS) go test -count=1 -timeout 24h -v -run '^TestAPowerCut' ./internal/queue/sqlitequeue
	TANIA_FLIPS=1000 go test -count=1 -timeout 24h -v -run '^TestNoFlippedBit' ./internal/queue/sqlitequeue

SOAK_TIME ?= 30m
SOAK_RATE ?= 100

soak: prepare ## Have one api and two workers on Redis work for SOAK_TIME (30m) at SOAK_RATE (100) messages a second; into docs/soak.svg
	TANIA_SOAK_TIME=$(SOAK_TIME) TANIA_SOAK_RATE=$(SOAK_RATE) TANIA_SOAK_PLOT=$(CURDIR)/docs/soak.svg go test -count=1 -timeout 90m -run '^TestSoak$$' -v ./e2e

fuzz: ## Run each fuzz target for FUZZTIME (1m)
	@for package in $$(go list ./...); do \
		for target in $$(go test -list '^Fuzz' "$$package" | grep '^Fuzz' || true); do \
			echo "$$package $$target"; \
			go test -run '^$$' -fuzz "^$$target\$$" -fuzztime $(FUZZTIME) -fuzzminimizetime 1x "$$package"; \
		done; \
	done

MUTANTS ?= 30
SEED ?= 0
ROOM ?=

mutate: ## Put MUTANTS (30) deliberate faults into each room of the heart (or ROOM), chosen by SEED, and list those that its tests miss
	go run ./mutate -n $(MUTANTS) -seed $(SEED) -room '$(ROOM)'

measure: ## Print the sizes of files, packages and functions, and how much is tested and documented
	go run ./measure

bench: build ## Measure against the limits (6 minutes), into docs/benchmarks.md; RIVALS=1 installs BullMQ (npm) and asynq, and measures them too
	go run ./bench -tania bin/tania -o docs/benchmarks.md -plot docs/cost.svg $(if $(RIVALS),-rivals)

bench-cache: ## Measure the semantic cache with the labelled questions of DATA=DIR (2 minutes), into docs/cache-measured.md
	@test -n "$(DATA)" || { echo "Say where the labelled questions are: make bench-cache DATA=DIR (docs/semantic-cache.md says what is in it)" >&2; exit 2; }
	go run ./bench -cache "$(DATA)" -o docs/cache-measured.md

bench-knowledge: ## Measure the index of passages and what answers use at 50,000 of them: p50, p99, memory, time to read (3 minutes)
	go test -run '^$$' -bench FiftyThousandPassages -benchtime 3000x ./internal/knowledge/recall
	go test -run '^$$' -bench FiftyThousandEntries -benchtime 1000x ./internal/answer/knowledge
	go test -run '^$$' -bench ABotWithFifty -benchtime 5x ./internal/assembly

train: ## Fit the semantic cache's model to the labelled questions of DATA=DIR, and measure it on those it was not fitted to (5 minutes)
	@test -n "$(DATA)" || { echo "Say where the labelled questions are: make train DATA=DIR (docs/semantic-cache.md says what is in it)" >&2; exit 2; }
	go run ./internal/cache/train -data "$(DATA)" -o internal/cache/same/model.json

lint: $(TOOLS)/golangci-lint $(TOOLS)/govulncheck ## Run golangci-lint (with gofumpt) and govulncheck
	@if ! $(TOOLS)/golangci-lint version | grep -q 'version v\?$(GOLANGCI_LINT_VERSION) '; then \
		echo "note: $$($(TOOLS)/golangci-lint version | cut -d' ' -f1-4), not $(GOLANGCI_LINT_VERSION)"; fi
	$(TOOLS)/golangci-lint fmt --diff
	$(TOOLS)/golangci-lint run ./...
	go test -count=1 -run TestNoLineHasMoreThanFourBooleanOperators ./docs
	.ci/vulnerabilities

$(TOOLS)/golangci-lint:
	go install github.com/golangci/golangci-lint/v2/cmd/golangci-lint@v$(GOLANGCI_LINT_VERSION)

$(TOOLS)/govulncheck:
	go install golang.org/x/vuln/cmd/govulncheck@latest

clean: ## Remove what was built
	rm -rf bin
	find . -name '*.test' -type f -delete
