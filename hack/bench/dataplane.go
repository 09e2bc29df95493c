package main

import (
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync/atomic"
	"time"

	"fortio.org/fortio/fhttp"
	"fortio.org/fortio/periodic"
	"fortio.org/log"
)

const (
	connections = 8
	answer      = `{"object":"chat.completion","choices":[{"message":{"role":"assistant","content":"ok"}}]}`
)

// sizes of bodies; the name is that of a figure.
var sizes = []struct {
	name  string
	bytes int
}{{"2 KiB", 2 << 10}, {"200 KiB", 200 << 10}, {"5 MiB", 5 << 20}}

// The ways of a request. All but BBR's filter is what Envoy Gateway and Pointsman make of recorded requests.
const (
	plain      = "plain cluster"
	extraction = "extraction"
	picked     = "picker"
	carried    = "extraction, picker"
	bbr        = "BBR, picker"
)

var ways = []string{plain, extraction, picked, carried, bbr}

// way is an Envoy with the processes that help it.
type way struct {
	url, model string
	processes  []int
	failures   int64 // that may be, of 1,000: Envoy waits 200 ms for BBR, and a busy machine makes some wait longer
}

// load is what the requests of one round cost.
type load struct {
	perSecond, p50, p99, cpu float64 // cpu: microseconds a request, of Envoy and its helpers
}

func dataplane(b *bench) []Figure {
	log.SetLogLevelQuiet(log.Error)
	network := fmt.Sprintf("127.%d.%d", 1+rand.IntN(200), rand.IntN(250)) // rows of other runs take others
	pod, picker, backend := network+".11:8000", network+".21:9002", network+".1:13000"
	expected := &atomic.Value{}
	expected.Store("")
	wrong := &atomic.Int64{}
	for _, address := range []string{pod, backend} {
		b.serveModel(address, expected, wrong)
	}
	all := b.startWays(network, pod, picker)
	rounds, seconds := b.of(3, 1), b.of(2000, 700)
	loads := map[string][]load{}
	for round := range rounds {
		for _, size := range sizes {
			for i := range ways {
				name := ways[(i+round)%len(ways)] // each round begins with another, so that none always runs first
				one := all[name]
				expected.Store("")
				if name != plain && name != picked {
					expected.Store(one.model)
				}
				got := one.send(size.bytes, time.Duration(seconds)*time.Millisecond)
				mustBe(wrong.Load() == 0, "%s, %s: requests without the model's header", name, size.name)
				loads[name+size.name] = append(loads[name+size.name], got)
				b.progress("round %d, %s, %s: %.0f requests/s, p50 %.2f ms, p99 %.2f ms, %.0f us CPU",
					round+1, size.name, name, got.perSecond, got.p50, got.p99, got.cpu)
			}
		}
	}
	return comparisons(func(way, size string, part func(load) float64) float64 {
		var values []float64
		for _, one := range loads[way+size] {
			values = append(values, part(one))
		}
		return median(values)
	})
}

func perSecond(l load) float64 { return l.perSecond }
func cpu(l load) float64       { return l.cpu }
func p50(l load) float64       { return l.p50 }
func p99(l load) float64       { return l.p99 }

// comparisons are the figures of the medians.
func comparisons(of func(way, size string, part func(load) float64) float64) []Figure {
	var figures []Figure
	for _, size := range sizes {
		at := func(way string, part func(load) float64) float64 { return of(way, size.name, part) }
		beside := func(one, other string, part func(load) float64) float64 { return at(one, part) / at(other, part) }
		wanted := noGoal
		if size.bytes <= 2<<10 {
			wanted = atLeast(0.9)
		}
		ours, theirs := at(carried, cpu)-at(picked, cpu), at(bbr, cpu)-at(picked, cpu)
		figures = append(figures,
			newFigure(size.name+": requests/s, extraction", beside(extraction, plain, perSecond), "x plain", wanted, ""),
			newFigure(size.name+": requests/s, extraction and picker", beside(carried, bbr, perSecond), "x BBR", atLeast(1), ""),
			newFigure(size.name+": CPU added by extraction", ours/theirs, "x BBR", atMost(0.5), fmt.Sprintf("%.0f us beside %.0f us a request", ours, theirs)))
		for _, way := range ways {
			figures = append(figures, newFigure(size.name+": CPU, "+way, at(way, cpu), "us", noGoal,
				fmt.Sprintf("%.0f requests/s, p50 %.2f ms, p99 %.2f ms", at(way, perSecond), at(way, p50), at(way, p99))))
		}
	}
	return figures
}

