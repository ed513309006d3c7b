# What to do with jiaokan from a checkout. `make` lists it.

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
# what the passes over shards leave between them stays
.SECONDARY:
.PHONY: help run shards undo explain report build test lint bench bench-quick copies peers same prior weights weights-english weights-letters words words-chinese lookalikes measure dropped across clean tools

# PAGES, OUT and FLAGS are words of a shell: PAGES="'my pages' more.jsonl" FLAGS="--script simplified -v"
PAGES ?= data/pages
OUT   ?= out
FLAGS ?=
FORCE ?=
REF   ?= HEAD~1
SETS  ?= seeds columns gloss harm
LEAN  ?= --paragraphs off --passages off --furniture off

CARGO  := $(or $(shell command -v cargo 2>/dev/null),$(wildcard $(HOME)/.cargo/bin/cargo))
NEEDED := $(shell sed -n 's/^rust-version = "\(.*\)"/\1/p' $(dir $(firstword $(MAKEFILE_LIST)))Cargo.toml)
BIN    := $(or $(CARGO_TARGET_DIR),target)/release/jiaokan
PEERS  := $(or $(CARGO_TARGET_DIR),target)/peers

help: ## List the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))

export COMMAND = $(BIN) clean $(PAGES) --out $(OUT) $(FLAGS)

# The settings in force, wherever they stand (FLAGS, the environment, jiaokan.toml), but for those that change nothing in
# the output.
SETTINGS = $(JIAOKAN) config $(FLAGS) --for-make
JIAOKAN  = $(BIN)

# OUT/.made holds the command of the last run with its settings and is as old as its beginning. Status 1 says that some
# documents were refused: the others are cleaned, so the run is done.
run: build ## Clean PAGES (data/pages) into OUT (out) if anything changed; FLAGS="..." are jiaokan's, FORCE=1 cleans anyway
	@$(JIAOKAN) config $(FLAGS) >/dev/null
	@changed=$$(find $(BIN) $(PAGES) -newer $(OUT)/.made -print -quit 2>/dev/null) || changed=unknown; \
	made=$$(printf '%s\n' "$$COMMAND"; $(SETTINGS)); \
	if [ -z "$${changed}$(FORCE)" ] && [ "$$(cat $(OUT)/.made)" = "$$made" ] && [ -e $(OUT)/report.json ]; then \
	    echo "$(OUT) is up to date; FORCE=1 cleans anyway"; \
	    exit 0; \
	fi; \
	mkdir -p $(OUT); \
	rm -f $(OUT)/.made; \
	printf '%s\n' "$$COMMAND"; \
	printf '%s\n' "$$made" >$(OUT)/.made.new; \
	status=0; $(COMMAND) || status=$$?; \
	case $$status in \
	    0) ;; \
	    1) echo "jiaokan ended with status 1: some documents were refused, see $(OUT)/rejected.jsonl" ;; \
	    *) exit $$status ;; \
	esac; \
	mv $(OUT)/.made.new $(OUT)/.made

