package main

import (
	"net/netip"
	"strings"
	"testing"

	"golang.org/x/net/dns/dnsmessage"
	v1 "k8s.io/api/core/v1"
	listers "k8s.io/client-go/listers/core/v1"
	discoverylisters "k8s.io/client-go/listers/discovery/v1"
)

func TestNames(t *testing.T) {
	first := endpoint("10.244.0.2", true, true, false)
	first.Hostname = pointer("models-0")
	n := names{
		services: listers.NewServiceLister(indexed(t,
			&v1.Service{ObjectMeta: named("models"), Spec: v1.ServiceSpec{ClusterIP: v1.ClusterIPNone}},
			&v1.Service{ObjectMeta: named("front"), Spec: v1.ServiceSpec{ClusterIP: "10.96.0.5"}})),
		slices: discoverylisters.NewEndpointSliceLister(indexed(t,
			slice("http", 80, first, endpoint("10.244.0.3", true, true, false), endpoint("10.244.0.4", false, true, true)))),
	}
	for _, test := range []struct {
		name string
		kind dnsmessage.Type
		code dnsmessage.RCode
		want string
	}{
		{"front.team.svc.cluster.local.", dnsmessage.TypeA, dnsmessage.RCodeSuccess, "10.96.0.5"},
		{"FRONT.Team.svc.cluster.local.", dnsmessage.TypeA, dnsmessage.RCodeSuccess, "10.96.0.5"},
		{"front.team.svc.cluster.local.", dnsmessage.TypeAAAA, dnsmessage.RCodeSuccess, ""}, // exists, without such a record
		{"models.team.svc.cluster.local.", dnsmessage.TypeA, dnsmessage.RCodeSuccess, "10.244.0.2 10.244.0.3"},
		{"models-0.models.team.svc.cluster.local.", dnsmessage.TypeA, dnsmessage.RCodeSuccess, "10.244.0.2"},
		{"models-1.models.team.svc.cluster.local.", dnsmessage.TypeA, dnsmessage.RCodeNameError, ""},
		{"front.other.svc.cluster.local.", dnsmessage.TypeA, dnsmessage.RCodeNameError, ""},
		{"a.b.front.team.svc.cluster.local.", dnsmessage.TypeA, dnsmessage.RCodeNameError, ""},
		{"example.com.", dnsmessage.TypeA, dnsmessage.RCodeNameError, ""},
	} {
		question := dnsmessage.Question{Name: dnsmessage.MustNewName(test.name), Type: test.kind, Class: dnsmessage.ClassINET}
		request, err := (&dnsmessage.Message{Header: dnsmessage.Header{ID: 7, RecursionDesired: true}, Questions: []dnsmessage.Question{question}}).Pack()
		if err != nil {
			t.Fatal(err)
		}
		packed, err := n.answer(request)
		if err != nil {
			t.Fatal(err)
		}
		var answer dnsmessage.Message
		if err := answer.Unpack(packed); err != nil {
			t.Fatal(err)
		}
		var addresses []string
		for _, record := range answer.Answers {
			addresses = append(addresses, netip.AddrFrom4(record.Body.(*dnsmessage.AResource).A).String())
		}
		if answer.ID != 7 || !answer.Response || answer.RCode != test.code || strings.Join(addresses, " ") != test.want {
			t.Errorf("%s %s: got %s %v", test.name, test.kind, answer.RCode, addresses)
		}
	}
	if _, err := n.answer([]byte("no question")); err == nil {
		t.Error("a message that is no question is answered")
	}
}
