package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"time"

	v1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/equality"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
)

// podWorker runs one pod, from its binding to the removal of its API object.
type podWorker struct {
	node    *node
	latest  atomic.Pointer[v1.Pod] // as the API server has it
	folder  string
	network podNetwork
	volumes *volumes

	initContainers []*container
	containers     []*container
	initialized    atomic.Bool

	dirty    chan struct{} // the status is to be written
	deletion chan struct{} // closed when the pod is to end
	gone     chan struct{} // closed when its API object is
	once     [2]sync.Once
	running  sync.WaitGroup
}

func newPodWorker(n *node, pod *v1.Pod) *podWorker {
	w := &podWorker{
		node:     n,
		folder:   filepath.Join(n.state, "pods", string(pod.UID)),
		dirty:    make(chan struct{}, 1),
		deletion: make(chan struct{}),
		gone:     make(chan struct{}),
	}
	w.latest.Store(pod)
	w.volumes = newVolumes(w, filepath.Join(w.folder, "volumes"))
	for _, spec := range pod.Spec.InitContainers {
		policy := v1.RestartPolicyOnFailure
		if pod.Spec.RestartPolicy == v1.RestartPolicyNever {
			policy = v1.RestartPolicyNever
		}
		if spec.RestartPolicy != nil && *spec.RestartPolicy == v1.ContainerRestartPolicyAlways {
			policy = v1.RestartPolicyAlways // a sidecar
		}
		w.initContainers = append(w.initContainers, newContainer(w, spec, policy))
	}
	for _, spec := range pod.Spec.Containers {
		w.containers = append(w.containers, newContainer(w, spec, pod.Spec.RestartPolicy))
	}
	return w
}

func (w *podWorker) pod() *v1.Pod { return w.latest.Load() }

// update is called with each version of the API object.
func (w *podWorker) update(pod *v1.Pod) {
	w.latest.Store(pod)
	if pod.DeletionTimestamp != nil {
		w.once[0].Do(func() { close(w.deletion) })
	}
	w.touch() // readiness gates, other controllers' conditions
}

// vanished is called when the API object is gone: the pod was deleted with no grace.
func (w *podWorker) vanished() {
	w.once[1].Do(func() { close(w.gone) })
	w.once[0].Do(func() { close(w.deletion) })
}

func (w *podWorker) touch() {
	select {
	case w.dirty <- struct{}{}:
	default: // it will be written anyway
	}
}

func (w *podWorker) event(kind, reason, message string) {
	w.node.events.Event(w.pod(), kind, reason, message)
}

func (w *podWorker) logFile(container string) string {
	return filepath.Join(w.logFolder(), container+".log")
}

func (w *podWorker) logFolder() string {
	pod := w.pod()
	return filepath.Join(w.node.state, containerLogFolder, pod.Namespace, pod.Name)
}

// run is the pod's life.
func (w *podWorker) run() {
	ctx, end := context.WithCancel(context.Background())
	go func() { <-w.deletion; end() }()
	if err := w.prepare(ctx); err == nil {
		w.running.Go(func() { w.keepVolumes(ctx) })
		w.running.Go(func() { w.runContainers(ctx) })
	}
	writing, stopWriting := context.WithCancel(context.Background())
	written := make(chan struct{})
	go func() { w.writeStatuses(writing); close(written) }()
	<-w.deletion
	end() // from here on nothing is started
	w.stopContainers()
	w.running.Wait()
	stopWriting()
	<-written
	w.writeStatus(context.Background())
	w.remove()
}

// prepare tries to make network and volumes until it has them: what a volume needs may come later.
func (w *podWorker) prepare(ctx context.Context) (err error) {
	_ = os.RemoveAll(w.logFolder()) // of an earlier pod of the same name
	if err = os.MkdirAll(w.logFolder(), 0o755); err != nil {
		w.event(v1.EventTypeWarning, "Failed", err.Error())
		return err
	}
	if w.pod().Spec.HostNetwork {
		w.network = hostNetwork
	} else if w.network, err = w.node.networks.create(); err != nil {
		w.event(v1.EventTypeWarning, "FailedCreatePodSandBox", err.Error())
		return err
	}
	said := ""
	for ctx.Err() == nil {
		if err = w.volumes.write(ctx, w.pod()); err == nil {
			return w.writeEtcFiles()
		}
		if err.Error() != said && ctx.Err() == nil {
			said = err.Error()
			w.event(v1.EventTypeWarning, "FailedMount", said)
		}
		sleep(ctx, 300*time.Millisecond)
	}
	return ctx.Err()
}

// writeEtcFiles writes what every container of the pod finds in /etc.
func (w *podWorker) writeEtcFiles() error {
	pod := w.pod()
	hosts := fmt.Sprintf("127.0.0.1\tlocalhost\n::1\tlocalhost\n%s\t%s\n", w.network.address, hostname(pod))
	for _, alias := range pod.Spec.HostAliases {
		for _, name := range alias.Hostnames {
			hosts += alias.IP + "\t" + name + "\n"
		}
	}
	for name, content := range map[string]string{"hosts": hosts, "resolv.conf": resolvConf(pod.Namespace)} {
		if err := os.WriteFile(filepath.Join(w.folder, name), []byte(content), 0o644); err != nil {
			return err
		}
	}
	return nil
}

