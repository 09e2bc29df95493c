package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"
)

// Row is a figure with its goal, which is the largest value that meets it.
type Row struct {
	Name    string  `json:"name"`
	Value   float64 `json:"value"`
	Unit    string  `json:"unit"`
	Goal    float64 `json:"goal"`
	Verdict string  `json:"verdict"`
	Detail  string  `json:"detail"`
}

func newRow(name string, value float64, unit string, goal float64, detail string) Row {
	verdict := "missed"
	if value <= goal {
		verdict = "met"
	}
	return Row{name, value, unit, goal, verdict, detail}
}

func (row Row) String() string {
	return fmt.Sprintf("%-44s %7.2f %-6s goal %7.2f  %-6s  %s", row.Name, row.Value, row.Unit, row.Goal, row.Verdict, row.Detail)
}

// keep writes rows into a table, in place of those that have their names; other rows stay.
func keep(table string, rows []Row) {
	var kept []Row
	text, err := os.ReadFile(table)
	if !errors.Is(err, fs.ErrNotExist) {
		must(err)
		must(json.Unmarshal(text, &kept))
	}
	for _, row := range rows {
		if at := slices.IndexFunc(kept, func(other Row) bool { return other.Name == row.Name }); at >= 0 {
			kept[at] = row
		} else {
			kept = append(kept, row)
		}
	}
	must(os.WriteFile(table, append(must1(json.MarshalIndent(kept, "", "  ")), '\n'), 0o644))
}

func median(values []float64) float64 {
	sorted := slices.Sorted(slices.Values(values))
	return sorted[len(sorted)/2]
}
