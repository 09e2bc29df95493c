package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// Figure is something measured. Goal is empty where there is none, and so is Verdict, which is "met" or "missed" else.
type Figure struct {
	Name    string  `json:"name"`
	Value   float64 `json:"value"`
	Unit    string  `json:"unit"`
	Goal    string  `json:"goal,omitempty"`
	Verdict string  `json:"verdict,omitempty"`
	Detail  string  `json:"detail,omitempty"`
}

// goal is a bound of a figure, which meets it itself.
type goal struct {
	sign  string
	value float64
}

var noGoal = goal{}

func atMost(value float64) goal  { return goal{"<=", value} }
func atLeast(value float64) goal { return goal{">=", value} }

// newFigure fails without a value, as a ratio to nothing is.
func newFigure(name string, value float64, unit string, wanted goal, detail string) Figure {
	mustBe(!math.IsNaN(value) && !math.IsInf(value, 0), "%s: no value: %v", name, value)
	figure := Figure{Name: name, Value: value, Unit: unit, Detail: detail}
	if wanted == noGoal {
		return figure
	}
	figure.Goal = wanted.sign + " " + strconv.FormatFloat(wanted.value, 'g', -1, 64)
	figure.Verdict = "missed"
	if wanted.sign == "<=" && value <= wanted.value || wanted.sign == ">=" && value >= wanted.value {
		figure.Verdict = "met"
	}
	return figure
}

// Measured is a row of the table: its figures, or why there are none.
type Measured struct {
	Row     string   `json:"row"`
	Load    string   `json:"load"` // of the machine, when the row began
	Seconds float64  `json:"seconds"`
	Short   bool     `json:"short,omitempty"`
	Failed  string   `json:"failed,omitempty"`
	Figures []Figure `json:"figures,omitempty"`
}

// Results are what target/bench.json and the files of releases have.
type Results struct {
	Version string     `json:"version"`
	Date    string     `json:"date"`
	Machine string     `json:"machine"`
	Rows    []Measured `json:"rows"`
}

// read returns empty results where there is no file.
func read(file string) Results {
	var results Results
	text, err := os.ReadFile(file)
	if !errors.Is(err, fs.ErrNotExist) {
		must(err)
		must(json.Unmarshal(text, &results))
	}
	return results
}

func (r Results) write(file string) {
	var text bytes.Buffer
	encoder := json.NewEncoder(&text)
	encoder.SetIndent("", "  ")
	encoder.SetEscapeHTML(false) // goals are read by people, too
	must(encoder.Encode(r))
	must(os.WriteFile(file, text.Bytes(), 0o644))
}

// keep puts a row in the place of the one with its name, in the order of the table.
func (r *Results) keep(row Measured) {
	r.Rows = slices.DeleteFunc(r.Rows, func(other Measured) bool { return other.Row == row.Row })
	r.Rows = append(r.Rows, row)
	slices.SortStableFunc(r.Rows, func(a, b Measured) int { return place(a.Row) - place(b.Row) })
}

func place(row string) int {
	return slices.IndexFunc(rows, func(one tableRow) bool { return one.name == row })
}

func (r Results) find(row, name string) (Figure, bool) {
	for _, measured := range r.Rows {
		for _, figure := range measured.Figures {
			if measured.Row == row && figure.Name == name {
				return figure, true
			}
		}
	}
	return Figure{}, false
}

// release are the results that a release keeps: whole rows, not short ones and none that failed. The others are named.
func (r Results) release() (saved Results, missing []string) {
	saved = r
	saved.Rows = slices.DeleteFunc(slices.Clone(r.Rows), func(row Measured) bool { return row.Short || row.Failed != "" })
	for _, row := range rows {
		if !row.byName && !slices.ContainsFunc(saved.Rows, func(kept Measured) bool { return kept.Row == row.name }) {
			missing = append(missing, row.name)
		}
	}
	return saved, missing
}

// lastRelease returns the results of the newest version in a folder; its version is empty if there is none.
func lastRelease(folder string) Results {
	files := must1(filepath.Glob(filepath.Join(folder, "*.json")))
	if len(files) == 0 {
		return Results{}
	}
	return read(slices.MaxFunc(files, func(a, b string) int { return slices.Compare(numbers(a), numbers(b)) }))
}

func numbers(file string) []int {
	var all []int
	for part := range strings.SplitSeq(strings.TrimSuffix(filepath.Base(file), ".json"), ".") {
		all = append(all, must1(strconv.Atoi(part)))
	}
	return all
}

// print writes the table, beside each figure that of a release.
func (r Results) print(out io.Writer, only []string, before Results) {
	format := "%-12s %-58s %9s %-6s %-8s %-7s %9s  %s\n"
	fmt.Fprintf(out, format, "row", "figure", "value", "", "goal", "", before.Version, "")
	for _, row := range r.Rows {
		if !slices.Contains(only, row.Row) {
			continue
		}
		if row.Failed != "" {
			fmt.Fprintf(out, "%-12s %-58s failed: %s\n", row.Row, "", row.Failed)
		}
		for _, figure := range row.Figures {
			last := ""
			if other, found := before.find(row.Row, figure.Name); found {
				last = short(other.Value)
			}
			fmt.Fprintf(out, format, row.Row, figure.Name, short(figure.Value), figure.Unit, figure.Goal, figure.Verdict, last, figure.Detail)
		}
	}
}

// markdown writes the figures that have a goal as a table.
func (r Results) markdown(out io.Writer) {
	fmt.Fprintf(out, "%s, %s\n\n| row | figure | measured | goal | |\n|---|---|---|---|---|\n", r.Machine, r.Date)
	for _, row := range r.Rows {
		if row.Failed != "" {
			fmt.Fprintf(out, "| `%s` | failed: %s | | | |\n", row.Row, row.Failed)
		}
		for _, figure := range row.Figures {
			if figure.Goal != "" {
				sign := strings.NewReplacer("<=", "≤", ">=", "≥").Replace(figure.Goal)
				fmt.Fprintf(out, "| `%s` | %s | %s %s | %s | %s |\n", row.Row, figure.Name, short(figure.Value), figure.Unit, sign, figure.Verdict)
			}
		}
	}
}

// short has three digits that say something.
func short(value float64) string {
	switch {
	case value >= 100:
		return strconv.FormatFloat(value, 'f', 0, 64)
	case value >= 10:
		return strconv.FormatFloat(value, 'f', 1, 64)
	default:
		return strconv.FormatFloat(value, 'f', 2, 64)
	}
}

func sum(values []float64) float64 {
	total := 0.0
	for _, value := range values {
		total += value
	}
	return total
}

func median(values []float64) float64 { return percentile(values, 50) }

// percentile is the smallest value that so many percent of them do not exceed.
func percentile(values []float64, percent int) float64 {
	sorted := slices.Sorted(slices.Values(values))
	return sorted[min(len(sorted)*percent/100, len(sorted)-1)]
}
