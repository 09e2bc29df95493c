package main

import (
	"context"
	"fmt"
	"time"

	"github.com/envoyproxy/gateway/proto/extension"
	route "github.com/envoyproxy/go-control-plane/envoy/config/route/v3"
	"google.golang.org/protobuf/types/known/durationpb"
)

const (
	poolRules    = rules
	otherRules   = 10_000
	translations = 12 // the second half is warm
)

// translation measures all calls of a whole translation. Each one follows a change of a user's.
func translation(processes int, pointsman string) []Row {
	var firsts, firstHooks, warms, ratios, echoes, hooks []float64
	for range processes {
		theirs, ours := startEcho(), startPointsman(pointsman)
		var them, us, ourHook []float64
		for number := range translations {
			all, _ := translate(theirs, number)
			them = append(them, all)
			all, hook := translate(ours, number)
			us = append(us, all)
			ourHook = append(ourHook, hook)
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
	detail := fmt.Sprintf("%d pool rules, %d others; warm: echo %.2f s, Pointsman %.2f s, of which the Translation call %.3f s",
		poolRules, otherRules, median(echoes), median(warms), median(hooks))
	first := fmt.Sprintf("the Translation call alone %.2f s", median(firstHooks))
	return []Row{
		newRow("whole translation, first", median(firsts), "s", 1, first),
		newRow("whole translation, warm", median(warms), "s", 0.25, detail),
		newRow("whole translation, warm, beside an echo", median(ratios), "x echo", 1.5, detail),
	}
}

// translate makes the calls of one translation, and tells the seconds of all of them and of the last. Of one pool rule and
// of one cluster the timeout is another one each time, and another pool rule is missing.
func translate(server *server, number int) (all, hook float64) {
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
	for i := range otherRules {
		add(fmt.Sprintf("web-%d", i), webRoute(i), false)
	}
	timeout := durationpb.New(time.Duration(10_000+number) * time.Second)
	for i := range poolRules {
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
	must1(server.hooks.PostTranslateModify(context, request))
	hook = time.Since(start).Seconds()
	return all + hook, hook
}
