# Edits of lwepp's pkg/lwepp/handlers/server.go: see hack/conformance/lwepp.sh.
# A request's body comes in parts. Only the last one is answered: then there is a pick, with which the headers go first ...
/if v\.RequestBody\.EndOfStream {/i\
if !v.RequestBody.EndOfStream { continue }
# ... and the whole body after them.
/^[[:space:]]*body = nil$/d
/ProcessingResponse_RequestBody{/,/CommonResponse{}/s/&.*CommonResponse{}/streamed(body, true)/
# Each part of a response's body goes back as it came.
/ProcessingResponse_ResponseBody{/,/CommonResponse{}/s/&.*CommonResponse{}/streamed(v.ResponseBody.Body, v.ResponseBody.EndOfStream)/
