package main

import (
	"context"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"syscall"
	"time"

	v1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// container is one container of a pod: it is started again and again as the restart policy says.
type container struct {
	worker *podWorker
	spec   v1.Container
	image  image
	policy v1.RestartPolicy

	mu       sync.Mutex
	status   v1.ContainerStatus
	launch   launch
	process  *os.Process
	done     chan struct{} // closed at the end of the process that runs
	finished bool          // ended and will not be started again
}

func newContainer(w *podWorker, spec v1.Container, policy v1.RestartPolicy) *container {
	return &container{worker: w, spec: spec, policy: policy, status: v1.ContainerStatus{
		Name:  spec.Name,
		Image: spec.Image,
		State: v1.ContainerState{Waiting: &v1.ContainerStateWaiting{Reason: "PodInitializing"}},
	}}
}

const (
	firstBackoff = time.Second // kubelet: 10 seconds; tests should not wait that long
	mostBackoff  = time.Minute
)

// keepRunning returns when the container has ended for good, or ctx has (the pod is to end).
func (c *container) keepRunning(ctx context.Context, pod *v1.Pod) {
	backoff := time.Duration(0) // the first restart is immediate
	for ctx.Err() == nil {
		done, reason, err := c.start(ctx, pod)
		if err != nil {
			c.wait(reason, err.Error())
			c.worker.event(v1.EventTypeWarning, "Failed", err.Error())
			sleep(ctx, 2*time.Second)
			continue
		}
		if ctx.Err() != nil { // the pod was told to end meanwhile, and stop did not see this process
			c.stop(ctx, 0)
		}
		started := time.Now()
		<-done
		if ctx.Err() != nil || !c.again() {
			break
		}
		if time.Since(started) > 5*time.Minute {
			backoff = 0
		}
		if backoff > 0 {
			c.wait("CrashLoopBackOff", fmt.Sprintf("back-off %s restarting failed container", backoff))
		}
		sleep(ctx, backoff)
		backoff = min(max(2*backoff, firstBackoff), mostBackoff)
	}
	c.change(func() { c.finished = true })
}

// again says whether the process that has just ended is to be started again.
func (c *container) again() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	switch c.policy {
	case v1.RestartPolicyNever:
		return false
	case v1.RestartPolicyOnFailure:
		return c.status.State.Terminated.ExitCode != 0
	}
	return true
}

// start starts the process; the channel closes when it has ended. A reason comes with an error.
func (c *container) start(ctx context.Context, pod *v1.Pod) (<-chan struct{}, string, error) {
	l, reason, err := c.prepare(pod)
	if err != nil {
		return nil, reason, err
	}
	log, err := os.OpenFile(c.worker.logFile(c.spec.Name), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o644)
	if err != nil {
		return nil, "RunContainerError", err
	}
	command, err := l.start(log)
	if err != nil {
		return nil, "RunContainerError", err
	}
	started := metav1.Now()
	done := make(chan struct{})
	running, stopProbes := context.WithCancel(ctx)
	isReady := c.spec.ReadinessProbe == nil && c.spec.StartupProbe == nil
	isStarted := c.spec.StartupProbe == nil
	id := fmt.Sprintf("process://%d", command.Process.Pid)
	c.change(func() {
		c.launch, c.process, c.done = l, command.Process, done
		if c.status.State.Terminated != nil {
			c.status.LastTerminationState = c.status.State
		}
		if c.status.ContainerID != "" {
			c.status.RestartCount++
		}
		c.status.ContainerID, c.status.ImageID = id, c.image.Image
		c.status.State = v1.ContainerState{Running: &v1.ContainerStateRunning{StartedAt: started}}
		c.status.Ready, c.status.Started = isReady, &isStarted
	})
	go c.watchHealth(running)
	go func() {
		_ = command.Wait() // its state says all
		stopProbes()
		code := int32(exitCode(command.ProcessState))
		ended := &v1.ContainerStateTerminated{
			ExitCode: code, Reason: "Completed", StartedAt: started, FinishedAt: metav1.Now(), ContainerID: id}
		if code != 0 {
			ended.Reason = "Error"
		}
		c.change(func() {
			c.process = nil
			c.status.State = v1.ContainerState{Terminated: ended}
			c.status.Ready, c.status.Started = false, new(bool)
		})
		close(done)
	}()
	return done, "", nil
}

