#!/usr/bin/env bash
# Runs the benchmarks (JMH) and prints their figures.
# usage: hack/bench.sh [JMH arguments], e.g. hack/bench.sh -p hosts=1 TranslationBenchmark
set -euo pipefail
cd "$(dirname "$0")/.."
JAVA_HOME=$(hack/jdk25.sh)
export JAVA_HOME
echo "bench: compiling ..." >&2
./mvnw -B -q -DskipTests -Dspotless.check.skip=true test-compile dependency:build-classpath \
  -Dmdep.outputFile=target/bench.classpath -Dmdep.includeScope=test
exec "$JAVA_HOME/bin/java" --enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow \
  -cp "target/test-classes:target/classes:$(cat target/bench.classpath)" org.openjdk.jmh.Main "${@:-dev.pointsman.bench}"
