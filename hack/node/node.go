package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"slices"
	"sync"
	"time"

	coordination "k8s.io/api/coordination/v1"
	v1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/client-go/informers"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/kubernetes/scheme"
	typedcore "k8s.io/client-go/kubernetes/typed/core/v1"
	listers "k8s.io/client-go/listers/core/v1"
	"k8s.io/client-go/tools/cache"
	"k8s.io/client-go/tools/record"
)

const nodeName = "node"

// node is the cluster's only node: kubelet and scheduler in one, and by its services and dns, kube-proxy and DNS.
type node struct {
	client     kubernetes.Interface
	state      string
	images     *images
	networks   *podNetworks
	events     record.EventRecorder
	secrets    listers.SecretLister
	configMaps listers.ConfigMapLister

	mu      sync.Mutex
	workers map[types.UID]*podWorker
}

func newNode(client kubernetes.Interface, state string, images *images) *node {
	broadcaster := record.NewBroadcaster()
	broadcaster.StartRecordingToSink(&typedcore.EventSinkImpl{Interface: client.CoreV1().Events("")})
	return &node{
		client:   client,
		state:    state,
		images:   images,
		networks: newPodNetworks(),
		events:   broadcaster.NewRecorder(scheme.Scheme, v1.EventSource{Component: "node", Host: nodeName}),
		workers:  map[types.UID]*podWorker{},
	}
}

// start registers the node and begins to run pods; it returns when pods, Services and names are served.
func (n *node) start(ctx context.Context) error {
	if err := n.register(ctx); err != nil {
		return err
	}
	go n.heartbeat(ctx)
	factory := informers.NewSharedInformerFactory(n.client, 0)
	core := factory.Core().V1()
	n.secrets, n.configMaps = core.Secrets().Lister(), core.ConfigMaps().Lister()
	proxy := newServiceProxy(n.client, core.Services().Lister(), factory.Discovery().V1().EndpointSlices().Lister())
	pods := core.Pods().Informer()
	_, err := pods.AddEventHandler(cache.ResourceEventHandlerFuncs{
		AddFunc:    func(pod any) { n.seen(ctx, pod.(*v1.Pod)) },
		UpdateFunc: func(_, pod any) { n.seen(ctx, pod.(*v1.Pod)) },
		DeleteFunc: n.vanished,
	})
	if err != nil {
		return err
	}
	for _, informer := range []cache.SharedIndexInformer{
		core.Services().Informer(), factory.Discovery().V1().EndpointSlices().Informer()} {
		if _, err := informer.AddEventHandler(proxy.onChange()); err != nil {
			return err
		}
	}
	factory.Start(ctx.Done())
	for kind, synced := range factory.WaitForCacheSync(ctx.Done()) {
		if !synced {
			return fmt.Errorf("no list of %s", kind)
		}
	}
	go proxy.run(ctx)
	return serveDNS(names{proxy.services, proxy.slices})
}

