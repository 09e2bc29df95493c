package main

import (
	v1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// computeStatus says of the pod what is true of its processes.
func (w *podWorker) computeStatus(pod *v1.Pod) v1.PodStatus {
	status := v1.PodStatus{HostIP: hostIP, HostIPs: []v1.HostIP{{IP: hostIP}}, StartTime: pod.Status.StartTime}
	if status.StartTime == nil {
		now := metav1.Now().Rfc3339Copy()
		status.StartTime = &now
	}
	if w.network.address != "" {
		status.PodIP, status.PodIPs = w.network.address, []v1.PodIP{{IP: w.network.address}}
	}
	initFailed := false
	for _, c := range w.initContainers {
		seen, finished := c.seen()
		status.InitContainerStatuses = append(status.InitContainerStatuses, seen)
		ended := seen.State.Terminated
		initFailed = initFailed || (finished && ended != nil && ended.ExitCode != 0)
	}
	t := tally{}
	for _, c := range w.containers {
		seen, finished := c.seen()
		status.ContainerStatuses = append(status.ContainerStatuses, seen)
		t.add(seen, finished)
	}
	status.Phase = t.phase(w.initialized.Load(), initFailed)
	over := status.Phase == v1.PodSucceeded || status.Phase == v1.PodFailed
	ready := t.ready == t.all && !over
	whyNot := "ContainersNotReady"
	if over {
		whyNot = "PodCompleted"
	}
	status.Conditions = []v1.PodCondition{
		condition(pod, v1.PodScheduled, true, ""),
		condition(pod, v1.PodInitialized, w.initialized.Load(), "ContainersNotInitialized"),
		condition(pod, v1.ContainersReady, ready, whyNot),
		condition(pod, v1.PodReady, ready && gatesOpen(pod), whyNot),
	}
	return status
}

// tally counts a pod's containers by state.
type tally struct{ all, ready, begun, succeeded, failed int }

func (t *tally) add(status v1.ContainerStatus, finished bool) {
	t.all++
	if status.Ready {
		t.ready++
	}
	if status.ContainerID != "" {
		t.begun++
	}
	if ended := status.State.Terminated; finished && ended != nil {
		if ended.ExitCode == 0 {
			t.succeeded++
		} else {
			t.failed++
		}
	}
}

func (t *tally) phase(initialized, initFailed bool) v1.PodPhase {
	switch {
	case initFailed:
		return v1.PodFailed
	case !initialized || t.begun < t.all:
		return v1.PodPending
	case t.succeeded == t.all:
		return v1.PodSucceeded
	case t.succeeded+t.failed == t.all:
		return v1.PodFailed
	}
	return v1.PodRunning
}

// gatesOpen says whether all readiness gates, which other controllers decide, are true.
func gatesOpen(pod *v1.Pod) bool {
	for _, gate := range pod.Spec.ReadinessGates {
		if found, ok := findCondition(pod.Status, gate.ConditionType); !ok || found.Status != v1.ConditionTrue {
			return false
		}
	}
	return true
}

// condition keeps the transition time of a condition that has not changed.
func condition(pod *v1.Pod, kind v1.PodConditionType, is bool, whyNot string) v1.PodCondition {
	status := v1.ConditionTrue
	if is {
		whyNot = ""
	} else {
		status = v1.ConditionFalse
	}
	found, ok := findCondition(pod.Status, kind)
	if !ok || found.Status != status {
		found = v1.PodCondition{Type: kind, LastTransitionTime: metav1.Now().Rfc3339Copy()}
	}
	found.Status, found.Reason = status, whyNot
	return found
}

func findCondition(status v1.PodStatus, kind v1.PodConditionType) (v1.PodCondition, bool) {
	for _, found := range status.Conditions {
		if found.Type == kind {
			return found, true
		}
	}
	return v1.PodCondition{}, false
}
