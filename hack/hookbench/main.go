// Measures the hooks as Envoy Gateway calls them: serial unary calls with Envoy Gateway's own stubs, Pointsman beside a Go
// server that echoes. Each server is a process of its own, and blocks of calls alternate between the two, so that a busy
// machine slows both.
//
//	hookbench calls PROCESSES POINTSMAN TABLE        the time of a Route and of an Endpoints call
//	hookbench translation PROCESSES POINTSMAN TABLE  all calls of one translation, 1,000 pool rules among 10,000 others
//	hookbench echo                                   the server that echoes (the two above start it)
//
// POINTSMAN is hack/pointsman; rows are printed and kept in TABLE, a JSON file.
package main

import (
	"fmt"
	"os"
	"strconv"
)

func main() {
	if len(os.Args) == 2 && os.Args[1] == "echo" {
		serveEcho()
		return
	}
	if len(os.Args) != 5 {
		must(fmt.Errorf("usage: hookbench calls|translation PROCESSES POINTSMAN TABLE"))
	}
	processes := must1(strconv.Atoi(os.Args[2]))
	rows := map[string]func(int, string) []Row{"calls": calls, "translation": translation}[os.Args[1]]
	if rows == nil || processes < 1 {
		must(fmt.Errorf("calls or translation, in at least one process"))
	}
	load := must1(os.ReadFile("/proc/loadavg"))
	measured := rows(processes, os.Args[3])
	for i := range measured {
		measured[i].Detail += fmt.Sprintf("; %d processes, load %s", processes, load[:4])
		fmt.Println(measured[i])
	}
	keep(os.Args[4], measured)
}

func must1[T any](value T, err error) T {
	must(err)
	return value
}

func must(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, "hookbench:", err)
		os.Exit(1)
	}
}