// seen is called with each version of each pod.
func (n *node) seen(ctx context.Context, pod *v1.Pod) {
	if pod.Spec.NodeName == "" {
		if pod.DeletionTimestamp == nil && len(pod.Spec.SchedulingGates) == 0 {
			go n.bind(ctx, pod)
		}
		return
	}
	if pod.Spec.NodeName != nodeName {
		return
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	worker, known := n.workers[pod.UID]
	if !known {
		worker = newPodWorker(n, pod)
		n.workers[pod.UID] = worker
		go func() {
			worker.run()
			n.mu.Lock()
			defer n.mu.Unlock()
			delete(n.workers, pod.UID)
		}()
	}
	worker.update(pod)
}

func (n *node) vanished(object any) {
	if unknown, ok := object.(cache.DeletedFinalStateUnknown); ok {
		object = unknown.Obj
	}
	pod, ok := object.(*v1.Pod)
	if !ok {
		return
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	if worker, known := n.workers[pod.UID]; known {
		worker.vanished()
	}
}

// bind is all the scheduling there is: there is one node, and it takes every pod.
func (n *node) bind(ctx context.Context, pod *v1.Pod) {
	err := n.client.CoreV1().Pods(pod.Namespace).Bind(ctx, &v1.Binding{
		ObjectMeta: metav1.ObjectMeta{Name: pod.Name, Namespace: pod.Namespace, UID: pod.UID},
		Target:     v1.ObjectReference{Kind: "Node", Name: nodeName},
	}, metav1.CreateOptions{})
	if err == nil {
		return
	}
	// Bound already by an earlier version's call, deleted, or refused by a webhook: then it is tried again.
	if now, e := n.client.CoreV1().Pods(pod.Namespace).Get(ctx, pod.Name, metav1.GetOptions{}); e != nil ||
		now.UID != pod.UID || now.Spec.NodeName != "" {
		return
	}
	n.events.Event(pod, v1.EventTypeWarning, "FailedScheduling", err.Error())
	if sleep(ctx, 2*time.Second) {
		n.bind(ctx, pod)
	}
}

// register makes the Node, ready from its first second: otherwise the controllers would taint it.
func (n *node) register(ctx context.Context) error {
	labels := map[string]string{
		v1.LabelHostname: nodeName, v1.LabelOSStable: "linux", v1.LabelArchStable: "amd64",
		v1.LabelTopologyZone: "zone-1", v1.LabelTopologyRegion: "region-1",
	}
	made, err := n.client.CoreV1().Nodes().Create(ctx,
		&v1.Node{ObjectMeta: metav1.ObjectMeta{Name: nodeName, Labels: labels}}, metav1.CreateOptions{})
	if err != nil {
		return err
	}
	return n.writeNodeStatus(ctx, made)
}

func (n *node) writeNodeStatus(ctx context.Context, object *v1.Node) error {
	now := metav1.Now()
	condition := func(kind v1.NodeConditionType, status v1.ConditionStatus, reason string) v1.NodeCondition {
		return v1.NodeCondition{Type: kind, Status: status, Reason: reason, LastHeartbeatTime: now, LastTransitionTime: now}
	}
	object.Status.Capacity, object.Status.Allocatable = nodeCapacity(), nodeCapacity()
	object.Status.Addresses = []v1.NodeAddress{
		{Type: v1.NodeInternalIP, Address: hostIP}, {Type: v1.NodeHostName, Address: nodeName}}
	object.Status.Conditions = []v1.NodeCondition{
		condition(v1.NodeReady, v1.ConditionTrue, "KubeletReady"),
		condition(v1.NodeMemoryPressure, v1.ConditionFalse, "KubeletHasSufficientMemory"),
		condition(v1.NodeDiskPressure, v1.ConditionFalse, "KubeletHasNoDiskPressure"),
		condition(v1.NodePIDPressure, v1.ConditionFalse, "KubeletHasSufficientPID"),
	}
	version, err := n.client.Discovery().ServerVersion()
	if err != nil {
		return err
	}
	object.Status.NodeInfo.KubeletVersion = version.GitVersion
	object.Status.NodeInfo.OperatingSystem, object.Status.NodeInfo.Architecture = "linux", "amd64"
	patch, err := json.Marshal(map[string]any{"status": object.Status})
	if err != nil {
		return err
	}
	// A patch, because the controllers change the same object at the same time.
	_, err = n.client.CoreV1().Nodes().
		Patch(ctx, nodeName, types.StrategicMergePatchType, patch, metav1.PatchOptions{}, "status")
	return err
}

// readyAgain corrects what the controllers wrote while they missed heartbeats; they remove their taints in turn.
func (n *node) readyAgain(ctx context.Context) error {
	written, err := n.client.CoreV1().Nodes().Get(ctx, nodeName, metav1.GetOptions{})
	if err != nil || isReady(written) {
		return err
	}
	return n.writeNodeStatus(ctx, written)
}

func isReady(node *v1.Node) bool {
	return slices.ContainsFunc(node.Status.Conditions, func(condition v1.NodeCondition) bool {
		return condition.Type == v1.NodeReady && condition.Status == v1.ConditionTrue
	})
}

func nodeCapacity() v1.ResourceList {
	return v1.ResourceList{
		v1.ResourceCPU: resource.MustParse("64"), v1.ResourceMemory: resource.MustParse("256Gi"),
		v1.ResourcePods: resource.MustParse("500"), v1.ResourceEphemeralStorage: resource.MustParse("1Ti"),
	}
}

// heartbeat renews the node's Lease, and says again that the node is ready, as a kubelet does: without it the controllers
// would take the node for dead, and evict its pods after five minutes.
func (n *node) heartbeat(ctx context.Context) {
	leases := n.client.CoordinationV1().Leases(v1.NamespaceNodeLease)
	name, seconds := nodeName, int32(40)
	for {
		now := metav1.NowMicro()
		spec := coordination.LeaseSpec{HolderIdentity: &name, LeaseDurationSeconds: &seconds, RenewTime: &now}
		lease, err := leases.Get(ctx, nodeName, metav1.GetOptions{})
		if err == nil {
			lease.Spec = spec
			_, err = leases.Update(ctx, lease, metav1.UpdateOptions{})
		} else {
			_, err = leases.Create(ctx, &coordination.Lease{
				ObjectMeta: metav1.ObjectMeta{Name: nodeName}, Spec: spec}, metav1.CreateOptions{})
		}
		if err == nil {
			err = n.readyAgain(ctx)
		}
		if err != nil {
			fmt.Fprintln(os.Stderr, "heartbeat:", err)
		}
		if !sleep(ctx, 10*time.Second) {
			return
		}
	}
}
