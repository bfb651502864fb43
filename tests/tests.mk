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

# Helper programs of the tests: a peer, a shim.
HELPERS := $(BUILD)/tests/apiserver

LIB_apiserver := err mem io base64 usage
$(BUILD)/tests/apiserver: $(call objects,$(sort $(wildcard tests/apiserver/*.c)) \
		$(LIB_apiserver:%=lib/%.c))
	@mkdir -p $(@D)
	@echo "  LINK $@"
	$(Q)$(CC) $(ALL_CFLAGS) $(ALL_LDFLAGS) -o $@ $^ \
		$(call libs,libwebsockets openssl zlib)

HELPERS += $(BUILD)/tests/packfault.so
$(BUILD)/tests/packfault.so: tests/packfault.c
	@mkdir -p $(@D)
	@echo "  LINK $@"
	$(Q)$(CC) -std=c11 -D_GNU_SOURCE $(WARN) -O2 -shared -fPIC -o $@ $<

HELPERS += $(BUILD)/tests/noopenat2
$(BUILD)/tests/noopenat2: $(BUILD)/obj/tests/noopenat2.o
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

HELPERS += $(BUILD)/tests/memscan
$(BUILD)/tests/memscan: $(BUILD)/obj/tests/memscan.o
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

run-check: all $(UNITS) $(HELPERS)
	@$(PROVE) $(if $(T),$(T),$(UNITS) $(QUICK))

# The tests that have to wait for more than a minute.
run-check-slow: all $(HELPERS)
	@KPIPE_TEST_SECONDS=900 $(PROVE) $(SLOW)

# The end-to-end tests on the cluster and the pod of your choice, which needs
# the userland that the tests name: make check-cluster CLUSTER_POD=NS/POD
check-cluster: all
	@[ -n "$(CLUSTER_POD)" ] || { \
		echo "check-cluster: say which pod: CLUSTER_POD=NS/POD" >&2; \
		exit 2; }
	@CLUSTER_POD="$(CLUSTER_POD)" $(PROVE) $(sort $(wildcard tests/*e2e*.t))

# Fuzzers, by clang's libFuzzer; each runs for FUZZ_SECONDS on a corpus that
# starts from tests/fuzz/corpus/NAME, if that is there.
FUZZ_SECONDS ?= 60
FUZZERS := $(patsubst tests/fuzz/%.c,%,$(wildcard tests/fuzz/*.c))
fuzz_line = $(shell sed -n 's/^ \* $(2): //p' tests/fuzz/$(1).c)
fuzz: $(FUZZERS:%=fuzz-%)
fuzz-%: tests/fuzz/%.c
	@mkdir -p $(BUILD)/fuzz/$*.corpus
	clang -std=c11 -D_GNU_SOURCE -DVERSION='"fuzz"' -I. -O1 -g \
		-fsanitize=fuzzer,address,undefined \
		-fno-sanitize-recover=all -o $(BUILD)/fuzz/$* $< \
		$(patsubst %,%.c,$(call fuzz_line,$*,links)) \
		$(call libs,$(call fuzz_line,$*,pkgs))
	cd $(BUILD)/fuzz && ./$* -max_total_time=$(FUZZ_SECONDS) -max_len=20480 \
		$(addprefix -dict=,$(wildcard $(CURDIR)/tests/fuzz/$*.dict)) \
		-print_final_stats=1 $*.corpus \
		$(wildcard $(CURDIR)/tests/fuzz/corpus/$*)

.PHONY: fuzz check check-slow run-check run-check-slow check-cluster