// prepare finds all that the process needs. A reason comes with an error.
func (c *container) prepare(pod *v1.Pod) (launch, string, error) {
	var err error
	if c.image, err = c.worker.node.images.find(c.spec.Image); err != nil {
		return launch{}, "ErrImagePull", err
	}
	const badConfig = "CreateContainerConfigError"
	env, err := c.worker.environment(pod, &c.spec, c.image)
	if err != nil {
		return launch{}, badConfig, err
	}
	mounts, err := c.worker.volumes.mounts(pod, &c.spec, env)
	if err != nil {
		return launch{}, badConfig, err
	}
	l := launch{
		Hostname:    hostname(pod),
		Network:     c.worker.network.namespace,
		HostNetwork: pod.Spec.HostNetwork,
		Scratch:     filepath.Join(c.worker.folder, "root-"+c.spec.Name),
		Files:       c.image.Files,
		WorkingDir:  c.spec.WorkingDir,
		Command:     expandAll(c.spec.Command, env),
		Mounts:      append(c.worker.etcFiles(), mounts...),
		User:        c.image.User,
	}
	if len(l.Command) == 0 {
		l.Command = c.image.Entrypoint
	}
	if len(c.spec.Args) > 0 {
		l.Command = slices.Concat(l.Command, expandAll(c.spec.Args, env))
	} else if len(c.spec.Command) == 0 {
		l.Command = slices.Concat(l.Command, c.image.Cmd)
	}
	if len(l.Command) == 0 {
		return launch{}, badConfig, fmt.Errorf("no command: neither the pod nor %s says what to run", c.worker.node.images.file)
	}
	if l.WorkingDir == "" {
		l.WorkingDir = "/"
	}
	for _, name := range slices.Sorted(maps.Keys(env)) {
		l.Env = append(l.Env, name+"="+env[name])
	}
	if err := l.secure(pod.Spec.SecurityContext, c.spec.SecurityContext); err != nil {
		return launch{}, badConfig, err
	}
	return l, badConfig, os.MkdirAll(l.Scratch, 0o755)
}

// secure applies the security contexts: users, groups, a root that is only read. The rest is not looked at.
func (l *launch) secure(pod *v1.PodSecurityContext, own *v1.SecurityContext) error {
	nonRoot := false
	if pod != nil {
		override(&l.User, pod.RunAsUser)
		override(&l.Group, pod.RunAsGroup)
		override(&nonRoot, pod.RunAsNonRoot)
		if pod.FSGroup != nil {
			l.Groups = append(l.Groups, int(*pod.FSGroup))
		}
		for _, group := range pod.SupplementalGroups {
			l.Groups = append(l.Groups, int(group))
		}
	}
	if own != nil {
		override(&l.User, own.RunAsUser)
		override(&l.Group, own.RunAsGroup)
		override(&nonRoot, own.RunAsNonRoot)
		override(&l.ReadOnlyRoot, own.ReadOnlyRootFilesystem)
	}
	if nonRoot && l.User == 0 {
		return fmt.Errorf("container has runAsNonRoot and image will run as root")
	}
	return nil
}

func override[T any](value *T, by *T) {
	if by != nil {
		*value = *by
	}
}

