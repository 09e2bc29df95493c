package main

import (
	"fmt"
	"time"

	"github.com/envoyproxy/gateway/proto/extension"
	cluster "github.com/envoyproxy/go-control-plane/envoy/config/cluster/v3"
	core "github.com/envoyproxy/go-control-plane/envoy/config/core/v3"
	endpoint "github.com/envoyproxy/go-control-plane/envoy/config/endpoint/v3"
	listener "github.com/envoyproxy/go-control-plane/envoy/config/listener/v3"
	route "github.com/envoyproxy/go-control-plane/envoy/config/route/v3"
	router "github.com/envoyproxy/go-control-plane/envoy/extensions/filters/http/router/v3"
	hcm "github.com/envoyproxy/go-control-plane/envoy/extensions/filters/network/http_connection_manager/v3"
	leastrequest "github.com/envoyproxy/go-control-plane/envoy/extensions/load_balancing_policies/least_request/v3"
	matcher "github.com/envoyproxy/go-control-plane/envoy/type/matcher/v3"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/anypb"
	"google.golang.org/protobuf/types/known/durationpb"
	"google.golang.org/protobuf/types/known/structpb"
	"google.golang.org/protobuf/types/known/wrapperspb"
)

// The resources of speed.md's case, as Envoy Gateway makes them: rules "model-N" with a model and a pool of their own,
// and rules "web-N" with a path and endpoints.

const name = "default/inference-gateway/llm-gw"

func ruleOf(httpRoute string) string {
	return "httproute/default/" + httpRoute + "/rule/0"
}

func metadata(httpRoute string) *core.Metadata {
	resources := must1(structpb.NewStruct(map[string]any{"resources": []any{
		map[string]any{"kind": "HTTPRoute", "name": httpRoute, "namespace": "default"},
	}}))
	return &core.Metadata{FilterMetadata: map[string]*structpb.Struct{"envoy-gateway": resources}}
}

func routeTo(httpRoute string, match *route.RouteMatch) *route.Route {
	return &route.Route{
		Name:     ruleOf(httpRoute) + "/match/0/*",
		Match:    match,
		Metadata: metadata(httpRoute),
		Action: &route.Route_Route{Route: &route.RouteAction{
			ClusterSpecifier: &route.RouteAction_Cluster{Cluster: ruleOf(httpRoute)},
			UpgradeConfigs:   []*route.RouteAction_UpgradeConfig{{UpgradeType: "websocket"}},
		}},
	}
}

func webRoute(i int) *route.Route {
	return routeTo(fmt.Sprintf("web-%d", i), &route.RouteMatch{
		PathSpecifier: &route.RouteMatch_PathSeparatedPrefix{PathSeparatedPrefix: fmt.Sprintf("/web/%d", i)},
	})
}

func modelRequest(i int) *extension.PostRouteModifyRequest {
	model := &route.HeaderMatcher{
		Name: "X-Gateway-Model-Name",
		HeaderMatchSpecifier: &route.HeaderMatcher_StringMatch{StringMatch: &matcher.StringMatcher{
			MatchPattern: &matcher.StringMatcher_Exact{Exact: fmt.Sprintf("model-%d", i)},
		}},
	}
	pool := fmt.Sprintf(`{"apiVersion":"inference.networking.k8s.io/v1","kind":"InferencePool",`+
		`"metadata":{"creationTimestamp":"2026-01-01T00:00:00Z","generation":1,"name":"pool-%[1]d","namespace":"default",`+
		`"resourceVersion":"1%[1]d","uid":"00000000-0000-0000-0000-%012[1]d"},`+
		`"spec":{"endpointPickerRef":{"failureMode":"FailClose","group":"","kind":"Service","name":"picker-%[1]d","port":{"number":9002}},`+
		`"selector":{"matchLabels":{"app":"model-%[1]d"}},"targetPorts":[{"number":8000}]}}`, i)
	return &extension.PostRouteModifyRequest{
		Route: routeTo(fmt.Sprintf("model-%d", i), &route.RouteMatch{
			PathSpecifier: &route.RouteMatch_Prefix{Prefix: "/"},
			Headers:       []*route.HeaderMatcher{model},
		}),
		PostRouteContext: &extension.PostRouteExtensionContext{
			Hostnames:          []string{"*"},
			ExtensionResources: []*extension.ExtensionResource{{UnstructuredBytes: []byte(pool)}},
		},
	}
}

