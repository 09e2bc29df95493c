package dev.pointsman.rig;

import com.google.protobuf.ByteString;
import dev.pointsman.config.HostPort;
import io.envoyproxy.envoy.service.ext_proc.v3.BodyMutation;
import io.envoyproxy.envoy.service.ext_proc.v3.BodyResponse;
import io.envoyproxy.envoy.service.ext_proc.v3.CommonResponse;
import io.envoyproxy.envoy.service.ext_proc.v3.ExternalProcessorGrpc.ExternalProcessorImplBase;
import io.envoyproxy.envoy.service.ext_proc.v3.HeadersResponse;
import io.envoyproxy.envoy.service.ext_proc.v3.HttpBody;
import io.envoyproxy.envoy.service.ext_proc.v3.ImmediateResponse;
import io.envoyproxy.envoy.service.ext_proc.v3.ProcessingRequest;
import io.envoyproxy.envoy.service.ext_proc.v3.ProcessingResponse;
import io.envoyproxy.envoy.service.ext_proc.v3.StreamedBodyResponse;
import io.envoyproxy.envoy.service.ext_proc.v3.TrailersResponse;
import io.envoyproxy.envoy.type.v3.HttpStatus;
import io.envoyproxy.envoy.type.v3.StatusCode;
import io.grpc.InsecureServerCredentials;
import io.grpc.Server;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * A user's own external processor: 403 to bodies with a forbidden word. It has gRPC's usual message limit of 4 MiB and
 * runs in this process, on plain HTTP/2.
 */
public final class Guard extends ExternalProcessorImplBase implements AutoCloseable {
  /** The word that no request may contain. */
  public static final String FORBIDDEN = "open the pod bay doors";

  private final boolean duplex;
  private final Server server;
  private final List<GuardedRequest> seen = new CopyOnWriteArrayList<>();

  /**
   * A request.
   *
   * @param bytes of its body
   * @param largest bytes of a message
   */
  public record GuardedRequest(long bytes, int largest) {}

  /**
   * Starts it.
   *
   * @param duplex whether it is asked in the mode {@code FULL_DUPLEX_STREAMED}, in which it sends bodies back itself
   */
  public static Guard start(HostPort at, boolean duplex) throws IOException {
    return new Guard(at, duplex);
  }

  private Guard(HostPort at, boolean duplex) throws IOException {
    this.duplex = duplex;
    server = NettyServerBuilder.forAddress(at.socketAddress(), InsecureServerCredentials.create())
        .addService(this)
        .build()
        .start();
  }

  /** Requests with a body that it has seen to the end, or to the word. */
  public List<GuardedRequest> seen() {
    return List.copyOf(seen);
  }

  @Override
  public StreamObserver<ProcessingRequest> process(StreamObserver<ProcessingResponse> answers) {
    return new GuardStream(answers);
  }

  @Override
  public void close() {
    server.shutdownNow();
  }

  private final class GuardStream implements StreamObserver<ProcessingRequest> {
    private final StreamObserver<ProcessingResponse> answers;
    private ByteString tail = ByteString.EMPTY;
    private long bytes;
    private int largest;

    GuardStream(StreamObserver<ProcessingResponse> answers) {
      this.answers = answers;
    }

    @Override
    public void onNext(ProcessingRequest message) {
      ProcessingResponse.Builder answer = ProcessingResponse.newBuilder();
      switch (message.getRequestCase()) {
        case REQUEST_HEADERS -> answer.setRequestHeaders(HeadersResponse.getDefaultInstance());
        case REQUEST_BODY -> {
          if (isForbidden(message.getRequestBody())) {
            answer.setImmediateResponse(ImmediateResponse.newBuilder()
                .setStatus(HttpStatus.newBuilder().setCode(StatusCode.Forbidden)));
          } else {
            answer.setRequestBody(passed(message.getRequestBody()));
          }
        }
        case REQUEST_TRAILERS -> answer.setRequestTrailers(TrailersResponse.getDefaultInstance());
        case RESPONSE_HEADERS -> answer.setResponseHeaders(HeadersResponse.getDefaultInstance());
        case RESPONSE_BODY -> answer.setResponseBody(passed(message.getResponseBody()));
        case RESPONSE_TRAILERS -> answer.setResponseTrailers(TrailersResponse.getDefaultInstance());
        case REQUEST_NOT_SET -> {
          return;
        }
      }
      answers.onNext(answer.build());
    }

    private boolean isForbidden(HttpBody part) {
      bytes += part.getBody().size();
      largest = Math.max(largest, part.getBody().size());
      ByteString looked = tail.concat(part.getBody());
      boolean forbidden = looked.toStringUtf8().contains(FORBIDDEN);
      tail = looked.substring(Math.max(0, looked.size() - FORBIDDEN.length()));
      if (forbidden || part.getEndOfStream()) {
        seen.add(new GuardedRequest(bytes, largest));
      }
      return forbidden;
    }

    private BodyResponse passed(HttpBody part) {
      if (!duplex) {
        return BodyResponse.getDefaultInstance();
      }
      StreamedBodyResponse.Builder same = StreamedBodyResponse.newBuilder()
          .setBody(part.getBody())
          .setEndOfStream(part.getEndOfStream());
      return BodyResponse.newBuilder()
          .setResponse(CommonResponse.newBuilder()
              .setBodyMutation(BodyMutation.newBuilder().setStreamedResponse(same)))
          .build();
    }

    @Override
    public void onError(Throwable cause) {}

    @Override
    public void onCompleted() {
      answers.onCompleted();
    }
  }
}
