package main

import (
	"context"
	"fmt"
	"syscall"
	"time"

	"github.com/envoyproxy/gateway/proto/extension"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
)

const maxMessageSize = 64 * mebi // the default of --max-message-size

// limits measures how far one server goes under the chart's memory limit, and what gives way first beyond it.
func limits(b *bench) []Figure {
	return append(limitsOfTranslations(b), limitsOfObjects(b)...)
}

// limitsOfTranslations makes translations up to --max-message-size and above, two of each with a new server.
func limitsOfTranslations(b *bench) []Figure {
	var figures []Figure
	builder := b.startPointsman()
	for _, pools := range []int{b.of(2000, 200), b.of(5000, 500), b.of(8500, 1000), 11_000} {
		request := newRequest(builder, pools, 10*pools, 100).changed(0)
		size := fmt.Sprintf("%.1f MiB", float64(len(request))/mebi)
		server := b.start(limitedTo(b.memoryGroup(b.chartLimit()), pointsman("--resources", b.folder())))
		var took float64
		var outcome string
		for range 2 {
			seconds, answer, err := attempt(server, request)
			took, outcome = seconds, fmt.Sprintf("%.1f MiB returned", float64(answer)/mebi)
			if err != nil {
				outcome = fmt.Sprintf("%s: %.120s", status.Code(err), status.Convert(err).Message())
			}
			mustBe(len(request) < maxMessageSize || status.Code(err) == codes.ResourceExhausted,
				"a translation of %s was not refused for its size: %s", size, outcome)
		}
		outcome += ", " + server.fate()
		b.progress("a translation of %s: %.1f s, %s", size, took, outcome)
		figures = append(figures, newFigure(fmt.Sprintf("Translation call of %s, %d pool rules", size, pools), took, "s", noGoal, outcome))
		server.stop()
	}
	builder.stop()
	return figures
}

// attempt makes a Translation call that may fail.
func attempt(server *server, request []byte) (seconds float64, answer int, err error) {
	var bytes []byte
	limited, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	start := time.Now()
	err = server.connection.Invoke(limited, extension.EnvoyGatewayExtension_PostTranslateModify_FullMethodName,
		&request, &bytes, grpc.ForceCodecV2(rawBytes{}))
	return time.Since(start).Seconds(), len(bytes), err
}

// fate is the largest memory of a server's process, or how it ended.
func (s *server) fate() string {
	process := s.process.Process.Pid
	var exit syscall.WaitStatus
	if ended, _ := syscall.Wait4(process, &exit, syscall.WNOHANG, nil); ended == process {
		return fmt.Sprintf("the process ended with code %d, signal %d", exit.ExitStatus(), exit.Signal())
	}
	return fmt.Sprintf("RSS %.0f MiB at most", resident(process, "VmHWM:"))
}
