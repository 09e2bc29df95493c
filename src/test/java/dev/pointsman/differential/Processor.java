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

/** A user's processor that looks at everything, adds a header each way, and takes messages of any size. */
final class Processor extends ExternalProcessorImplBase {
  private final Consumer<Processed> told;

  private Processor(Consumer<Processed> told) {
    this.told = told;
  }

  static Server start(HostPort at, Consumer<Processed> told) throws IOException {
    return NettyServerBuilder.forAddress(at.socketAddress(), InsecureServerCredentials.create())
        .maxInboundMessageSize(64 << 20)
        .addService(new Processor(told))
        .build()
        .start();
  }

  @Override
  public StreamObserver<ProcessingRequest> process(StreamObserver<ProcessingResponse> answers) {
    return new Stream(answers, told);
  }

  private static final class Stream implements StreamObserver<ProcessingRequest> {
    private final StreamObserver<ProcessingResponse> answers;
    private final Consumer<Processed> told;
    private final Map<String, String> request = new HashMap<>();
    private String status = "";
    private Part requestBody = new Part(0, false);
    private Part responseBody = new Part(0, false);
    private boolean over;
    private ProtocolConfiguration modes = ProtocolConfiguration.getDefaultInstance();

    Stream(StreamObserver<ProcessingResponse> answers, Consumer<Processed> told) {
      this.answers = answers;
      this.told = told;
    }

    /** So much of a body. */
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
      ProcessingResponse.Builder answer = ProcessingResponse.newBuilder();
      if (message.hasProtocolConfig()) {
        modes = message.getProtocolConfig();
      }
      switch (message.getRequestCase()) {
        case REQUEST_HEADERS -> {
          request.putAll(ExtProcHeaders.of(message.getRequestHeaders().getHeaders()));
          answer.setRequestHeaders(marked("x-processor", "request"));
        }
        case REQUEST_BODY -> {
          requestBody = requestBody.plus(message.getRequestBody());
          answer.setRequestBody(answer(message.getRequestBody(), modes.getRequestBodyMode()));
        }
        case REQUEST_TRAILERS -> {
          requestBody = new Part(requestBody.bytes(), true);
          answer.setRequestTrailers(TrailersResponse.getDefaultInstance());
        }
        case RESPONSE_HEADERS -> {
          status = ExtProcHeaders.of(message.getResponseHeaders().getHeaders())
              .getOrDefault(":status", "");
          answer.setResponseHeaders(marked("x-processor", "response"));
        }
        case RESPONSE_BODY -> {
          responseBody = responseBody.plus(message.getResponseBody());
          answer.setResponseBody(answer(message.getResponseBody(), modes.getResponseBodyMode()));
        }
        case RESPONSE_TRAILERS -> {
          responseBody = new Part(responseBody.bytes(), true);
          answer.setResponseTrailers(TrailersResponse.getDefaultInstance());
        }
        case REQUEST_NOT_SET -> {
          return;
        }
      }
      answers.onNext(answer.build());
    }

    /** In full duplex, a body passes only as the processor sends it. */
    private static BodyResponse answer(HttpBody body, BodySendMode mode) {
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
      answers.onCompleted();
    }

    private void finish() {
      if (!over) {
        over = true;
        told.accept(new Processed(
            request.getOrDefault("x-ask", ""),
            request.getOrDefault(":method", "") + " " + request.getOrDefault(":path", ""),
            request.getOrDefault("x-gateway-model-name", ""),
            requestBody.toString(),
            status,
            responseBody.toString()));
      }
    }
  }
}
