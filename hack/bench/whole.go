package main

import (
	"context"
	"fmt"
	"time"

	"github.com/envoyproxy/gateway/proto/extension"
	route "github.com/envoyproxy/go-control-plane/envoy/config/route/v3"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/durationpb"
)

const (
	otherRules   = 10_000
	translations = 8 // the second half is warm
)

// whole measures all calls of a whole translation. Each one follows a change of a user's.
func whole(b *bench) []Figure {
	var firsts, firstHooks, warms, ratios, echoes, hooks []float64
	for process := range b.of(2, 1) {
		b.progress("process %d", process+1)
		theirs, ours := b.startEcho("echo"), b.startPointsman()
		var them, us, ourHook []float64
		for number := range translations {
			all, _ := translate(theirs, ruleCount, otherRules, number)
			them = append(them, all)
			all, hook := translate(ours, ruleCount, otherRules, number)
			us = append(us, all)
			ourHook = append(ourHook, hook.seconds)
		}
		half := translations / 2
		firsts = append(firsts, us[0])
		firstHooks = append(firstHooks, ourHook[0])
		warms = append(warms, median(us[half:]))
		ratios = append(ratios, median(us[half:])/median(them[half:]))
		echoes = append(echoes, median(them[half:]))
		hooks = append(hooks, median(ourHook[half:]))
		theirs.stop()
		ours.stop()
	}
	detail := fmt.Sprintf("echo %.2f s; the Translation call %.3f s", median(echoes), median(hooks))
	first := fmt.Sprintf("the Translation call %.2f s", median(firstHooks))
	return []Figure{
		newFigure("all calls, first translation", median(firsts), "s", atMost(1), first),
		newFigure("all calls, warm", median(warms), "s", atMost(0.25), detail),
		newFigure("all calls, warm, beside an echo", median(ratios), "x echo", atMost(1.5), ""),
	}
}

// translated is a Translation call.
type translated struct {
	seconds    float64
	sent, came int // bytes
}

// translate makes the calls of one translation, and tells the seconds of all of them and of the last. Of one pool rule and
// of one cluster the timeout is another one each time, and another pool rule is missing.
func translate(server *server, pools, others, number int) (all float64, hook translated) {
	context := context.Background()
	host := &route.VirtualHost{Name: name + "/*", Domains: []string{"*"}}
	request := &extension.PostTranslateModifyRequest{PostTranslateContext: &extension.PostTranslateExtensionContext{}}
	add := func(httpRoute string, one *route.Route, isPool bool) {
		host.Routes = append(host.Routes, one)
		start := time.Now()
		must1(server.hooks.PostEndpointsModify(context, assignment(httpRoute, isPool)))
		all += time.Since(start).Seconds()
		request.Clusters = append(request.Clusters, clusterOf(httpRoute))
	}
	for i := range others {
		add(fmt.Sprintf("web-%d", i), webRoute(i), false)
	}
	timeout := durationpb.New(time.Duration(10_000+number) * time.Second)
	for i := range pools {
		if i == number {
			continue
		}
		model := modelRequest(i)
		if i == number+1 {
			model.Route.GetRoute().Timeout = timeout
		}
		start := time.Now()
		answer := must1(server.hooks.PostRouteModify(context, model))
		all += time.Since(start).Seconds()
		add(fmt.Sprintf("model-%d", i), answer.Route, true)
	}
	request.Clusters[number].ConnectTimeout = timeout
	request.Listeners = append(request.Listeners, gatewayListener())
	request.Routes = append(request.Routes, &route.RouteConfiguration{Name: name, VirtualHosts: []*route.VirtualHost{host}})
	start := time.Now()
	answer := must1(server.hooks.PostTranslateModify(context, request))
	hook.seconds = time.Since(start).Seconds()
	hook.sent, hook.came = proto.Size(request), proto.Size(answer)
	return all + hook.seconds, hook
}
