package dev.pointsman.isolation;

import com.google.protobuf.ByteString;
import io.envoyproxy.envoy.config.core.v3.HeaderValue;
import io.envoyproxy.envoy.config.core.v3.HeaderValueOption;
import io.envoyproxy.envoy.service.ext_proc.v3.BodyMutation;
import io.envoyproxy.envoy.service.ext_proc.v3.BodyResponse;
import io.envoyproxy.envoy.service.ext_proc.v3.CommonResponse;
import io.envoyproxy.envoy.service.ext_proc.v3.HeadersResponse;
import io.envoyproxy.envoy.service.ext_proc.v3.ProcessingResponse;
import io.envoyproxy.envoy.service.ext_proc.v3.StreamedBodyResponse;
import java.nio.charset.StandardCharsets;

/** Messages of a picker. */
final class HostileAnswers {
  private HostileAnswers() {}

  static ProcessingResponse responseHeaders(CommonResponse.Builder response) {
    return ProcessingResponse.newBuilder()
        .setResponseHeaders(HeadersResponse.newBuilder().setResponse(response))
        .build();
  }

  /** A part of the response's body. */
  static ProcessingResponse body(ByteString bytes, boolean end) {
    return ProcessingResponse.newBuilder().setResponseBody(streamed(bytes, end)).build();
  }

  static BodyResponse streamed(ByteString bytes, boolean end) {
    return BodyResponse.newBuilder()
        .setResponse(CommonResponse.newBuilder()
            .setBodyMutation(BodyMutation.newBuilder()
                .setStreamedResponse(
                    StreamedBodyResponse.newBuilder().setBody(bytes).setEndOfStream(end))))
        .build();
  }

  static HeaderValueOption header(String name, String value) {
    return HeaderValueOption.newBuilder()
        .setHeader(HeaderValue.newBuilder()
            .setKey(name)
            .setRawValue(ByteString.copyFrom(value, StandardCharsets.ISO_8859_1)))
        .setAppendAction(HeaderValueOption.HeaderAppendAction.OVERWRITE_IF_EXISTS_OR_ADD)
        .build();
  }
}