// watchHealth runs the probes of one run of the process, until ctx ends.
func (c *container) watchHealth(ctx context.Context) {
	if c.spec.StartupProbe != nil && !c.awaitStartup(ctx) {
		return
	}
	if c.spec.ReadinessProbe == nil {
		c.change(func() { c.status.Ready = true })
	} else {
		go c.probe(ctx, c.spec.ReadinessProbe, true, func(ok bool, why string) {
			c.change(func() { c.status.Ready = ok })
			if !ok {
				c.note(why)
			}
		})
	}
	if c.spec.LivenessProbe != nil {
		c.probe(ctx, c.spec.LivenessProbe, false, func(ok bool, why string) {
			if !ok {
				c.worker.event(v1.EventTypeWarning, "Unhealthy", "liveness probe failed, restarting: "+why)
				c.kill(c.spec.LivenessProbe)
			}
		})
	}
}

// awaitStartup kills the process if it fails the startup probe as often as the threshold says.
func (c *container) awaitStartup(ctx context.Context) bool {
	probe := c.spec.StartupProbe
	if !sleep(ctx, time.Duration(probe.InitialDelaySeconds)*time.Second) {
		return false
	}
	for failures := int32(0); ; {
		err := c.probeOnce(ctx, probe)
		if ctx.Err() != nil {
			return false
		}
		if err == nil {
			c.change(func() { yes := true; c.status.Started = &yes })
			return true
		}
		if failures++; failures >= max(1, probe.FailureThreshold) {
			c.worker.event(v1.EventTypeWarning, "Unhealthy", "startup probe failed, restarting: "+err.Error())
			c.kill(probe)
			return false
		}
		if !sleep(ctx, time.Duration(max(1, probe.PeriodSeconds))*time.Second) {
			return false
		}
	}
}

// note tells the pod's events why a container is not ready.
func (c *container) note(why string) {
	c.worker.event(v1.EventTypeWarning, "Unhealthy", "readiness probe failed: "+why)
}

// kill ends the process because a probe says that it is not well: it may clean up for the probe's or its grace period.
func (c *container) kill(probe *v1.Probe) {
	grace := int64(30)
	override(&grace, c.worker.pod().Spec.TerminationGracePeriodSeconds)
	override(&grace, probe.TerminationGracePeriodSeconds)
	c.stop(context.Background(), time.Duration(grace)*time.Second)
}

// stop ends the process as kubelet does: the hook, SIGTERM, the rest of the grace period, SIGKILL. A ctx that ends cuts
// the grace period short. It returns when the process has ended.
func (c *container) stop(ctx context.Context, grace time.Duration) {
	c.mu.Lock()
	process, done := c.process, c.done
	c.mu.Unlock()
	if process == nil {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, grace)
	defer cancel()
	if hook := c.spec.Lifecycle; hook != nil && hook.PreStop != nil {
		if err := c.preStop(ctx, done, hook.PreStop); err != nil {
			c.worker.event(v1.EventTypeWarning, "FailedPreStopHook", err.Error())
		}
	}
	_ = process.Signal(syscall.SIGTERM) // it may have ended by itself
	select {
	case <-done:
	case <-ctx.Done():
		_ = process.Kill()
		<-done
	}
}

func (c *container) preStop(ctx context.Context, done <-chan struct{}, hook *v1.LifecycleHandler) error {
	switch {
	case hook.Exec != nil:
		return c.exec(ctx, hook.Exec.Command)
	case hook.HTTPGet != nil:
		return c.httpGet(ctx, hook.HTTPGet)
	case hook.Sleep != nil:
		select {
		case <-time.After(time.Duration(hook.Sleep.Seconds) * time.Second):
		case <-ctx.Done():
		case <-done:
		}
	}
	return nil
}

// wait says why the container does not run.
func (c *container) wait(reason, message string) {
	c.change(func() {
		if c.status.State.Terminated != nil {
			c.status.LastTerminationState = c.status.State
		}
		c.status.State = v1.ContainerState{Waiting: &v1.ContainerStateWaiting{Reason: reason, Message: message}}
	})
}

// change changes the container's state and has the pod's status written.
func (c *container) change(how func()) {
	c.mu.Lock()
	how()
	c.mu.Unlock()
	c.worker.touch()
}

func (c *container) seen() (v1.ContainerStatus, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return *c.status.DeepCopy(), c.finished
}
