package main

import (
	"context"
	"crypto/tls"
	"fmt"
	"net"
	"net/http"
	"strconv"
	"strings"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
	health "google.golang.org/grpc/health/grpc_health_v1"
	v1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/util/intstr"
)

// probe asks again and again, until ctx ends, and reports each change: after as many failures or successes in a row as
// the probe's thresholds say. A probe begins as not successful if startsFailed, else as successful.
func (c *container) probe(ctx context.Context, p *v1.Probe, startsFailed bool, report func(ok bool, why string)) {
	if !sleep(ctx, time.Duration(p.InitialDelaySeconds)*time.Second) {
		return
	}
	results := streak{ok: !startsFailed}
	for {
		err := c.probeOnce(ctx, p)
		if ctx.Err() != nil {
			return
		}
		if results.add(p, err == nil) {
			report(results.ok, fmt.Sprint(err))
		} else if err != nil && !results.ok && startsFailed {
			c.note(fmt.Sprint(err))
		}
		if !sleep(ctx, time.Duration(max(1, p.PeriodSeconds))*time.Second) {
			return
		}
	}
}

// streak is a probe's verdict, and the number of results in a row that contradict it.
type streak struct {
	ok      bool
	against int32
}

// add counts one result; true if the verdict changes with it.
func (s *streak) add(p *v1.Probe, success bool) bool {
	if success == s.ok {
		s.against = 0
		return false
	}
	s.against++
	threshold := p.FailureThreshold
	if !s.ok {
		threshold = p.SuccessThreshold
	}
	if s.against < max(1, threshold) {
		return false
	}
	s.ok, s.against = success, 0
	return true
}

// probeOnce gives no error if the container answers well.
func (c *container) probeOnce(ctx context.Context, p *v1.Probe) error {
	ctx, cancel := context.WithTimeout(ctx, time.Duration(max(1, p.TimeoutSeconds))*time.Second)
	defer cancel()
	switch {
	case p.Exec != nil:
		return c.exec(ctx, p.Exec.Command)
	case p.HTTPGet != nil:
		return c.httpGet(ctx, p.HTTPGet)
	case p.TCPSocket != nil:
		address, err := c.address(p.TCPSocket.Host, p.TCPSocket.Port)
		if err != nil {
			return err
		}
		connection, err := (&net.Dialer{}).DialContext(ctx, "tcp", address)
		if err != nil {
			return err
		}
		return connection.Close()
	case p.GRPC != nil:
		service := ""
		if p.GRPC.Service != nil {
			service = *p.GRPC.Service
		}
		address := net.JoinHostPort(c.worker.network.address, strconv.Itoa(int(p.GRPC.Port)))
		return grpcHealth(ctx, address, service)
	}
	return nil
}

func (c *container) httpGet(ctx context.Context, get *v1.HTTPGetAction) error {
	address, err := c.address(get.Host, get.Port)
	if err != nil {
		return err
	}
	scheme := strings.ToLower(string(get.Scheme))
	if scheme == "" {
		scheme = "http"
	}
	url := scheme + "://" + address + "/" + strings.TrimPrefix(get.Path, "/")
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return err
	}
	request.Header.Set("User-Agent", "kube-probe/1.35")
	for _, header := range get.HTTPHeaders {
		request.Header.Set(header.Name, header.Value)
		if strings.EqualFold(header.Name, "Host") {
			request.Host = header.Value
		}
	}
	client := http.Client{Transport: &http.Transport{
		DisableKeepAlives: true,
		TLSClientConfig:   &tls.Config{InsecureSkipVerify: true}, // as kubelet: the probe asks for life, not identity
	}}
	answer, err := client.Do(request)
	if err != nil {
		return err
	}
	defer answer.Body.Close()
	if answer.StatusCode < 200 || answer.StatusCode >= 400 {
		return fmt.Errorf("GET %s: %s", url, answer.Status)
	}
	return nil
}

func grpcHealth(ctx context.Context, address, service string) error {
	connection, err := grpc.NewClient("passthrough:///"+address, grpc.WithTransportCredentials(insecure.NewCredentials()))
	if err != nil {
		return err
	}
	defer connection.Close()
	answer, err := health.NewHealthClient(connection).Check(ctx, &health.HealthCheckRequest{Service: service})
	if err != nil {
		return err
	}
	if answer.Status != health.HealthCheckResponse_SERVING {
		return fmt.Errorf("gRPC health of service %q at %s: %s", service, address, answer.Status)
	}
	return nil
}

// exec runs a command in the container's namespaces, with its variables and user.
func (c *container) exec(ctx context.Context, command []string) error {
	c.mu.Lock()
	process, l := c.process, c.launch
	c.mu.Unlock()
	if process == nil || len(command) == 0 {
		return fmt.Errorf("the container does not run")
	}
	run := l.inContainer(process.Pid, command)
	ended := make(chan error, 1)
	var out strings.Builder
	run.Stdout, run.Stderr = &out, &out
	run.WaitDelay = time.Second
	if err := run.Start(); err != nil {
		return err
	}
	go func() { ended <- run.Wait() }()
	select {
	case err := <-ended:
		if err != nil {
			return fmt.Errorf("%s: %w: %s", command[0], err, strings.TrimSpace(out.String()))
		}
		return nil
	case <-ctx.Done():
		_ = run.Process.Kill()
		<-ended
		return fmt.Errorf("%s: %w", command[0], ctx.Err())
	}
}

// address is host:port of a probe or hook; the port may be the name of one of the container's ports.
func (c *container) address(host string, port intstr.IntOrString) (string, error) {
	if host == "" {
		host = c.worker.network.address
	}
	if port.Type == intstr.Int {
		return net.JoinHostPort(host, port.String()), nil
	}
	for _, p := range c.spec.Ports {
		if p.Name == port.StrVal {
			return net.JoinHostPort(host, strconv.Itoa(int(p.ContainerPort))), nil
		}
	}
	if _, err := strconv.Atoi(port.StrVal); err == nil {
		return net.JoinHostPort(host, port.StrVal), nil
	}
	return "", fmt.Errorf("no port of the container is named %s", port.StrVal)
}

// sleep says whether it slept its time, and was not woken by the end of ctx.
func sleep(ctx context.Context, d time.Duration) bool {
	select {
	case <-time.After(d):
		return true
	case <-ctx.Done():
		return false
	}
}
