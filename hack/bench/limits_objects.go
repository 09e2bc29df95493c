package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	core "github.com/envoyproxy/go-control-plane/envoy/config/core/v3"
	endpoint "github.com/envoyproxy/go-control-plane/envoy/config/endpoint/v3"
	discovery "github.com/envoyproxy/go-control-plane/envoy/service/discovery/v3"
	endpoints "github.com/envoyproxy/go-control-plane/envoy/service/endpoint/v3"
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
	"k8s.io/client-go/tools/clientcmd"
)

const (
	podsOfPool     = 10
	clustersOfEach = 20 // of a simulated proxy
)

// limitsOfObjects serves pools and pods from a real API server to simulated proxies.
func limitsOfObjects(b *bench) []Figure {
	pools, proxies := b.of(10_000, 200), b.of(1000, 50)
	k := b.startPools(pools)
	b.progress("%d pools are there", pools)
	for first := 0; first < pools; first += pools / 10 {
		k.addPods(first, first+pools/10, 0, podsOfPool)
		b.progress("%d pods are there", (first+pools/10)*podsOfPool)
	}
	figures, memory := []Figure(nil), b.chartLimit()
	server := b.serveObjects(k, memory)
	for ; server == nil; server = b.serveObjects(k, memory) {
		figures = append(figures, newFigure(fmt.Sprintf("limit of memory that is too small for %d pools with %d pods", pools, pools*podsOfPool),
			memory/mebi, "MiB", noGoal, "the process ends, and is started again"))
		memory *= 2
		mustBe(memory <= 8192*mebi, "8 GiB do not suffice")
	}
	process := server.process.Process.Pid
	note := func(name string, value float64, unit string) {
		figures = append(figures, newFigure(name, value, unit, noGoal,
			fmt.Sprintf("RSS %.0f MiB, limit %.0f MiB", resident(process, "VmRSS:"), memory/mebi)))
		b.progress("%s: %.0f %s, RSS %.0f MiB", name, value, unit, resident(process, "VmRSS:"))
	}
	note(fmt.Sprintf("start to ready, %d pools with %d pods", pools, pools*podsOfPool), server.start, "s")
	seen := make(chan time.Time, proxies)
	for _, count := range []int{1, proxies} {
		start := time.Now()
		simulated := b.proxies(server.eds, count, pools, seen)
		note(fmt.Sprintf("%d proxies with %d clusters each connect", count, clustersOfEach), time.Since(start).Seconds(), "s")
		var delays []float64
		for change := range b.of(20, 4) {
			must(k.setReady(0, 0, change%2 == 1))
			start = time.Now()
			for range count {
				delays = append(delays, (<-seen).Sub(start).Seconds()*1e3)
			}
		}
		note(fmt.Sprintf("Pod's readiness until each of %d proxies has it, p50", count), percentile(delays, 50), "ms")
		note(fmt.Sprintf("Pod's readiness until each of %d proxies has it, p99", count), percentile(delays, 99), "ms")
		simulated()
	}
	return figures
}

// serveObjects is nil if the process ended before it was ready.
func (b *bench) serveObjects(k *kubernetes, memory float64) (started *server) {
	defer func() {
		if failure := recover(); failure != nil {
			b.progress("with %.0f MiB: %v", memory/mebi, failure)
			started = nil
		}
	}()
	command := limitedTo(b.memoryGroup(memory), pointsman("--kubernetes"))
	command.Env = append(os.Environ(), "KUBECONFIG="+b.outside(k))
	return b.start(command)
}

// outside is a kubeconfig for a process that does not run in the cluster's network.
func (b *bench) outside(k *kubernetes) string {
	config := must1(clientcmd.LoadFromFile(k.kubeconfig()))
	for _, cluster := range config.Clusters {
		cluster.ProxyURL = "http://" + strings.TrimSpace(string(must1(os.ReadFile(filepath.Join(k.state, "proxy")))))
	}
	file := filepath.Join(b.folder(), "kubeconfig")
	must(clientcmd.WriteToFile(*config, file))
	return file
}

// proxies connect as Envoys do: a connection each, and on it a stream for each cluster. All have the first pool, and each others
// besides. A time is sent for each change of the first pool that a proxy gets. The function that it returns ends them.
func (b *bench) proxies(eds string, count, pools int, seen chan<- time.Time) (end func()) {
	ended, cancel := context.WithCancel(context.Background())
	var first, running sync.WaitGroup
	var connections []*grpc.ClientConn
	for proxy := range count {
		connection := must1(grpc.NewClient("passthrough:///"+eds, grpc.WithTransportCredentials(insecure.NewCredentials())))
		connections = append(connections, connection)
		for cluster := range clustersOfEach {
			pool := 0
			if cluster > 0 {
				pool = (proxy*clustersOfEach + cluster) % pools
			}
			first.Add(1)
			running.Go(func() { watch(ended, connection, proxy, pool, first.Done, seen) })
		}
	}
	first.Wait()
	return func() {
		cancel()
		running.Wait()
		for _, connection := range connections {
			_ = connection.Close()
		}
	}
}

// watch subscribes to a pool's endpoints and acknowledges each response.
func watch(ended context.Context, connection *grpc.ClientConn, proxy, pool int, first func(), seen chan<- time.Time) {
	stream := must1(endpoints.NewEndpointDiscoveryServiceClient(connection).DeltaEndpoints(ended))
	name := fmt.Sprintf("inferencepool/inference.networking.k8s.io/%s/pool-%d", namespace, pool)
	must(stream.Send(&discovery.DeltaDiscoveryRequest{
		Node: &core.Node{Id: fmt.Sprintf("proxy-%d", proxy)}, TypeUrl: typeOfEndpoints, ResourceNamesSubscribe: []string{name}}))
	for responses := 0; ; responses++ {
		response, err := stream.Recv()
		if ended.Err() != nil {
			return
		}
		must(err)
		var assignment endpoint.ClusterLoadAssignment
		must(response.Resources[0].Resource.UnmarshalTo(&assignment))
		if responses == 0 {
			mustBe(len(assignment.Endpoints) == 1 && len(assignment.Endpoints[0].LbEndpoints) == podsOfPool, "pool %d has other endpoints: %v", pool, &assignment)
			first()
		} else if pool == 0 {
			seen <- time.Now()
		}
		_ = stream.Send(&discovery.DeltaDiscoveryRequest{TypeUrl: typeOfEndpoints, ResponseNonce: response.Nonce})
	}
}

const typeOfEndpoints = "type.googleapis.com/envoy.config.endpoint.v3.ClusterLoadAssignment"
