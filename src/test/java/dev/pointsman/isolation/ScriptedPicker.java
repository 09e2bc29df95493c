package dev.pointsman.isolation;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import com.google.protobuf.ByteString;
import dev.pointsman.config.HostPort;
import dev.pointsman.rig.Authority;
import dev.pointsman.rig.ExtProcHeaders;
import io.envoyproxy.envoy.service.ext_proc.v3.CommonResponse;
import io.envoyproxy.envoy.service.ext_proc.v3.ExternalProcessorGrpc.ExternalProcessorImplBase;
import io.envoyproxy.envoy.service.ext_proc.v3.HeaderMutation;
import io.envoyproxy.envoy.service.ext_proc.v3.HeadersResponse;
import io.envoyproxy.envoy.service.ext_proc.v3.HttpBody;
import io.envoyproxy.envoy.service.ext_proc.v3.ProcessingRequest;
import io.envoyproxy.envoy.service.ext_proc.v3.ProcessingResponse;
import io.envoyproxy.envoy.service.ext_proc.v3.TrailersResponse;
import io.grpc.Metadata;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

/** An endpoint picker over TLS that says what a script tells it, message by message. */
final class ScriptedPicker extends ExternalProcessorImplBase implements AutoCloseable {
  private static final Metadata.Key<String> TRACE_PARENT =
      Metadata.Key.of("traceparent", Metadata.ASCII_STRING_MARSHALLER);

  private final Server server;
  private final List<String> parents = new CopyOnWriteArrayList<>();
  private volatile Script script;

  /** The answers of a picker; by default those of an honest one. */
  interface Script {
    /** The time at which it ends its stream. */
    default End end() {
      return End.LAST;
    }

    /** A stream that it has ended is closed: the proxy has been sent the end. */
    default void closed() {}

    /** The endpoint that it names. */
    String endpoint();

    /** Its changes of the request's headers, beside the endpoint. */
    default CommonResponse.Builder request(Map<String, String> headers) {
      return CommonResponse.newBuilder();
    }

    /** The endpoints from which it is told to choose, of each request with a hint. */
    default void hinted(List<String> endpoints) {}

    /** Once the request is there, in place of all answers to it; empty: the usual ones. */
    default List<ProcessingResponse> insteadOfRequest() {
      return List.of();
    }

    /** To the response's headers. */
    default List<ProcessingResponse> response(Map<String, String> headers, boolean end) {
      return List.of(HostileAnswers.responseHeaders(CommonResponse.newBuilder()));
    }

    /** To a part of the response's body. */
    default List<ProcessingResponse> responseBody(HttpBody part) {
      return List.of(HostileAnswers.body(part.getBody(), part.getEndOfStream()));
    }

    /** To the response's trailers. */
    default List<ProcessingResponse> responseTrailers() {
      return List.of(ProcessingResponse.newBuilder()
          .setResponseTrailers(TrailersResponse.getDefaultInstance())
          .build());
    }
  }

  ScriptedPicker(HostPort at, Authority.Issued certificate, Script script) throws IOException {
    this.script = script;
    server = NettyServerBuilder.forAddress(at.socketAddress(), certificate.credentials())
        .addService(this)
        .intercept(new ServerInterceptor() {
          @Override
          public <Q, A> ServerCall.Listener<Q> interceptCall(
              ServerCall<Q, A> call, Metadata metadata, ServerCallHandler<Q, A> next) {
            String parent = metadata.get(TRACE_PARENT);
            if (parent != null) {
              parents.add(parent);
            }
            return next.startCall(call, metadata);
          }
        })
        .build()
        .start();
  }

  /** Sets the answers from now on. */
  void play(Script next) {
    script = next;
  }

  /** The spans that called it, as W3C's {@code traceparent}. */
  List<String> parents() {
    return parents;
  }

  @Override
  public StreamObserver<ProcessingRequest> process(StreamObserver<ProcessingResponse> answers) {
    Script now = script;
    if (answers instanceof ServerCallStreamObserver<?> call) {
      call.setOnCloseHandler(now::closed);
    }
    return new ScriptedStream(now, answers);
  }

