package main

import (
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"sigs.k8s.io/yaml"
)

const (
	system       = "envoy-gateway-system"
	rulesOfRoute = 16 // as many as an HTTPRoute may have
)

// onCluster is a real Envoy Gateway whose rules lead to pools while it has Pointsman, and to a Service while it has not.
type onCluster struct {
	*bench
	*kubernetes
	config  string // Envoy Gateway's, with Pointsman
	address string // of the Gateway
	changes int    // of routes, each to another path
}

// gateway measures a real Envoy Gateway with and without Pointsman.
func gateway(b *bench) []Figure {
	on := &onCluster{bench: b, kubernetes: b.startCluster()}
	b.progress("installing Envoy Gateway and Pointsman")
	run("hack/cluster/install.sh", on.state)
	var config struct{ Data map[string]string }
	must(on.get("/api/v1/namespaces/"+system+"/configmaps/envoy-gateway-config", &config))
	on.config = config.Data["envoy-gateway.yaml"]
	on.apply("{apiVersion: v1, kind: Namespace, metadata: {name: bench}}")
	on.apply(append(append(echoServer("a"), echoServer("b")...), fixed...)...)
	on.address = on.gatewayAddress()
	var figures []Figure
	for _, rules := range []int{10, b.of(1000, 100)} {
		delays := map[bool][]float64{}
		for _, with := range []bool{true, false} {
			on.turn(with, func() []string { return poolRules(rules, with) })
			delays[with] = on.weights(with, b.of(40, 5))
		}
		for _, percent := range []int{50, 99} {
			ours, theirs := percentile(delays[true], percent), percentile(delays[false], percent)
			figures = append(figures, newFigure(fmt.Sprintf("changed weight until Envoy uses it, p%d, %d rules", percent, rules), ours*1e3, "ms", noGoal,
				fmt.Sprintf("%.0f ms without Pointsman; %d changes each", theirs*1e3, len(delays[true]))))
		}
	}
	return append(figures, on.translations()...)
}

// translations measures what Envoy Gateway's xDS runner takes for a change of one route: 200 pool rules, 2,000 rules to a
// Backend with a host name, 300 to a Service.
func (on *onCluster) translations() []Figure {
	pools, others := on.of(200, 20), on.of(1, 10)
	must1(on.call("DELETE", strings.TrimSuffix(pathOf("gateway.networking.k8s.io/v1", "HTTPRoute", ""), "/"), "", nil))
	on.apply(httpRoutes("backend", 2000/others, func(i int) string { return path(i, "b", external) })...)
	on.apply(httpRoutes("service", 300/others, func(i int) string { return path(i, "s", toService("a")) })...)
	took, inside, calls := map[bool][]float64{}, map[bool][]float64{}, 0.0
	for _, with := range []bool{true, false, true, false} {
		on.turn(with, func() []string { return poolRules(pools, with) })
		warmUp := on.of(4, 1)
		for change := range warmUp + on.of(10, 3) {
			before, hooks := on.xds(), on.hooks()
			must(on.patch(pathOf("gateway.networking.k8s.io/v1", "HTTPRoute", fmt.Sprintf("backend-%d", change)),
				fmt.Sprintf(`{"spec": {"rules": [{"matches": [{"path": {"type": "PathPrefix", "value": "/b/changed/%d-%d-%v"}}],
				"backendRefs": [{"group": "gateway.envoyproxy.io", "kind": "Backend", "name": "external"}]}]}}`, change, on.changes, with)))
			on.changes++
			after := on.settled(before.count, time.Second)
			told := on.hooks()
			if change < warmUp {
				continue
			}
			took[with] = append(took[with], (after.sum-before.sum)/(after.count-before.count))
			inside[with] = append(inside[with], (told.sum-hooks.sum)/(after.count-before.count))
			mustBe((told.count > hooks.count) == with, "with Pointsman: %v, and its hooks were called %.0f times", with, told.count-hooks.count)
			if with {
				calls = (told.count - hooks.count) / (after.count - before.count)
			}
		}
		on.progress("with Pointsman: %v, a translation takes Envoy Gateway %.0f ms", with, median(took[with])*1e3)
	}
	ours, theirs := median(took[true]), median(took[false])
	return []Figure{newFigure("Envoy Gateway's xDS runner, one route changed", ours/theirs, "x without", atMost(2.5),
		fmt.Sprintf("%.0f ms, without Pointsman %.0f ms; %.0f calls, %.0f ms inside the hooks", ours*1e3, theirs*1e3, calls, median(inside[true])*1e3))}
}

