package main

import (
	"bufio"
	"fmt"
	"io"
	"math"
	"os"
	"os/exec"
	"regexp"
	"strconv"
	"syscall"
	"time"

	"github.com/envoyproxy/gateway/proto/extension"
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
)

const patience = time.Minute

var (
	listening = regexp.MustCompile(`listening: hooks (\S+?),?(?:\s|$)`)
	ready     = regexp.MustCompile(`ready, (\d+) ms after start`)
)

// As Envoy Gateway connects (internal/extension/grpc.go), with its defaults.
const serviceConfig = `{"methodConfig": [{
	"name": [{"service": "envoygateway.extension.EnvoyGatewayExtension"}],
	"waitForReady": true,
	"retryPolicy": {"MaxAttempts": 4, "InitialBackoff": "0.1s", "MaxBackoff": "1s", "BackoffMultiplier": 2,
		"RetryableStatusCodes": ["UNAVAILABLE"]}}]}`

// server is a process with hooks and a connection to it.
type server struct {
	process    *exec.Cmd
	connection *grpc.ClientConn
	hooks      extension.EnvoyGatewayExtensionClient
	start      float64 // until it was ready, in seconds
	folder     string  // of the process alone, if not empty
}

func startEcho() *server {
	return start(must1(os.Executable()), "echo")
}

// startPointsman starts a server without objects, by hack/pointsman.
func startPointsman(program string) *server {
	resources := must1(os.MkdirTemp("", "hookbench"))
	started := start(program, "serve", "--resources", resources,
		"--grpc-address", "127.0.0.1:0", "--eds-address", "127.0.0.1:0", "--admin-address", "127.0.0.1:0")
	started.folder = resources
	return started
}

// start returns when the program has said that it is ready.
func start(program string, arguments ...string) *server {
	process := exec.Command(program, arguments...)
	process.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	output := must1(process.StdoutPipe())
	process.Stderr = process.Stdout
	must(process.Start())
	timer := time.AfterFunc(patience, func() { _ = process.Process.Kill() })
	defer timer.Stop()
	lines := bufio.NewScanner(output)
	var address string
	for lines.Scan() {
		if found := listening.FindStringSubmatch(lines.Text()); found != nil {
			address = found[1]
		}
		if found := ready.FindStringSubmatch(lines.Text()); found != nil {
			go func() { _, _ = io.Copy(io.Discard, output) }()
			started := &server{process: process, start: must1(strconv.ParseFloat(found[1], 64)) / 1000}
			return started.connect(address)
		}
	}
	_ = process.Process.Kill()
	must(fmt.Errorf("%s was not ready within %s", program, patience))
	return nil
}

func (s *server) connect(address string) *server {
	s.connection = must1(grpc.NewClient("passthrough:///"+address,
		grpc.WithTransportCredentials(insecure.NewCredentials()),
		grpc.WithDefaultServiceConfig(serviceConfig),
		grpc.WithDefaultCallOptions(grpc.MaxCallRecvMsgSize(math.MaxInt32), grpc.MaxCallSendMsgSize(math.MaxInt32))))
	s.hooks = extension.NewEnvoyGatewayExtensionClient(s.connection)
	return s
}

func (s *server) stop() {
	_ = s.connection.Close()
	_ = s.process.Process.Signal(syscall.SIGTERM)
	_ = s.process.Wait()
	_ = os.RemoveAll(s.folder)
}
