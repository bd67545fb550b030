# Every target does its own set-up and may be run again at no cost.
# `make demo` and `make test` are all that a fresh machine with Go, gcc, make and
# git needs.

.PHONY: all setup setup-tests tools build test check regress bench fuzz demo clean

FUZZTIME ?= 30s
BENCH    ?= .
DEMO     ?= instances/library/shop.yaml

all: build

setup:
	@tools/setup

setup-tests: setup
	@tools/setup tests || echo 'setup: tests that need what is missing are skipped' >&2

build: setup
	@tools/build bin/berth

test: setup-tests
	go test ./...
	go test -tags tripwire ./search/... ./heuristics/... ./solvers/...

check: setup tools
	@tools/check

# The shipped instances and some generated ones against plans/regress.baseline.tsv.
regress: build
	@bin/berth regress --format table plans/regress.yaml

bench: setup
	go test -run '^$$' -bench '$(BENCH)' -benchmem ./...

fuzz: setup
	@tools/fuzz $(FUZZTIME)

demo: build
	@echo '$$ bin/berth solve $(DEMO)'
	@bin/berth solve --format table $(DEMO)

clean:
	rm -rf bin .tools

# The programs that `make check` runs, at the versions that tools/go.mod names.
tools: .tools/installed

.tools/installed: tools/go.mod tools/go.sum
	GOBIN=$(CURDIR)/.tools go install -C tools tool
	@touch $@
