package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net"
	"os"
	"slices"
	"strconv"
	"sync/atomic"
	"time"

	v1 "k8s.io/api/core/v1"
	discovery "k8s.io/api/discovery/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/client-go/kubernetes"
	listers "k8s.io/client-go/listers/core/v1"
	discoverylisters "k8s.io/client-go/listers/discovery/v1"
	"k8s.io/client-go/tools/cache"
)

// serviceProxy gives each Service its addresses, on the node's loopback, and forwards TCP from them to ready endpoints
// in turn. It also is the load balancer of Services that want one.
type serviceProxy struct {
	client    kubernetes.Interface
	services  listers.ServiceLister
	slices    discoverylisters.EndpointSliceLister
	changed   chan struct{}
	listeners map[string]*serviceListener // by HOST:PORT
	addresses map[string]bool             // on loopback
	balancers map[types.UID]string
}

// serviceListener is one port of one address of a Service.
type serviceListener struct {
	listener  net.Listener
	endpoints atomic.Pointer[[]string]
	next      atomic.Uint64
}

func newServiceProxy(client kubernetes.Interface, services listers.ServiceLister, slices discoverylisters.EndpointSliceLister) *serviceProxy {
	return &serviceProxy{client, services, slices, make(chan struct{}, 1),
		map[string]*serviceListener{}, map[string]bool{}, map[types.UID]string{}}
}

func (p *serviceProxy) onChange() cache.ResourceEventHandler {
	changed := func() {
		select {
		case p.changed <- struct{}{}:
		default: // it will be looked at anyway
		}
	}
	return cache.ResourceEventHandlerFuncs{
		AddFunc: func(any) { changed() }, UpdateFunc: func(_, _ any) { changed() }, DeleteFunc: func(any) { changed() }}
}

func (p *serviceProxy) run(ctx context.Context) {
	for {
		select {
		case <-p.changed:
		case <-time.After(5 * time.Second): // what failed is tried again
		case <-ctx.Done():
			return
		}
		if err := p.sync(ctx); err != nil {
			fmt.Fprintln(os.Stderr, "services:", err)
		}
	}
}

// sync makes listeners and addresses what the Services say.
func (p *serviceProxy) sync(ctx context.Context) error {
	services, err := p.services.List(labels.Everything())
	if err != nil {
		return err
	}
	wanted := map[string][]string{}
	addresses := map[string]bool{}
	uids := map[types.UID]bool{}
	for _, service := range services {
		uids[service.UID] = true
		ips, err := p.addressesOf(ctx, service)
		if err != nil {
			return err
		}
		for _, port := range service.Spec.Ports {
			if port.Protocol != v1.ProtocolTCP {
				continue
			}
			endpoints := readyEndpoints(p.slices, service, port.Name)
			for _, ip := range ips {
				addresses[ip] = true
				wanted[hostPort(ip, port.Port)] = endpoints
			}
			if port.NodePort != 0 {
				wanted[hostPort(hostIP, port.NodePort)] = endpoints
			}
		}
	}
	maps.DeleteFunc(p.balancers, func(uid types.UID, _ string) bool { return !uids[uid] })
	return p.become(wanted, addresses)
}

func (p *serviceProxy) become(wanted map[string][]string, addresses map[string]bool) error {
	for at, l := range p.listeners {
		if _, keep := wanted[at]; !keep {
			l.listener.Close()
			delete(p.listeners, at)
		}
	}
	for address := range p.addresses {
		if !addresses[address] {
			_ = ip("addr del " + address + "/32 dev lo")
			delete(p.addresses, address)
		}
	}
	for address := range addresses {
		if !p.addresses[address] {
			if err := ip("addr add " + address + "/32 dev lo"); err != nil {
				return err
			}
			p.addresses[address] = true
		}
	}
	for at, endpoints := range wanted {
		l, known := p.listeners[at]
		if !known {
			listener, err := net.Listen("tcp", at)
			if err != nil {
				return err
			}
			l = &serviceListener{listener: listener}
			p.listeners[at] = l
			l.endpoints.Store(&endpoints)
			go l.accept()
		}
		l.endpoints.Store(&endpoints)
	}
	return nil
}