# ---- A corpus in shards. Survey and finish see one shard each and settle the prints of all, so that make -j runs them
# side by side, and again only what changed: a shard that was edited, and those of which settle now says something else.
# Each writes beside and renames: what was killed is done again, and nothing else. The lexicon is learnt from all shards,
# so a change to one may change it, and then all are finished again; LEXICON=file uses one that stays. Other settings,
# wherever they stand, do all again. docs/batches.md says more.
NAMES    = $(patsubst $(SHARDS)/%.jsonl,%,$(sort $(wildcard $(SHARDS)/*.jsonl)))
SETTLED  = $(OUT)/.verdicts/settled
LEARNT   = $(or $(LEXICON),$(OUT)/.verdicts/lexicon)

# a file of what standard input says, which is left as it is where it says that already
PUT      = cat >$@.new && if cmp -s $@.new $@; then rm $@.new; else mv $@.new $@; fi

shards: $(if $(filter $(BIN),$(JIAOKAN)),build) ## Clean the SHARDS/*.jsonl into OUT, a folder each, with -j side by side; LEXICON=file, FLAGS="..."
	@[ -n "$(NAMES)" ] || { echo "usage: make -j2 shards SHARDS=folder-of-jsonl OUT=folder" >&2; exit 2; }
	@$(MAKE) -f $(firstword $(MAKEFILE_LIST)) --no-print-directory $(NAMES:%=$(OUT)/%/report.json)

.PHONY: look
$(OUT)/.settings: look
	@mkdir -p $(@D)
	@$(JIAOKAN) config $(FLAGS) >/dev/null
	@$(SETTINGS) | { $(PUT); }

$(OUT)/.names: look
	@mkdir -p $(@D)
	@printf '%s\n' $(NAMES) | { $(PUT); }

$(OUT)/.lexicon: look
	@mkdir -p $(@D)
	@printf '%s\n' "$(LEXICON)" | { $(PUT); }

$(OUT)/.prints/%.prints: $(SHARDS)/%.jsonl $(OUT)/.settings
	$(JIAOKAN) survey $< --prints $@ $(FLAGS) --quiet

$(SETTLED): $(NAMES:%=$(OUT)/.prints/%.prints) $(OUT)/.settings $(OUT)/.lexicon $(OUT)/.names
	$(JIAOKAN) settle $(filter %.prints,$^) --to $(@D) $(LEXICON:%=--lexicon %) $(FLAGS) --quiet
	@touch $@

# settle leaves a file as it is that would be the same again: then nothing is to be done behind it
$(NAMES:%=$(OUT)/.verdicts/%.verdicts) $(OUT)/.verdicts/lexicon: $(SETTLED)
	@:

$(OUT)/%/report.json: $(SHARDS)/%.jsonl $(OUT)/.verdicts/%.verdicts $(LEARNT) $(OUT)/.settings $(OUT)/.lexicon | $(OUT)/.prints/%.prints
	$(JIAOKAN) finish $< --prints $(OUT)/.prints/$*.prints --verdicts $(OUT)/.verdicts/$*.verdicts \
	    --lexicon $(LEARNT) --out $(@D) $(FLAGS) --quiet || [ $$? = 1 ]

undo: build ## Write the sources of OUT to the folder TO, byte for byte
	@[ -n "$(TO)" ] || { echo "usage: make undo TO=folder [OUT=out]" >&2; exit 2; }
	$(BIN) undo $(OUT) --to $(TO)

explain: build ## Show what was changed on page ID of OUT, and why
	@[ -n "$(ID)" ] || { echo "usage: make explain ID=01-harbour.txt [OUT=out]" >&2; exit 2; }
	@$(BIN) explain $(OUT) "$(ID)"

report: build ## Write OUT/report.html again, from OUT/report.json alone
	@$(BIN) report $(OUT)

build: tools ## Build the release binary
	$(CARGO) build --release

test: tools ## Run all tests
	$(CARGO) test --all-targets
	$(CARGO) test --doc

lint: tools ## Check the formatting, and what clippy says
	$(CARGO) fmt --check
	$(CARGO) clippy --all-targets -- -D warnings

bench: tools ## Measure MB/s of each stage and of the whole; a line goes to out/bench.jsonl
	$(CARGO) bench --bench throughput

bench-quick: tools ## The same in a few seconds, less exactly, and some planted copies
	$(CARGO) bench --bench throughput -- --quick
	$(CARGO) bench --bench copies -- --quick

copies: tools ## Plant copies in FROM="a.jsonl b.jsonl", or in text it makes, and say how many jiaokan finds; KEEP=folder
	$(CARGO) bench --bench copies -- $(FROM:%=--from %) $(if $(FLAGS),--flags "$(FLAGS)") $(KEEP:%=--keep %)

peers: build ## Run other deduplicators beside jiaokan on the copies of `make copies`; LEAN="flags of a lean run"
	$(MAKE) --no-print-directory copies KEEP=$(PEERS)/planted
	python3 benches/peers/peers.py $(PEERS)/planted --bin $(BIN) --venv $(PEERS)/venv --lean "$(LEAN)"

same: $(if $(filter file,$(origin BIN)),build) ## Compare what this tree and the commit REF (HEAD~1) write, to the byte; BIN=path REFBIN=path ONLY="web xwlb"
	@python3 benches/same.py --bin $(BIN) --ref $(or $(REFBIN),$(REF)) $(ONLY:%=--only %)

weights: tools ## Fit the weights of seams in Han script on the articles in FROM (docs.jsonl), write them to data/weights, and measure them
	@[ -n "$(FROM)" ] || { echo "usage: make weights FROM=docs.jsonl" >&2; exit 2; }
	$(CARGO) bench --bench fit -- seams --from $(FROM) $(FLAGS)
	$(CARGO) bench --bench seams -- --from $(FROM) $(FLAGS)

prior: tools ## Count the lexicon that ships with jiaokan over FROM, but for the articles that make weights breaks; FLAGS="--also more.jsonl"
	@[ -n "$(FROM)" ] || { echo "usage: make prior FROM=docs.jsonl" >&2; exit 2; }
	$(CARGO) bench --bench fit -- prior --from $(FROM) $(FLAGS)

weights-english: tools ## Fit the weights of seams in Latin script, and of its hyphens; FLAGS="--test other.jsonl" measures on others
	@[ -n "$(FROM)" ] || { echo "usage: make weights-english FROM=docs.jsonl" >&2; exit 2; }
	$(CARGO) bench --bench fit -- english --from $(FROM) $(FLAGS)
	$(CARGO) bench --bench english -- --from $(FROM) $(FLAGS)

weights-letters: tools ## The same for misread letters, on the pairs of text and gold in FROM; TEST=other.jsonl FLAGS=--show
	@[ -n "$(FROM)" ] || { echo "usage: make weights-letters FROM=pairs.jsonl" >&2; exit 2; }
	$(CARGO) bench --bench fit -- letters --from $(FROM)
	$(CARGO) bench --bench letters -- --from $(or $(TEST),$(FROM)) $(FLAGS)

words: tools ## Make the list of English words of those in FROM, as Debian's package scowl has them
	@[ -d "$(FROM)" ] || { echo "usage: make words FROM=/usr/share/dict/scowl" >&2; exit 2; }
	$(CARGO) bench --bench fit -- words --from $(FROM)

words-chinese: tools ## Make the table of Chinese words of FROM, the dict.txt of jieba
	@[ -f "$(FROM)" ] || { echo "usage: make words-chinese FROM=jieba/dict.txt" >&2; exit 2; }
	$(CARGO) bench --bench fit -- words-chinese --from $(FROM)

lookalikes: ## Draw the characters of Noto CJK and write which look alike to data/tables/lookalikes.tsv; FONTS=folder
	python3 -m venv $(PEERS)/lookalikes && $(PEERS)/lookalikes/bin/pip install -q -r benches/lookalikes/requirements.txt
	$(PEERS)/lookalikes/bin/python benches/lookalikes/lookalikes.py --to data/tables/lookalikes.tsv $(FONTS:%=--fonts %)

across: build ## Set articles of FROM="docs.jsonl" in columns, read them across, and say how many paragraphs come out right
	@[ -n "$(FROM)" ] || { echo "usage: make across FROM=docs.jsonl" >&2; exit 2; }
	python3 benches/across.py --bin $(BIN) --from $(FROM) $(FLAGS)

dropped: build ## List what leaves FROM="a.jsonl folder" as a copy and is not letter for letter what stays, side by side
	@[ -n "$(FROM)" ] || { echo "usage: make dropped FROM=docs.jsonl" >&2; exit 2; }
	python3 benches/dropped.py --bin $(BIN) $(FROM) $(FLAGS)

measure: build ## Score jiaokan on the real texts in ../shared; SETS="seeds columns gloss harm"
	@[ -d ../shared/accept ] || { echo "there is no ../shared/accept beside this folder: nothing to measure on" >&2; exit 2; }
	python3 ../shared/accept/measure.py --bin $(BIN) $(SETS)

clean: ## Remove what was built, and what make run wrote to out
	rm -rf target
	cd out && rm -rf .made .made.new clean clean.* clean-* changes.* clusters.* rejected.* sources.* pairs.* report.*

# A linker can be had from Debian; a Rust that is new enough, in most releases, cannot.
tools:
	@if [ -z "$(CARGO)" ]; then \
	    echo "cargo is missing. Install Rust $(NEEDED) or newer as https://rustup.rs says, then run make again." >&2; \
	    exit 2; \
	fi
	@found=$$($(CARGO) --version | cut -d' ' -f2); \
	if ! printf '%s\n' $(NEEDED) "$$found" | sort -C -V; then \
	    echo "cargo $$found is too old. Install Rust $(NEEDED) or newer as https://rustup.rs says, then run make again." >&2; \
	    exit 2; \
	fi
	@if ! command -v cc >/dev/null; then \
	    echo "cc is missing (Rust links with it): installing gcc"; \
	    { apt-get update && apt-get install -y gcc libc6-dev; } \
	        || { echo "gcc could not be installed: do it as root, apt-get install gcc libc6-dev" >&2; exit 2; }; \
	fi
