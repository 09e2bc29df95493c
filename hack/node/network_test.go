package main

import "testing"

func TestAddressOfANetworkNumber(t *testing.T) {
	for number, want := range map[int]string{
		2: "10.244.0.2", 254: "10.244.0.254", 257: "10.244.1.1", 65001: "10.244.253.233",
	} {
		if got := networkNumber(number).address; got != want {
			t.Errorf("%d: got %s, want %s", number, got, want)
		}
	}
}

// A whole round of addresses, each given back at once: none is the node's, a network's own or its broadcast address,
// and none comes a second time before all others were used.
func TestAddressesAreTakenInTurn(t *testing.T) {
	networks := newPodNetworks()
	seen := map[string]bool{}
	first := networkNumber(networks.take())
	for made := first; ; {
		if made.address == hostIP || made.number&255 == 0 || made.number&255 == 255 {
			t.Fatalf("%s is no pod's address", made.address)
		}
		if seen[made.address] {
			t.Fatalf("%s comes again after %d addresses", made.address, len(seen))
		}
		seen[made.address] = true
		delete(networks.used, made.number) // what remove does after it has deleted the namespace
		if made = networkNumber(networks.take()); made == first {
			break
		}
	}
	if len(seen) < 64000 {
		t.Errorf("only %d addresses", len(seen))
	}
}

func TestAddressInUseIsNotTaken(t *testing.T) {
	networks := newPodNetworks()
	kept := networks.take()
	for range 65000 {
		number := networks.take()
		if number == kept {
			t.Fatalf("%d is given twice", kept)
		}
		delete(networks.used, number)
	}
}

func TestRemoveLeavesTheNodesOwnNetwork(t *testing.T) {
	networks := newPodNetworks()
	networks.used[0] = true
	networks.remove(hostNetwork)
	if !networks.used[0] {
		t.Error("the node's network was removed")
	}
}

func TestResolvConf(t *testing.T) {
	want := "nameserver 10.244.0.1\nsearch team.svc.cluster.local svc.cluster.local cluster.local\noptions ndots:5\n"
	if got := resolvConf("team"); got != want {
		t.Errorf("got %q", got)
	}
}
