// Command node runs a Kubernetes cluster without containers: etcd, kube-apiserver and kube-controller-manager as plain
// processes, and, in the place of kubelet, kube-proxy, scheduler and cluster DNS, this program. All of it lives in
// network, mount and process namespaces of its own, so ending the first process ends the cluster.
//
// hack/cluster.sh is the way to call it.
package main

import (
	"fmt"
	"os"
	"runtime"
)

func main() {
	if len(os.Args) < 2 {
		fmt.Fprintln(os.Stderr, "node: started by hack/cluster.sh; see there")
		os.Exit(2)
	}
	var err error
	switch command, args := os.Args[1], os.Args[2:]; command {
	case "up":
		err = up(args)
	case "down":
		err = down(args)
	case "run":
		err = runInside(args)
	case "pull":
		err = pull(args)
	case "cluster": // the first process inside; started by up
		err = runCluster(args)
	case "container": // a container's first process; started by the node
		runtime.LockOSThread() // namespaces belong to threads
		err = enterContainer()
	default:
		err = fmt.Errorf("unknown command %q", command)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "cluster.sh:", err)
		os.Exit(1)
	}
}