// serveModel answers when the whole body is read, and counts requests without the header that is expected.
func (b *bench) serveModel(address string, expected *atomic.Value, wrong *atomic.Int64) {
	listener := must1(net.Listen("tcp", address))
	b.atEnd(func() { _ = listener.Close() })
	go http.Serve(listener, http.HandlerFunc(func(out http.ResponseWriter, in *http.Request) {
		if want := expected.Load().(string); want != "" && in.Header.Get("X-Gateway-Model-Name") != want {
			wrong.Add(1)
		}
		_, _ = io.Copy(io.Discard, in.Body)
		out.Header().Set("content-type", "application/json")
		_, _ = io.WriteString(out, answer)
	}))
}

// startWays starts an Envoy for each way, and what they share.
func (b *bench) startWays(network, pod, picker string) map[string]way {
	pickerProcess := b.process(exec.Command(must1(os.Executable()), "serve", "picker", picker, pod))
	router, routerPort := b.startBodyBasedRouter()
	cases := map[string]string{plain: "model-route-to-backend", extraction: "model-route-to-backend",
		picked: "pool-v1", carried: "model-routes-two-pools", bbr: "pool-v1"}
	models := map[string]string{plain: "gpt-4", extraction: "gpt-4", picked: "qwen", carried: "qwen", bbr: "qwen"}
	helpers := map[string][]int{picked: {pickerProcess}, carried: {pickerProcess}, bbr: {pickerProcess, router}}
	all := map[string]way{}
	for _, name := range ways {
		bootstrap := b.bootstrap(cases[name], name != plain, network)
		if name == bbr {
			addBodyBasedRouter(bootstrap, routerPort)
		}
		one := b.startEnvoy(bootstrap, models[name], helpers[name])
		if name == bbr {
			one.failures = 10
		}
		all[name] = one
	}
	return all
}

// bootstrap is a case's configuration for an Envoy alone, with the servers' addresses in a network.
func (b *bench) bootstrap(name string, models bool, network string) map[string]any {
	resources, folder := b.folder(), "testdata/translate/"+name
	for i, file := range []string{"testdata/demo/cluster", folder} {
		for _, source := range must1(filepath.Glob(filepath.Join(file, "*.yaml"))) {
			if base := filepath.Base(source); base != "out.yaml" && base != "inference-models.yaml" {
				text := string(must1(os.ReadFile(source)))
				if base == "pickers.yaml" { // cases call their pickers by either name
					text += "---\n" + strings.ReplaceAll(text, "-ext-proc", "-epp")
				}
				must(os.WriteFile(filepath.Join(resources, fmt.Sprintf("%d-%s", i, base)), []byte(text), 0o644))
			}
		}
	}
	command := exec.Command("hack/pointsman", "translate", "--bootstrap", "--output", "json", "--recorded", b.recorded(folder, models), "--resources", resources)
	text := strings.ReplaceAll(string(must1(command.Output())), "127.0.0.", network+".")
	return parsed(text).(map[string]any)
}

// send is one round: as many requests as fit in a time, over a few connections.
func (w way) send(size int, duration time.Duration) load {
	body := []byte(`{"model":"` + w.model + `","messages":[{"role":"user","content":"`)
	body = append(body, strings.Repeat("x", size-len(body)-4)+`"}]}`...)
	run := func(duration time.Duration) *fhttp.HTTPRunnerResults {
		options := &fhttp.HTTPRunnerOptions{
			RunnerOptions: periodic.RunnerOptions{QPS: -1, NumThreads: connections, Duration: duration, Percentiles: []float64{50, 99}, Out: io.Discard},
			HTTPOptions:   *fhttp.NewHTTPOptions(w.url),
		}
		options.Payload, options.ContentType, options.HTTPReqTimeOut = body, "application/json", 30*time.Second
		options.AllowInitialErrors = true // they are counted below
		results := must1(fhttp.RunHTTPTest(options))
		failed := results.DurationHistogram.Count - results.RetCodes[http.StatusOK]
		mustBe(failed*1000 <= results.DurationHistogram.Count*w.failures, "too many answers of %s are not 200: %v", w.url, results.RetCodes)
		return results
	}
	run(duration / 4)
	before := ticks(w.processes)
	results := run(duration)
	return load{
		perSecond: results.ActualQPS,
		p50:       results.DurationHistogram.Percentiles[0].Value * 1e3,
		p99:       results.DurationHistogram.Percentiles[1].Value * 1e3,
		cpu:       float64(ticks(w.processes)-before) * 1e6 / ticksPerSecond / float64(results.DurationHistogram.Count),
	}
}
