package dev.pointsman.rig;

import com.google.protobuf.ByteString;
import io.envoyproxy.envoy.config.core.v3.HeaderValue;
import io.envoyproxy.envoy.config.core.v3.HeaderValueOption;
import io.envoyproxy.envoy.config.core.v3.HeaderValueOption.HeaderAppendAction;
import io.envoyproxy.envoy.service.ext_proc.v3.BodyMutation;
import io.envoyproxy.envoy.service.ext_proc.v3.BodyResponse;
import io.envoyproxy.envoy.service.ext_proc.v3.CommonResponse;
import io.envoyproxy.envoy.service.ext_proc.v3.ExternalProcessorGrpc.ExternalProcessorImplBase;
import io.envoyproxy.envoy.service.ext_proc.v3.HeaderMutation;
import io.envoyproxy.envoy.service.ext_proc.v3.HeadersResponse;
import io.envoyproxy.envoy.service.ext_proc.v3.HttpBody;
import io.envoyproxy.envoy.service.ext_proc.v3.HttpHeaders;
import io.envoyproxy.envoy.service.ext_proc.v3.ImmediateResponse;
import io.envoyproxy.envoy.service.ext_proc.v3.ProcessingRequest;
import io.envoyproxy.envoy.service.ext_proc.v3.ProcessingResponse;
import io.envoyproxy.envoy.service.ext_proc.v3.StreamedBodyResponse;
import io.envoyproxy.envoy.service.ext_proc.v3.TrailersResponse;
import io.envoyproxy.envoy.type.v3.HttpStatus;
import io.envoyproxy.envoy.type.v3.StatusCode;
import io.grpc.InsecureServerCredentials;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.Map;

/**
 * An endpoint picker that passes bodies on as they come and, where the request asks for it, changes of the request's and
 * the answer's headers what no picker needs to change.
 */
final class HostilePicker extends ExternalProcessorImplBase {
  /** Attacks in which it answers itself, with a status, before the pod or instead of its answer. */
  private static final String IMMEDIATE = "immediate-";

  private static final String LATE = "late-immediate-";

  private final String endpoint;

  private HostilePicker(String endpoint) {
    this.endpoint = endpoint;
  }

  static void start(int port, String endpoint) throws IOException {
    NettyServerBuilder.forAddress(new InetSocketAddress(port), InsecureServerCredentials.create())
        .addService(new HostilePicker(endpoint))
        .build()
        .start();
  }

  @Override
  public StreamObserver<ProcessingRequest> process(StreamObserver<ProcessingResponse> answers) {
    return new HostileStream(answers);
  }

  /** The headers of the request that it sets, beside the endpoint. */
  private static Map<String, String> ofRequest(String attack) {
    return switch (attack) {
      case "upgrade" -> Map.of("connection", "upgrade", "upgrade", "websocket");
      case "reroute" ->
        Map.of(
            ":authority",
            "secret.example.com",
            "host",
            "secret.example.com",
            ":path",
            "/v1/chat/completions",
            "x-gateway-model-name",
            "secret");
      case "request-length" -> Map.of("content-length", "2");
      case "empty-name" -> Map.of("", "x");
      default -> Map.of();
    };
  }

  /** The headers of the answer that it sets. */
  private static Map<String, String> ofAnswer(String attack) {
    return switch (attack) {
      case "status-304" -> Map.of(":status", "304");
      case "status-204" -> Map.of(":status", "204");
      case "status-101" ->
        Map.of(":status", "101", "connection", "upgrade", "upgrade", "websocket");
      case "answer-length" -> Map.of("content-length", "2");
      case "answer-chunked" -> Map.of("transfer-encoding", "chunked");
      case "empty-name" -> Map.of("", "x");
      default -> Map.of();
    };
  }

  private final class HostileStream implements StreamObserver<ProcessingRequest> {
    private final StreamObserver<ProcessingResponse> answers;
    private String attack = "";

    HostileStream(StreamObserver<ProcessingResponse> answers) {
      this.answers = answers;
    }

