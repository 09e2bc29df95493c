package main

import (
	"context"
	"net"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/health"
	healthpb "google.golang.org/grpc/health/grpc_health_v1"
	v1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/util/intstr"
)

func TestThresholdsOfAProbe(t *testing.T) {
	for _, test := range []struct {
		name             string
		failure, success int32
		startsOk         bool
		results, want    string // s: a success, f: a failure; the verdict after each
	}{
		{"readiness, one success is enough", 3, 1, false, "fsffsfff", "fssssssf"},
		{"zero thresholds count as one", 0, 0, false, "sfs", "sfs"},
		{"a success starts the count again", 3, 1, true, "ffsffsfff", "ssssssssf"},
		{"two successes in a row", 1, 2, false, "sfssf", "fffsf"},
	} {
		s := streak{ok: test.startsOk}
		verdicts, before := "", s.ok
		for i, result := range test.results {
			changed := s.add(&v1.Probe{FailureThreshold: test.failure, SuccessThreshold: test.success}, result == 's')
			if changed != (s.ok != before) {
				t.Errorf("%s: result %d: changed is %t", test.name, i, changed)
			}
			before = s.ok
			if s.ok {
				verdicts += "s"
			} else {
				verdicts += "f"
			}
		}
		if verdicts != test.want {
			t.Errorf("%s: got %s, want %s", test.name, verdicts, test.want)
		}
	}
}

// A probe of a port that the container has not always fails, without network: only time passes, and that is simulated.
var failing = v1.ProbeHandler{TCPSocket: &v1.TCPSocketAction{Port: intstr.FromString("none")}}

func TestTimesOfAProbe(t *testing.T) {
	c := testWorker(t, &v1.Pod{Spec: v1.PodSpec{Containers: []v1.Container{{Name: "main"}}}}).containers[0]
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		started, ended := time.Now(), make(chan struct{})
		var reports []string
		go func() {
			defer close(ended)
			probe := &v1.Probe{ProbeHandler: failing, InitialDelaySeconds: 5, PeriodSeconds: 10, FailureThreshold: 3}
			c.probe(ctx, probe, false, func(ok bool, why string) {
				reports = append(reports, strings.Join([]string{time.Since(started).String(), strconv.FormatBool(ok), why}, ", "))
			})
		}()
		time.Sleep(5 * time.Minute)
		cancel()
		<-ended
		if len(reports) != 1 || reports[0] != "25s, false, no port of the container is named none" {
			t.Errorf("got %q", reports)
		}
	})
}

func TestStartupProbe(t *testing.T) {
	started := v1.ProbeHandler{} // no handler: succeeds at once
	for _, test := range []struct {
		name    string
		handler v1.ProbeHandler
		after   time.Duration
		want    bool
	}{
		{"success", started, 2 * time.Second, true},
		{"as many failures as the threshold", failing, 2*time.Second + 29*time.Second, false},
	} {
		probe := &v1.Probe{ProbeHandler: test.handler, InitialDelaySeconds: 2, PeriodSeconds: 1, FailureThreshold: 30}
		c := testWorker(t, &v1.Pod{Spec: v1.PodSpec{Containers: []v1.Container{{Name: "main", StartupProbe: probe}}}}).containers[0]
		synctest.Test(t, func(t *testing.T) {
			begin := time.Now()
			got := c.awaitStartup(t.Context())
			if got != test.want || time.Since(begin) != test.after {
				t.Errorf("%s: got %t after %s", test.name, got, time.Since(begin))
			}
			if status, _ := c.seen(); isTrue(status.Started) != test.want {
				t.Errorf("%s: started is %v", test.name, status.Started)
			}
		})
	}
}

