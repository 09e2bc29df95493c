package main

import (
	"fmt"
	"strings"
)

// The objects of the rows on a cluster, all in one namespace.

var fixed = []string{`
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: gateway}
spec: {gatewayClassName: inference-gateway, listeners: [{name: http, protocol: HTTP, port: 8081}]}`, `
apiVersion: gateway.envoyproxy.io/v1alpha1
kind: Backend
metadata: {name: external}
spec: {endpoints: [{fqdn: {hostname: a.bench.svc.cluster.local, port: 8080}}]}`,
}

const external = `{group: gateway.envoyproxy.io, kind: Backend, name: external}`

func toService(name string) string { return fmt.Sprintf(`{kind: Service, name: %s, port: 8080}`, name) }

func toPool(name string) string {
	return fmt.Sprintf(`{group: inference.networking.k8s.io, kind: InferencePool, name: %s}`, name)
}

// echoServer is a Deployment that says which pod has answered, with a Service and a pool. The pool's picker does not exist,
// so that the gateway balances.
func echoServer(name string) []string {
	return []string{fmt.Sprintf(`
apiVersion: apps/v1
kind: Deployment
metadata: {name: %[1]s}
spec:
  selector: {matchLabels: {app: %[1]s}}
  template:
    metadata: {labels: {app: %[1]s}}
    spec:
      terminationGracePeriodSeconds: 1
      containers:
      - name: echo
        image: gcr.io/k8s-staging-gateway-api/echo-basic:any
        ports: [{name: http, containerPort: 3000}]
        readinessProbe: {tcpSocket: {port: http}, periodSeconds: 1}
        env:
        - {name: POD_NAME, valueFrom: {fieldRef: {fieldPath: metadata.name}}}
        - {name: NAMESPACE, valueFrom: {fieldRef: {fieldPath: metadata.namespace}}}`, name), fmt.Sprintf(`
apiVersion: v1
kind: Service
metadata: {name: %[1]s}
spec: {selector: {app: %[1]s}, ports: [{port: 8080, targetPort: http}]}`, name), pool(name, name, 3000)}
}

func pool(name, app string, port int) string {
	return fmt.Sprintf(`
apiVersion: inference.networking.k8s.io/v1
kind: InferencePool
metadata: {name: %s}
spec:
  selector: {matchLabels: {app: %s}}
  targetPorts: [{number: %d}]
  endpointPickerRef: {name: no-picker, port: {number: 9002}, failureMode: FailOpen}`, name, app, port)
}

// weighted is the rule whose weights change: all but one of a million and one requests go to a server.
func weighted(with bool, server string) string {
	to := toService
	if with {
		to = toPool
	}
	var shares []string
	for _, name := range []string{"a", "b"} {
		weight := 1
		if name == server {
			weight = 1_000_000
		}
		shares = append(shares, strings.TrimSuffix(to(name), "}")+fmt.Sprintf(", weight: %d}", weight))
	}
	return httpRoute("weighted", []string{`{matches: [{path: {type: PathPrefix, value: /weighted}}], backendRefs: [` + strings.Join(shares, ", ") + `]}`})
}

// poolRules are rules for a model each, to a pool of its own or, without Pointsman, to a Service.
func poolRules(count int, with bool) []string {
	var documents []string
	for i := range count {
		documents = append(documents, pool(fmt.Sprintf("pool-%d", i), "none", 8000))
	}
	return append(documents, httpRoutes("model", count, func(i int) string {
		to := toService("a")
		if with {
			to = toPool(fmt.Sprintf("pool-%d", i))
		}
		return fmt.Sprintf(`{matches: [{headers: [{name: X-Gateway-Model-Name, value: model-%d}]}], backendRefs: [%s]}`, i, to)
	})...)
}

func path(i int, prefix, backend string) string {
	return fmt.Sprintf(`{matches: [{path: {type: PathPrefix, value: /%s/%d}}], backendRefs: [%s]}`, prefix, i, backend)
}

// httpRoutes spreads rules over as few HTTPRoutes as they fit in.
func httpRoutes(name string, count int, rule func(int) string) []string {
	var documents, rules []string
	for i := range count {
		rules = append(rules, rule(i))
		if len(rules) == rulesOfRoute || i == count-1 {
			documents = append(documents, httpRoute(fmt.Sprintf("%s-%d", name, len(documents)), rules))
			rules = nil
		}
	}
	return documents
}

func httpRoute(name string, rules []string) string {
	return fmt.Sprintf(`
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: %s}
spec:
  parentRefs: [{name: gateway}]
  rules:
  - %s`, name, strings.Join(rules, "\n  - "))
}
