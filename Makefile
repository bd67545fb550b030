# Every target does its own set-up and may be run again at no cost.
# `make demo` and `make test` are all that a fresh machine with Go, gcc, make and
# git needs.

.PHONY: all setup tools build test check bench fuzz demo clean

FUZZTIME ?= 30s
BENCH    ?= .
DEMO     ?= instances/library/shop.yaml

all: build

setup:
	@tools/setup

build: setup
	@tools/build bin/berth

test: setup
	go test ./...
	go test -tags tripwire ./search/... ./heuristics/... ./solvers/...

check: setup tools
	@tools/check

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
