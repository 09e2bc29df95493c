package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

const poolsOfPods = 100

// pods measures how late a real Envoy has the endpoints of a pool when a Pod's readiness has changed in a real API server.
// Nothing runs in the Pods: they wait for a scheduler that never comes, and their statuses are written.
func pods(b *bench) []Figure {
	k := b.startPools(poolsOfPods)
	inside := []string{"--state", k.state, "run"}
	server := b.start(limitedTo(b.memoryGroup(b.chartLimit()),
		exec.Command("hack/cluster.sh", append(inside, pointsman("--kubernetes").Args...)...)))
	bootstrap, admin := poolClusters(server.eds)
	envoy := b.process(exec.Command("hack/cluster.sh", append(inside, output("hack/envoy.sh"), "-c", b.write("envoy.json", bootstrap),
		"--concurrency", "1", "--log-level", "error", "--use-dynamic-base-id", "--disable-hot-restart")...))
	hosts := func(pool int) (int, error) {
		text, err := k.fetch(fmt.Sprintf("http://%s/stats?filter=%%5Ecluster.pool-%d.membership_total$", admin, pool))
		count := -1
		if err == nil {
			_, err = fmt.Sscanf(text[strings.LastIndex(text, ": ")+1:], "%d", &count)
		}
		return count, err
	}
	var figures []Figure
	each := 0
	for _, count := range []int{1000, b.of(10_000, 2000)} {
		k.addPods(0, poolsOfPods, each, count/poolsOfPods)
		each = count / poolsOfPods
		b.progress("%d pods are there", count)
		delays := k.delays(b, each, hosts)
		name := fmt.Sprintf("Pod's readiness until Envoy's host list, %d pods, ", count)
		detail := fmt.Sprintf("from the API server's answer; %d changes; RSS %.0f MiB, Envoy's %.0f MiB", len(delays),
			resident(inner(server.process.Process.Pid), "VmRSS:"), resident(inner(envoy), "VmRSS:"))
		figures = append(figures,
			newFigure(name+"p50", percentile(delays, 50), "ms", noGoal, ""),
			newFigure(name+"p99", percentile(delays, 99), "ms", atMost(50), detail))
	}
	return figures
}

// startPools starts a cluster with so many pools, pool-0 and so on, each of the pods with the label app of its name.
func (b *bench) startPools(count int) *kubernetes {
	k := b.startCluster()
	run("hack/cluster.sh", "--state", k.state, "kubectl", "apply", "--server-side", "-f", output("hack/inference-extension.sh")+"/crds")
	k.apply("{apiVersion: v1, kind: Namespace, metadata: {name: bench}}")
	var pools []string
	for i := range count {
		pools = append(pools, pool(fmt.Sprintf("pool-%d", i), fmt.Sprintf("pool-%d", i), 8000))
	}
	k.apply(pools...)
	return k
}

// inner is the process that a script runs in the cluster: the child of the one that entered it.
func inner(process int) int {
	for _, file := range must1(filepath.Glob(fmt.Sprintf("/proc/%d/task/*/children", process))) {
		if children := strings.Fields(string(must1(os.ReadFile(file)))); len(children) > 0 {
			return must1(strconv.Atoi(children[0]))
		}
	}
	panic(fmt.Errorf("process %d has no child", process))
}

// addPods brings the pools of a range from a number of pods to another, all ready.
func (k *kubernetes) addPods(first, last, from, to int) {
	everyOf(last-first, func(offset int) error {
		pool := first + offset
		for pod := from; pod < to; pod++ {
			_, err := k.call("POST", pathOf("v1", "Pod", ""), "application/yaml", fmt.Appendf(nil, `
apiVersion: v1
kind: Pod
metadata:
  name: pool-%[1]d-%[2]d
  labels: {app: pool-%[1]d, app.kubernetes.io/part-of: models, version: v1, pod-template-hash: 5d4f8c7b9, model: some-large-model}
spec:
  schedulingGates: [{name: example.com/never}]
  containers: [{name: server, image: registry.invalid/model-server, args: [--model, some-large-model]}]`, pool, pod))
			if err == nil {
				err = k.setReady(pool, pod, true)
			}
			if err != nil {
				return err
			}
		}
		return nil
	})
}

