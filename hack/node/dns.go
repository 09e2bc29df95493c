package main

import (
	"fmt"
	"net"
	"net/netip"
	"os"
	"strings"

	"golang.org/x/net/dns/dnsmessage"
	v1 "k8s.io/api/core/v1"
	discovery "k8s.io/api/discovery/v1"
	"k8s.io/apimachinery/pkg/labels"
	listers "k8s.io/client-go/listers/core/v1"
	discoverylisters "k8s.io/client-go/listers/discovery/v1"
)

// names answers for the names of Services, after Kubernetes' DNS-based service discovery specification; A records
// only. There is no other network, so no other name exists.
type names struct {
	services listers.ServiceLister
	slices   discoverylisters.EndpointSliceLister
}

// serveDNS answers over UDP at the node's address.
func serveDNS(n names) error {
	socket, err := net.ListenPacket("udp", hostIP+":53")
	if err != nil {
		return err
	}
	go func() {
		buffer := make([]byte, 4096)
		for {
			size, from, err := socket.ReadFrom(buffer)
			if err != nil {
				fmt.Fprintln(os.Stderr, "dns:", err)
				return
			}
			if answer, err := n.answer(buffer[:size]); err == nil {
				_, _ = socket.WriteTo(answer, from)
			}
		}
	}()
	return nil
}

// answer gives the answer to one message; an error if it is not a question.
func (n names) answer(request []byte) ([]byte, error) {
	var parser dnsmessage.Parser
	header, err := parser.Start(request)
	if err != nil {
		return nil, err
	}
	question, err := parser.Question()
	if err != nil {
		return nil, err
	}
	addresses, exists := n.lookup(strings.ToLower(question.Name.String()))
	reply := dnsmessage.Message{
		Header: dnsmessage.Header{ID: header.ID, Response: true, Authoritative: true,
			RecursionDesired: header.RecursionDesired, RecursionAvailable: true},
		Questions: []dnsmessage.Question{question},
	}
	if !exists {
		reply.RCode = dnsmessage.RCodeNameError
	}
	if question.Type == dnsmessage.TypeA {
		for _, address := range addresses {
			reply.Answers = append(reply.Answers, dnsmessage.Resource{
				Header: dnsmessage.ResourceHeader{Name: question.Name, Class: question.Class, TTL: 5},
				Body:   &dnsmessage.AResource{A: address.As4()},
			})
		}
	}
	return reply.Pack()
}

// lookup knows SERVICE.NAMESPACE.svc.DOMAIN. and, for headless Services, HOSTNAME.SERVICE.NAMESPACE.svc.DOMAIN.
func (n names) lookup(name string) (addresses []netip.Addr, exists bool) {
	inDomain, ok := strings.CutSuffix(name, ".svc."+clusterDomain+".")
	if !ok {
		return nil, false
	}
	parts := strings.Split(inDomain, ".")
	if len(parts) < 2 || len(parts) > 3 {
		return nil, false
	}
	service, err := n.services.Services(parts[len(parts)-1]).Get(parts[len(parts)-2])
	if err != nil {
		return nil, false
	}
	if len(parts) == 3 {
		addresses = n.endpoints(service, parts[0])
		return addresses, len(addresses) > 0
	}
	if service.Spec.ClusterIP == v1.ClusterIPNone {
		return n.endpoints(service, ""), true
	}
	if address, err := netip.ParseAddr(service.Spec.ClusterIP); err == nil && address.Is4() {
		addresses = append(addresses, address)
	}
	return addresses, true
}

// endpoints are the ready addresses, of that hostname if one is given.
func (n names) endpoints(service *v1.Service, hostname string) []netip.Addr {
	found, err := n.slices.EndpointSlices(service.Namespace).
		List(labels.SelectorFromSet(labels.Set{discovery.LabelServiceName: service.Name}))
	if err != nil {
		return nil
	}
	var all []netip.Addr
	for _, slice := range found {
		for _, endpoint := range slice.Endpoints {
			if c := endpoint.Conditions; c.Ready != nil && !*c.Ready {
				continue
			}
			if hostname != "" && (endpoint.Hostname == nil || *endpoint.Hostname != hostname) {
				continue
			}
			if address, err := netip.ParseAddr(endpoint.Addresses[0]); err == nil && address.Is4() {
				all = append(all, address)
			}
		}
	}
	return all
}
