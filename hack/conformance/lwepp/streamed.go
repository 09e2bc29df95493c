package handlers

import extProcPb "github.com/envoyproxy/go-control-plane/envoy/service/ext_proc/v3"

// streamed gives a part of a body back, as a full duplex stream expects it.
func streamed(part []byte, end bool) *extProcPb.CommonResponse {
	return &extProcPb.CommonResponse{
		BodyMutation: &extProcPb.BodyMutation{
			Mutation: &extProcPb.BodyMutation_StreamedResponse{
				StreamedResponse: &extProcPb.StreamedBodyResponse{Body: part, EndOfStream: end},
			},
		},
	}
}
