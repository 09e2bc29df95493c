package main

import (
	"encoding/json"
	"errors"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"google.golang.org/protobuf/proto"
	"sigs.k8s.io/yaml"
)

// A bound meets itself, and a figure without a goal has no verdict.
func TestVerdict(t *testing.T) {
	for _, one := range []struct {
		value   float64
		goal    goal
		verdict string
	}{
		{1.59, atMost(1.6), "met"}, {1.6, atMost(1.6), "met"}, {1.61, atMost(1.6), "missed"},
		{0.89, atLeast(0.9), "missed"}, {0.9, atLeast(0.9), "met"}, {1, atLeast(0.9), "met"}, {5, noGoal, ""},
	} {
		if figure := newFigure("a call", one.value, "x echo", one.goal, ""); figure.Verdict != one.verdict {
			t.Errorf("%v: %q was expected", figure, one.verdict)
		}
	}
}

// A ratio to nothing fails the row, not the table.
func TestFigureWithoutAValue(t *testing.T) {
	zero := 0.0
	row := tableRow{"calls", "", func(*bench) []Figure { return []Figure{newFigure("a", 1/zero, "x", noGoal, "")} }, false}
	if measured := row.measure(true); measured.Failed != "a: no value: +Inf" {
		t.Errorf("%v", measured)
	}
}

// A row takes the place of the one with its name, in the table's order, and leaves the others.
func TestKeptRows(t *testing.T) {
	file := filepath.Join(t.TempDir(), "bench.json")
	results := read(file)
	results.keep(Measured{Row: "whole"})
	results.keep(Measured{Row: "calls", Failed: "no server"})
	results.write(file)
	results = read(file)
	results.keep(Measured{Row: "calls", Figures: []Figure{newFigure("a", 3, "s", atMost(1), "")}})
	if len(results.Rows) != 2 || results.Rows[0].Row != "calls" || results.Rows[0].Failed != "" || results.Rows[1].Row != "whole" {
		t.Errorf("rows are in the wrong order, lost or kept: %v", results.Rows)
	}
}

// A row that fails is in the table with its reason, what it started ends, and the others go on.
func TestFailedRow(t *testing.T) {
	ended := false
	row := tableRow{"calls", "", func(b *bench) []Figure {
		b.atEnd(func() { ended = true })
		must(errors.New("no server"))
		return nil
	}, false}
	var results Results
	results.keep(row.measure(true))
	var out strings.Builder
	results.print(&out, []string{"calls"}, Results{})
	if !ended || !strings.Contains(out.String(), "failed: no server") {
		t.Errorf("ended %v, table:\n%s", ended, out.String())
	}
}

// The last release is the newest version, not the last name, and its figures stand beside the new ones.
func TestLastRelease(t *testing.T) {
	folder := t.TempDir()
	if none := lastRelease(folder); none.Version != "" {
		t.Errorf("a release without files: %v", none)
	}
	for version, value := range map[string]float64{"0.9.0": 9, "0.10.0": 10} {
		figures := []Figure{newFigure("a", value, "s", noGoal, "")}
		Results{Version: version, Rows: []Measured{{Row: "calls", Figures: figures}}}.write(filepath.Join(folder, version+".json"))
	}
	last := lastRelease(folder)
	if figure, found := last.find("calls", "a"); last.Version != "0.10.0" || !found || figure.Value != 10 {
		t.Errorf("%v", last)
	}
}

// A release keeps no row that was short or failed, and names what it has not.
func TestRelease(t *testing.T) {
	var results Results
	for i, row := range rows {
		results.keep(Measured{Row: row.name, Short: i == 0, Failed: map[bool]string{true: "no server"}[i == 1]})
	}
	saved, missing := results.release()
	if len(saved.Rows) != len(rows)-2 || !slices.Equal(missing, []string{rows[0].name, rows[1].name}) || len(results.Rows) != len(rows) {
		t.Errorf("saved %v, without %v", saved.Rows, missing)
	}
}

// The table of speed.md has the figures with goals alone, and rows that failed.
func TestMarkdown(t *testing.T) {
	var out strings.Builder
	Results{Machine: "2 cores", Date: "2026-01-01", Rows: []Measured{
		{Row: "calls", Figures: []Figure{newFigure("a", 1.5, "x echo", atMost(1.6), "b"), newFigure("c", 1, "s", noGoal, "")}},
		{Row: "pods", Failed: "no server"},
	}}.markdown(&out)
	if expected := "2 cores, 2026-01-01\n\n| row | figure | measured | goal | |\n|---|---|---|---|---|\n" +
		"| `calls` | a | 1.50 x echo | ≤ 1.6 | met |\n| `pods` | failed: no server | | | |\n"; out.String() != expected {
		t.Errorf("%s", out.String())
	}
}

func TestPercentile(t *testing.T) {
	values := []float64{5, 1, 4, 2, 3}
	if percentile(values, 50) != 3 || percentile(values, 99) != 5 || percentile(values[:1], 50) != 5 {
		t.Errorf("%v %v", percentile(values, 50), percentile(values, 99))
	}
}

// The first calls and the warm ones do not mix: slow blocks at the start are seen in one figure only.
func TestFirstAndWarm(t *testing.T) {
	seconds := make([]float64, allBlocks)
	for i := range seconds {
		seconds[i] = blockOfCalls * 1e-6
		if i < firstBlocks {
			seconds[i] *= 100
		}
	}
	if was := first(seconds); was < 0.0999 || was > 0.1001 {
		t.Errorf("1,000 calls of 100 µs took %v s", was)
	}
	if was := warm(seconds); was < 0.99e-6 || was > 1.01e-6 {
		t.Errorf("a call of 1 µs took %v s", was)
	}
}

