package main

import (
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// startBodyBasedRouter starts the Inference Extension's router as its chart does, and returns its process and its port.
func (b *bench) startBodyBasedRouter() (process, port int) {
	program := output("hack/endpoint-picker.sh", "bbr")
	folder := b.folder()
	port = freePort()
	kubeconfig := filepath.Join(folder, "kubeconfig")
	must(os.WriteFile(kubeconfig, fmt.Appendf(nil, `{apiVersion: v1, kind: Config, current-context: a, contexts: [{name: a, context: {cluster: a}}],
clusters: [{name: a, cluster: {server: "http://%s"}}]}`, b.serveEmptyCluster()), 0o644))
	command := exec.Command(program, "--streaming", "--tracing=false", "--metrics-endpoint-auth=false",
		fmt.Sprint("--grpc-port=", port), fmt.Sprint("--grpc-health-port=", freePort()), fmt.Sprint("--metrics-port=", freePort()))
	command.Env = append(os.Environ(), "KUBECONFIG="+kubeconfig, "NAMESPACE=default")
	command.Stderr = must1(os.Create(filepath.Join(folder, "log")))
	process = b.process(command)
	b.await("BBR's port", func() error {
		connection, err := net.Dial("tcp", fmt.Sprintf("127.0.0.1:%d", port))
		if err == nil {
			err = connection.Close()
		} else {
			err = fmt.Errorf("%w; BBR says: %.500s", err, must1(os.ReadFile(filepath.Join(folder, "log"))))
		}
		return err
	})
	return process, port
}

// serveEmptyCluster answers as an API server without ConfigMaps, the only objects that BBR reads.
func (b *bench) serveEmptyCluster() string {
	listener := must1(net.Listen("tcp", "127.0.0.1:0"))
	b.atEnd(func() { _ = listener.Close() })
	go http.Serve(listener, http.HandlerFunc(func(out http.ResponseWriter, in *http.Request) {
		out.Header().Set("content-type", "application/json")
		answer := `{"kind":"APIGroupList","apiVersion":"v1","groups":[]}`
		switch {
		case in.URL.Query().Get("watch") != "":
			if in.URL.Query().Get("sendInitialEvents") == "true" { // without the end of the list, BBR gives up after two minutes
				_, _ = out.Write([]byte(`{"type":"BOOKMARK","object":{"kind":"ConfigMap","apiVersion":"v1","metadata":{
					"resourceVersion":"1","annotations":{"k8s.io/initial-events-end":"true"}}}}` + "\n"))
			}
			out.(http.Flusher).Flush()
			<-in.Context().Done()
			return
		case strings.HasSuffix(in.URL.Path, "/configmaps"):
			answer = `{"kind":"ConfigMapList","apiVersion":"v1","metadata":{"resourceVersion":"1"},"items":[]}`
		case in.URL.Path == "/api":
			answer = `{"kind":"APIVersions","versions":["v1"]}`
		case in.URL.Path == "/api/v1":
			answer = `{"kind":"APIResourceList","groupVersion":"v1","resources":[{"name":"configmaps","singularName":"configmap",
				"namespaced":true,"kind":"ConfigMap","verbs":["get","list","watch"]}]}`
		}
		_, _ = out.Write([]byte(answer))
	}))
	return listener.Addr().String()
}

// The filter of BBR's chart for Istio, and the cluster that its DestinationRule makes.
const (
	bbrFilter = `{"name": "envoy.filters.http.ext_proc.bbr", "typedConfig": {
		"@type": "type.googleapis.com/envoy.extensions.filters.http.ext_proc.v3.ExternalProcessor",
		"failureModeAllow": false, "allowModeOverride": true,
		"processingMode": {"requestHeaderMode": "SEND", "responseHeaderMode": "SEND",
			"requestBodyMode": "FULL_DUPLEX_STREAMED", "responseBodyMode": "FULL_DUPLEX_STREAMED",
			"requestTrailerMode": "SEND", "responseTrailerMode": "SEND"},
		"grpcService": {"envoyGrpc": {"clusterName": "bbr"}}}}`
	bbrCluster = `{"name": "bbr", "type": "STATIC", "connectTimeout": "10s",
		"loadAssignment": {"clusterName": "bbr", "endpoints": [{"lbEndpoints": [{"endpoint": {"address":
			{"socketAddress": {"address": "127.0.0.1", "portValue": %d}}}}]}]},
		"typedExtensionProtocolOptions": {"envoy.extensions.upstreams.http.v3.HttpProtocolOptions": {
			"@type": "type.googleapis.com/envoy.extensions.upstreams.http.v3.HttpProtocolOptions",
			"explicitHttpConfig": {"http2ProtocolOptions": {}}}},
		"transportSocket": {"name": "envoy.transport_sockets.tls", "typedConfig": {
			"@type": "type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.UpstreamTlsContext",
			"commonTlsContext": {"alpnProtocols": ["h2"]}}}}`
)

// addBodyBasedRouter puts BBR in front of the picker, in a configuration with one route to a pool: as Istio and GKE do it,
// the gateway's filter reads the model and Envoy selects the route anew.
func addBodyBasedRouter(bootstrap map[string]any, port int) {
	resources := at(bootstrap, "staticResources")
	resources["clusters"] = append(resources["clusters"].([]any), parsed(fmt.Sprintf(bbrCluster, port)))
	for _, listener := range resources["listeners"].([]any) {
		if at(listener)["name"] != name {
			continue
		}
		manager := at(at(listener, "defaultFilterChain")["filters"].([]any)[0], "typedConfig")
		manager["httpFilters"] = append([]any{parsed(bbrFilter)}, manager["httpFilters"].([]any)...)
		for _, host := range at(manager, "routeConfig")["virtualHosts"].([]any) {
			routes := at(host)["routes"].([]any)
			model := parsed(string(must1(json.Marshal(routes[0])))).(map[string]any)
			at(model, "match")["headers"] = parsed(`[{"name": "X-Gateway-Model-Name", "stringMatch": {"exact": "qwen"}}]`)
			at(host)["routes"] = append([]any{model}, routes...)
		}
	}
}

func parsed(text string) any {
	var value any
	must(json.Unmarshal([]byte(text), &value))
	return value
}
