package main

import (
	"os"
	"path/filepath"
	"testing"

	"google.golang.org/protobuf/proto"
)

// A goal is the largest value that meets it.
func TestVerdict(t *testing.T) {
	for value, verdict := range map[float64]string{1.59: "met", 1.6: "met", 1.61: "missed"} {
		if row := newRow("a call", value, "x echo", 1.6, ""); row.Verdict != verdict {
			t.Errorf("%v: %s was expected", row, verdict)
		}
	}
}

// A row takes the place of the one with its name, and leaves the others.
func TestKeptRows(t *testing.T) {
	table := filepath.Join(t.TempDir(), "bench.json")
	keep(table, []Row{newRow("a", 1, "s", 1, ""), newRow("b", 2, "s", 2, "")})
	keep(table, []Row{newRow("c", 4, "s", 4, ""), newRow("a", 3, "s", 1, "")})
	first := string(must1(os.ReadFile(table)))
	keep(table, []Row{newRow("b", 2, "s", 2, "")})
	if again := string(must1(os.ReadFile(table))); again != first {
		t.Errorf("an equal row changed the table:\n%s\n%s", first, again)
	}
	keep(filepath.Join(filepath.Dir(table), "other.json"), []Row{newRow("a", 3, "s", 1, ""), newRow("b", 2, "s", 2, ""), newRow("c", 4, "s", 4, "")})
	if other := string(must1(os.ReadFile(filepath.Join(filepath.Dir(table), "other.json")))); other != first {
		t.Errorf("rows are in the wrong order or lost:\n%s\n%s", first, other)
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
