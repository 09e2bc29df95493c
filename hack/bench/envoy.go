package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/envoyproxy/gateway/proto/extension"
	route "github.com/envoyproxy/go-control-plane/envoy/config/route/v3"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/wrapperspb"
)

const ticksPerSecond = 100 // of /proc, fixed on Linux

// process starts a helper, which ends with the row, and returns its id.
func (b *bench) process(command *exec.Cmd) int {
	command.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	must(command.Start())
	b.atEnd(func() {
		_ = command.Process.Signal(syscall.SIGTERM)
		timer := time.AfterFunc(5*time.Second, func() { _ = command.Process.Kill() })
		_ = command.Wait()
		timer.Stop()
	})
	return command.Process.Pid
}

// ticks are those that processes have used, in user and kernel mode.
func ticks(processes []int) int64 {
	var all int64
	for _, id := range processes {
		stat := must1(os.ReadFile(fmt.Sprintf("/proc/%d/stat", id)))
		fields := strings.Fields(string(stat[bytes.LastIndexByte(stat, ')')+2:]))
		all += must1(strconv.ParseInt(fields[11], 10, 64)) + must1(strconv.ParseInt(fields[12], 10, 64))
	}
	return all
}

func freePort() int {
	listener := must1(net.Listen("tcp", "127.0.0.1:0"))
	defer listener.Close()
	return listener.Addr().(*net.TCPAddr).Port
}

// startEnvoy starts an Envoy of one worker whose gateway listens on a free port, with sockets of its own, and returns when
// it answers.
func (b *bench) startEnvoy(bootstrap map[string]any, model string, helpers []int) way {
	folder, port := b.folder(), freePort()
	listeners := at(bootstrap, "staticResources")["listeners"].([]any)
	for _, one := range listeners {
		if address, ok := at(one, "address")["socketAddress"].(map[string]any); ok {
			address["address"] = "127.0.0.1"
			if address["portValue"] == 8080.0 { // Envoy Gateway's own listener is for Kubernetes' probes
				address["portValue"] = port
			} else {
				address["portValue"] = 0
			}
		}
	}
	file := filepath.Join(folder, "envoy.json")
	text := bytes.ReplaceAll(must1(json.Marshal(bootstrap)), []byte("/dev/shm/"), []byte(folder+"/"))
	must(os.WriteFile(file, text, 0o644))
	errors := must1(os.Create(filepath.Join(folder, "errors")))
	command := exec.Command(output("hack/envoy.sh"), "-c", file, "--concurrency", "1", "--log-level", "error", "--use-dynamic-base-id", "--disable-hot-restart")
	command.Stderr = errors
	started := way{url: fmt.Sprintf("http://127.0.0.1:%d/v1/chat/completions", port), model: model,
		processes: append([]int{b.process(command)}, helpers...)}
	b.await("an answer of Envoy", func() error {
		response, err := http.Post(started.url, "application/json", strings.NewReader(`{"model":"`+model+`"}`))
		if err == nil {
			response.Body.Close()
			if response.StatusCode != http.StatusOK {
				err = fmt.Errorf("%s", response.Status)
			}
		}
		if err != nil {
			err = fmt.Errorf("%w; Envoy says: %.300s", err, must1(os.ReadFile(errors.Name())))
		}
		return err
	})
	return started
}

// write keeps a value as JSON in a file that goes with the row, and returns its path.
func (b *bench) write(name string, value any) string {
	file := filepath.Join(b.folder(), name)
	must(os.WriteFile(file, must1(json.Marshal(value)), 0o644))
	return file
}

// await tries until there is no error, for some minutes.
func (b *bench) await(what string, try func() error) {
	var last error
	for deadline := time.Now().Add(patience); time.Now().Before(deadline); time.Sleep(50 * time.Millisecond) {
		if last = try(); last == nil {
			return
		}
	}
	panic(fmt.Errorf("%s: %w", what, last))
}

// at follows keys in JSON.
func at(object any, keys ...string) map[string]any {
	for _, key := range keys {
		object = object.(map[string]any)[key]
	}
	found, _ := object.(map[string]any)
	return found
}

// recorded is a copy of a case with the listeners' buffers as Envoy Gateway has them by default, which some cases change;
// without models, no route matches one, so that Pointsman changes nothing.
func (b *bench) recorded(folder string, models bool) string {
	to := b.folder()
	for _, file := range must1(filepath.Glob(filepath.Join(folder, "*.pb"))) {
		text := must1(os.ReadFile(file))
		if strings.HasSuffix(file, "-PostTranslateModify.pb") {
			var request extension.PostTranslateModifyRequest
			must(proto.Unmarshal(text, &request))
			for _, listener := range request.Listeners {
				listener.PerConnectionBufferLimitBytes = wrapperspb.UInt32(32 << 10)
			}
			for _, host := range request.Routes[0].VirtualHosts {
				host.Routes = slices.DeleteFunc(host.Routes, func(one *route.Route) bool { return !models && len(one.Match.Headers) > 0 })
			}
			text = must1(proto.Marshal(&request))
		}
		must(os.WriteFile(filepath.Join(to, filepath.Base(file)), text, 0o644))
	}
	return to
}
