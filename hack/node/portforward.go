package main

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"runtime"
	"time"

	"golang.org/x/sys/unix"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/kubelet/pkg/cri/streaming/portforward"
)

const kubeletPort = "10250"

// servePortForwards answers kubectl port-forward and kubectl logs, which the API server passes on to the node; it is all
// of a kubelet's HTTP that there is.
func (n *node) servePortForwards(p *pki) error {
	certificate, err := tls.LoadX509KeyPair(p.path("node.crt"), p.path("node.key"))
	if err != nil {
		return err
	}
	authority, err := os.ReadFile(p.path("ca.crt"))
	if err != nil {
		return err
	}
	authorities := x509.NewCertPool()
	authorities.AppendCertsFromPEM(authority)
	listener, err := tls.Listen("tcp", net.JoinHostPort(hostIP, kubeletPort), &tls.Config{
		Certificates: []tls.Certificate{certificate},
		ClientAuth:   tls.RequireAndVerifyClientCert, ClientCAs: authorities})
	if err != nil {
		return err
	}
	mux := http.NewServeMux()
	mux.HandleFunc("/portForward/{namespace}/{pod}", n.portForward)
	mux.HandleFunc("/containerLogs/{namespace}/{pod}/{container}", n.containerLog)
	go func() { fmt.Fprintln(os.Stderr, "port-forward:", http.Serve(listener, mux)) }()
	return nil
}

// containerLog answers with the whole log: without --tail and --follow.
func (n *node) containerLog(w http.ResponseWriter, r *http.Request) {
	file := filepath.Join(n.state, containerLogFolder, r.PathValue("namespace"), r.PathValue("pod"), r.PathValue("container")+".log")
	log, err := os.ReadFile(file)
	if err != nil {
		http.Error(w, err.Error(), http.StatusNotFound)
		return
	}
	w.Header().Set("Content-Type", "text/plain")
	_, _ = w.Write(log)
}

func (n *node) portForward(w http.ResponseWriter, r *http.Request) {
	pod, err := n.client.CoreV1().Pods(r.PathValue("namespace")).
		Get(r.Context(), r.PathValue("pod"), metav1.GetOptions{})
	if err != nil {
		http.Error(w, err.Error(), http.StatusNotFound)
		return
	}
	options, err := portforward.NewV4Options(r)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	portforward.ServePortForward(w, r, podLoopback{pod.Status.PodIP}, pod.Name, pod.UID, options,
		4*time.Hour, 30*time.Second, portforward.SupportedProtocols)
}

// podLoopback connects to a pod as a process of the pod would: from its own loopback.
type podLoopback struct{ podIP string }

func (l podLoopback) PortForward(_ context.Context, _ string, _ types.UID, port int32, client io.ReadWriteCloser) error {
	defer client.Close()
	server, err := l.dial(port)
	if err != nil {
		return err
	}
	defer server.Close()
	go func() {
		_, _ = io.Copy(server, client)
		_ = server.(*net.TCPConn).CloseWrite()
	}()
	_, err = io.Copy(client, server)
	return err
}

func (l podLoopback) dial(port int32) (net.Conn, error) {
	address := fmt.Sprintf("127.0.0.1:%d", port)
	if l.podIP == hostIP {
		return net.Dial("tcp", address)
	}
	var high, low int
	if _, err := fmt.Sscanf(l.podIP, podPrefix+"%d.%d", &high, &low); err != nil {
		return nil, fmt.Errorf("the pod has no address: %w", err)
	}
	namespace, err := os.Open(networkNumber(high<<8 | low).namespace)
	if err != nil {
		return nil, err
	}
	defer namespace.Close()
	type dialed struct {
		conn net.Conn
		err  error
	}
	result := make(chan dialed)
	go func() {
		runtime.LockOSThread() // never unlocked: the thread ends with its network namespace
		if err := unix.Setns(int(namespace.Fd()), unix.CLONE_NEWNET); err != nil {
			result <- dialed{nil, err}
			return
		}
		conn, err := net.Dial("tcp", address)
		result <- dialed{conn, err}
	}()
	made := <-result
	return made.conn, made.err
}