// The server that Pointsman is compared with answers what came.
func TestEcho(t *testing.T) {
	route := modelRequest(7)
	answer := must1(echo{}.PostRouteModify(t.Context(), route))
	if !proto.Equal(answer.Route, route.Route) {
		t.Errorf("%v became %v", route.Route, answer.Route)
	}
	endpoints := assignment("web-7", false)
	told := must1(echo{}.PostEndpointsModify(t.Context(), endpoints))
	if !proto.Equal(told.LoadAssignment, endpoints.LoadAssignment) || len(told.LoadAssignment.Endpoints[0].LbEndpoints) != 1 {
		t.Errorf("%v became %v", endpoints.LoadAssignment, told.LoadAssignment)
	}
	if pool := assignment("model-7", true); len(pool.LoadAssignment.Endpoints[0].LbEndpoints) != 0 {
		t.Errorf("a pool has endpoints: %v", pool)
	}
}

// A message passes unchanged.
func TestBytes(t *testing.T) {
	in := []byte("as it is")
	data := must1(rawBytes{}.Marshal(&in))
	var out []byte
	must(rawBytes{}.Unmarshal(data, &out))
	if string(out) != string(in) {
		t.Errorf("%q became %q", in, out)
	}
}

// The chart's limit and a server's metrics are read as they are written.
func TestQuantitiesAndMetrics(t *testing.T) {
	if bytesOf("384Mi") != 384*mebi || bytesOf("1Gi") != 1024*mebi {
		t.Errorf("%v %v", bytesOf("384Mi"), bytesOf("1Gi"))
	}
	text := "# HELP a b\na{area=\"heap\",id=\"x\"} 1.5E2\na{area=\"heap\",id=\"y\"} -1.0\na{area=\"other\"} 7\n"
	if all := sumOfSeries(text, `a{area="heap"`); all != 150 {
		t.Errorf("%v", all)
	}
}

// The comparisons divide what they say: our requests a second by the plain cluster's and by BBR's, and the CPU time that
// each extraction adds to a request with a picker.
func TestComparisons(t *testing.T) {
	loads := map[string]load{
		plain: {perSecond: 100, cpu: 10}, extraction: {perSecond: 95, cpu: 12}, picked: {perSecond: 50, cpu: 50},
		carried: {perSecond: 45, cpu: 54}, bbr: {perSecond: 30, cpu: 60},
	}
	figures := comparisons(func(way, _ string, part func(load) float64) float64 { return part(loads[way]) })
	for i, expected := range []Figure{{Value: 0.95, Verdict: "met"}, {Value: 1.5, Verdict: "met"}, {Value: 0.4, Verdict: "met"}} {
		if figures[i].Value != expected.Value || figures[i].Verdict != expected.Verdict {
			t.Errorf("%v, not %v", figures[i], expected)
		}
	}
}

// BBR's filter is the first of the Gateway's listener, and its route stands before the one that it was made from.
func TestBodyBasedRouterInAConfiguration(t *testing.T) {
	bootstrap := parsed(`{"staticResources": {"clusters": [], "listeners": [{"name": "other"}, {"name": "` + name + `",
		"defaultFilterChain": {"filters": [{"typedConfig": {"httpFilters": [{"name": "router"}],
		"routeConfig": {"virtualHosts": [{"routes": [{"name": "a", "match": {"prefix": "/"}}]}]}}}]}}]}}`).(map[string]any)
	addBodyBasedRouter(bootstrap, 9004)
	text := string(must1(json.Marshal(bootstrap)))
	for _, expected := range []string{
		`"httpFilters":[{"name":"envoy.filters.http.ext_proc.bbr"`, `},{"name":"router"}]`, `"portValue":9004`,
		`"routes":[{"match":{"headers":[{"name":"X-Gateway-Model-Name","stringMatch":{"exact":"qwen"}}],"prefix":"/"},"name":"a"},{"match":{"prefix":"/"},"name":"a"}]`,
	} {
		if !strings.Contains(text, expected) {
			t.Errorf("%s is not in %s", expected, text)
		}
	}
}

// Rules fill HTTPRoutes, the last one with what is left, and are YAML.
func TestHTTPRoutes(t *testing.T) {
	documents := httpRoutes("r", 35, func(i int) string { return path(i, "p", toService("a")) })
	var counts []int
	for _, document := range append(documents, poolRules(1, true)...) {
		var route struct {
			Spec struct{ Rules []map[string]any }
		}
		must(yaml.Unmarshal([]byte(document), &route))
		counts = append(counts, len(route.Spec.Rules))
	}
	if !slices.Equal(counts, []int{16, 16, 3, 0, 1}) {
		t.Errorf("%v", counts)
	}
	if text := weighted(true, "a"); !strings.Contains(text, "name: a, weight: 1000000}") || !strings.Contains(text, "name: b, weight: 1}") {
		t.Errorf("%s", text)
	}
	if path := pathOf("apps/v1", "Deployment", "a"); path != "/apis/apps/v1/namespaces/bench/deployments/a" {
		t.Error(path)
	}
	if path := pathOf("v1", "Namespace", "bench"); path != "/api/v1/namespaces/bench" {
		t.Error(path)
	}
}
