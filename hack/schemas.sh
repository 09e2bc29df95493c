#!/usr/bin/env bash
# Writes the schemas of the kinds that users of pools on Envoy Gateway write, for `pointsman analyze`: those of the
# CustomResourceDefinitions without their descriptions, a file for each kind.
# usage: hack/schemas.sh   (needs Go and Python; after a change of versions in hack/versions, or of our own definition)
set -euo pipefail
cd "$(dirname "$0")/.."
folder=src/main/resources/dev/pointsman/analyze
mkdir -p "$folder"
# Envoy Gateway's come first: its chart has Gateway API's experimental fields, such as retry and sessionPersistence.
python3 - "$folder" "$(hack/envoy-gateway-chart.sh)/charts/crds/crds" "$(hack/crds.sh)" <<'PY'
import json, pathlib, sys, yaml
folder, *sources = map(pathlib.Path, sys.argv[1:])
kinds = {'Gateway', 'GatewayClass', 'HTTPRoute', 'GRPCRoute', 'ReferenceGrant', 'BackendTLSPolicy', 'InferencePool', 'InferenceModel',
         'InferencePolicy', 'BackendTrafficPolicy', 'ClientTrafficPolicy', 'SecurityPolicy', 'EnvoyExtensionPolicy'}
left_out = {'description', 'x-kubernetes-validations', 'default', 'format'}

def plain(schema):
    """The schema without words for people, and without rules in a language of their own."""
    if isinstance(schema, list):
        return [plain(one) for one in schema]
    if not isinstance(schema, dict):
        return schema
    if schema.get('x-kubernetes-preserve-unknown-fields'):
        return {}
    kept = {key: value for key, value in schema.items() if key not in left_out and not key.startswith('x-')}
    # The API server sets defaults before it validates.
    defaulted = {name for name, one in schema.get('properties', {}).items() if isinstance(one, dict) and 'default' in one}
    if defaulted.intersection(kept.get('required', [])):
        kept['required'] = [name for name in kept['required'] if name not in defaulted]
    if not kept.get('required', True):
        del kept['required'] # JSON Schema has no empty list there
    return {key: {name: plain(one) for name, one in value.items()} if key == 'properties' else plain(value)
            for key, value in kept.items()}

for file in sorted(folder.glob('*.schema.json')):
    file.unlink()
done = set()
for file in (file for source in sources for file in sorted(source.rglob('*.yaml'))):
    for crd in yaml.safe_load_all(file.read_text()):
        spec = (crd or {}).get('spec', {})
        name = f"{spec.get('names', {}).get('kind')}.{spec.get('group')}"
        if crd.get('kind') != 'CustomResourceDefinition' or spec['names']['kind'] not in kinds or name in done:
            continue
        done.add(name)
        versions = {one['name']: plain(one['schema']['openAPIV3Schema']['properties'].get('spec', {}))
                    for one in spec['versions'] if one['served']}
        if name == 'InferencePool.inference.networking.k8s.io': # proposed for v1, and read already
            versions['v1']['properties']['targetPorts']['items']['properties']['role'] = {'type': 'string'}
        text = json.dumps(versions, sort_keys=True, separators=(',', ':'))
        (folder / f'{name}.schema.json').write_text(text + '\n')
        print(f'{name}: {", ".join(versions)}, {len(text) // 1024} KiB')
PY