  @Override
  public void close() {
    server.shutdownNow();
  }

  /** One request. */
  private static final class ScriptedStream implements StreamObserver<ProcessingRequest> {
    private static final int CHUNK = 60_000;

    private final Script script;
    private final StreamObserver<ProcessingResponse> answers;
    private Map<String, String> request = Map.of();
    private ByteString body = ByteString.EMPTY;
    private boolean over;

    ScriptedStream(Script script, StreamObserver<ProcessingResponse> answers) {
      this.script = script;
      this.answers = answers;
    }

    @Override
    public void onNext(ProcessingRequest message) {
      if (over) {
        return;
      }
      switch (message.getRequestCase()) {
        case REQUEST_HEADERS -> {
          request = ExtProcHeaders.of(message.getRequestHeaders().getHeaders());
          SubsetHints.of(message).ifPresent(script::hinted);
          if (!endsAt(End.AT_THE_REQUEST) && message.getRequestHeaders().getEndOfStream()) {
            answerRequest(false);
          }
        }
        case REQUEST_BODY -> {
          body = body.concat(message.getRequestBody().getBody());
          if (message.getRequestBody().getEndOfStream()) {
            answerRequest(true);
          }
        }
        case REQUEST_TRAILERS -> {
          answerRequest(true);
          if (!over) {
            answers.onNext(ProcessingResponse.newBuilder()
                .setRequestTrailers(TrailersResponse.getDefaultInstance())
                .build());
          }
        }
        case RESPONSE_HEADERS -> {
          if (!endsAt(End.AT_THE_RESPONSE)) {
            script
                .response(
                    ExtProcHeaders.of(message.getResponseHeaders().getHeaders()),
                    message.getResponseHeaders().getEndOfStream())
                .forEach(answers::onNext);
            endsAt(End.AFTER_ANSWERING_RESPONSE_HEADERS);
          }
        }
        case RESPONSE_BODY -> {
          script.responseBody(message.getResponseBody()).forEach(answers::onNext);
          endsAt(
              message.getResponseBody().getEndOfStream()
                  ? End.AFTER_ANSWERING_THE_RESPONSE
                  : End.WITHIN_THE_RESPONSE_BODY);
        }
        case RESPONSE_TRAILERS -> script.responseTrailers().forEach(answers::onNext);
        case REQUEST_NOT_SET -> {}
      }
    }

    /** Ends the stream if it is time for it. */
    @CanIgnoreReturnValue
    private boolean endsAt(End moment) {
      if (script.end() == moment && !over) {
        over = true;
        answers.onCompleted();
      }
      return over;
    }

    private void answerRequest(boolean hasBody) {
      if (endsAt(End.AFTER_THE_REQUEST)) {
        return;
      }
      List<ProcessingResponse> instead = script.insteadOfRequest();
      if (!instead.isEmpty()) {
        instead.forEach(answers::onNext);
        endsAt(End.AFTER_ANSWERING_THE_REQUEST);
        return;
      }
      CommonResponse.Builder response = script.request(request);
      HeaderMutation.Builder mutation = response.getHeaderMutationBuilder();
      if (!script.endpoint().isEmpty()) {
        mutation.addSetHeaders(
            HostileAnswers.header("x-gateway-destination-endpoint", script.endpoint()));
      }
      answers.onNext(ProcessingResponse.newBuilder()
          .setRequestHeaders(HeadersResponse.newBuilder().setResponse(response))
          .build());
      boolean ended = endsAt(End.AFTER_ANSWERING_HEADERS);
      for (int from = 0; hasBody && !ended && from < body.size(); from += CHUNK) {
        int to = Math.min(from + CHUNK, body.size());
        answers.onNext(ProcessingResponse.newBuilder()
            .setRequestBody(HostileAnswers.streamed(body.substring(from, to), to == body.size()))
            .build());
        ended = endsAt(End.WITHIN_THE_BODY);
      }
      endsAt(End.AFTER_ANSWERING_THE_REQUEST);
    }

    @Override
    public void onError(Throwable cause) {}

    @Override
    public void onCompleted() {
      endsAt(script.end());
    }
  }
}
