package main

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

const (
	connections = 8
	clockTicks  = 100 // of /proc, a second; fixed on Linux
)

// Envoy Gateway gives a Gateway's listener on port 80 this one; its others are for itself.
const gatewayPort, readinessPort = "portValue: 8080\n", "portValue: 19003\n"

type sample struct {
	cpuMicros, perSecond float64
}

func medianOf(samples []sample) sample {
	cpu, rate := []float64{}, []float64{}
	for _, one := range samples {
		cpu, rate = append(cpu, one.cpuMicros), append(rate, one.perSecond)
	}
	slices.Sort(cpu)
	slices.Sort(rate)
	return sample{cpu[len(cpu)/2], rate[len(rate)/2]}
}

// measure starts an Envoy, warms it up and sends the requests, each of which must be answered with 200 after one call of
// the picker.
func measure(envoy string, one config, port, size, requests int, model string, calls *atomic.Int64) (sample, error) {
	file, err := configured(one.bootstrap, port)
	if err != nil {
		return sample{}, err
	}
	defer os.Remove(file)
	process := exec.Command(envoy, "-c", file, "--concurrency", "1", "--log-level", "error",
		"--use-dynamic-base-id", "--disable-hot-restart")
	process.Stderr = os.Stderr
	if err := process.Start(); err != nil {
		return sample{}, err
	}
	defer func() {
		_ = process.Process.Kill()
		_ = process.Wait()
	}()
	url := fmt.Sprintf("http://127.0.0.1:%d/v1/chat/completions", port)
	body := []byte(`{"model":"` + model + `","prompt":"` + strings.Repeat("x", size-len(model)-24) + `"}`)
	client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: connections}, Timeout: 20 * time.Second}
	if err := awaitServed(client, url, body); err != nil {
		return sample{}, err
	}
	if err := send(client, url, body, requests/4); err != nil {
		return sample{}, err
	}
	before, picked, start := cpu(process.Process.Pid), calls.Load(), time.Now()
	if err := send(client, url, body, requests); err != nil {
		return sample{}, err
	}
	took, ticks := time.Since(start), cpu(process.Process.Pid)-before
	if made := calls.Load() - picked; made != int64(requests) {
		return sample{}, fmt.Errorf("%d picker calls for %d requests", made, requests)
	}
	return sample{
		cpuMicros: float64(ticks) * 1e6 / clockTicks / float64(requests),
		perSecond: float64(requests) / took.Seconds(),
	}, nil
}

// configured writes the bootstrap with another port, to a file that Envoy reads.
func configured(bootstrap string, port int) (string, error) {
	text, err := os.ReadFile(bootstrap)
	if err != nil {
		return "", err
	}
	changed := strings.ReplaceAll(string(text), gatewayPort, fmt.Sprintf("portValue: %d\n", port))
	changed = strings.ReplaceAll(changed, readinessPort, "portValue: 0\n")
	changed = strings.ReplaceAll(changed, "0.0.0.0", "127.0.0.1")
	file, err := os.CreateTemp("", "proxybench-*.yaml")
	if err != nil {
		return "", err
	}
	defer file.Close()
	_, err = file.WriteString(changed)
	return file.Name(), err
}

func awaitServed(client *http.Client, url string, body []byte) error {
	var last error
	for deadline := time.Now().Add(20 * time.Second); time.Now().Before(deadline); time.Sleep(50 * time.Millisecond) {
		if last = post(client, url, body); last == nil {
			return nil
		}
	}
	return fmt.Errorf("not served within 20 s: %w", last)
}

func send(client *http.Client, url string, body []byte, requests int) error {
	var left atomic.Int64
	left.Store(int64(requests))
	var failed atomic.Value
	var workers sync.WaitGroup
	for range connections {
		workers.Go(func() {
			for left.Add(-1) >= 0 {
				if err := post(client, url, body); err != nil {
					failed.Store(err)
					return
				}
			}
		})
	}
	workers.Wait()
	if err, _ := failed.Load().(error); err != nil {
		return err
	}
	return nil
}

func post(client *http.Client, url string, body []byte) error {
	response, err := client.Post(url, "application/json", bytes.NewReader(body))
	if err != nil {
		return err
	}
	defer response.Body.Close()
	if _, err := io.Copy(io.Discard, response.Body); err != nil {
		return err
	}
	if response.StatusCode != http.StatusOK {
		return fmt.Errorf("answered %s", response.Status)
	}
	return nil
}

// cpu returns the ticks that a process has used, in user and kernel mode.
func cpu(pid int) int64 {
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return 0
	}
	fields := strings.Fields(string(stat[bytes.LastIndexByte(stat, ')')+2:]))
	user, _ := strconv.ParseInt(fields[11], 10, 64)
	system, _ := strconv.ParseInt(fields[12], 10, 64)
	return user + system
}
