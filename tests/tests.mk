# Building and running the tests; see tests/README.md.

UNIT_SRC := $(sort $(wildcard tests/unit/*.c))
UNITS := $(UNIT_SRC:tests/unit/%.c=$(BUILD)/tests/%)
SLOW := $(sort $(wildcard tests/*.slow.t))
QUICK := $(filter-out $(SLOW),$(sort $(wildcard tests/*.t)))

unit_links = $(shell sed -n 's/^ \* links: //p' tests/unit/$(1).c)
unit_pkgs = $(shell sed -n 's/^ \* pkgs: //p' tests/unit/$(1).c)

define unit_rule
$(BUILD)/tests/$(1): tests/unit/$(1).c $(call objects,$(addsuffix .c,$(call unit_links,$(1))))
	@mkdir -p $$(@D)
	@echo "  LINK $$@"
	$(Q)$$(CC) $$(ALL_CFLAGS) -Itests/unit $$(ALL_LDFLAGS) -o $$@ $$(filter %.c %.o,$$^) $$(call libs,$(call unit_pkgs,$(1)))
endef
$(foreach u,$(UNIT_SRC:tests/unit/%.c=%),$(eval $(call unit_rule,$(u))))

# The fuzzers' targets on the inputs that are kept, as tests.
FUZZERS := $(patsubst tests/fuzz/%.c,%,$(sort $(wildcard tests/fuzz/*.c)))
REPLAYS := $(FUZZERS:%=$(BUILD)/tests/replay-%)
fuzz_line = $(shell sed -n 's/^ \* $(2): //p' tests/fuzz/$(1).c)

define replay_rule
$(BUILD)/tests/replay-$(1): tests/corpus.c tests/fuzz/$(1).c $(call objects,$(addsuffix .c,$(call fuzz_line,$(1),links)))
	@mkdir -p $$(@D)
	@echo "  LINK $$@"
	$(Q)$$(CC) $$(ALL_CFLAGS) -DNAME='"$(1)"' $$(ALL_LDFLAGS) -o $$@ $$(filter tests/%.c %.o,$$^) $$(call libs,$(call fuzz_line,$(1),pkgs))
endef
$(foreach f,$(FUZZERS),$(eval $(call replay_rule,$(f))))

# Helper programs of the tests: a peer, a shim.
HELPERS := $(BUILD)/tests/apiserver

LIB_apiserver := err mem io base64 json usage
$(BUILD)/tests/apiserver: $(call objects,$(sort $(wildcard tests/apiserver/*.c)) \
		$(LIB_apiserver:%=lib/%.c))
	@mkdir -p $(@D)
	@echo "  LINK $@"
	$(Q)$(CC) $(ALL_CFLAGS) $(ALL_LDFLAGS) -o $@ $^ \
		$(call libs,libwebsockets openssl jansson zlib)

SHIMS := packfault resolve inside
HELPERS += $(SHIMS:%=$(BUILD)/tests/%.so)
$(SHIMS:%=$(BUILD)/tests/%.so): $(BUILD)/tests/%.so: tests/%.c
	@mkdir -p $(@D)
	@echo "  LINK $@"
	$(Q)$(CC) -std=c11 -D_GNU_SOURCE $(WARN) -O2 -shared -fPIC -o $@ $<

HELPERS += $(BUILD)/tests/without
$(BUILD)/tests/without: $(BUILD)/obj/tests/without.o
	@mkdir -p $(@D)
	@echo "  LINK $@"
	$(Q)$(CC) $(ALL_CFLAGS) $(ALL_LDFLAGS) -o $@ $^ $(call libs,libseccomp)

HELPERS += $(BUILD)/tests/writeback
OBJECTS_writeback := kconf/arena kconf/decode kconf/edit kconf/files kconf/fold \
	kconf/kubeconfig kconf/kuberc kconf/locked kconf/node kconf/path \
	kconf/scalar kconf/settings kconf/text kconf/value kconf/writeback \
	kconf/yaml \
	lib/base64 lib/err lib/io lib/mem tests/writeback
$(BUILD)/tests/writeback: $(OBJECTS_writeback:%=$(BUILD)/obj/%.o)
	@mkdir -p $(@D)
	@echo "  LINK $@"
	$(Q)$(CC) $(ALL_CFLAGS) $(ALL_LDFLAGS) -o $@ $^ $(call libs,yaml-0.1)

HELPERS += $(BUILD)/tests/memscan $(BUILD)/tests/swaps
$(BUILD)/tests/memscan $(BUILD)/tests/swaps: $(BUILD)/tests/%: $(BUILD)/obj/tests/%.o
	@mkdir -p $(@D)
	@echo "  LINK $@"
	$(Q)$(CC) $(ALL_CFLAGS) $(ALL_LDFLAGS) -o $@ $^

JOBS ?= 2
PROVE = PATH="$(CURDIR)/$(BUILD)/bin:$$PATH" KPIPE_TESTS="$(CURDIR)/tests" \
	KPIPE_BUILD="$(CURDIR)/$(BUILD)" KPIPE_SAN="$(SAN)" \
	PERL5LIB="$(CURDIR)/tests/perl" \
	prove -j $(JOBS) --formatter Kpipe::Tally -e 'sh $(CURDIR)/tests/one'

# What cannot be installed is said; the tests that miss it skip by name.
check check-slow:
	@tests/deps $(DEPS_BUILD) $(DEPS_TEST) || :
	@$(MAKE) --no-print-directory run-$@

run-check: all $(UNITS) $(REPLAYS) $(HELPERS)
	@$(PROVE) $(if $(T),$(T),$(UNITS) $(REPLAYS) $(QUICK))

# The tests that take long; first those that wait for more than a minute and do
# nothing meanwhile.
run-check-slow: all $(HELPERS)
	@KPIPE_TEST_SECONDS=900 $(PROVE) $(if $(T),$(T),$(filter tests/7%,$(SLOW)) \
		$(filter-out tests/7%,$(SLOW)))

# The end-to-end tests on the cluster and the pod of your choice, which needs
# the userland that the tests name: make check-cluster CLUSTER_POD=NS/POD
check-cluster: all
	@[ -n "$(CLUSTER_POD)" ] || { \
		echo "check-cluster: say which pod: CLUSTER_POD=NS/POD" >&2; \
		exit 2; }
	@CLUSTER_POD="$(CLUSTER_POD)" $(PROVE) $(sort $(wildcard tests/*e2e*.t))

# Fuzzers, by clang's libFuzzer; each runs for FUZZ_SECONDS on a corpus that
# starts from tests/fuzz/corpus/NAME and what is packed in NAME.pack beside it,
# where they are there. make pack-NAME packs the least that reaches as far as
# all that the fuzzer has found.
FUZZ_SECONDS ?= 60
fuzz: $(FUZZERS:%=fuzz-%)
fuzz-%: tests/fuzz/%.c $(BUILD)/tests/replay-%
	@mkdir -p $(BUILD)/fuzz/$*.corpus
	clang -std=c11 -D_GNU_SOURCE -DVERSION='"fuzz"' -I. -O1 -g \
		-fsanitize=fuzzer,address,undefined \
		-fno-sanitize-recover=all -o $(BUILD)/fuzz/$* $< \
		$(patsubst %,%.c,$(call fuzz_line,$*,links)) \
		$(call libs,$(call fuzz_line,$*,pkgs))
	[ ! -f tests/fuzz/corpus/$*.pack ] || $(BUILD)/tests/replay-$* \
		--unpack $(BUILD)/fuzz/$*.corpus <tests/fuzz/corpus/$*.pack
	cd $(BUILD)/fuzz && ./$* -max_total_time=$(FUZZ_SECONDS) -max_len=20480 \
		$(addprefix -dict=,$(wildcard $(CURDIR)/tests/fuzz/$*.dict)) \
		-print_final_stats=1 $*.corpus \
		$(wildcard $(CURDIR)/tests/fuzz/corpus/$*)
# By AFL++, since it is in processes of its own.
fuzz-whole: $(BUILD)/tests/replay-whole
	tests/fuzz/afl $(BUILD) $(FUZZ_SECONDS)
pack-whole: $(BUILD)/tests/replay-whole
	tests/fuzz/afl $(BUILD) --least
pack-%: $(BUILD)/tests/replay-%
	rm -rf $(BUILD)/fuzz/$*.least
	mkdir $(BUILD)/fuzz/$*.least
	$(BUILD)/fuzz/$* -set_cover_merge=1 -max_len=2048 \
		$(BUILD)/fuzz/$*.least $(BUILD)/fuzz/$*.corpus
	$< --pack $(BUILD)/fuzz/$*.least >tests/fuzz/corpus/$*.pack

.PHONY: fuzz check check-slow run-check run-check-slow check-cluster
