#!/usr/bin/env bash
# Builds what a cluster with images needs of this project, and prints where it is, one file a line (for docker load or
# ctr images import): Pointsman's image, and the model server of the tests, which is Pointsman's with other jars.
# usage: hack/cluster/images.sh
set -euo pipefail
cd "$(dirname "$0")/../.."
[ -d target/test-classes ] || ./mvnw -B -q -DskipTests -Dspotless.check.skip=true package >&2
pointsman=$(hack/image.sh)
root=$(hack/image.sh --root)
work=target/image/rig
rm -rf "$work" && mkdir -p "$work/layer/opt/rig"
cp -r target/test-classes target/classes target/lib target/rig-lib "$work/layer/opt/rig/"
tar -C "$root" --exclude=./opt/pointsman --exclude=./proc --exclude=./dev --sort=name --mtime=@1 --owner=0 --group=0 \
  -cf "$work/runtime.tar" .
tar -C "$work/layer" --sort=name --mtime=@1 --owner=0 --group=0 -cf "$work/rig.tar" .
digest() { sha256sum "$1" | cut -d' ' -f1; }
cat >"$work/config.json" <<JSON
{"architecture": "$(uname -m | sed 's/x86_64/amd64/; s/aarch64/arm64/')", "os": "linux",
 "config": {"User": "65532", "Entrypoint": ["/opt/java/bin/java", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-cp",
   "/opt/rig/test-classes:/opt/rig/classes:/opt/rig/lib/*:/opt/rig/rig-lib/*", "dev.pointsman.rig.ModelServer"]},
 "rootfs": {"type": "layers", "diff_ids": ["sha256:$(digest "$work/runtime.tar")", "sha256:$(digest "$work/rig.tar")"]}}
JSON
cat >"$work/manifest.json" <<JSON
[{"Config": "config.json", "RepoTags": ["pointsman.dev/rig/model-server:dev"], "Layers": ["runtime.tar", "rig.tar"]}]
JSON
tar -C "$work" -cf target/image/model-server.tar manifest.json config.json runtime.tar rig.tar
rm -rf "$work"
echo "$PWD/${pointsman#"$PWD/"}"
echo "$PWD/target/image/model-server.tar"
