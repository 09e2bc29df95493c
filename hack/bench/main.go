// Measures what Envoy Gateway and a request see of Pointsman, as one table: each figure beside its goal and beside that of
// the last release. A row measures ratios: both sides take turns in one run, so that a busy machine slows both.
//
//	bench [-short] [-strict] [-save] [ROW...]   all rows, or some; run in the project's folder, see hack/bench.sh
//	bench list                                  the rows
//	bench markdown                              the figures with goals of the last run, as src/site/markdown/speed.md has them
//	bench serve NAME ...                        a server that a row compares with or needs (rows start it)
package main

import (
	"flag"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"slices"
	"strings"
	"syscall"
	"time"
)

// tableRow is a row of the table before it is measured.
type tableRow struct {
	name, about string
	run         func(*bench) []Figure
	byName      bool // only
}

var rows []tableRow

func init() { // a variable's own value would refer to itself
	rows = []tableRow{
		{"calls", "a Route and an Endpoints call, beside a Go server that echoes", calls, false},
		{"whole", "all calls of one translation, 1,000 pool rules among 10,000 others", whole, false},
		{"translation", "the Translation call alone, beside echoed bytes and beside decoding", translation, false},
		{"sizes", "100, 1,000 and 10,000 pool rules under the chart's memory limit: start, memory, time, bytes", sizes_, false},
		{"gateway", "a real Envoy Gateway on Kubernetes: its translations and a changed weight, with and without Pointsman", gateway, false},
		{"pods", "from a Pod's readiness to a real Envoy's host list", pods, false},
		{"dataplane", "requests through a real Envoy: a plain cluster, extraction, a picker, and the Inference Extension's BBR", dataplane, false},
		{"tokens", "requests through a real Envoy: the tokens of responses counted or not", tokens, false},
		{"limits", "(only by its name) 10,000 pools, 100,000 pods, 1,000 proxies, translations of 64 MiB: what gives way first", limits, true},
	}
}

// servers are processes of their own, so that their CPU time can be told apart.
var servers = map[string]func(arguments []string){
	"echo":   func([]string) { serveEcho() },
	"bytes":  func([]string) { serveBytes() },
	"picker": servePicker,
}

// bench is what a row may ask for.
type bench struct {
	isShort  bool
	endings  []func()
	progress func(format string, values ...any)
}

// atEnd is called when the row ends.
func (b *bench) atEnd(ending func()) { b.endings = append(b.endings, ending) }

// end ends everything that the row started, the last one first.
func (b *bench) end() {
	for _, ending := range slices.Backward(b.endings) {
		ending()
	}
}

// of is the number for a full run, or that for a short one.
func (b *bench) of(full, short int) int {
	if b.isShort {
		return short
	}
	return full
}

func main() {
	if len(os.Args) > 2 && os.Args[1] == "serve" {
		servers[os.Args[2]](os.Args[3:])
		return
	}
	short := flag.Bool("short", false, "fewer rounds: to see that a row works, not for figures")
	strict := flag.Bool("strict", false, "exit with 1 if a goal is missed, too")
	save := flag.Bool("save", false, "keep the results as those of this version: testdata/bench/VERSION.json")
	flag.Parse()
	if slices.Equal(flag.Args(), []string{"list"}) {
		for _, row := range rows {
			fmt.Printf("%-12s %s\n", row.name, row.about)
		}
		return
	}
	if slices.Equal(flag.Args(), []string{"markdown"}) {
		read("target/bench.json").markdown(os.Stdout)
		return
	}
	names := flag.Args()
	for _, name := range names {
		if place(name) < 0 {
			fmt.Fprintf(os.Stderr, "bench: there is no row %s (hack/bench.sh list)\n", name)
			os.Exit(2)
		}
	}
	if len(names) == 0 {
		for _, row := range rows {
			if !row.byName {
				names = append(names, row.name)
			}
		}
	}
	os.Exit(measure(names, *short, *strict, *save))
}

// measure returns the exit code: 1 if a row failed, or a goal is missed and that counts.
func measure(names []string, isShort, strict, save bool) int {
	table := "target/bench.json"
	results := read(table)
	results.Version, results.Date, results.Machine = version(), time.Now().UTC().Format(time.DateOnly), machine()
	for _, row := range rows {
		if slices.Contains(names, row.name) {
			results.keep(row.measure(isShort))
			results.write(table)
		}
	}
	results.print(os.Stdout, names, lastRelease("testdata/bench"))
	fmt.Printf("%s, %s\n", results.Machine, results.Date)
	if save {
		must(os.MkdirAll("testdata/bench", 0o755))
		saved, missing := results.release()
		saved.write(filepath.Join("testdata/bench", saved.Version+".json"))
		if len(missing) > 0 {
			fmt.Fprintln(os.Stderr, "bench: saved without", strings.Join(missing, ", "))
		}
	}
	code := 0
	for _, row := range results.Rows {
		missed := slices.ContainsFunc(row.Figures, func(figure Figure) bool { return figure.Verdict == "missed" })
		if slices.Contains(names, row.Row) && (row.Failed != "" || strict && missed) {
			code = 1
		}
	}
	return code
}

// measure runs a row; what it started ends with it.
func (row tableRow) measure(isShort bool) (measured Measured) {
	started := time.Now()
	b := &bench{isShort: isShort}
	b.progress = func(format string, values ...any) {
		fmt.Fprintf(os.Stderr, "bench: %s, %.0f s: %s\n", row.name, time.Since(started).Seconds(), fmt.Sprintf(format, values...))
	}
	b.progress("%s", row.about)
	stopped := make(chan os.Signal, 1)
	signal.Notify(stopped, syscall.SIGINT, syscall.SIGTERM)
	defer signal.Stop(stopped)
	go func() { // ends with the process, or never
		<-stopped
		b.end()
		os.Exit(130)
	}()
	measured = Measured{Row: row.name, Short: isShort, Load: strings.Fields(string(must1(os.ReadFile("/proc/loadavg"))))[0]}
	defer func() {
		if failure := recover(); failure != nil {
			measured.Failed = fmt.Sprint(failure)
			b.progress("failed: %s", measured.Failed)
			if _, isOurs := failure.(runtime.Error); isOurs {
				debug.PrintStack()
			}
		}
		b.end()
		measured.Seconds = float64(int(time.Since(started).Seconds()))
	}()
	measured.Figures = row.run(b)
	return measured
}

// version is that of pom.xml, its first.
func version() string {
	_, rest, _ := strings.Cut(string(must1(os.ReadFile("pom.xml"))), "\n  <version>")
	found, _, _ := strings.Cut(rest, "<")
	return strings.TrimSuffix(found, "-SNAPSHOT")
}

func machine() string {
	model := "a CPU without a name"
	for line := range strings.Lines(string(must1(os.ReadFile("/proc/cpuinfo")))) {
		if name, value, _ := strings.Cut(line, ":"); strings.TrimSpace(name) == "model name" {
			model = strings.TrimSpace(value)
		}
	}
	return fmt.Sprintf("%d cores, %s", runtime.NumCPU(), model)
}

// output is the last line that a script of the project prints.
func output(script string, arguments ...string) string {
	command := exec.Command(script, arguments...)
	command.Stderr = os.Stderr
	lines := strings.Split(strings.TrimSpace(string(must1(command.Output()))), "\n")
	return lines[len(lines)-1]
}

func must1[T any](value T, err error) T {
	must(err)
	return value
}

// must ends the row with an error.
func must(err error) {
	if err != nil {
		panic(err)
	}
}

func mustBe(right bool, format string, values ...any) {
	if !right {
		panic(fmt.Errorf(format, values...))
	}
}