func (w *podWorker) etcFiles() []mount {
	return []mount{
		{filepath.Join(w.folder, "hosts"), "/etc/hosts", false},
		{filepath.Join(w.folder, "resolv.conf"), "/etc/resolv.conf", false},
	}
}

// keepVolumes writes through what changes in Secrets, ConfigMaps and the pod's own fields.
func (w *podWorker) keepVolumes(ctx context.Context) {
	for sleep(ctx, time.Second) {
		if err := w.volumes.write(ctx, w.pod()); err != nil && ctx.Err() == nil && !apierrors.IsNotFound(err) {
			w.event(v1.EventTypeWarning, "FailedMount", err.Error()) // what is there stays
		}
	}
}

// runContainers runs the init containers in turn, then all others at once.
func (w *podWorker) runContainers(ctx context.Context) {
	pod := w.pod()
	for _, c := range w.initContainers {
		if c.policy == v1.RestartPolicyAlways {
			w.running.Go(func() { c.keepRunning(ctx, pod) })
			for status, _ := c.seen(); !isTrue(status.Started); status, _ = c.seen() {
				if !sleep(ctx, 100*time.Millisecond) {
					return
				}
			}
			continue
		}
		c.keepRunning(ctx, pod)
		if status, _ := c.seen(); ctx.Err() != nil || status.State.Terminated == nil || status.State.Terminated.ExitCode != 0 {
			return // the pod has failed: computeStatus sees it
		}
	}
	w.initialized.Store(true)
	w.touch()
	for _, c := range w.containers {
		w.running.Go(func() { c.keepRunning(ctx, pod) })
	}
}

// stopContainers ends them all at once, each within the pod's grace period.
func (w *podWorker) stopContainers() {
	pod := w.pod()
	grace := int64(30)
	override(&grace, pod.Spec.TerminationGracePeriodSeconds)
	override(&grace, pod.DeletionGracePeriodSeconds)
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	go func() {
		select {
		case <-w.gone:
			cancel()
		case <-ctx.Done():
		}
	}()
	var all sync.WaitGroup
	for _, c := range append(w.initContainers, w.containers...) {
		all.Go(func() { c.stop(ctx, time.Duration(grace)*time.Second) })
	}
	all.Wait()
}

// remove ends network and volumes, and removes the API object, as only a kubelet does.
func (w *podWorker) remove() {
	w.node.networks.remove(w.network)
	if err := os.RemoveAll(w.folder); err != nil {
		fmt.Fprintln(os.Stderr, "pod folder:", err)
	}
	pod := w.pod()
	none := int64(0)
	err := w.node.client.CoreV1().Pods(pod.Namespace).Delete(context.Background(), pod.Name, metav1.DeleteOptions{
		GracePeriodSeconds: &none, Preconditions: metav1.NewUIDPreconditions(string(pod.UID))})
	if err != nil && !apierrors.IsNotFound(err) && !apierrors.IsConflict(err) {
		fmt.Fprintf(os.Stderr, "pod %s/%s is not removed: %v\n", pod.Namespace, pod.Name, err)
	}
}

func (w *podWorker) writeStatuses(ctx context.Context) {
	for {
		select {
		case <-w.dirty:
			if !w.writeStatus(ctx) && sleep(ctx, time.Second) {
				w.touch()
			}
		case <-ctx.Done():
			return
		}
	}
}

// writeStatus writes the status if it differs from what the API server has; false if it should be tried again.
func (w *podWorker) writeStatus(ctx context.Context) bool {
	pod := w.pod()
	status := w.computeStatus(pod)
	if equality.Semantic.DeepEqual(status, w.seenStatus(pod, status)) {
		return true
	}
	patch, err := json.Marshal(map[string]any{"metadata": map[string]any{"uid": pod.UID}, "status": status})
	if err != nil {
		fmt.Fprintln(os.Stderr, "status:", err)
		return true
	}
	after, err := w.node.client.CoreV1().Pods(pod.Namespace).
		Patch(ctx, pod.Name, types.StrategicMergePatchType, patch, metav1.PatchOptions{}, "status")
	if err == nil {
		w.latest.CompareAndSwap(pod, after)
		return true
	}
	return apierrors.IsNotFound(err) || apierrors.IsConflict(err)
}

// seenStatus is the API server's status, cut to the fields that the worker writes.
func (w *podWorker) seenStatus(pod *v1.Pod, ours v1.PodStatus) v1.PodStatus {
	theirs := pod.Status
	cut := v1.PodStatus{Phase: theirs.Phase, HostIP: theirs.HostIP, HostIPs: theirs.HostIPs, PodIP: theirs.PodIP,
		PodIPs: theirs.PodIPs, StartTime: theirs.StartTime, InitContainerStatuses: theirs.InitContainerStatuses,
		ContainerStatuses: theirs.ContainerStatuses}
	for _, condition := range ours.Conditions {
		if found, ok := findCondition(theirs, condition.Type); ok {
			cut.Conditions = append(cut.Conditions, found)
		}
	}
	return cut
}
