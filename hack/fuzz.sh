#!/usr/bin/env bash
# Runs the targets of hostile input with Jazzer (src/test/java, classes *Fuzz): bytes that others send, and strings that are
# printed into other languages. Prints a line for each target: executions, new inputs, findings. Fails if there is a finding.
# New inputs stay in target/fuzz/TARGET/corpus, findings in target/fuzz/TARGET/findings. A finding is mended and becomes a
# file of src/test/resources/fuzz/TARGET, which every build runs (FuzzCorpusTest).
# usage: hack/fuzz.sh [TARGET...] [--seconds N | --runs N] [--built]
#   TARGET        such as HookCalls (default: all)
#   --seconds N   for each target (default: 60)
#   --runs N      executions for each target, instead of a time
#   --built       test classes and target/rig-lib are there
set -euo pipefail
cd "$(dirname "$0")/.."
limit=-max_total_time=60 built=no targets=()
while [ $# -gt 0 ]; do
  case $1 in
    --seconds) limit=-max_total_time=${2:?--seconds needs a number} && shift ;;
    --runs) limit=-runs=${2:?--runs needs a number} && shift ;;
    --built) built=yes ;;
    -h | --help) sed -n 's/^# \{0,1\}//; 2,10p' "$0" && exit 0 ;;
    -*) echo "fuzz.sh: unknown option $1 (see hack/fuzz.sh --help)" >&2 && exit 2 ;;
    *) targets+=("$1") ;;
  esac
  shift
done
JAVA_HOME=$(hack/jdk25.sh)
export JAVA_HOME
if [ $built = no ]; then
  ./mvnw -B -q -Dstyle.color=never -DskipTests -Dspotless.check.skip=true package
fi
[ ${#targets[@]} -gt 0 ] || mapfile -t targets < <(ls src/test/resources/fuzz)

failed=0
for target in "${targets[@]}"; do
  source=$(find src/test/java -name "${target}Fuzz.java")
  [ -n "$source" ] || { echo "fuzz.sh: there is no target $target: $(ls -m src/test/resources/fuzz)" >&2 && exit 2; }
  class=${source#src/test/java/} && class=${class%.java}
  folder=target/fuzz/$target
  mkdir -p "$folder/corpus" "$folder/findings"
  # Instrumenting only our code makes the start three times as fast. Jazzer's heap limit is the JVM's.
  "$JAVA_HOME/bin/java" -Xmx1g -XX:+UseSerialGC -XX:+EnableDynamicAgentLoading --enable-native-access=ALL-UNNAMED \
    -cp "target/test-classes:target/classes:target/lib/*:target/rig-lib/*" com.code_intelligence.jazzer.Jazzer \
    --target_class="${class//\//.}" --instrumentation_includes='dev.pointsman.**' \
    --custom_hook_includes='dev.pointsman.**' --keep_going=20 --reproducer_path="$folder/findings" \
    -artifact_prefix="$folder/findings/" -rss_limit_mb=0 -timeout=300 -max_len=40000 -print_final_stats=1 $limit \
    "$folder/corpus" "src/test/resources/fuzz/$target" >"$folder/log" 2>&1 || failed=1
  number() { grep -a "stat::$1:" "$folder/log" | grep -ao '[0-9]*$' | tail -1 || echo unknown; } # kept inputs come first
  echo "$target: $(number number_of_executed_units) executions, $(number new_units_added) new inputs," \
    "$(grep -ac 'Test unit written to' "$folder/log" || true) findings ($folder/log)"
done
exit $failed
