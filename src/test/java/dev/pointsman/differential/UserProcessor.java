package dev.pointsman.differential;

import com.google.protobuf.ByteString;
import dev.pointsman.config.HostPort;
import dev.pointsman.rig.ExtProcHeaders;
import io.envoyproxy.envoy.config.core.v3.HeaderValue;
import io.envoyproxy.envoy.config.core.v3.HeaderValueOption;
import io.envoyproxy.envoy.extensions.filters.http.ext_proc.v3.ProcessingMode.BodySendMode;
import io.envoyproxy.envoy.service.ext_proc.v3.BodyMutation;
import io.envoyproxy.envoy.service.ext_proc.v3.BodyResponse;
import io.envoyproxy.envoy.service.ext_proc.v3.CommonResponse;
import io.envoyproxy.envoy.service.ext_proc.v3.ExternalProcessorGrpc.ExternalProcessorImplBase;
import io.envoyproxy.envoy.service.ext_proc.v3.HeaderMutation;
import io.envoyproxy.envoy.service.ext_proc.v3.HeadersResponse;
import io.envoyproxy.envoy.service.ext_proc.v3.HttpBody;
import io.envoyproxy.envoy.service.ext_proc.v3.ProcessingRequest;
import io.envoyproxy.envoy.service.ext_proc.v3.ProcessingResponse;
import io.envoyproxy.envoy.service.ext_proc.v3.ProtocolConfiguration;
import io.envoyproxy.envoy.service.ext_proc.v3.StreamedBodyResponse;
import io.envoyproxy.envoy.service.ext_proc.v3.TrailersResponse;
import io.grpc.InsecureServerCredentials;
import io.grpc.Server;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;

/** A user's processor that reads everything, adds a header to requests and responses, and accepts large messages. */
public final class UserProcessor extends ExternalProcessorImplBase {
  private final Consumer<ProcessedRequest> log;

  private UserProcessor(Consumer<ProcessedRequest> log) {
    this.log = log;
  }

  /**
   * Starts one.
   *
   * @param log called at the end of each request
   */
  public static Server start(HostPort at, Consumer<ProcessedRequest> log) throws IOException {
    return NettyServerBuilder.forAddress(at.socketAddress(), InsecureServerCredentials.create())
        .maxInboundMessageSize(64 << 20)
        .addService(new UserProcessor(log))
        .build()
        .start();
  }

  @Override
  public StreamObserver<ProcessingRequest> process(StreamObserver<ProcessingResponse> responses) {
    return new Stream(responses, log);
  }

  private static final class Stream implements StreamObserver<ProcessingRequest> {
    private final StreamObserver<ProcessingResponse> responses;
    private final Consumer<ProcessedRequest> log;
    private final Map<String, String> request = new HashMap<>();
    private String status = "";
    private Part requestBody = new Part(0, false);
    private Part responseBody = new Part(0, false);
    private boolean finished;
    private ProtocolConfiguration modes = ProtocolConfiguration.getDefaultInstance();

    Stream(StreamObserver<ProcessingResponse> responses, Consumer<ProcessedRequest> log) {
      this.responses = responses;
      this.log = log;
    }

    /** The received part of a body. */
    private record Part(long bytes, boolean whole) {
      Part plus(HttpBody more) {
        return new Part(bytes + more.getBody().size(), whole || more.getEndOfStream());
      }

      @Override
      public String toString() {
        return bytes + (whole ? " whole" : " open");
      }
    }

    @Override
    public void onNext(ProcessingRequest message) {
      ProcessingResponse.Builder response = ProcessingResponse.newBuilder();
      if (message.hasProtocolConfig()) {
        modes = message.getProtocolConfig();
      }
      switch (message.getRequestCase()) {
        case REQUEST_HEADERS -> {
          request.putAll(ExtProcHeaders.of(message.getRequestHeaders().getHeaders()));
          response.setRequestHeaders(marked("x-processor", "request"));
        }
        case REQUEST_BODY -> {
          requestBody = requestBody.plus(message.getRequestBody());
          response.setRequestBody(response(message.getRequestBody(), modes.getRequestBodyMode()));
        }
        case REQUEST_TRAILERS -> {
          requestBody = new Part(requestBody.bytes(), true);
          response.setRequestTrailers(TrailersResponse.getDefaultInstance());
        }
        case RESPONSE_HEADERS -> {
          status = ExtProcHeaders.of(message.getResponseHeaders().getHeaders())
              .getOrDefault(":status", "");
          response.setResponseHeaders(marked("x-processor", "response"));
        }
        case RESPONSE_BODY -> {
          responseBody = responseBody.plus(message.getResponseBody());
          response.setResponseBody(
              response(message.getResponseBody(), modes.getResponseBodyMode()));
        }
        case RESPONSE_TRAILERS -> {
          responseBody = new Part(responseBody.bytes(), true);
          response.setResponseTrailers(TrailersResponse.getDefaultInstance());
        }
        case REQUEST_NOT_SET -> {
          return;
        }
      }
      responses.onNext(response.build());
    }

    /** The response to a part of a body; in full duplex, it must contain the part. */
    private static BodyResponse response(HttpBody body, BodySendMode mode) {
      return mode != BodySendMode.FULL_DUPLEX_STREAMED
          ? BodyResponse.getDefaultInstance()
          : BodyResponse.newBuilder()
              .setResponse(CommonResponse.newBuilder()
                  .setBodyMutation(BodyMutation.newBuilder()
                      .setStreamedResponse(StreamedBodyResponse.newBuilder()
                          .setBody(body.getBody())
                          .setEndOfStream(body.getEndOfStream()))))
              .build();
    }

    private static HeadersResponse marked(String name, String value) {
      return HeadersResponse.newBuilder()
          .setResponse(CommonResponse.newBuilder()
              .setHeaderMutation(HeaderMutation.newBuilder()
                  .addSetHeaders(HeaderValueOption.newBuilder()
                      .setHeader(HeaderValue.newBuilder()
                          .setKey(name)
                          .setRawValue(ByteString.copyFromUtf8(value))))))
          .build();
    }

    @Override
    public void onError(Throwable cause) {
      finish();
    }

    @Override
    public void onCompleted() {
      finish();
      responses.onCompleted();
    }

    private void finish() {
      if (!finished) {
        finished = true;
        log.accept(new ProcessedRequest(
            request.getOrDefault("x-test-request", ""),
            request.getOrDefault(":method", "") + " " + request.getOrDefault(":path", ""),
            request.getOrDefault("x-gateway-model-name", ""),
            requestBody.toString(),
            status,
            responseBody.toString()));
      }
    }
  }
}