func TestHTTPProbe(t *testing.T) {
	var seen *http.Request
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		seen = r.Clone(context.Background())
		code, err := strconv.Atoi(strings.TrimPrefix(r.URL.Path, "/"))
		if err != nil { // late: longer than the probe waits
			<-r.Context().Done()
			return
		}
		w.WriteHeader(code)
	}))
	defer server.Close()
	secure := httptest.NewTLSServer(server.Config.Handler)
	defer secure.Close()
	port, tlsPort := portOf(t, server.Listener), portOf(t, secure.Listener)
	c := localContainer(t, v1.ContainerPort{Name: "web", ContainerPort: int32(port)})
	for _, test := range []struct {
		name string
		get  v1.HTTPGetAction
		err  string
	}{
		{"200", v1.HTTPGetAction{Path: "/200", Port: intstr.FromInt(port)}, ""},
		{"a path without a slash", v1.HTTPGetAction{Path: "204", Port: intstr.FromInt(port)}, ""},
		{"a redirection is a success", v1.HTTPGetAction{Path: "/399", Port: intstr.FromInt(port)}, ""},
		{"400 is a failure", v1.HTTPGetAction{Path: "/400", Port: intstr.FromInt(port)}, "400 Bad Request"},
		{"503 is a failure", v1.HTTPGetAction{Path: "/503", Port: intstr.FromInt(port)}, "503 Service Unavailable"},
		{"a port by its name", v1.HTTPGetAction{Path: "/200", Port: intstr.FromString("web")}, ""},
		{"a number as text", v1.HTTPGetAction{Path: "/200", Port: intstr.FromString(strconv.Itoa(port))}, ""},
		{"a name that there is not", v1.HTTPGetAction{Path: "/200", Port: intstr.FromString("none")}, "no port of the container"},
		{"a certificate of an unknown authority", v1.HTTPGetAction{Path: "/200", Port: intstr.FromInt(tlsPort), Scheme: v1.URISchemeHTTPS}, ""},
		{"an answer that comes late", v1.HTTPGetAction{Path: "/late", Port: intstr.FromInt(port)}, "deadline exceeded"},
	} {
		expect(t, test.name, c.probeOnce(context.Background(), &v1.Probe{ProbeHandler: v1.ProbeHandler{HTTPGet: &test.get}}), test.err)
	}
	get := &v1.HTTPGetAction{Path: "/200", Port: intstr.FromInt(port),
		HTTPHeaders: []v1.HTTPHeader{{Name: "host", Value: "example.com"}, {Name: "X-Probe", Value: "yes"}}}
	if err := c.httpGet(context.Background(), get); err != nil {
		t.Fatal(err)
	}
	if seen.Host != "example.com" || seen.Header.Get("X-Probe") != "yes" || !strings.HasPrefix(seen.UserAgent(), "kube-probe/") {
		t.Errorf("got host %s, headers %v", seen.Host, seen.Header)
	}
}

func TestTCPProbe(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	probe := &v1.Probe{ProbeHandler: v1.ProbeHandler{TCPSocket: &v1.TCPSocketAction{Port: intstr.FromInt(portOf(t, listener))}}}
	c := localContainer(t)
	expect(t, "a port that is open", c.probeOnce(context.Background(), probe), "")
	listener.Close()
	expect(t, "a port that is closed", c.probeOnce(context.Background(), probe), "connection refused")
}

func TestGRPCProbe(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	server, states := grpc.NewServer(), health.NewServer()
	healthpb.RegisterHealthServer(server, states)
	states.SetServingStatus("drained", healthpb.HealthCheckResponse_NOT_SERVING)
	go func() { _ = server.Serve(listener) }()
	defer server.Stop()
	c := localContainer(t)
	for _, test := range []struct {
		service *string
		err     string
	}{
		{nil, ""}, {pointer("drained"), "NOT_SERVING"}, {pointer("none"), "unknown service"},
	} {
		probe := &v1.Probe{ProbeHandler: v1.ProbeHandler{GRPC: &v1.GRPCAction{Port: int32(portOf(t, listener)), Service: test.service}}}
		expect(t, "gRPC", c.probeOnce(context.Background(), probe), test.err)
	}
}

func TestExecProbeOfAContainerThatDoesNotRun(t *testing.T) {
	probe := &v1.Probe{ProbeHandler: v1.ProbeHandler{Exec: &v1.ExecAction{Command: []string{"true"}}}}
	expect(t, "exec", localContainer(t).probeOnce(context.Background(), probe), "does not run")
}

// localContainer is a container of a pod whose address is this machine's loopback.
func localContainer(t *testing.T, ports ...v1.ContainerPort) *container {
	t.Helper()
	w := testWorker(t, &v1.Pod{Spec: v1.PodSpec{Containers: []v1.Container{{Name: "main", Ports: ports}}}})
	w.network.address = "127.0.0.1"
	return w.containers[0]
}

func portOf(t *testing.T, listener net.Listener) int {
	t.Helper()
	return listener.Addr().(*net.TCPAddr).Port
}

// expect wants an error that contains this text; none if the text is empty.
func expect(t *testing.T, name string, err error, text string) {
	t.Helper()
	if (err == nil) != (text == "") || (err != nil && !strings.Contains(err.Error(), text)) {
		t.Errorf("%s: got the error %v, want %q", name, err, text)
	}
}
