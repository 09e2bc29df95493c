package main

import (
	"bufio"
	"fmt"
	"io"
	"math"
	"net/http"
	"os"
	"os/exec"
	"regexp"
	"syscall"
	"time"

	"github.com/envoyproxy/gateway/proto/extension"
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
)

const patience = 3 * time.Minute

var (
	listening = regexp.MustCompile(`listening: hooks ([^ ,]+)(?:, endpoint discovery ([^ ,]+), admin ([^ ,]+))?`)
	ready     = regexp.MustCompile(`ready, \d+ ms after start`)
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
	start      float64 // seconds from the start of the process until it said that it was ready
	eds, admin string  // addresses
}

// startEcho starts a server of this program: "echo" or "bytes".
func (b *bench) startEcho(kind string) *server {
	return b.start(exec.Command(must1(os.Executable()), "serve", kind))
}

// startPointsman starts a server without objects.
func (b *bench) startPointsman() *server {
	return b.start(pointsman("--resources", b.folder()))
}

// pointsman serves on free ports of this machine.
func pointsman(arguments ...string) *exec.Cmd {
	return exec.Command("hack/pointsman", append([]string{"serve",
		"--grpc-address", "127.0.0.1:0", "--eds-address", "127.0.0.1:0", "--admin-address", "127.0.0.1:0"}, arguments...)...)
}

// folder is a new one, which goes when the row ends.
func (b *bench) folder() string {
	folder := must1(os.MkdirTemp("", "bench"))
	b.atEnd(func() { _ = os.RemoveAll(folder) })
	return folder
}

// start returns when the program has said that it is ready; it ends with the row at the latest.
func (b *bench) start(process *exec.Cmd) *server {
	process.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	output := must1(process.StdoutPipe())
	process.Stderr = process.Stdout
	began := time.Now()
	must(process.Start())
	timer := time.AfterFunc(patience, func() { _ = process.Process.Kill() })
	defer timer.Stop()
	started := &server{process: process}
	b.atEnd(started.stop)
	lines := bufio.NewScanner(output)
	var address, said string
	for lines.Scan() {
		said = lines.Text()
		if found := listening.FindStringSubmatch(said); found != nil {
			address, started.eds, started.admin = found[1], found[2], found[3]
		}
		if ready.MatchString(said) {
			started.start = time.Since(began).Seconds()
			go func() { _, _ = io.Copy(io.Discard, output) }()
			return started.connect(address)
		}
	}
	panic(fmt.Errorf("%s was not ready within %s; it said last: %s", process, patience, said))
}

func (s *server) connect(address string) *server {
	s.connection = must1(grpc.NewClient("passthrough:///"+address,
		grpc.WithTransportCredentials(insecure.NewCredentials()),
		grpc.WithDefaultServiceConfig(serviceConfig),
		grpc.WithDefaultCallOptions(grpc.MaxCallRecvMsgSize(math.MaxInt32), grpc.MaxCallSendMsgSize(math.MaxInt32))))
	s.hooks = extension.NewEnvoyGatewayExtensionClient(s.connection)
	return s
}

// stop may be called again.
func (s *server) stop() {
	if s.connection != nil {
		_ = s.connection.Close()
	}
	_ = s.process.Process.Signal(syscall.SIGTERM)
	_ = s.process.Wait()
}

// get is the body of an answer with 200.
func get(url string) string {
	response := must1(http.Get(url))
	defer response.Body.Close()
	text := must1(io.ReadAll(response.Body))
	mustBe(response.StatusCode == http.StatusOK, "%s: %s", url, response.Status)
	return string(text)
}
