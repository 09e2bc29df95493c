#!/usr/bin/env bash
# An older build and this one side by side on a real cluster of processes: rolling updates from the one to the other and
# back under traffic and changes of routes, pools, pods and policies, and this one as a shadow of the older. Needs root.
# usage: hack/skew.sh [REVISION]   (some 10 minutes; the latest tag, or while there is none ae282c65 of 2026-12-01)
# It fails with a revision whose clusters of pickers differ: Envoy resets the requests of a picker whose cluster changes.
# The older build is made once, in ${POINTSMAN_CACHE:-~/.cache/pointsman}/before. It needs the revision in this clone.
set -euo pipefail
. "$(dirname "$0")/go-parts.sh"
cd "$hack/.."
case ${1:-} in
  -h | --help) sed -n 's/^# \{0,1\}//; 2,6p' "$0" && exit 0 ;;
esac
revision=${1:-$(git describe --tags --abbrev=0 2>/dev/null || echo ae282c65)}
commit=$(git rev-parse --verify --quiet "$revision^{commit}") ||
  die "there is no revision $revision in this clone." "A shallow one has few: git fetch --unshallow"
home=$cache/before/$commit

build() {
  rm -rf "$home/new"
  mkdir -p "$home/new"
  git archive "$commit" | tar -x -C "$home/new"
  (
    cd "$home/new"
    with_progress "$home/build.log" "Pointsman $revision" ./mvnw -B -q -Dmaven.test.skip=true -Dspotless.check.skip=true package
  )
  mv "$home/new" "$home/tree"
}

build_once "$home" tree build
mkdir -p target
ln -sfn "$home/tree" target/before # where hack/cluster/images.yaml and the tests look for it
echo "skew.sh: $(git log -1 --format='%h of %cs: %s' "$commit")" >&2
exec ./mvnw -B -q verify -Dtest=none -Dit.test=VersionSkewIT,ShadowChainIT -Dbefore="$commit" -Dspotless.check.skip=true -Dit.forks=1 \
  -Dsurefire.failIfNoSpecifiedTests=false
