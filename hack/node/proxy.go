package main

import (
	"bufio"
	"net"
	"net/http"
	"net/http/httputil"
)

// serveProxy is the way in from the host: an HTTP proxy whose socket is on the host's loopback and whose connections
// start inside, so that addresses and names are the cluster's. It tunnels (CONNECT) and forwards plain requests.
func serveProxy(listener net.Listener) {
	forward := &httputil.ReverseProxy{
		Rewrite:       func(r *httputil.ProxyRequest) { r.Out.Host = r.In.Host },
		Transport:     &http.Transport{Proxy: nil},
		FlushInterval: -1, // event streams
	}
	server := &http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch {
		case r.Method == http.MethodConnect:
			tunnel(w, r)
		case r.URL.IsAbs():
			forward.ServeHTTP(w, r)
		default:
			http.Error(w, "this is a proxy into the cluster: send CONNECT or an absolute URL", http.StatusBadRequest)
		}
	})}
	_ = server.Serve(listener) // ends with the process
}

func tunnel(w http.ResponseWriter, r *http.Request) {
	server, err := net.Dial("tcp", r.Host)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadGateway)
		return
	}
	client, buffered, err := http.NewResponseController(w).Hijack()
	if err != nil {
		server.Close()
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	if _, err := client.Write([]byte("HTTP/1.1 200 Connection established\r\n\r\n")); err != nil {
		client.Close()
		server.Close()
		return
	}
	if err := drain(buffered.Reader, server); err != nil {
		client.Close()
		server.Close()
		return
	}
	join(client.(*net.TCPConn), server.(*net.TCPConn))
}

// drain passes on what the client sent right after its request.
func drain(from *bufio.Reader, to net.Conn) error {
	early, err := from.Peek(from.Buffered())
	if err == nil && len(early) > 0 {
		_, err = to.Write(early)
	}
	return err
}
