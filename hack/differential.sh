#!/usr/bin/env bash
# Compares Envoy Gateway with Pointsman to Envoy Gateway alone on situations drawn from seeds, on real parts; prints each
# unexplained difference and fails when there is one. Manifests and answers of seeds that differ: target/differential/SEED.
# usage: hack/differential.sh                    the fixed set (testdata/differential/seeds.txt)
#        hack/differential.sh COUNT [--from N]   that many seeds from N (1000) on
#        hack/differential.sh --seed N           one; its manifests and answers are kept in any case
set -euo pipefail
cd "$(dirname "$0")/.."
case ${1:-} in
  -h | --help) sed -n 's/^# \{0,1\}//; 2,6p' "$0" && exit 0 ;;
esac
JAVA_HOME=$(hack/jdk25.sh)
export JAVA_HOME
built=target/differential-built # newer than every source once jar and tests are built
if [ ! -f "$built" ] || [ ! -f target/pointsman.jar ] || [ -n "$(find src proto pom.xml -newer "$built" -print -quit)" ]; then
  echo "building ..."
  ./mvnw ${MAVEN_FLAGS:-} -B -q -Dstyle.color=never -DskipTests -Dspotless.check.skip=true -DskipITs package dependency:copy-dependencies@lib
  touch "$built"
fi
exec "$JAVA_HOME/bin/java" -Xmx1g --enable-native-access=ALL-UNNAMED \
  -cp "target/test-classes:target/classes:target/lib/*" dev.pointsman.differential.Differential "$@"
