package dev.pointsman.rig;

import com.google.protobuf.ByteString;
import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import io.envoyproxy.envoy.config.core.v3.HeaderValue;
import io.envoyproxy.envoy.config.core.v3.HeaderValueOption;
import io.envoyproxy.envoy.service.ext_proc.v3.BodyMutation;
import io.envoyproxy.envoy.service.ext_proc.v3.BodyResponse;
import io.envoyproxy.envoy.service.ext_proc.v3.CommonResponse;
import io.envoyproxy.envoy.service.ext_proc.v3.HeaderMutation;
import io.envoyproxy.envoy.service.ext_proc.v3.HeadersResponse;
import io.envoyproxy.envoy.service.ext_proc.v3.ImmediateResponse;
import io.envoyproxy.envoy.service.ext_proc.v3.ProcessingResponse;
import io.envoyproxy.envoy.service.ext_proc.v3.StreamedBodyResponse;
import io.envoyproxy.envoy.service.ext_proc.v3.TrailersResponse;
import io.envoyproxy.envoy.type.v3.HttpStatus;
import io.envoyproxy.envoy.type.v3.StatusCode;
import java.util.ArrayList;
import java.util.List;

/** The messages that a picker sends to Envoy. */
final class PickerAnswers {
  /** Envoy refuses a body message of 64 KiB and more in this mode. */
  private static final int LARGEST_CHUNK = 62_000;

  private PickerAnswers() {}

  /** Names the endpoint, in the header and in the metadata. */
  static ProcessingResponse requestHeaders(String endpoint, int bodyLength) {
    HeaderMutation.Builder mutation =
        HeaderMutation.newBuilder().addSetHeaders(header(PickerStream.DESTINATION, endpoint));
    if (bodyLength > 0) {
      mutation.addSetHeaders(header("content-length", Integer.toString(bodyLength)));
    }
    return ProcessingResponse.newBuilder()
        .setRequestHeaders(HeadersResponse.newBuilder()
            .setResponse(
                CommonResponse.newBuilder().setClearRouteCache(true).setHeaderMutation(mutation)))
        .setDynamicMetadata(struct(
            PickerStream.NAMESPACE,
            Value.newBuilder()
                .setStructValue(struct(
                    PickerStream.DESTINATION,
                    Value.newBuilder().setStringValue(endpoint).build()))
                .build()))
        .build();
  }

  static List<ProcessingResponse> requestBody(ByteString body, boolean endOfStream) {
    List<ProcessingResponse> messages = new ArrayList<>();
    for (BodyResponse part : parts(body, endOfStream)) {
      messages.add(ProcessingResponse.newBuilder().setRequestBody(part).build());
    }
    return messages;
  }

  static ProcessingResponse requestTrailers() {
    return ProcessingResponse.newBuilder()
        .setRequestTrailers(TrailersResponse.getDefaultInstance())
        .build();
  }

  static ProcessingResponse responseHeaders() {
    HeaderMutation mutation = HeaderMutation.newBuilder()
        .addSetHeaders(header("x-went-into-resp-headers", "true"))
        .build();
    return ProcessingResponse.newBuilder()
        .setResponseHeaders(HeadersResponse.newBuilder()
            .setResponse(CommonResponse.newBuilder().setHeaderMutation(mutation)))
        .build();
  }

  static List<ProcessingResponse> responseBody(ByteString body, boolean endOfStream) {
    List<ProcessingResponse> messages = new ArrayList<>();
    for (BodyResponse part : parts(body, endOfStream)) {
      messages.add(ProcessingResponse.newBuilder().setResponseBody(part).build());
    }
    return messages;
  }

  static ProcessingResponse responseTrailers() {
    return ProcessingResponse.newBuilder()
        .setResponseTrailers(TrailersResponse.getDefaultInstance())
        .build();
  }

  /** The answer of a picker without endpoints. */
  static ProcessingResponse noEndpoint() {
    return refusal(StatusCode.ServiceUnavailable, "the picker knows no endpoint");
  }

  static ProcessingResponse overloaded() {
    return refusal(StatusCode.TooManyRequests, "the pool is overloaded");
  }

  private static ProcessingResponse refusal(StatusCode status, String body) {
    return ProcessingResponse.newBuilder()
        .setImmediateResponse(ImmediateResponse.newBuilder()
            .setStatus(HttpStatus.newBuilder().setCode(status))
            .setBody(ByteString.copyFromUtf8(body)))
        .build();
  }

  private static List<BodyResponse> parts(ByteString body, boolean endOfStream) {
    List<BodyResponse> parts = new ArrayList<>();
    int start = 0;
    do {
      int end = Math.min(start + LARGEST_CHUNK, body.size());
      StreamedBodyResponse streamed = StreamedBodyResponse.newBuilder()
          .setBody(body.substring(start, end))
          .setEndOfStream(endOfStream && end == body.size())
          .build();
      parts.add(BodyResponse.newBuilder()
          .setResponse(CommonResponse.newBuilder()
              .setBodyMutation(BodyMutation.newBuilder().setStreamedResponse(streamed)))
          .build());
      start = end;
    } while (start < body.size());
    return parts;
  }

  private static HeaderValueOption header(String name, String value) {
    return HeaderValueOption.newBuilder()
        .setHeader(
            HeaderValue.newBuilder().setKey(name).setRawValue(ByteString.copyFromUtf8(value)))
        .build();
  }

  private static Struct struct(String key, Value value) {
    return Struct.newBuilder().putFields(key, value).build();
  }
}
