package main

import (
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"time"

	"fortio.org/fortio/fhttp"
	"fortio.org/log"
)

// Responses of a model server, whose tokens a policy counts or does not.
const (
	usage       = `"usage":{"prompt_tokens":11,"completion_tokens":200,"total_tokens":211}`
	events      = 200
	inOnePiece  = "JSON of 2 KiB"
	asAStream   = "stream of 200 events"
	ofEmbedding = "JSON of 200 KiB"
)

var responses = []string{inOnePiece, asAStream, ofEmbedding}

// tokens measures what counting tokens costs Envoy: two models of one pool in one Envoy, of which a policy counts one.
func tokens(b *bench) []Figure {
	log.SetLogLevelQuiet(log.Error)
	fhttp.BufferSizeKb = 512 // the client reads a whole response into it
	network := fmt.Sprintf("127.%d.%d", 1+rand.IntN(200), rand.IntN(250))
	pod, picker := network+".11:8000", network+".21:9002"
	listener := must1(net.Listen("tcp", pod))
	b.atEnd(func() { _ = listener.Close() })
	go http.Serve(listener, http.HandlerFunc(completion))
	helper := b.process(exec.Command(must1(os.Executable()), "serve", "picker", picker, pod))
	envoy := b.startEnvoy(b.bootstrap("policy-token-usage", true, network), "qwen", []int{helper})
	rounds, seconds := b.of(5, 1), b.of(2000, 700)
	loads := map[string][]float64{}
	for round := range rounds {
		for _, response := range responses {
			for i := range 2 {
				one := envoy
				one.model = []string{"qwen", "uncounted"}[(i+round)%2]
				one.url += "?response=" + strings.ReplaceAll(response, " ", "-")
				got := one.send(2<<10, time.Duration(seconds)*time.Millisecond)
				loads[one.model+response] = append(loads[one.model+response], got.cpu)
				b.progress("round %d, %s, %s: %.0f requests/s, %.0f us CPU", round+1, response, one.model, got.perSecond, got.cpu)
			}
		}
	}
	var figures []Figure
	for _, response := range responses {
		counted, uncounted := median(loads["qwen"+response]), median(loads["uncounted"+response])
		figures = append(figures, newFigure("CPU added by counting tokens, "+response, counted-uncounted, "us", noGoal,
			fmt.Sprintf("%.0f us beside %.0f us a request", counted, uncounted)))
	}
	return figures
}

// completion answers as the query asks for.
func completion(out http.ResponseWriter, in *http.Request) {
	_, _ = io.Copy(io.Discard, in.Body)
	switch strings.ReplaceAll(in.URL.Query().Get("response"), "-", " ") {
	case asAStream:
		out.Header().Set("content-type", "text/event-stream")
		for i := range events {
			_, _ = fmt.Fprintf(out, "data: {\"object\":\"chat.completion.chunk\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\"word %d \"}}]}\n\n", i)
			out.(http.Flusher).Flush()
		}
		_, _ = io.WriteString(out, "data: {\"choices\":[],"+usage+"}\n\ndata: [DONE]\n\n")
	case ofEmbedding:
		writeJSON(out, 200<<10)
	default:
		writeJSON(out, 2<<10)
	}
}

func writeJSON(out http.ResponseWriter, size int) {
	out.Header().Set("content-type", "application/json")
	_, _ = io.WriteString(out, `{"object":"chat.completion","choices":[{"message":{"content":"`+strings.Repeat("x", size)+`"}}],`+usage+`}`)
}
