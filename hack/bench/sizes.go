package main

import (
	"fmt"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"

	"sigs.k8s.io/yaml"
)

const mebi = 1 << 20

// grown is a server after translations of so many pool rules.
type grown struct {
	start, first, warm float64 // seconds: to be ready, and of Translation calls
	resident, files    float64 // MiB of the process, and those of them that map files
	added              float64 // bytes of xDS a rule
}

// sizes_ measures how time and memory grow with the pool rules, in processes that see the memory limit of the chart.
func sizes_(b *bench) []Figure {
	limit := b.chartLimit()
	group := b.memoryGroup(limit)
	of := map[int]grown{}
	var starts []float64
	for _, rules := range []int{0, 0, 0, 100, 1000, 10_000} {
		if rules == 10_000 && b.isShort {
			rules = 2000
		}
		of[rules] = b.grow(group, limit, rules)
		starts = append(starts, of[rules].start)
		b.progress("%d pool rules: ready after %.2f s, Translation call %.1f ms, %.0f MiB", rules, of[rules].start, of[rules].warm*1e3, of[rules].resident)
	}
	largest := b.of(10_000, 2000)
	bytes := fmt.Sprintf("%.0f at 100, %.0f at 1,000, %.0f at %d", of[100].added, of[1000].added, of[largest].added, largest)
	figures := []Figure{
		newFigure("start to ready, no objects", median(starts), "s", atMost(1), "from the start of the process"),
		newFigure("memory, idle", of[0].resident, "MiB", noGoal, fmt.Sprintf("RSS, of this %.0f MiB of files; the limit is %.0f MiB", of[0].files, limit/mebi)),
		newFigure("memory, 1,000 pool rules", of[1000].resident, "MiB", atMost(200), ""),
		newFigure(fmt.Sprintf("memory, %d pool rules", largest), of[largest].resident, "MiB", noGoal, ""),
		newFigure("xDS a pool rule adds", of[largest].added/1024, "KiB", noGoal, bytes),
	}
	for _, rules := range []int{100, 1000, largest} {
		figures = append(figures, newFigure(fmt.Sprintf("Translation call, %d pool rules", rules), of[rules].warm*1e3, "ms", noGoal,
			fmt.Sprintf("first %.0f ms", of[rules].first*1e3)))
	}
	ratio := of[largest].warm / of[1000].warm
	return append(figures, newFigure(fmt.Sprintf("Translation call, %d beside 1,000", largest), ratio, "x", atMost(1.1*float64(largest)/1000), ""))
}

// grow starts a server, translates often enough that its memory no longer grows with each translation, and stops it.
func (b *bench) grow(group string, limit float64, rules int) grown {
	server := b.start(limitedTo(group, pointsman("--resources", b.folder())))
	defer server.stop()
	result := grown{start: server.start}
	heap := server.metric(`jvm_memory_max_bytes{area="heap"`)
	mustBe(heap < limit, "the JVM does not see the limit of %.0f MiB: its heap may have %.0f MiB", limit/mebi, heap/mebi)
	var times []float64
	for number := 0; rules > 0 && number < 12; number++ {
		_, call := translate(server, rules, 0, number)
		times = append(times, call.seconds)
		result.added = float64(call.came-call.sent) / float64(rules-1)
	}
	if rules > 0 {
		result.first, result.warm = times[0], median(times[6:])
	}
	result.resident, result.files = resident(server.process.Process.Pid, "VmRSS:"), resident(server.process.Process.Pid, "RssFile:")
	return result
}

// metric is the sum of the series of /metrics that begin so, without those that have no value.
func (s *server) metric(prefix string) float64 {
	return math.Max(0, sumOfSeries(get("http://"+s.admin+"/metrics"), prefix))
}

func sumOfSeries(text, prefix string) float64 {
	all := 0.0
	for line := range strings.Lines(text) {
		if strings.HasPrefix(line, prefix) {
			fields := strings.Fields(line)
			all += math.Max(0, must1(strconv.ParseFloat(fields[len(fields)-1], 64)))
		}
	}
	return all
}

// resident is a line of a process's status in MiB.
func resident(process int, name string) float64 {
	for line := range strings.Lines(string(must1(os.ReadFile(fmt.Sprintf("/proc/%d/status", process))))) {
		if value, found := strings.CutPrefix(line, name); found {
			return must1(strconv.ParseFloat(strings.Fields(value)[0], 64)) / 1024
		}
	}
	panic(fmt.Errorf("process %d has no memory", process))
}

// chartLimit is the chart's memory limit in bytes.
func (b *bench) chartLimit() float64 {
	var values struct {
		Resources struct{ Limits struct{ Memory string } }
	}
	must(yaml.Unmarshal(must1(os.ReadFile("charts/pointsman/values.yaml")), &values))
	return bytesOf(values.Resources.Limits.Memory)
}

// memoryGroup makes a control group with a limit of memory in bytes, and returns its folder.
func (b *bench) memoryGroup(limit float64) string {
	root, file := "/sys/fs/cgroup/memory", "memory.limit_in_bytes"
	if _, err := os.Stat("/sys/fs/cgroup/cgroup.controllers"); err == nil {
		root, file = "/sys/fs/cgroup", "memory.max"
	}
	group := must1(os.MkdirTemp(root, "bench-"))
	b.atEnd(func() { _ = os.Remove(group) })
	must(os.WriteFile(filepath.Join(group, file), fmt.Append(nil, int64(limit)), 0o644))
	return group
}

// limitedTo puts a command into a control group: a JVM takes its heap from the limit.
func limitedTo(group string, command *exec.Cmd) *exec.Cmd {
	inside := []string{"-c", `echo $$ >"$0" && exec "$@"`, filepath.Join(group, "cgroup.procs")}
	return exec.Command("/bin/sh", append(inside, command.Args...)...)
}

// bytesOf is a quantity of the chart, in Mi or Gi.
func bytesOf(quantity string) float64 {
	for unit, factor := range map[string]float64{"Mi": mebi, "Gi": 1024 * mebi} {
		if number, found := strings.CutSuffix(quantity, unit); found {
			return must1(strconv.ParseFloat(number, 64)) * factor
		}
	}
	panic(fmt.Errorf("%q is neither in Mi nor in Gi", quantity))
}
