package main

import (
	"bufio"
	"context"
	"os/exec"
	"testing"
	"time"

	v1 "k8s.io/api/core/v1"
	"k8s.io/client-go/tools/record"
)

// The process gets SIGTERM after its hook, and SIGKILL at the end of the grace period or of the context.
func TestStop(t *testing.T) {
	const obeys = `trap 'exit 7' TERM; echo up; while :; do sleep 0.01; done`
	const ignores = `trap '' TERM; echo up; while :; do sleep 0.01; done`
	hook := func(h v1.LifecycleHandler) *v1.Lifecycle { return &v1.Lifecycle{PreStop: &h} }
	for _, test := range []struct {
		name            string
		script          string
		lifecycle       *v1.Lifecycle
		grace           time.Duration
		contextEnds     bool
		code            int
		atLeast, atMost time.Duration
		event           string
	}{
		{name: "it ends by itself", script: obeys, grace: time.Minute, code: 7, atMost: 20 * time.Second},
		{name: "it is killed after the grace period", script: ignores, grace: 300 * time.Millisecond, code: 137, atLeast: 300 * time.Millisecond, atMost: 20 * time.Second},
		{name: "a context that ends cuts the grace period short", script: ignores, grace: time.Minute, contextEnds: true, code: 137, atMost: 20 * time.Second},
		{name: "SIGTERM comes after the hook", script: obeys, lifecycle: hook(v1.LifecycleHandler{Sleep: &v1.SleepAction{Seconds: 1}}),
			grace: time.Minute, code: 7, atLeast: time.Second, atMost: 20 * time.Second},
		{name: "the hook is part of the grace period", script: ignores, lifecycle: hook(v1.LifecycleHandler{Sleep: &v1.SleepAction{Seconds: 3600}}),
			grace: 300 * time.Millisecond, code: 137, atLeast: 300 * time.Millisecond, atMost: 20 * time.Second},
		{name: "a hook that fails does not save it", script: obeys, lifecycle: hook(v1.LifecycleHandler{Exec: &v1.ExecAction{}}),
			grace: time.Minute, code: 7, atMost: 20 * time.Second, event: "Warning FailedPreStopHook the container does not run"},
	} {
		c := testWorker(t, &v1.Pod{Spec: v1.PodSpec{Containers: []v1.Container{{Name: "main", Lifecycle: test.lifecycle}}}}).containers[0]
		command := exec.Command("bash", "-c", test.script)
		output, err := command.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := command.Start(); err != nil {
			t.Fatal(err)
		}
		if _, err := bufio.NewReader(output).ReadString('\n'); err != nil { // its trap is set
			t.Fatal(err)
		}
		c.process, c.done = command.Process, make(chan struct{})
		done := c.done
		go func() { _ = command.Wait(); close(done) }()
		ctx, cancel := context.WithCancel(context.Background())
		if test.contextEnds {
			cancel()
		}
		begin := time.Now()
		c.stop(ctx, test.grace)
		cancel()
		if took := time.Since(begin); took < test.atLeast || took > test.atMost {
			t.Errorf("%s: took %s", test.name, took)
		}
		if got := exitCode(command.ProcessState); got != test.code {
			t.Errorf("%s: exit code %d, want %d", test.name, got, test.code)
		}
		event := ""
		select {
		case event = <-c.worker.node.events.(*record.FakeRecorder).Events:
		default:
		}
		if event != test.event {
			t.Errorf("%s: event %q", test.name, event)
		}
	}
}