// assignment has one endpoint at most: a pool has none in Envoy Gateway's eyes.
func assignment(httpRoute string, isPool bool) *extension.PostEndpointsModifyRequest {
	locality := &endpoint.LocalityLbEndpoints{
		Locality:            &core.Locality{Region: ruleOf(httpRoute) + "/backend/0"},
		LoadBalancingWeight: wrapperspb.UInt32(1),
	}
	if !isPool {
		locality.LbEndpoints = []*endpoint.LbEndpoint{{
			LoadBalancingWeight: wrapperspb.UInt32(1),
			HostIdentifier: &endpoint.LbEndpoint_Endpoint{Endpoint: &endpoint.Endpoint{
				Address: &core.Address{Address: &core.Address_SocketAddress{SocketAddress: &core.SocketAddress{
					Address: "10.244.0.17", PortSpecifier: &core.SocketAddress_PortValue{PortValue: 8080},
				}}},
			}},
		}}
	}
	return &extension.PostEndpointsModifyRequest{
		LoadAssignment: &endpoint.ClusterLoadAssignment{
			ClusterName: ruleOf(httpRoute), Endpoints: []*endpoint.LocalityLbEndpoints{locality},
		},
		PostEndpointsContext: &extension.PostEndpointsExtensionContext{},
	}
}

func clusterOf(httpRoute string) *cluster.Cluster {
	return &cluster.Cluster{
		Name:                          ruleOf(httpRoute),
		ClusterDiscoveryType:          &cluster.Cluster_Type{Type: cluster.Cluster_EDS},
		ConnectTimeout:                durationpb.New(10 * time.Second),
		IgnoreHealthOnHostRemoval:     true,
		Metadata:                      metadata(httpRoute),
		PerConnectionBufferLimitBytes: wrapperspb.UInt32(32768),
		EdsClusterConfig: &cluster.Cluster_EdsClusterConfig{
			ServiceName: ruleOf(httpRoute),
			EdsConfig: &core.ConfigSource{
				ResourceApiVersion:    core.ApiVersion_V3,
				ConfigSourceSpecifier: &core.ConfigSource_Ads{Ads: &core.AggregatedConfigSource{}},
			},
		},
		CircuitBreakers: &cluster.CircuitBreakers{
			Thresholds: []*cluster.CircuitBreakers_Thresholds{{MaxRetries: wrapperspb.UInt32(1024)}},
		},
		LoadBalancingPolicy: &cluster.LoadBalancingPolicy{
			Policies: []*cluster.LoadBalancingPolicy_Policy{{TypedExtensionConfig: &core.TypedExtensionConfig{
				Name: "envoy.load_balancing_policies.least_request", TypedConfig: packed(&leastrequest.LeastRequest{}),
			}}},
		},
	}
}

func gatewayListener() *listener.Listener {
	manager := &hcm.HttpConnectionManager{
		StatPrefix: "http-8080",
		RouteSpecifier: &hcm.HttpConnectionManager_Rds{Rds: &hcm.Rds{
			RouteConfigName: name,
			ConfigSource: &core.ConfigSource{
				ResourceApiVersion:    core.ApiVersion_V3,
				ConfigSourceSpecifier: &core.ConfigSource_Ads{Ads: &core.AggregatedConfigSource{}},
			},
		}},
		HttpFilters: []*hcm.HttpFilter{{
			Name:       "envoy.filters.http.router",
			ConfigType: &hcm.HttpFilter_TypedConfig{TypedConfig: packed(&router.Router{})},
		}},
	}
	return &listener.Listener{
		Name: name,
		DefaultFilterChain: &listener.FilterChain{Filters: []*listener.Filter{{
			Name:       "envoy.filters.network.http_connection_manager",
			ConfigType: &listener.Filter_TypedConfig{TypedConfig: packed(manager)},
		}}},
	}
}

func packed(message proto.Message) *anypb.Any {
	return must1(anypb.New(message))
}