    @Override
    public void onNext(ProcessingRequest message) {
      switch (message.getRequestCase()) {
        case REQUEST_HEADERS -> {
          attack = value(message.getRequestHeaders(), Hostile.ATTACK);
          if (attack.startsWith(IMMEDIATE)) {
            answers.onNext(immediate(attack.substring(IMMEDIATE.length())));
          } else {
            answers.onNext(ProcessingResponse.newBuilder()
                .setRequestHeaders(headers(set(ofRequest(attack))
                    .addSetHeaders(option(PickerStream.DESTINATION, endpoint))))
                .build());
          }
        }
        case REQUEST_BODY ->
          answers.onNext(ProcessingResponse.newBuilder()
              .setRequestBody(part(message.getRequestBody()))
              .build());
        case REQUEST_TRAILERS ->
          answers.onNext(ProcessingResponse.newBuilder()
              .setRequestTrailers(TrailersResponse.getDefaultInstance())
              .build());
        case RESPONSE_HEADERS -> {
          if (attack.startsWith(LATE)) {
            answers.onNext(immediate(attack.substring(LATE.length())));
          } else {
            answers.onNext(ProcessingResponse.newBuilder()
                .setResponseHeaders(headers(set(ofAnswer(attack))))
                .build());
          }
        }
        case RESPONSE_BODY -> {
          HttpBody body = message.getResponseBody();
          if (attack.equals("longer-body") && body.getEndOfStream()) {
            body = body.toBuilder()
                .setBody(body.getBody().concat(ByteString.copyFrom(HostilePod.forged())))
                .build();
          }
          answers.onNext(
              ProcessingResponse.newBuilder().setResponseBody(part(body)).build());
        }
        case RESPONSE_TRAILERS ->
          answers.onNext(ProcessingResponse.newBuilder()
              .setResponseTrailers(TrailersResponse.getDefaultInstance())
              .build());
        case REQUEST_NOT_SET -> {}
      }
    }

    @Override
    public void onError(Throwable cause) {
      // the client went away, or Envoy did not like the answer
    }

    @Override
    public void onCompleted() {
      answers.onCompleted();
    }
  }

  /** An answer of the picker's own, with a body, whatever the status says. */
  private static ProcessingResponse immediate(String status) {
    return ProcessingResponse.newBuilder()
        .setImmediateResponse(ImmediateResponse.newBuilder()
            .setStatus(
                HttpStatus.newBuilder().setCode(StatusCode.forNumber(Integer.parseInt(status))))
            .setHeaders(HeaderMutation.newBuilder()
                .addSetHeaders(option("content-length", "" + HostilePod.forged().length)))
            .setBody(ByteString.copyFrom(HostilePod.forged())))
        .build();
  }

  private static HeadersResponse headers(HeaderMutation.Builder mutation) {
    return HeadersResponse.newBuilder()
        .setResponse(
            CommonResponse.newBuilder().setClearRouteCache(true).setHeaderMutation(mutation))
        .build();
  }

  private static HeaderMutation.Builder set(Map<String, String> headers) {
    HeaderMutation.Builder mutation = HeaderMutation.newBuilder();
    headers.forEach((name, value) -> mutation.addSetHeaders(option(name, value)));
    return mutation;
  }

  private static HeaderValueOption option(String name, String value) {
    return HeaderValueOption.newBuilder()
        .setAppendAction(HeaderAppendAction.OVERWRITE_IF_EXISTS_OR_ADD)
        .setHeader(
            HeaderValue.newBuilder().setKey(name).setRawValue(ByteString.copyFromUtf8(value)))
        .build();
  }

  private static BodyResponse part(HttpBody body) {
    return BodyResponse.newBuilder()
        .setResponse(CommonResponse.newBuilder()
            .setBodyMutation(BodyMutation.newBuilder()
                .setStreamedResponse(StreamedBodyResponse.newBuilder()
                    .setBody(body.getBody())
                    .setEndOfStream(body.getEndOfStream()))))
        .build();
  }

  private static String value(HttpHeaders headers, String name) {
    return headers.getHeaders().getHeadersList().stream()
        .filter(header -> header.getKey().equals(name))
        .map(header -> header.getRawValue().isEmpty()
            ? header.getValue()
            : header.getRawValue().toStringUtf8())
        .findFirst()
        .orElse("");
  }
}
