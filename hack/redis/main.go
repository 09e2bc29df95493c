// An in-memory Redis for tests: the rate limit service counts in it. It keeps no data, and keys do not expire; the service's
// keys name their window of time.
//
//	redis [--bind ADDRESS] [--port PORT]   the other options are Redis's, and have no effect
package main

import (
	"flag"
	"fmt"
	"log"
	"net"
	"os"
	"os/signal"
	"syscall"

	"github.com/alicebob/miniredis/v2"
)

func main() {
	bind := flag.String("bind", "", "the `address` to listen on; all of the machine's by default, as in a container")
	port := flag.Int("port", 6379, "the `port` to listen on; 0 for any free one")
	for _, other := range []string{"save", "appendonly", "protected-mode"} {
		flag.String(other, "", "has no effect")
	}
	flag.Parse()
	if flag.NArg() > 0 {
		fmt.Fprintf(os.Stderr, "redis: unknown argument %q; see --help\n", flag.Arg(0))
		os.Exit(2)
	}
	server := miniredis.NewMiniRedis()
	if err := server.StartAddr(net.JoinHostPort(*bind, fmt.Sprint(*port))); err != nil {
		log.Fatalf("redis: %v", err)
	}
	log.Printf("redis: listening on %s", server.Addr())
	stopped := make(chan os.Signal, 1)
	signal.Notify(stopped, os.Interrupt, syscall.SIGTERM)
	<-stopped
	server.Close()
}