// addressesOf are the Service's own, with a load balancer's if it is to have one.
func (p *serviceProxy) addressesOf(ctx context.Context, service *v1.Service) ([]string, error) {
	if service.Spec.Type == v1.ServiceTypeExternalName || service.Spec.ClusterIP == "" {
		return nil, nil
	}
	ips := slices.Clone(service.Spec.ExternalIPs)
	if service.Spec.ClusterIP != v1.ClusterIPNone {
		ips = append(ips, service.Spec.ClusterIP)
	}
	if service.Spec.Type != v1.ServiceTypeLoadBalancer {
		return ips, nil
	}
	balancer, known := p.balancers[service.UID]
	if !known {
		if balancer = service.Spec.LoadBalancerIP; balancer == "" {
			balancer = p.freeBalancer()
		}
		p.balancers[service.UID] = balancer
	}
	if ingress := service.Status.LoadBalancer.Ingress; len(ingress) != 1 || ingress[0].IP != balancer {
		patch, err := json.Marshal(map[string]any{"status": v1.ServiceStatus{
			LoadBalancer: v1.LoadBalancerStatus{Ingress: []v1.LoadBalancerIngress{{IP: balancer}}}}})
		if err != nil {
			return nil, err
		}
		if _, err = p.client.CoreV1().Services(service.Namespace).
			Patch(ctx, service.Name, types.MergePatchType, patch, metav1.PatchOptions{}, "status"); err != nil {
			fmt.Fprintln(os.Stderr, "load balancer:", err) // gone, or tried again with its next version
		}
	}
	return append(ips, balancer), nil
}

func (p *serviceProxy) freeBalancer() string {
	for number := 1; ; number++ {
		candidate := fmt.Sprintf("%s%d.%d", balancerRange, number>>8, number&255)
		if !slices.Contains(slices.Collect(maps.Values(p.balancers)), candidate) {
			return candidate
		}
	}
}

// readyEndpoints are the HOST:PORTs behind a Service's port; if none is ready, those that end but still serve.
func readyEndpoints(lister discoverylisters.EndpointSliceLister, service *v1.Service, port string) []string {
	found, err := lister.EndpointSlices(service.Namespace).
		List(labels.SelectorFromSet(labels.Set{discovery.LabelServiceName: service.Name}))
	if err != nil {
		return nil
	}
	var ready, ending []string
	for _, slice := range found {
		for _, p := range slice.Ports {
			if p.Port == nil || (p.Name != nil && *p.Name != port) || slice.AddressType != discovery.AddressTypeIPv4 {
				continue
			}
			for _, endpoint := range slice.Endpoints {
				at := hostPort(endpoint.Addresses[0], *p.Port)
				if c := endpoint.Conditions; c.Ready == nil || *c.Ready {
					ready = append(ready, at)
				} else if isTrue(c.Serving) && isTrue(c.Terminating) {
					ending = append(ending, at)
				}
			}
		}
	}
	if len(ready) == 0 {
		ready = ending
	}
	slices.Sort(ready)
	return ready
}

func hostPort(host string, port int32) string { return net.JoinHostPort(host, strconv.Itoa(int(port))) }

func (l *serviceListener) accept() {
	for {
		connection, err := l.listener.Accept()
		if err != nil {
			return // closed: the Service or its port is gone
		}
		go l.forward(connection.(*net.TCPConn))
	}
}

// forward resets the connection if there is no endpoint: kube-proxy would refuse it.
func (l *serviceListener) forward(client *net.TCPConn) {
	endpoints := *l.endpoints.Load()
	if len(endpoints) > 0 {
		endpoint := endpoints[l.next.Add(1)%uint64(len(endpoints))]
		if server, err := net.DialTimeout("tcp", endpoint, 5*time.Second); err == nil {
			join(client, server.(*net.TCPConn))
			return
		}
	}
	_ = client.SetLinger(0)
	_ = client.Close()
}

// join copies both ways until both sides have ended; the end or failure of one side is passed on to the other.
func join(a, b *net.TCPConn) {
	defer a.Close()
	defer b.Close()
	ended := make(chan struct{})
	oneWay := func(to, from *net.TCPConn) {
		if _, err := io.Copy(to, from); err != nil {
			_ = a.SetLinger(0)
			_ = b.SetLinger(0)
			_ = a.Close()
			_ = b.Close()
		}
		_ = to.CloseWrite()
	}
	go func() { oneWay(a, b); close(ended) }()
	oneWay(b, a)
	<-ended
}
