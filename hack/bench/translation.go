package main

import (
	"context"
	"fmt"
	"time"

	"github.com/envoyproxy/gateway/proto/extension"
	route "github.com/envoyproxy/go-control-plane/envoy/config/route/v3"
	"google.golang.org/grpc"
	"google.golang.org/grpc/mem"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/durationpb"
)

// translation measures the Translation call by bytes, so that the client's own decoding is no part of it. Each request
// differs from all before: a rule is gone, another and a cluster have another timeout.
func translation(b *bench) []Figure {
	return append(translationOf(b, 1, "one hostname"), translationOf(b, 100, "100 hostnames")...)
}

func translationOf(b *bench, hosts int, name string) []Figure {
	ours := b.startPointsman()
	others := map[string]*server{"echo": b.startEcho("bytes"), "decode": b.startEcho("echo")}
	request := newRequest(ours, ruleCount, otherRules, hosts)
	seconds := map[string][]float64{}
	warmUp, measured := b.of(150, 30), b.of(40, 10)
	var sent, came int
	for number := range warmUp + measured {
		bytes := request.changed(number)
		tellWeights(ours, ruleCount)
		took, answer := timed(ours, bytes)
		sent, came = len(bytes), answer
		if number%50 == 0 {
			b.progress("%s: translation %d of %d, %.0f ms", name, number, warmUp+measured, took*1e3)
		}
		if number < warmUp-5 {
			continue
		}
		seconds["ours"] = append(seconds["ours"], took)
		for other, server := range others {
			took, _ := timed(server, bytes)
			seconds[other] = append(seconds[other], took)
		}
	}
	ms := map[string]float64{}
	for server, all := range seconds {
		ms[server] = median(all[5:]) * 1e3
	}
	for _, server := range others {
		server.stop()
	}
	ours.stop()
	detail := fmt.Sprintf("echo %.1f ms, Pointsman %.1f ms, decoding %.1f ms; %.1f MB in, %.1f MB out, after %d translations",
		ms["echo"], ms["ours"], ms["decode"], float64(sent)/1e6, float64(came)/1e6, warmUp)
	return []Figure{
		newFigure("Translation call, "+name, ms["ours"]/ms["echo"], "x echo", atMost(1.5), detail),
		newFigure("Translation call, "+name+", beside decode and encode", ms["ours"]/ms["decode"], "x", noGoal, ""),
	}
}

// timed makes a Translation call, and returns its seconds and the bytes of the answer.
func timed(server *server, request []byte) (float64, int) {
	var answer []byte
	start := time.Now()
	must(server.connection.Invoke(context.Background(), extension.EnvoyGatewayExtension_PostTranslateModify_FullMethodName,
		&request, &answer, grpc.ForceCodecV2(rawBytes{})))
	return time.Since(start).Seconds(), len(answer)
}

// tellWeights makes the calls before a translation that a single pool's rule has, without waiting for each.
func tellWeights(server *server, pools int) {
	failures := make(chan error, pools)
	for i := range pools {
		go func() {
			_, err := server.hooks.PostEndpointsModify(context.Background(), assignment(fmt.Sprintf("model-%d", i), true))
			failures <- err
		}()
	}
	for range pools {
		must(<-failures)
	}
}

// request is a translation of pool rules among others, spread over virtual hosts, the pool rules last in each.
type request struct {
	all   *extension.PostTranslateModifyRequest
	pools int
}

func newRequest(server *server, pools, others, hosts int) request {
	all := &extension.PostTranslateModifyRequest{PostTranslateContext: &extension.PostTranslateExtensionContext{}}
	table := &route.RouteConfiguration{Name: name}
	for i := range hosts {
		host := &route.VirtualHost{Name: fmt.Sprintf("%s/%d", name, i), Domains: []string{fmt.Sprintf("host%d.example.com", i)}}
		if hosts == 1 {
			host.Domains = []string{"*"}
		}
		table.VirtualHosts = append(table.VirtualHosts, host)
	}
	for i := range others {
		host := table.VirtualHosts[i%hosts]
		host.Routes = append(host.Routes, webRoute(i))
		all.Clusters = append(all.Clusters, clusterOf(fmt.Sprintf("web-%d", i)))
	}
	for i := range pools {
		host := table.VirtualHosts[i%hosts]
		host.Routes = append(host.Routes, must1(server.hooks.PostRouteModify(context.Background(), modelRequest(i))).Route)
		all.Clusters = append(all.Clusters, clusterOf(fmt.Sprintf("model-%d", i)))
	}
	all.Routes = []*route.RouteConfiguration{table}
	all.Listeners = append(all.Listeners, gatewayListener())
	return request{all, pools}
}

// changed is the request as bytes, with changes that no other number has.
func (r request) changed(number int) []byte {
	hosts := r.all.Routes[0].VirtualHosts
	host := hosts[number%len(hosts)]
	timeout := durationpb.New(time.Duration(10_000+number) * time.Second)
	before := host.Routes
	perHost := r.pools / len(hosts)
	gone := len(before) - 1 - number%perHost
	slower := before[len(before)-1-(number+1)%perHost].GetRoute()
	cluster := r.all.Clusters[number*7919%len(r.all.Clusters)]
	usual, connect := slower.Timeout, cluster.ConnectTimeout
	slower.Timeout, cluster.ConnectTimeout = timeout, timeout
	host.Routes = append(append([]*route.Route{}, before[:gone]...), before[gone+1:]...)
	bytes := must1(proto.Marshal(r.all))
	host.Routes, slower.Timeout, cluster.ConnectTimeout = before, usual, connect
	return bytes
}

// rawBytes passes messages on as they are on the wire.
type rawBytes struct{}

func (rawBytes) Name() string { return "proto" }

func (rawBytes) Marshal(message any) (mem.BufferSlice, error) {
	return mem.BufferSlice{mem.SliceBuffer(*message.(*[]byte))}, nil
}

func (rawBytes) Unmarshal(data mem.BufferSlice, message any) error {
	*message.(*[]byte) = data.Materialize()
	return nil
}
