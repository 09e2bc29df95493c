package main

import (
	"fmt"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
)

// The cluster's addresses. They are the same in every cluster: each has a network of its own.
const (
	hostIP        = "10.244.0.1" // the node's: API server, DNS, gateway of the pods
	podPrefix     = "10.244."
	podMask       = "/16"
	serviceRange  = "10.96.0.0/16"
	apiServiceIP  = "10.96.0.1"
	balancerRange = "10.97."
	apiServerPort = "6443"
	apiServerURL  = "https://" + hostIP + ":" + apiServerPort
	clusterDomain = "cluster.local"
	bridge        = "pods0"
)

// makeHostNetwork brings up loopback and the bridge that all pods hang on.
func makeHostNetwork() error {
	return ip(
		"link set lo up",
		// With an address of its own, or it takes that of a pod that may go.
		"link add "+bridge+" address 02:00:0a:f4:00:01 type bridge",
		"addr add "+hostIP+podMask+" dev "+bridge,
		"link set "+bridge+" up")
}

// podNetworks makes network namespaces for pods, each with an address on the bridge.
type podNetworks struct {
	mu   sync.Mutex
	used map[int]bool
	next int

	adding sync.Mutex
}

// podNetwork is a pod's network: the file of its namespace, and its address. A hostNetwork pod's is the node's.
type podNetwork struct {
	namespace string
	address   string
	number    int
}

var hostNetwork = podNetwork{namespace: "/proc/1/ns/net", address: hostIP}

func newPodNetworks() *podNetworks { return &podNetworks{used: map[int]bool{}} }

func networkNumber(number int) podNetwork {
	return podNetwork{
		namespace: fmt.Sprintf("/run/netns/pod%d", number),
		address:   fmt.Sprintf("%s%d.%d", podPrefix, number>>8, number&255),
		number:    number,
	}
}

func (n *podNetworks) create() (podNetwork, error) {
	made := networkNumber(n.take())
	name := filepath.Base(made.namespace)
	n.adding.Lock() // two at once disagree about who mounts /run/netns
	err := ip("netns add " + name)
	n.adding.Unlock()
	if err != nil {
		return made, err
	}
	err = ip(
		"link add "+name+" type veth peer name eth0 netns "+name,
		"link set "+name+" master "+bridge+" up",
		"-n "+name+" link set lo up",
		"-n "+name+" addr add "+made.address+podMask+" dev eth0",
		"-n "+name+" link set eth0 up",
		"-n "+name+" route add default via "+hostIP)
	if err != nil {
		n.remove(made)
	}
	return made, err
}

// remove ends the namespace, and with it the pod's interfaces.
func (n *podNetworks) remove(network podNetwork) {
	if network.number == 0 {
		return // the node's own
	}
	_ = ip("netns delete " + filepath.Base(network.namespace)) // may be half made
	n.mu.Lock()
	defer n.mu.Unlock()
	delete(n.used, network.number)
}

// take gives addresses in turn, so that one is not soon used again: connections to the old pod fail, as they should.
func (n *podNetworks) take() int {
	n.mu.Lock()
	defer n.mu.Unlock()
	for {
		n.next = n.next%65000 + 1
		if number := n.next + 1; number&255 != 0 && number&255 != 255 && !n.used[number] {
			n.used[number] = true
			return number
		}
	}
}

// ip runs iproute2's command for each line.
func ip(commands ...string) error {
	for _, command := range commands {
		if out, err := exec.Command("ip", strings.Fields(command)...).CombinedOutput(); err != nil {
			return fmt.Errorf("ip %s: %w: %s", command, err, strings.TrimSpace(string(out)))
		}
	}
	return nil
}

// resolvConf is what a pod of that namespace finds in /etc/resolv.conf.
func resolvConf(namespace string) string {
	return fmt.Sprintf("nameserver %s\nsearch %[2]s.svc.%[3]s svc.%[3]s %[3]s\noptions ndots:5\n",
		hostIP, namespace, clusterDomain)
}
