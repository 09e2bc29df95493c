#!/usr/bin/env bash
# Records what a real Envoy Gateway (standalone) asks its extension server for some manifests.
# usage: hack/record.sh MANIFEST.yaml FOLDER [ENVOY_GATEWAY_SETTING=VALUE...]   then: hack/golden.sh import FOLDER CASE
# A setting is a path of Envoy Gateway's configuration, e.g. runtimeFlags.enabled='[XDSNameSchemeV2]'.
# Runs in a network namespace of its own (root, or unprivileged user namespaces).
set -euo pipefail
cd "$(dirname "$0")/.."
. hack/versions
[ $# -ge 2 ] || { sed -n 3,5p "$0" >&2; exit 2; }
if [ "${POINTSMAN_RECORDING:-}" != inside ]; then
  ./mvnw -B -q test-compile dependency:copy-dependencies@lib
  POINTSMAN_RECORDING=inside exec unshare -n "$0" "$@"
fi
ip link set lo up
manifest=$1 folder=$2
shift 2
gateway=${ENVOY_GATEWAY:-$(hack/envoy-gateway.sh)}
rig=$(mktemp -d)
trap 'kill $(jobs -p) 2>/dev/null; wait 2>/dev/null; rm -rf "$rig"' EXIT
mkdir -p "$rig/resources" "$rig/home/data/envoy-versions/$ENVOY_VERSION/bin" "$folder"
rm -f "$folder"/[0-9]*-Post*.pb
ln -s "$(hack/envoy.sh "$ENVOY_VERSION")" "$rig/home/data/envoy-versions/$ENVOY_VERSION/bin/envoy"
cp "$manifest" "$rig/resources/objects.yaml"
sed "s|DIR|$rig|g" testdata/recording/envoy-gateway.yaml >"$rig/eg.yaml"
for setting in "$@"; do
  python3 - "$rig/eg.yaml" "$setting" <<'PY'
import sys, yaml
path, setting = sys.argv[1:]
key, value = setting.split('=', 1)
config = yaml.safe_load(open(path))
at = config
*parents, last = key.split('.')
for parent in parents: at = at.setdefault(parent, {})
at[last] = yaml.safe_load(value)
yaml.safe_dump(config, open(path, 'w'))
PY
done
"$(hack/jdk25.sh)/bin/java" -cp 'target/test-classes:target/classes:target/lib/*:target/rig-lib/*' \
  dev.pointsman.golden.Recorder 5005 "$folder" &
"$gateway" certgen --local --config-home "$rig/home/config" >"$rig/certgen.log" 2>&1
"$gateway" server -c "$rig/eg.yaml" >"$rig/eg.log" 2>&1 &
for _ in $(seq 60); do
  sleep 0.5
  ls "$folder"/*-PostTranslateModify.pb >/dev/null 2>&1 && sleep 2 && break
done
ls "$folder"/*-PostTranslateModify.pb >/dev/null 2>&1 || { tail -20 "$rig/eg.log" >&2; exit 1; }
grep -iE '"?(error|warn)"?' "$rig/eg.log" | grep -viE 'infra|shutdown' | head -5 >&2 || true
ls "$folder"
