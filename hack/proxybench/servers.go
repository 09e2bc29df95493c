package main

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"io"
	"math/big"
	"net"
	"net/http"
	"sync/atomic"
	"time"

	core "github.com/envoyproxy/go-control-plane/envoy/config/core/v3"
	extproc "github.com/envoyproxy/go-control-plane/envoy/service/ext_proc/v3"
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials"
)

const (
	answer    = `{"object":"chat.completion","choices":[{"message":{"role":"assistant","content":"ok"}}]}`
	pieceSize = 60_000
)

// serveModel answers every request after its body has been read.
func serveModel(address string) error {
	listener, err := net.Listen("tcp", address)
	if err != nil {
		return err
	}
	go http.Serve(listener, http.HandlerFunc(func(out http.ResponseWriter, in *http.Request) {
		_, _ = io.Copy(io.Discard, in.Body)
		out.Header().Set("content-type", "application/json")
		_, _ = io.WriteString(out, answer)
	}))
	return nil
}

// picker sends every request to one pod, as the Inference Extension's protocol has it.
type picker struct {
	extproc.UnimplementedExternalProcessorServer
	pod   string
	calls atomic.Int64
}

// servePicker starts a picker with a certificate of its own, and returns the number of its calls.
func servePicker(address, pod string) (*atomic.Int64, error) {
	certificate, err := selfSigned()
	if err != nil {
		return nil, err
	}
	listener, err := net.Listen("tcp", address)
	if err != nil {
		return nil, err
	}
	one := &picker{pod: pod}
	server := grpc.NewServer(grpc.Creds(credentials.NewServerTLSFromCert(&certificate)))
	extproc.RegisterExternalProcessorServer(server, one)
	go server.Serve(listener)
	return &one.calls, nil
}

func (p *picker) Process(stream extproc.ExternalProcessor_ProcessServer) error {
	var body []byte
	for {
		message, err := stream.Recv()
		if err != nil {
			return nil // Envoy has ended the call
		}
		switch part := message.Request.(type) {
		case *extproc.ProcessingRequest_RequestHeaders:
			p.calls.Add(1)
			if part.RequestHeaders.EndOfStream {
				err = stream.Send(p.pick())
			}
		case *extproc.ProcessingRequest_RequestBody:
			body = append(body, part.RequestBody.Body...)
			if part.RequestBody.EndOfStream {
				err = p.answerRequest(stream, body)
			}
		case *extproc.ProcessingRequest_ResponseHeaders:
			err = stream.Send(&extproc.ProcessingResponse{Response: &extproc.ProcessingResponse_ResponseHeaders{
				ResponseHeaders: &extproc.HeadersResponse{},
			}})
		case *extproc.ProcessingRequest_ResponseBody:
			err = stream.Send(&extproc.ProcessingResponse{Response: &extproc.ProcessingResponse_ResponseBody{
				ResponseBody: piece(part.ResponseBody.Body, part.ResponseBody.EndOfStream),
			}})
		}
		if err != nil {
			return err
		}
	}
}

func (p *picker) answerRequest(stream extproc.ExternalProcessor_ProcessServer, body []byte) error {
	if err := stream.Send(p.pick()); err != nil {
		return err
	}
	for from := 0; from < len(body); from += pieceSize {
		to := min(from+pieceSize, len(body))
		if err := stream.Send(&extproc.ProcessingResponse{Response: &extproc.ProcessingResponse_RequestBody{
			RequestBody: piece(body[from:to], to == len(body)),
		}}); err != nil {
			return err
		}
	}
	return nil
}

func (p *picker) pick() *extproc.ProcessingResponse {
	return &extproc.ProcessingResponse{Response: &extproc.ProcessingResponse_RequestHeaders{
		RequestHeaders: &extproc.HeadersResponse{Response: &extproc.CommonResponse{
			HeaderMutation: &extproc.HeaderMutation{SetHeaders: []*core.HeaderValueOption{{
				Header: &core.HeaderValue{Key: "x-gateway-destination-endpoint", RawValue: []byte(p.pod)},
			}}},
		}},
	}}
}

func piece(bytes []byte, end bool) *extproc.BodyResponse {
	return &extproc.BodyResponse{Response: &extproc.CommonResponse{BodyMutation: &extproc.BodyMutation{
		Mutation: &extproc.BodyMutation_StreamedResponse{
			StreamedResponse: &extproc.StreamedBodyResponse{Body: bytes, EndOfStream: end},
		},
	}}}
}

func selfSigned() (tls.Certificate, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return tls.Certificate{}, err
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1),
		NotAfter:     time.Now().Add(24 * time.Hour),
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}, err
}