// turn gives Envoy Gateway its configuration with or without Pointsman, and objects that fit.
func (on *onCluster) turn(with bool, objects func() []string) {
	var config map[string]any
	must(yaml.Unmarshal([]byte(on.config), &config))
	if !with {
		delete(config, "extensionManager")
	}
	merge := must1(json.Marshal(map[string]any{"data": map[string]string{"envoy-gateway.yaml": string(must1(yaml.Marshal(config)))}}))
	must(on.patch("/api/v1/namespaces/"+system+"/configmaps/envoy-gateway-config", string(merge)))
	run("hack/cluster.sh", "--state", on.state, "kubectl", "-n", system, "rollout", "restart", "deployment/envoy-gateway")
	run("hack/cluster.sh", "--state", on.state, "kubectl", "-n", system, "rollout", "status", "deployment/envoy-gateway", "--timeout=2m")
	on.apply(objects()...)
	for _, name := range []string{"a", "b"} { // a change that is seen comes after all that was changed before
		on.apply(weighted(with, name))
		on.await("an answer from the new weight", func() error { return on.servedBy(name) })
	}
	on.settled(0, 2*time.Second)
	on.progress("with Pointsman: %v, everything is translated", with)
}

// weights measures the seconds from the API server's answer to a changed weight until requests follow it.
func (on *onCluster) weights(with bool, changes int) []float64 {
	var delays []float64
	warmUp := on.of(8, 1)
	for change := range warmUp + changes {
		wanted := []string{"a", "b"}[change%2]
		on.apply(weighted(with, wanted))
		start := time.Now()
		for on.servedBy(wanted) != nil {
			mustBe(time.Since(start) < patience, "a changed weight is not used after %s", patience)
		}
		if change >= warmUp {
			delays = append(delays, time.Since(start).Seconds())
		}
		on.settled(0, 300*time.Millisecond)
	}
	return delays
}

// servedBy sends a request, and fails unless a pod of the server answers it.
func (on *onCluster) servedBy(name string) error {
	text, err := on.fetch("http://" + on.address + "/weighted")
	if err == nil && !strings.Contains(text, `"pod": "`+name+`-`) {
		err = fmt.Errorf("answered: %.300s", text)
	}
	return err
}

// counted is a sum over so many.
type counted struct{ count, sum float64 }

// xds is the time that Envoy Gateway's xDS runner has spent since its start.
func (on *onCluster) xds() counted {
	return on.series("19001", "control-plane=envoy-gateway", `watchable_subscribe_duration_seconds`, `runner="xds"`)
}

// hooks is the time inside Pointsman's hooks, of all replicas.
func (on *onCluster) hooks() counted {
	return on.series("8080", "app.kubernetes.io/name=pointsman", "pointsman_hook_seconds", "hook=")
}

func (on *onCluster) series(port, selector, name, label string) counted {
	var all counted
	for _, address := range on.pods(system, selector) {
		text := must1(on.fetch("http://" + address + ":" + port + "/metrics"))
		for line := range strings.Lines(text) {
			if strings.Contains(line, label) {
				all.count += sumOfSeries(line, name+"_count{")
				all.sum += sumOfSeries(line, name+"_sum{")
			}
		}
	}
	return all
}

// settled waits until Envoy Gateway has translated more often than before, and then no more for a while.
func (on *onCluster) settled(before float64, quiet time.Duration) counted {
	var last counted
	since := time.Now()
	on.await("Envoy Gateway to be done", func() error {
		now := on.xds()
		if now != last {
			last, since = now, time.Now()
		}
		if last.count <= before || time.Since(since) < quiet {
			return fmt.Errorf("%.0f translations", last.count)
		}
		return nil
	})
	return last
}

func (on *onCluster) gatewayAddress() string {
	var gateway struct {
		Status struct {
			Addresses  []struct{ Value string }
			Conditions []struct{ Type, Status string }
		}
	}
	on.await("the Gateway", func() error {
		if err := on.get(pathOf("gateway.networking.k8s.io/v1", "Gateway", "gateway"), &gateway); err != nil {
			return err
		}
		for _, condition := range gateway.Status.Conditions {
			if condition.Type == "Programmed" && condition.Status == "True" {
				return nil
			}
		}
		return fmt.Errorf("it is not programmed: %v", gateway.Status)
	})
	return gateway.Status.Addresses[0].Value + ":8081"
}
