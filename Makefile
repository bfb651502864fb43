# kpipe.  The targets that people use:
#
#   make                the tools, in build/bin
#   make demo           installs what is missing, builds, copies a real tree
#   make check          the tests (check-slow: the ones that wait; both in CI)
#   make lint           style, include rules, banned calls, static analysis
#   make deps           Debian packages for building and testing
#   make bench          side by side with kubectl and GNU tar
#   make install        PREFIX, DESTDIR and PROGPREFIX as usual; uninstall too
#
# Knobs: CC, CFLAGS, SAN=address,undefined (builds in build-san), WERROR=1.

# make V=1 shows the commands.
Q := $(if $(V),,@)

# As much at once as there are processors, where no -j says otherwise.
ifeq ($(MAKELEVEL)$(filter -j%,$(MAKEFLAGS)),0)
MAKEFLAGS += -j$(shell nproc)
endif

VERSION := $(shell cat VERSION)
PREFIX ?= /usr/local
BINDIR ?= $(PREFIX)/bin
DATADIR ?= $(PREFIX)/share
MANDIR ?= $(DATADIR)/man
PROGPREFIX ?=
INSTALL ?= install
PKG_CONFIG ?= pkg-config

TOOLS := kconf kexec kpods ktar-pack ktar-unpack
SCRIPTS := kcp
MANPAGES := $(sort $(wildcard man/*.[157]))

BUILD := build$(if $(SAN),-san)
CFLAGS ?= -O2 -g
WARN := -Wall -Wextra -Wshadow -Wmissing-prototypes -Wstrict-prototypes \
	-Wformat=2 -Wvla -Wswitch-enum $(if $(WERROR),-Werror)
HARDEN := -fstack-protector-strong -fPIE \
	$(if $(SAN),-fsanitize=$(SAN) -fno-omit-frame-pointer \
	-fno-sanitize-recover=all,-U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=2)
ALL_CFLAGS := -std=c11 -D_GNU_SOURCE -DVERSION='"$(VERSION)"' -I. -MMD -MP \
	$(WARN) $(HARDEN) $(CFLAGS)
ALL_LDFLAGS := -pie -Wl,-z,relro,-z,now -Wl,--as-needed \
	$(if $(SAN),-fsanitize=$(SAN)) $(LDFLAGS)

# Files that do no I/O, and all of lib/, hold to -Wconversion as well.
PURE := lib/% kconf/arena kconf/block kconf/check kconf/convert kconf/decode \
	kconf/edit kconf/execcred kconf/fold kconf/jwt kconf/oauth kconf/scalar \
	kconf/settings \
	kconf/kubeconfig kconf/kuberc kconf/node kconf/path kconf/proxyenv kconf/text \
	kconf/url kconf/value \
	kexec/bucket kexec/frame kexec/session \
	kexec/spdyblock kexec/spdydict kexec/spdyframe \
	kexec/status kexec/target kexec/container kexec/ephemeral kexec/rank kpods/names ktar-pack/block ktar-pack/emit \
	ktar-pack/header ktar-pack/pax ktar-pack/name \
	ktar-pack/links ktar-pack/filter ktar-pack/shard ktar-pack/sparse ktar-unpack/policy ktar-unpack/scan \
	ktar-unpack/header ktar-unpack/attrs ktar-unpack/pax ktar-unpack/sparse

# What a tool is made of: its own folder, and of lib/ what it names here.
LIB_kconf := err mem io base64 json record kubeopts usage timestamp
LIB_kexec := err expect line mem io base64 json progress record kubeopts usage apistatus conn creds \
	dial duration exchange http url api apipath jsonlist pod podlist \
	proxyurl resolve timestamp tunnel wire workload
LIB_kpods := err mem io base64 json record kubeopts usage apistatus conn creds \
	dial duration exchange http url api apipath jsonlist pod podlist \
	proxyurl resolve timestamp tunnel wire workload
LIB_ktar-pack := err expect line mem meter progress io usage confine pattern posixacl gzip squeeze timestamp
LIB_ktar-unpack := err expect line mem meter progress io base64 usage confine pattern posixacl tree
LIBS_kconf := yaml-0.1 jansson libmd
LIBS_kexec := openssl jansson zlib
LIBS_kpods := openssl jansson
LIBS_ktar-pack := nettle libseccomp libzstd zlib
LIBS_ktar-unpack := nettle libseccomp libzstd zlib

objects = $(patsubst %.c,$(BUILD)/obj/%.o,$(1))
tool_objects = $(call objects,$(sort $(wildcard $(1)/*.c)) \
	$(LIB_$(1):%=lib/%.c))
libs = $(if $(1),$(shell $(PKG_CONFIG) --libs $(1)))

all: $(TOOLS:%=$(BUILD)/bin/%) $(SCRIPTS:%=$(BUILD)/bin/%)

# A script is its parts, one after another.
PARTS_kcp := head there lists operand pipe progress compare copy resume jobs plain direct debug transfer main

define script_rule
$(BUILD)/bin/$(1): $(PARTS_$(1):%=$(1)/%.sh) VERSION Makefile
	@mkdir -p $$(@D)
	@echo "  SH   $$@"
	$(Q)sed 's/@VERSION@/$(VERSION)/' $(PARTS_$(1):%=$(1)/%.sh) >$$@.new && chmod 755 $$@.new && mv $$@.new $$@
endef
$(foreach s,$(SCRIPTS),$(eval $(call script_rule,$(s))))

define tool_rule
$(BUILD)/bin/$(1): $(call tool_objects,$(1))
	@mkdir -p $$(@D)
	@echo "  LINK $$@"
	$(Q)$$(CC) $$(ALL_CFLAGS) $$(ALL_LDFLAGS) -o $$@ $$^ $$(call libs,$$(LIBS_$(1)))
endef
$(foreach t,$(TOOLS),$(eval $(call tool_rule,$(t))))

# Objects are made anew when what they are made with is another.
FLAGS := $(CC) $(ALL_CFLAGS) $(ALL_LDFLAGS)
ifneq ($(file <$(BUILD)/flags),$(FLAGS))
$(shell mkdir -p $(BUILD))
$(file >$(BUILD)/flags,$(FLAGS))
endif

pure = $(filter $(PURE),$(basename $(1)))
$(BUILD)/obj/%.o: %.c $(BUILD)/flags
	@mkdir -p $(@D)
	@echo "  CC   $<"
	$(Q)$(CC) $(ALL_CFLAGS) $(if $(call pure,$<),-Wconversion) -c -o $@ $<

-include $(shell find $(BUILD) -name '*.d' 2>/dev/null)

include tests/tests.mk

DEPS_BUILD := gcc libc6-dev binutils make pkg-config libyaml-dev libjansson-dev \
	libssl-dev libseccomp-dev libcurl4-openssl-dev libmd-dev \
	zlib1g-dev libzstd-dev nettle-dev
DEPS_LINT := clang clang-format cppcheck shellcheck
DEPS_TEST := libarchive-dev libwebsockets-dev openssl curl perl python3-minimal python3 tar \
	busybox-static toybox libarchive-tools acl attr gzip zstd time strace util-linux procps iproute2 \
	mandoc tinyproxy-bin microsocks stunnel4 tmux vim-tiny \
	rsync sqlite3 bash-completion zsh fish

# Packages of Debian 12 and 13.  As root, or through sudo.
deps:
	@tests/deps $(DEPS_BUILD) $(DEPS_TEST)

lint: all $(UNITS) $(HELPERS)
	@tests/deps $(DEPS_BUILD) $(DEPS_TEST) $(DEPS_LINT)
	@tests/lint $(BUILD) $(PURE)

# The main job, on this machine; DEMO_TREE chooses the tree.
demo:
	@tests/deps $(DEPS_BUILD) $(DEPS_TEST)
	@$(MAKE) --no-print-directory all $(BUILD)/tests/apiserver
	@tests/demo $(BUILD)

# Side by side with kubectl and GNU tar; ROUNDS and MEGABYTES.
bench: all $(BUILD)/tests/apiserver
	@bench/run $(BUILD)

# kcp beside kubectl cp and rsync, over a line with a round trip; ROUNDS and more.
bench-copy: all $(BUILD)/tests/apiserver
	@bench/copy $(BUILD)

# zsh goes by the names in the first line.
ZSH_COMPLETION := $(BUILD)/completions/_$(PROGPREFIX)kpipe
$(ZSH_COMPLETION): completions/_kpipe
	@mkdir -p $(@D)
	$(Q)sed 's/@PROGPREFIX@/$(PROGPREFIX)/g' $< >$@

# The one list behind install and uninstall: source, mode, target.
define install_list
$(foreach t,$(TOOLS) $(SCRIPTS),$(BUILD)/bin/$(t) 755 $(BINDIR)/$(PROGPREFIX)$(t)
)$(foreach m,$(MANPAGES),$(m) 644 $(MANDIR)/man$(subst .,,$(suffix $(m)))/$(PROGPREFIX)$(notdir $(m))
)$(foreach t,$(TOOLS) $(SCRIPTS),completions/kpipe.bash 644 $(DATADIR)/bash-completion/completions/$(PROGPREFIX)$(t)
completions/kpipe.fish 644 $(DATADIR)/fish/vendor_completions.d/$(PROGPREFIX)$(t).fish
)$(ZSH_COMPLETION) 644 $(DATADIR)/zsh/site-functions/_$(PROGPREFIX)kpipe
completions/complete 755 $(DATADIR)/$(PROGPREFIX)kpipe/complete
endef
export install_list

install: all $(ZSH_COMPLETION)
	@printf '%s\n' "$$install_list" | while read -r from mode to; do \
		[ -n "$$from" ] || continue; \
		echo "install $(DESTDIR)$$to"; \
		$(INSTALL) -D -m "$$mode" "$$from" "$(DESTDIR)$$to" || exit 1; \
	done

uninstall:
	@printf '%s\n' "$$install_list" | while read -r from mode to; do \
		[ -n "$$from" ] || continue; \
		echo "remove $(DESTDIR)$$to"; \
		rm -f "$(DESTDIR)$$to" || exit 1; \
	done

dist:
	@git diff --quiet HEAD || { echo "dist: uncommitted changes" >&2; exit 1; }
	git archive --format=tar.gz --prefix=kpipe-$(VERSION)/ \
		-o kpipe-$(VERSION).tar.gz HEAD

clean:
	rm -rf build build-*

.PHONY: all deps lint demo bench bench-copy install uninstall dist clean
.DELETE_ON_ERROR:
