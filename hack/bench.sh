#!/usr/bin/env bash
# Prints how a translation compares with an echo and with decoding everything, in some seven minutes a round.
# usage: hack/bench.sh [ROUNDS]              (3 unless told otherwise)
#        hack/bench.sh hooks [PROCESSES]     the calls of Envoy Gateway beside a Go echo, with goals; rows in target/bench.json
#        hack/bench.sh proxy NAME=FILE...    CPU of Envoy for a request, of bootstraps that translate --bootstrap printed
#        hack/bench.sh pods                  how late a proxy hears of a pod, with a real API server
#        hack/bench.sh jmh [JMH arguments]   e.g. hack/bench.sh jmh -p hosts=1 -prof gc TranslationBenchmark
set -euo pipefail
cd "$(dirname "$0")/.."
JAVA_HOME=$(hack/jdk25.sh)
export JAVA_HOME
echo "bench: compiling ..." >&2
if [ "${1:-}" = hooks ]; then
  ./mvnw -B -q -DskipTests -Dspotless.check.skip=true package
  (cd hack/hookbench && CGO_ENABLED=0 go build -trimpath -o ../../target/hookbench .)
  for row in calls translation; do
    target/hookbench $row "${2:-5}" hack/pointsman target/bench.json
  done
  exit
fi
if [ "${1:-}" = proxy ]; then
  shift
  mkdir -p target
  (cd hack/proxybench && CGO_ENABLED=0 go build -trimpath -o ../../target/proxybench .)
  exec target/proxybench -envoy "$(hack/envoy.sh)" "${@/#/-config=}"
fi
./mvnw -B -q -DskipTests -Dspotless.check.skip=true test-compile dependency:build-classpath \
  -Dmdep.outputFile=target/bench.classpath -Dmdep.includeScope=test
main=(dev.pointsman.bench.Ratios "${1:-3}")
case "${1:-}" in
  jmh) main=(org.openjdk.jmh.Main "${@:2}") ;;
  pods) main=(dev.pointsman.bench.PodChangeLatency "${@:2}") ;;
esac
exec "$JAVA_HOME/bin/java" --enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow \
  -cp "target/test-classes:target/classes:$(cat target/bench.classpath)" "${main[@]}"
