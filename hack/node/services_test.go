package main

import (
	"context"
	"io"
	"net"
	"net/http"
	"slices"
	"strings"
	"testing"

	v1 "k8s.io/api/core/v1"
	discovery "k8s.io/api/discovery/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
	discoverylisters "k8s.io/client-go/listers/discovery/v1"
)

// slice is an EndpointSlice of the Service models.
func slice(port string, number int32, endpoints ...discovery.Endpoint) *discovery.EndpointSlice {
	return &discovery.EndpointSlice{
		ObjectMeta:  metav1.ObjectMeta{Namespace: "team", Name: "models-" + port, Labels: map[string]string{discovery.LabelServiceName: "models"}},
		AddressType: discovery.AddressTypeIPv4,
		Ports:       []discovery.EndpointPort{{Name: &port, Port: &number}},
		Endpoints:   endpoints,
	}
}

func endpoint(address string, ready, serving, terminating bool) discovery.Endpoint {
	return discovery.Endpoint{Addresses: []string{address},
		Conditions: discovery.EndpointConditions{Ready: &ready, Serving: &serving, Terminating: &terminating}}
}

func TestReadyEndpoints(t *testing.T) {
	v6 := slice("http", 80, endpoint("fd00::1", true, true, false))
	v6.AddressType = discovery.AddressTypeIPv6
	other := slice("http", 80, endpoint("10.244.0.9", true, true, false))
	other.Labels[discovery.LabelServiceName] = "others"
	for _, test := range []struct {
		name  string
		slice *discovery.EndpointSlice
		want  []string
	}{
		{"in order", slice("http", 80, endpoint("10.244.0.3", true, true, false), endpoint("10.244.0.2", true, true, false)),
			[]string{"10.244.0.2:80", "10.244.0.3:80"}},
		{"no condition counts as ready", slice("http", 80, discovery.Endpoint{Addresses: []string{"10.244.0.2"}}), []string{"10.244.0.2:80"}},
		{"ready ones only", slice("http", 80, endpoint("10.244.0.2", true, true, false), endpoint("10.244.0.3", false, true, true)), []string{"10.244.0.2:80"}},
		{"none ready: ending ones that serve", slice("http", 80, endpoint("10.244.0.2", false, false, true), endpoint("10.244.0.3", false, true, true)), []string{"10.244.0.3:80"}},
		{"another port", slice("metrics", 81, endpoint("10.244.0.2", true, true, false)), nil},
		{"IPv6", v6, nil},
		{"another Service", other, nil},
	} {
		lister := discoverylisters.NewEndpointSliceLister(indexed(t, test.slice))
		if got := readyEndpoints(lister, &v1.Service{ObjectMeta: named("models")}, "http"); !slices.Equal(got, test.want) {
			t.Errorf("%s: got %v, want %v", test.name, got, test.want)
		}
	}
}

// A balancer's address is written to the status once, stays the Service's, and is no other's.
func TestAddressesOfAService(t *testing.T) {
	var patches []string
	p := newServiceProxy(apiServer(t, func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		patches = append(patches, r.Method+" "+r.URL.Path+" "+string(body))
		w.Header().Set("Content-Type", "application/json")
		_, _ = io.WriteString(w, `{"apiVersion":"v1","kind":"Service"}`)
	}), nil, nil)
	service := func(uid string, spec v1.ServiceSpec, ingress ...string) *v1.Service {
		made := &v1.Service{ObjectMeta: named(uid), Spec: spec}
		made.UID = types.UID(uid)
		for _, ip := range ingress {
			made.Status.LoadBalancer.Ingress = append(made.Status.LoadBalancer.Ingress, v1.LoadBalancerIngress{IP: ip})
		}
		return made
	}
	balanced := v1.ServiceSpec{Type: v1.ServiceTypeLoadBalancer, ClusterIP: "10.96.0.5"}
	asked := balanced
	asked.LoadBalancerIP = "10.97.0.2"
	for _, test := range []struct {
		name    string
		service *v1.Service
		want    string
		patches int
	}{
		{"a name elsewhere", service("a", v1.ServiceSpec{Type: v1.ServiceTypeExternalName}), "", 0},
		{"headless", service("b", v1.ServiceSpec{ClusterIP: v1.ClusterIPNone}), "", 0},
		{"an external address", service("c", v1.ServiceSpec{ClusterIP: "10.96.0.5", ExternalIPs: []string{"1.2.3.4"}}), "1.2.3.4 10.96.0.5", 0},
		{"a load balancer", service("d", balanced), "10.96.0.5 10.97.0.1", 1},
		{"the same again, its status not yet seen", service("d", balanced), "10.96.0.5 10.97.0.1", 1},
		{"the same again", service("d", balanced, "10.97.0.1"), "10.96.0.5 10.97.0.1", 0},
		{"an address that it asks for", service("e", asked), "10.96.0.5 10.97.0.2", 1},
		{"the next free one", service("f", balanced), "10.96.0.5 10.97.0.3", 1},
	} {
		patches = nil
		got, err := p.addressesOf(context.Background(), test.service)
		if err != nil || strings.Join(got, " ") != test.want || len(patches) != test.patches {
			t.Errorf("%s: got %v, %v, patches %v", test.name, got, err, patches)
		}
	}
	want := `PATCH /api/v1/namespaces/team/services/f/status {"status":{"loadBalancer":{"ingress":[{"ip":"10.97.0.3"}]}}}`
	if len(patches) != 1 || patches[0] != want {
		t.Errorf("got %v", patches)
	}
}

// Connections go to the endpoints in turn; the end of one side reaches the other; without an endpoint they are reset.
func TestForwarding(t *testing.T) {
	var endpoints []string
	for _, name := range []string{"a", "b"} {
		server, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		defer server.Close()
		endpoints = append(endpoints, server.Addr().String())
		go func() {
			for {
				connection, err := server.Accept()
				if err != nil {
					return
				}
				said, _ := io.ReadAll(connection) // until the client's end
				_, _ = io.WriteString(connection, name+string(said))
				connection.Close()
			}
		}()
	}
	front, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer front.Close()
	l := &serviceListener{listener: front}
	l.endpoints.Store(&endpoints)
	go l.accept()
	ask := func() (string, error) {
		connection, err := net.Dial("tcp", front.Addr().String())
		if err != nil {
			return "", err
		}
		defer connection.Close()
		_, _ = io.WriteString(connection, "!")
		_ = connection.(*net.TCPConn).CloseWrite()
		answer, err := io.ReadAll(connection)
		return string(answer), err
	}
	counts := map[string]int{}
	for range 6 {
		answer, err := ask()
		if err != nil {
			t.Fatal(err)
		}
		counts[answer]++
	}
	if counts["a!"] != 3 || counts["b!"] != 3 {
		t.Errorf("got %v", counts)
	}
	l.endpoints.Store(&[]string{})
	if answer, err := ask(); err == nil {
		t.Errorf("no endpoint: got %q and no reset", answer)
	}
}
