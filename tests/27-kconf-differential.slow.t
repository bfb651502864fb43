#!/bin/sh
# 2000 made-up kubeconfigs, of which 26-kconf-differential.t has a sample.
KPIPE_SITUATIONS=${KPIPE_SITUATIONS:-2000}
export KPIPE_SITUATIONS
exec "$KPIPE_TESTS/26-kconf-differential.t"
