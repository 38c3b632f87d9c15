# The commands of a developer. `make help` lists them.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
SOURCE := build/source
# Tools that are not part of the development environment, each in an environment of its own.
TOOLS  := .venvs
PIP    := -m pip --disable-pip-version-check
UV     := uv==0.13.9
SBOM   := cyclonedx-bom==7.5.0
AUDIT  := pip-audit==2.10.1
LOCKED := pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-annotate \
    --no-emit-index-url --no-emit-find-links pyproject.toml

.DEFAULT_GOAL := help

$(VENV)/run: pyproject.toml requirements.lock
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@echo "Installing pysubtensor into $(VENV) ..." >&2
	@$(BIN)/python $(PIP) install --quiet --require-hashes --requirement requirements.lock
	@$(BIN)/python $(PIP) install --quiet --no-deps --editable .
	@touch $@

$(VENV)/dev: pyproject.toml requirements-dev.lock
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@echo "Installing the development tools into $(VENV) ..." >&2
	@$(BIN)/python $(PIP) install --quiet --require-hashes --requirement requirements-dev.lock
	@$(BIN)/python $(PIP) install --quiet --no-deps --no-build-isolation --editable .
	@touch $@ $(VENV)/run

# $(call tool,NAME,REQUIREMENT): make the environment of a tool, if it has another version or none.
tool = test -f $(TOOLS)/$1/$2 || { rm -rf $(TOOLS)/$1 && $(PYTHON) -m venv $(TOOLS)/$1 && \
    $(TOOLS)/$1/bin/python $(PIP) install --quiet $2 && touch $(TOOLS)/$1/$2; }

# The extra `docs` of pyproject.toml, whose packages the development environment does not need.
$(TOOLS)/docs/made: pyproject.toml
	@rm -rf $(TOOLS)/docs && $(PYTHON) -m venv $(TOOLS)/docs
	@echo "Installing what builds the site into $(TOOLS)/docs ..." >&2
	@$(PYTHON) -c 'import tomllib; print(*tomllib.load(open("pyproject.toml", "rb"))["project"]["optional-dependencies"]["docs"], sep="\n")' \
	    > $(TOOLS)/docs/requirements.txt
	@$(TOOLS)/docs/bin/python $(PIP) install --quiet --requirement $(TOOLS)/docs/requirements.txt
	@touch $@

.PHONY: help devnet test clients explorer-large sdk-e2e ts-e2e check docs docs-serve coverage picture golden stubs fuzz fuzz-seeds crash genuine evm-random network-smoke network-test soak mutants attack bench lab lock sbom audit clean

help:  ## list these targets
	@grep -hE '^[a-z0-9-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z0-9-]+):.*## (.*)/  make \1\t\2/' | expand -t 22

devnet: $(VENV)/run  ## start a local chain on ws://localhost:9944 (options: ARGS="--fast")
	@exec $(BIN)/pysubtensor devnet $(ARGS)

test: $(VENV)/dev  ## run the test suite, offline (options: ARGS="-k yuma")
	@$(BIN)/python -m pytest -m "not clients" $(ARGS)

clients: $(VENV)/dev  ## run the real clients against a pysubtensor node, in separate environments (ARGS="-k btcli")
	@$(BIN)/python -m tests.clients.environments
	@$(BIN)/python -m pytest -m clients tests/clients $(ARGS)

explorer-large: $(VENV)/dev  ## measure the explorer on a chain of 128 subnets with 256 neurons: times of pages, memory (ARGS="--small")
	@$(BIN)/python -m tests.clients.large_explorer $(ARGS)

sdk-e2e: $(VENV)/run  ## run the SDK's own end-to-end suite against pysubtensor's localnet (SDK=path of its repository)
	@scripts/sdk-e2e.sh "$(SDK)" $(ARGS)

ts-e2e: $(VENV)/run  ## run the real chain's own tests (moonwall, suite dev) against scripts/node-subtensor (SUBTENSOR=path of its repository)
	@scripts/ts-e2e.sh "$(SUBTENSOR)" $(ARGS)

check: $(VENV)/dev source  ## check style (ruff), types (mypy, strict) and the direction of imports (import-linter)
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@MYPYPATH=$(SOURCE) $(BIN)/mypy -p pysubtensor
	@cd $(SOURCE) && PYTHONPATH=. $(CURDIR)/$(BIN)/lint-imports --no-cache --no-logo $(CURDIR)/pyproject.toml

docs: source $(TOOLS)/docs/made  ## build the site into build/site; a broken link, or a request to another host, is an error
	@$(PYTHON) scripts/site_pages.py build/docs
	@$(TOOLS)/docs/bin/zensical build --strict --clean
	@! grep -rnoE '<(script|link|img|iframe)[^>]* (src|href)="(https?:)?//[^"]*' build/site --include='*.html'

docs-serve: docs  ## build the site and serve it on http://localhost:8000
	@$(PYTHON) -m http.server --bind 127.0.0.1 --directory build/site 8000

coverage: $(VENV)/dev  ## write docs/coverage.md (what of the real chain exists) and its summary in README.md again
	@$(BIN)/python -m tests.runtime.coverage

picture: $(VENV)/dev  ## make the picture of a devnet in README.md again, docs/assets/devnet.svg
	@$(BIN)/python scripts/picture.py

golden: $(VENV)/dev  ## rewrite the golden files; read the diff before committing it
	@GOLDEN=rewrite $(BIN)/python -m pytest tests -k golden

stubs: $(VENV)/dev  ## write what type checkers see of a chain again, from the declarations of the runtime
	@$(BIN)/python -m pysubtensor.chain.embed.typed.stubs

fuzz: $(VENV)/dev  ## fuzz extrinsics, requests and blocks with coverage, 10 minutes each (MINUTES=10 TARGET=blocks); needs Linux
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable ".[fuzz]"
	@for target in $(or $(TARGET),extrinsics requests blocks); do \
	    $(BIN)/python -m tests.fuzz.covered $$target --minutes $(or $(MINUTES),10) || exit 1; done

fuzz-seeds: $(VENV)/dev  ## feed mutated inputs to all decoders of external bytes, from a seed (SEED=1 ROUNDS=100000)
	@$(BIN)/python -m tests.fuzz --seed $(or $(SEED),1) --rounds $(or $(ROUNDS),100000)

crash: $(VENV)/dev  ## kill chains on disk, fill their disk, flip bytes of their files; 0 blocks lost (ARGS="--kills 100 --seed 2")
	@$(BIN)/python -m tests.crash $(ARGS)

genuine: $(VENV)/dev  ## replay all scripts of the genuine pallets in a folder (DIR=path JOBS=2 ARGS="--limit 0")
	@test -n "$(DIR)" || { echo "expected the folder of the scripts: make genuine DIR=path" >&2; exit 2; }
	@ls "$(DIR)"/*.json.gz >/dev/null 2>&1 || { echo "expected scripts, *.json.gz, in $(DIR): there are none" >&2; exit 2; }
	@$(BIN)/python -m tests.genuine --jobs $(or $(JOBS),2) $(ARGS) "$(DIR)"/*.json.gz

evm-random: $(VENV)/dev  ## run random programs on the chain's EVM, EELS and revm; each difference needs a rule (PROGRAMS=20000 SEED=1)
	@$(BIN)/python -m tests.random_programs --programs $(or $(PROGRAMS),20000) --seed $(or $(SEED),1) $(ARGS)

network-smoke: $(VENV)/dev  ## run five nodes with the real engine for about a minute; needs `pysubtensor network install`
	@$(BIN)/python -m tests.network smoke

network-test: $(VENV)/dev  ## run networks with the real engine for hours: kills, failures, load (ARGS="idle=10 load=15")
	@$(BIN)/python -m tests.network $(ARGS)

soak: $(VENV)/dev  ## run a node under mixed traffic for hours, and compare its memory, disk and state (BLOCKS=300000 BUSY=8 SEED=1)
	@$(BIN)/python -m tests.soak.soak --blocks $(or $(BLOCKS),300000) --busy $(or $(BUSY),8) --seed $(or $(SEED),1)

mutants: $(VENV)/dev  ## change the sources in 200 places, one at a time, and count what the tests notice (ARGS="--sample 20 --seed 2")
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable ".[mutants]"
	@$(BIN)/python -m tests.mutants $(ARGS)

attack: $(VENV)/dev  ## play hostile clients at full size against a node; print memory and delays (ARGS="one key")
	@$(BIN)/python -m tests.attacks $(ARGS)

bench: $(VENV)/dev  ## run all benchmarks, each with its ratio to a yardstick of the same run (ARGS="yuma")
	@$(BIN)/python -m benchmarks $(ARGS)

lab: $(VENV)/dev  ## run all studies of the lab: reports in build/lab, pages in docs/lab (STUDY=sybils ARGS="--jobs 2")
	@STUDY="$(STUDY)" scripts/lab.sh $(BIN) $(ARGS)

lock:  ## resolve requirements.lock and requirements-dev.lock again, for all platforms, with hashes
	@$(call tool,lock,$(UV))
	@$(TOOLS)/lock/bin/uv $(LOCKED) --extra dev --output-file requirements-dev.lock
	@$(TOOLS)/lock/bin/uv $(LOCKED) --constraint requirements-dev.lock --output-file requirements.lock

sbom:  ## write a bill of materials of the runtime's dependencies, build/sbom.cdx.json (CycloneDX)
	@$(call tool,sbom,$(SBOM))
	@mkdir -p build
	@PYTHONWARNINGS=ignore $(TOOLS)/sbom/bin/cyclonedx-py requirements --pyproject pyproject.toml --output-reproducible \
	    --output-file build/sbom.cdx.json requirements.lock
	@echo "Wrote build/sbom.cdx.json." >&2

audit:  ## compare both lock files with the published vulnerabilities; needs the network
	@$(call tool,audit,$(AUDIT))
	@scripts/audit.sh $(TOOLS)/audit/bin/pip-audit requirements.lock requirements-dev.lock

clean:  ## remove environments, caches and builds
	@rm -rf $(VENV) .venvs build dist .cache .mypy_cache .ruff_cache .pytest_cache .hypothesis *.egg-info

# mypy and import-linter have to see the repository's folders as the package `pysubtensor`: a copy in the layout of the wheel.
.PHONY: source
source:
	@rm -rf $(SOURCE) && mkdir -p $(SOURCE)
	@cp -Rp pysubtensor chain cli consensus explorer genesis lab runtime $(SOURCE)/ && cd $(SOURCE) && mv chain cli consensus explorer genesis lab runtime pysubtensor/
