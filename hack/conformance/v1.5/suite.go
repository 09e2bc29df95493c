// Package suite pins the conformance suite of the Gateway API Inference Extension, which hack/conformance.sh builds.
package suite

import _ "sigs.k8s.io/gateway-api-inference-extension/conformance"
