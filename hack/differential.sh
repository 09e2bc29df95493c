#!/usr/bin/env bash
# Compares Envoy Gateway with Pointsman to Envoy Gateway alone, on situations drawn from seeds, with real parts. Prints each
# unexplained difference and fails when there is one; manifests and outcomes of such seeds: target/differential/SEED.
# Runs in network and mount namespaces of its own; needs root, or user namespaces, and iproute2.
# usage: hack/differential.sh                    the fixed set (testdata/differential/seeds.txt)
#        hack/differential.sh --short            its short form, as the test command does
#        hack/differential.sh COUNT [--from N]   that many seeds from N (1000) on
#        hack/differential.sh --seed N...        these; manifests and outcomes of a single one are kept in any case
set -euo pipefail
cd "$(dirname "$0")/.."
case ${1:-} in
  -h | --help) sed -n 's/^# \{0,1\}//; 2,8p' "$0" && exit 0 ;;
esac
JAVA_HOME=$(hack/jdk25.sh)
export JAVA_HOME
built=target/differential-built # newer than every source once jar and tests are built
if [ "${1:-}" = --built ]; then # by a build that has built them
  shift
elif [ ! -f "$built" ] || [ ! -f target/pointsman.jar ] || [ -n "$(find src proto pom.xml -newer "$built" -print -quit)" ]; then
  echo "building ..."
  ./mvnw -B -q -Dstyle.color=never -DskipTests -Dspotless.check.skip=true package
  touch "$built"
fi
hack/envoy.sh >/dev/null
hack/envoy-gateway.sh >/dev/null
as_root=()
[ "$(id -u)" = 0 ] || as_root=(--map-root-user)
exec unshare --net --mount "${as_root[@]}" bash -c 'ip link set lo up && mount -t tmpfs tmpfs /dev/shm && exec "$@"' \
  differential "$JAVA_HOME/bin/java" -Xmx1g --enable-native-access=ALL-UNNAMED \
  -cp "target/test-classes:target/classes:target/lib/*:target/rig-lib/*" dev.pointsman.differential.RunDifferential "$@"