func (k *kubernetes) setReady(pool, pod int, isReady bool) error {
	status := map[bool]string{true: "True", false: "False"}[isReady]
	return k.patch(pathOf("v1", "Pod", fmt.Sprintf("pool-%d-%d", pool, pod))+"/status", fmt.Sprintf(
		`{"status": {"podIP": "10.%d.%d.%d", "conditions": [{"type": "Ready", "status": "%s"}]}}`, pool/256, pool%256, pod+1, status))
}

// delays are the milliseconds from the API server's answer until Envoy has the hosts, with so many pods in each pool.
func (k *kubernetes) delays(b *bench, each int, hosts func(pool int) (int, error)) []float64 {
	for pool := range poolsOfPods {
		b.await("the hosts of a pool", func() error {
			count, err := hosts(pool)
			if err == nil && count != each {
				err = fmt.Errorf("%d of %d", count, each)
			}
			return err
		})
	}
	var delays []float64
	warmUp := b.of(200, 20)
	for change := range warmUp + b.of(600, 40) {
		pool, isReady := change/2%poolsOfPods, change%2 == 1 // away, and back
		must(k.setReady(pool, change/2%each, isReady))
		start := time.Now()
		wanted := each
		if !isReady {
			wanted--
		}
		for count := -1; count != wanted; count = must1(hosts(pool)) {
			mustBe(time.Since(start) < patience, "a pod's change does not reach Envoy within %s", patience)
		}
		if change >= warmUp {
			delays = append(delays, time.Since(start).Seconds()*1e3)
		}
	}
	return delays
}

// poolClusters is a bootstrap with a cluster for each pool, as Pointsman makes them, and the address of its admin port.
func poolClusters(eds string) (bootstrap any, admin string) {
	_, port, _ := strings.Cut(eds, ":")
	clusters := []any{parsed(fmt.Sprintf(`{"name": "eds", "type": "STATIC", "connectTimeout": "1s",
		"loadAssignment": {"clusterName": "eds", "endpoints": [{"lbEndpoints": [{"endpoint": {"address":
			{"socketAddress": {"address": "127.0.0.1", "portValue": %s}}}}]}]},
		"typedExtensionProtocolOptions": {"envoy.extensions.upstreams.http.v3.HttpProtocolOptions": {
			"@type": "type.googleapis.com/envoy.extensions.upstreams.http.v3.HttpProtocolOptions",
			"explicitHttpConfig": {"http2ProtocolOptions": {}}}}}`, port))}
	for i := range poolsOfPods {
		clusters = append(clusters, parsed(fmt.Sprintf(`{"name": "pool-%[1]d", "type": "EDS", "connectTimeout": "1s",
			"edsClusterConfig": {"serviceName": "inferencepool/inference.networking.k8s.io/bench/pool-%[1]d", "edsConfig": {"resourceApiVersion": "V3",
				"apiConfigSource": {"apiType": "DELTA_GRPC", "transportApiVersion": "V3", "setNodeOnFirstMessageOnly": true,
					"grpcServices": [{"envoyGrpc": {"clusterName": "eds"}}]}}}}`, i)))
	}
	admin = fmt.Sprintf("127.0.0.1:%d", freePort()) // of a network of its own, where it is as free
	_, adminPort, _ := strings.Cut(admin, ":")
	return map[string]any{
		"node":            parsed(`{"id": "bench", "cluster": "bench"}`),
		"admin":           parsed(`{"address": {"socketAddress": {"address": "127.0.0.1", "portValue": ` + adminPort + `}}}`),
		"staticResources": map[string]any{"clusters": clusters},
	}, admin
}
