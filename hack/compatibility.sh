#!/usr/bin/env bash
# Runs the end-to-end tests with releases of Envoy Gateway, and writes for each the tests that passed and failed into
# testdata/compatibility.json, from which the page "Compatibility" is made (ReferencePagesTest). Needs root.
# usage: hack/compatibility.sh [VERSION...]   (some 6 minutes each, and the build of an Envoy Gateway once)
set -euo pipefail
cd "$(dirname "$0")/.."
. hack/versions
suites=RoutingIT,ModelsIT,CanaryIT,MirrorIT,CircuitBreakingIT,PickersIT,StreamsIT,ChangesIT,BodiesIT,SessionsIT,ProcessorsIT
[ $# -gt 0 ] || set -- "$ENVOY_GATEWAY_VERSION"

for version in "$@"; do
  TRY_ENVOY_GATEWAY=$version hack/envoy-gateway.sh >/dev/null
  rm -rf target/failsafe-reports
  TRY_ENVOY_GATEWAY=$version unshare -nm bash -c 'ip link set lo up; mount -t tmpfs tmpfs /dev/shm; exec "$@"' run \
    ./mvnw -o -B -q verify -Dtest=none -Dit.test=$suites -Dspotless.check.skip=true \
    -Dsurefire.failIfNoSpecifiedTests=false || echo "compatibility.sh: some tests failed with $version" >&2
  python3 - "$version" "$ENVOY_VERSION" <<'PY'
import datetime, glob, json, sys
import xml.etree.ElementTree as tree

version, envoy = sys.argv[1:]
file = 'testdata/compatibility.json'
passed, failed = 0, {}
for report in sorted(glob.glob('target/failsafe-reports/TEST-*.xml')):
    for case in tree.parse(report).getroot().iter('testcase'):
        if case.find('skipped') is not None:
            continue
        if case.find('failure') is None and case.find('error') is None:
            passed += 1
        else:
            name = case.get('classname').split('.')[-1] + '.' + case.get('name').split('(')[0].split('[')[0]
            failed[name] = failed.get(name, 0) + 1
if not passed:
    sys.exit('compatibility.sh: no test passed with ' + version + ': see target/failsafe-reports')
rows = [row for row in json.load(open(file)) if row['version'] != version]
rows.append({'version': version, 'envoy': envoy, 'date': datetime.date.today().isoformat(), 'passed': passed,
             'failed': sorted(failed)})
rows.sort(key=lambda row: [int(part) for part in row['version'].split('.')], reverse=True)
with open(file, 'w') as out:
    json.dump(rows, out, indent=2)
    out.write('\n')
print(f'compatibility.sh: Envoy Gateway {version}: {passed} tests passed, {sum(failed.values())} failed')
PY
done
