package main

import (
	"fmt"
	"testing"
	"time"

	v1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// state puts a container into a state: waiting, running, ready, or "exit N" (for good) and "restart N" (not for good).
func (c *container) state(t *testing.T, name string) {
	t.Helper()
	code := int32(0)
	if n, _ := fmt.Sscanf(name, "exit %d", &code); n == 1 {
		c.finished = true
	} else if n, _ := fmt.Sscanf(name, "restart %d", &code); n == 0 {
		if name == "waiting" {
			return
		}
		c.status.State = v1.ContainerState{Running: &v1.ContainerStateRunning{}}
		c.status.ContainerID, c.status.Ready = "process://7", name == "ready"
		return
	}
	c.status.ContainerID = "process://7"
	c.status.State = v1.ContainerState{Terminated: &v1.ContainerStateTerminated{ExitCode: code}}
}

func TestStatusOfAPod(t *testing.T) {
	for _, test := range []struct {
		name        string
		inits       []string
		initialized bool
		containers  []string
		phase       v1.PodPhase
		ready       bool
		whyNot      string
	}{
		{name: "nothing has started", containers: []string{"waiting"}, phase: v1.PodPending, whyNot: "ContainersNotReady"},
		{name: "an init container runs", inits: []string{"running"}, containers: []string{"waiting"}, phase: v1.PodPending, whyNot: "ContainersNotReady"},
		{name: "an init container is tried again", inits: []string{"restart 1"}, containers: []string{"waiting"}, phase: v1.PodPending, whyNot: "ContainersNotReady"},
		{name: "an init container has failed", inits: []string{"exit 1"}, containers: []string{"waiting"}, phase: v1.PodFailed, whyNot: "PodCompleted"},
		{name: "one of two has started", initialized: true, containers: []string{"ready", "waiting"}, phase: v1.PodPending, whyNot: "ContainersNotReady"},
		{name: "one of two is ready", inits: []string{"exit 0"}, initialized: true, containers: []string{"ready", "running"}, phase: v1.PodRunning, whyNot: "ContainersNotReady"},
		{name: "both are ready", initialized: true, containers: []string{"ready", "ready"}, phase: v1.PodRunning, ready: true},
		{name: "a crash that is tried again", initialized: true, containers: []string{"restart 1"}, phase: v1.PodRunning, whyNot: "ContainersNotReady"},
		{name: "one of two has ended", initialized: true, containers: []string{"exit 0", "ready"}, phase: v1.PodRunning, whyNot: "ContainersNotReady"},
		{name: "both have ended well", initialized: true, containers: []string{"exit 0", "exit 0"}, phase: v1.PodSucceeded, whyNot: "PodCompleted"},
		{name: "one of both has failed", initialized: true, containers: []string{"exit 0", "exit 3"}, phase: v1.PodFailed, whyNot: "PodCompleted"},
	} {
		pod := &v1.Pod{}
		for i := range test.inits {
			pod.Spec.InitContainers = append(pod.Spec.InitContainers, v1.Container{Name: fmt.Sprint("init", i)})
		}
		for i := range test.containers {
			pod.Spec.Containers = append(pod.Spec.Containers, v1.Container{Name: fmt.Sprint("main", i)})
		}
		w := testWorker(t, pod)
		w.initialized.Store(test.initialized)
		for i, state := range test.inits {
			w.initContainers[i].state(t, state)
		}
		for i, state := range test.containers {
			w.containers[i].state(t, state)
		}
		status := w.computeStatus(pod)
		if status.Phase != test.phase {
			t.Errorf("%s: phase %s, want %s", test.name, status.Phase, test.phase)
		}
		want := v1.ConditionFalse
		if test.ready {
			want = v1.ConditionTrue
		}
		for _, kind := range []v1.PodConditionType{v1.ContainersReady, v1.PodReady} {
			if found, _ := findCondition(status, kind); found.Status != want || found.Reason != test.whyNot {
				t.Errorf("%s: %s is %s (%s)", test.name, kind, found.Status, found.Reason)
			}
		}
		if status.PodIP != "10.244.0.5" || len(status.ContainerStatuses) != len(test.containers) {
			t.Errorf("%s: got %v", test.name, status)
		}
	}
}

// A readiness gate holds back the pod's readiness, not its containers'.
func TestReadinessGates(t *testing.T) {
	pod := &v1.Pod{Spec: v1.PodSpec{Containers: []v1.Container{{Name: "main"}},
		ReadinessGates: []v1.PodReadinessGate{{ConditionType: "example.com/gate"}}}}
	w := testWorker(t, pod)
	w.initialized.Store(true)
	w.containers[0].state(t, "ready")
	for _, gate := range []v1.ConditionStatus{"", v1.ConditionFalse, v1.ConditionTrue} {
		if gate != "" {
			pod.Status.Conditions = []v1.PodCondition{{Type: "example.com/gate", Status: gate}}
		}
		status := w.computeStatus(pod)
		containers, _ := findCondition(status, v1.ContainersReady)
		ready, _ := findCondition(status, v1.PodReady)
		if containers.Status != v1.ConditionTrue || (ready.Status == v1.ConditionTrue) != (gate == v1.ConditionTrue) {
			t.Errorf("gate %q: containers %s, pod %s", gate, containers.Status, ready.Status)
		}
	}
}

func TestTransitionTimeMovesWithTheStatusOnly(t *testing.T) {
	then := metav1.NewTime(time.Now().Add(-time.Hour).Truncate(time.Second))
	pod := &v1.Pod{Status: v1.PodStatus{Conditions: []v1.PodCondition{
		{Type: v1.PodReady, Status: v1.ConditionFalse, Reason: "Old", LastTransitionTime: then}}}}
	if same := condition(pod, v1.PodReady, false, "New"); !same.LastTransitionTime.Equal(&then) || same.Reason != "New" {
		t.Errorf("the same status: %v", same)
	}
	if other := condition(pod, v1.PodReady, true, "New"); other.LastTransitionTime.Equal(&then) || other.Reason != "" {
		t.Errorf("another status: %v", other)
	}
}

func TestRestartPolicies(t *testing.T) {
	for _, test := range []struct {
		policy v1.RestartPolicy
		code   int32
		want   bool
	}{
		{v1.RestartPolicyAlways, 0, true}, {v1.RestartPolicyAlways, 1, true},
		{v1.RestartPolicyOnFailure, 0, false}, {v1.RestartPolicyOnFailure, 1, true},
		{v1.RestartPolicyNever, 0, false}, {v1.RestartPolicyNever, 1, false},
	} {
		c := testWorker(t, &v1.Pod{Spec: v1.PodSpec{RestartPolicy: test.policy, Containers: []v1.Container{{}}}}).containers[0]
		c.state(t, fmt.Sprintf("restart %d", test.code))
		if got := c.again(); got != test.want {
			t.Errorf("%s, exit code %d: got %t", test.policy, test.code, got)
		}
	}
}

// Init containers are tried again until they succeed, unless the pod's policy is Never; a sidecar always.
func TestRestartPolicyOfInitContainers(t *testing.T) {
	for _, test := range []struct {
		pod, sidecar, want v1.RestartPolicy
	}{
		{v1.RestartPolicyAlways, "", v1.RestartPolicyOnFailure}, {v1.RestartPolicyNever, "", v1.RestartPolicyNever},
		{v1.RestartPolicyNever, v1.RestartPolicyAlways, v1.RestartPolicyAlways},
	} {
		init := v1.Container{}
		if test.sidecar != "" {
			init.RestartPolicy = pointer(v1.ContainerRestartPolicy(test.sidecar))
		}
		w := testWorker(t, &v1.Pod{Spec: v1.PodSpec{RestartPolicy: test.pod, InitContainers: []v1.Container{init}}})
		if got := w.initContainers[0].policy; got != test.want {
			t.Errorf("%v: got %s", test, got)
		}
	}
}

func TestSecurityContexts(t *testing.T) {
	for _, test := range []struct {
		name        string
		pod         *v1.PodSecurityContext
		own         *v1.SecurityContext
		user, group int64
		err         string
	}{
		{name: "none", user: 65532},
		{name: "the pod's", pod: &v1.PodSecurityContext{RunAsUser: pointer(int64(1)), RunAsGroup: pointer(int64(2))}, user: 1, group: 2},
		{name: "the container's before the pod's", pod: &v1.PodSecurityContext{RunAsUser: pointer(int64(1))},
			own: &v1.SecurityContext{RunAsUser: pointer(int64(3))}, user: 3},
		{name: "root where it is forbidden", pod: &v1.PodSecurityContext{RunAsUser: pointer(int64(0)), RunAsNonRoot: pointer(true)}, err: "runAsNonRoot"},
		{name: "root where the container allows it", pod: &v1.PodSecurityContext{RunAsNonRoot: pointer(true)},
			own: &v1.SecurityContext{RunAsUser: pointer(int64(0)), RunAsNonRoot: pointer(false)}},
	} {
		l := launch{User: 65532} // the image's
		err := l.secure(test.pod, test.own)
		expect(t, test.name, err, test.err)
		if err == nil && (l.User != test.user || l.Group != test.group) {
			t.Errorf("%s: got user %d, group %d", test.name, l.User, l.Group)
		}
	}
}
