package main

import (
	"context"
	"fmt"
	"math"
	"net"

	"github.com/envoyproxy/gateway/proto/extension"
	"google.golang.org/grpc"
)

// echo answers each hook with the resources that came.
type echo struct {
	extension.UnimplementedEnvoyGatewayExtensionServer
}

func (echo) PostRouteModify(_ context.Context, request *extension.PostRouteModifyRequest) (*extension.PostRouteModifyResponse, error) {
	return &extension.PostRouteModifyResponse{Route: request.Route}, nil
}

func (echo) PostEndpointsModify(_ context.Context, request *extension.PostEndpointsModifyRequest) (*extension.PostEndpointsModifyResponse, error) {
	return &extension.PostEndpointsModifyResponse{LoadAssignment: request.LoadAssignment}, nil
}

func (echo) PostTranslateModify(_ context.Context, request *extension.PostTranslateModifyRequest) (*extension.PostTranslateModifyResponse, error) {
	return &extension.PostTranslateModifyResponse{
		Clusters: request.Clusters, Secrets: request.Secrets, Listeners: request.Listeners, Routes: request.Routes,
	}, nil
}

// serveEcho decodes and encodes every message, as any server with Envoy Gateway's stubs.
func serveEcho() {
	server := grpc.NewServer(grpc.MaxRecvMsgSize(math.MaxInt32), grpc.MaxSendMsgSize(math.MaxInt32))
	extension.RegisterEnvoyGatewayExtensionServer(server, echo{})
	serve(server)
}

// serveBytes returns the bytes of each request.
func serveBytes() {
	serve(grpc.NewServer(grpc.MaxRecvMsgSize(math.MaxInt32), grpc.MaxSendMsgSize(math.MaxInt32),
		grpc.ForceServerCodecV2(rawBytes{}),
		grpc.UnknownServiceHandler(func(_ any, stream grpc.ServerStream) error {
			var message []byte
			if err := stream.RecvMsg(&message); err != nil {
				return err
			}
			return stream.SendMsg(&message)
		})))
}

// serve serves on a free port, which it prints as Pointsman does.
func serve(server *grpc.Server) {
	listener := must1(net.Listen("tcp", "127.0.0.1:0"))
	fmt.Printf("listening: hooks %s\nready, 0 ms after start\n", listener.Addr())
	must(server.Serve(listener))
}
