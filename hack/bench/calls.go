package main

import (
	"context"
	"fmt"
	"time"

	"github.com/envoyproxy/gateway/proto/extension"
)

const (
	blockOfCalls = 50
	firstBlocks  = 20  // 1,000 calls of each hook
	allBlocks    = 300 // 15,000, of which the last third is warm
	ruleCount    = 1000
)

// blocks are the seconds of each block of calls.
type blocks struct{ route, endpoints []float64 }

// first is the time of the first 1,000 calls, and warm that of a call in the middle one of the last third's blocks.
func first(seconds []float64) float64 { return sum(seconds[:firstBlocks]) }
func warm(seconds []float64) float64 {
	return median(seconds[2*allBlocks/3:]) / blockOfCalls
}

// calls measures what a Route and an Endpoints call cost.
func calls(b *bench) []Figure {
	figures := map[string][]float64{}
	note := func(name string, value float64) { figures[name] = append(figures[name], value) }
	for process := range b.of(5, 1) {
		b.progress("process %d", process+1)
		theirs, ours := b.startEcho("echo"), b.startPointsman()
		var them, us blocks
		for block := range allBlocks {
			them.measure(theirs, block)
			us.measure(ours, block)
		}
		note("Route echo", warm(them.route))
		note("Route ours", warm(us.route))
		note("Route warm", warm(us.route)/warm(them.route))
		note("Route first", first(us.route)/first(them.route))
		note("Endpoints echo", warm(them.endpoints))
		note("Endpoints ours", warm(us.endpoints))
		note("Endpoints warm", warm(us.endpoints)/warm(them.endpoints))
		note("Endpoints first", first(us.endpoints)/first(them.endpoints))
		theirs.stop()
		ours.stop()
	}
	var all []Figure
	for _, hook := range []string{"Route", "Endpoints"} {
		detail := fmt.Sprintf("echo %.0f µs, Pointsman %.0f µs", median(figures[hook+" echo"])*1e6, median(figures[hook+" ours"])*1e6)
		all = append(all,
			newFigure(hook+" call, first 1,000", median(figures[hook+" first"]), "x echo", atMost(4), ""),
			newFigure(hook+" call, third 5,000", median(figures[hook+" warm"]), "x echo", atMost(1.6), detail))
	}
	return all
}

// measure makes a block of Route and a block of Endpoints calls, the next ones of the rules.
func (b *blocks) measure(server *server, block int) {
	routes := make([]*extension.PostRouteModifyRequest, blockOfCalls)
	endpoints := make([]*extension.PostEndpointsModifyRequest, blockOfCalls)
	for i := range blockOfCalls {
		rule := (block*blockOfCalls + i) % ruleCount
		routes[i] = modelRequest(rule)
		endpoints[i] = assignment(fmt.Sprintf("web-%d", rule), false)
	}
	start := time.Now()
	for _, request := range routes {
		must1(server.hooks.PostRouteModify(context.Background(), request))
	}
	between := time.Now()
	for _, request := range endpoints {
		must1(server.hooks.PostEndpointsModify(context.Background(), request))
	}
	b.route = append(b.route, between.Sub(start).Seconds())
	b.endpoints = append(b.endpoints, time.Since(between).Seconds())
}
