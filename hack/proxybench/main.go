// Command proxybench measures what a request costs Envoy: CPU time and requests a second of one Envoy per configuration,
// in interleaved rounds, with a model server and an endpoint picker of its own.
//
// A configuration is a bootstrap as "pointsman translate --bootstrap" prints it, with one listener, one pool whose pod is
// at -pod and one picker at -picker.
package main

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"strconv"
	"strings"
)

type config struct {
	name, bootstrap string
}

type configs []config

func (c *configs) String() string { return fmt.Sprint(*c) }

func (c *configs) Set(value string) error {
	name, file, found := strings.Cut(value, "=")
	if !found {
		return errors.New("is no NAME=FILE")
	}
	*c = append(*c, config{name, file})
	return nil
}

func main() {
	var all configs
	envoy := flag.String("envoy", "", "Envoy's binary")
	pod := flag.String("pod", "127.0.0.11:8000", "address of the model server")
	picker := flag.String("picker", "127.0.0.21:9002", "address of the endpoint picker")
	port := flag.Int("port", 18080, "port of the listener, in place of the configuration's")
	sizes := flag.String("sizes", "2048,204800", "sizes of request bodies in bytes")
	requests := flag.Int("requests", 4000, "requests of a round at the smallest size; fewer at larger ones")
	rounds := flag.Int("rounds", 3, "rounds, each with every configuration")
	model := flag.String("model", "qwen", "the model in the body")
	flag.Var(&all, "config", "NAME=FILE, once for each configuration")
	flag.Parse()
	if *envoy == "" || len(all) == 0 {
		fmt.Fprintln(os.Stderr, "proxybench: -envoy and -config are required; see -help")
		os.Exit(2)
	}
	if err := run(*envoy, all, *pod, *picker, *port, *sizes, *requests, *rounds, *model); err != nil {
		fmt.Fprintln(os.Stderr, "proxybench:", err)
		os.Exit(1)
	}
}

func run(envoy string, all configs, pod, picker string, port int, sizes string, requests, rounds int, model string) error {
	bodies, err := parseSizes(sizes)
	if err != nil {
		return err
	}
	if err := serveModel(pod); err != nil {
		return err
	}
	calls, err := servePicker(picker, pod)
	if err != nil {
		return err
	}
	results := map[string][]sample{}
	for round := range rounds {
		for i := range all {
			// Each round begins with another configuration, so that none always runs on a warmer machine.
			one := all[(round+i)%len(all)]
			for _, size := range bodies {
				got, err := measure(envoy, one, port, size, count(requests, bodies[0], size), model, calls)
				if err != nil {
					return fmt.Errorf("%s: %w", one.name, err)
				}
				key := one.name + " " + strconv.Itoa(size)
				results[key] = append(results[key], got)
				fmt.Fprintf(os.Stderr, "round %d, %s, %d bytes: %.0f us CPU, %.0f requests/s\n",
					round+1, one.name, size, got.cpuMicros, got.perSecond)
			}
		}
	}
	fmt.Printf("%-24s %10s %16s %8s %12s\n", "configuration", "bytes", "us CPU/request", "ratio", "requests/s")
	for _, size := range bodies {
		first := medianOf(results[all[0].name+" "+strconv.Itoa(size)])
		for _, one := range all {
			got := medianOf(results[one.name+" "+strconv.Itoa(size)])
			fmt.Printf("%-24s %10d %16.0f %8.2f %12.0f\n",
				one.name, size, got.cpuMicros, got.cpuMicros/first.cpuMicros, got.perSecond)
		}
	}
	return nil
}

func parseSizes(list string) ([]int, error) {
	var sizes []int
	for one := range strings.SplitSeq(list, ",") {
		size, err := strconv.Atoi(one)
		if err != nil || size < 64 {
			return nil, fmt.Errorf("-sizes: %q is no size from 64 on", one)
		}
		sizes = append(sizes, size)
	}
	return sizes, nil
}

// count keeps the bytes of a round bounded: large bodies are sent less often.
func count(requests, smallest, size int) int {
	return max(requests/max(1, size/smallest/10), 200)
}
