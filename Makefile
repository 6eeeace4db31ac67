# Liuhen (留痕). `make help` lists the verbs.
.POSIX:
LISTEN = 127.0.0.1:8080
.PHONY: help run verifier test mutate lint bench soak clean-demo

help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s%s\n", $$1, $$2 }' Makefile

run: ## install what is missing, build, serve a demonstration on http://127.0.0.1:8080 (only ./var-demo is written)
	@scripts/setup.sh run
	@echo "Building. The first release build takes some minutes; later ones take seconds."
	@swift build -c release --product liuhen
	@exec "$$(swift build -c release --show-bin-path)/liuhen" demo --directory ./var-demo --listen $(LISTEN)

verifier: ## build liuhen-verify as one file that runs on any Linux of this kind (no Swift needed there)
	@swift build -c release --product liuhen-verify -Xswiftc -static-executable --scratch-path .build/verifier
	@ls -l .build/verifier/release/liuhen-verify

test: ## install what tests need, build once, run everything
	@scripts/setup.sh test
	@swift build --build-tests
	@scripts/test.sh

mutate: ## change every row of every regulation and see that its histories notice; then show the coverage
	@swift build --product liuhen
	@scripts/tests.d/60-regulations.sh

lint: ## format and house rules
	@scripts/lint.sh

bench: ## measurements against what is demanded (scripts/bench.sh NAME for one)
	@scripts/setup.sh test
	@scripts/bench.sh

soak: ## long fault runs (scripts/soak.sh NAME for one)
	@scripts/setup.sh test
	@swift build --build-tests
	@scripts/soak.sh

clean-demo: ## remove the demonstration (./var-demo)
	@rm -rf ./var-demo
