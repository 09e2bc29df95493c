#!/usr/bin/env bash
# One table of what Envoy Gateway and a request see of Pointsman: each figure with its goal ("met" or "missed") and that of
# the last release beside it (testdata/bench); target/bench.json has the same. It takes 15 to 45 minutes.
# usage: hack/bench.sh [--short] [--strict] [--save] [ROW...]
#          --short   fewer rounds: to see that a row works, not for figures
#          --strict  exit with 1 if a goal is missed; without it, only if a row fails
#          --save    keep all rows that are measured as those of this version, in testdata/bench
#        hack/bench.sh list                  the rows; some need root, as hack/cluster.sh does, some run by their names only
#        hack/bench.sh markdown              the figures with goals of the last run, as src/site/markdown/speed.md has them
#        hack/bench.sh jmh [JMH arguments]   e.g. hack/bench.sh jmh -p hosts=1 -prof gc TranslationBenchmark
set -euo pipefail
cd "$(dirname "$0")/.."
JAVA_HOME=$(hack/jdk25.sh)
export JAVA_HOME
mkdir -p target

case ${1:-} in
  -h | --help) sed -n 's/^# \{0,1\}//; 2,10p' "$0" && exit 0 ;;
  jmh)
    ./mvnw -B -q -DskipTests -Dspotless.check.skip=true test-compile dependency:build-classpath \
      -Dmdep.outputFile=target/bench.classpath -Dmdep.includeScope=test
    exec "$JAVA_HOME/bin/java" --enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow \
      -cp "target/test-classes:target/classes:$(cat target/bench.classpath)" org.openjdk.jmh.Main "${@:2}"
    ;;
esac
echo "bench: compiling ..." >&2
(cd hack/bench && CGO_ENABLED=0 go build -trimpath -o ../../target/bench .)
[[ ${1:-} =~ ^(list|markdown)$ ]] || ./mvnw -B -q -DskipTests -Dspotless.check.skip=true package
exec target/bench "$@"
