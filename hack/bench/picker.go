package main

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"math/big"
	"net"
	"time"

	core "github.com/envoyproxy/go-control-plane/envoy/config/core/v3"
	extproc "github.com/envoyproxy/go-control-plane/envoy/service/ext_proc/v3"
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials"
)

const pieceSize = 60_000

// picker sends every request to one pod, as the Inference Extension's protocol has it.
type picker struct {
	extproc.UnimplementedExternalProcessorServer
	pod string
}

// servePicker serves on an address with a certificate of its own; arguments: that address, the pod's.
func servePicker(arguments []string) {
	listener := must1(net.Listen("tcp", arguments[0]))
	server := grpc.NewServer(grpc.Creds(credentials.NewServerTLSFromCert(new(must1(selfSigned())))))
	extproc.RegisterExternalProcessorServer(server, &picker{pod: arguments[1]})
	must(server.Serve(listener))
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
