package dev.pointsman.rig;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.pointsman.config.HostPort;
import io.envoyproxy.envoy.service.ext_proc.v3.ExternalProcessorGrpc.ExternalProcessorImplBase;
import io.envoyproxy.envoy.service.ext_proc.v3.ProcessingRequest;
import io.envoyproxy.envoy.service.ext_proc.v3.ProcessingResponse;
import io.grpc.BindableService;
import io.grpc.InsecureServerCredentials;
import io.grpc.Server;
import io.grpc.ServerCredentials;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.protobuf.services.HealthStatusManager;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import tools.jackson.databind.json.JsonMapper;

/**
 * A small honest endpoint picker, a stand-in for one of the Gateway API Inference Extension: gRPC's usual message limit
 * of 4 MiB, TLS with a self-signed certificate, and gRPC health on a port of its own, not on that of the picker.
 *
 * <p>Arguments: {@code listen=HOST:PORT control=HOST:PORT endpoints=HOST:PORT,...}, and {@code certificate=FOLDER} for TLS
 * (without: plaintext), {@code health=HOST:PORT}, {@code pings=often} to take more than gRPC's one in five minutes. The control port answers to {@code /calls},
 * {@code /endpoints?list=...}, {@code /name?endpoint=...} and {@code /mood?is=...}, a {@link Mood}.
 */
public final class EndpointPicker extends ExternalProcessorImplBase {
  private final LeastOutstanding endpoints;
  private final Queue<PickerCall> calls = new ConcurrentLinkedQueue<>();
  private final Consumer<PickerCall> told;
  private volatile Mood mood = Mood.HONEST;

  /** The treatment of requests. */
  public enum Mood {
    HONEST,
    /** Takes them and never answers. */
    HANGING,
    /** Ends their streams without an answer, as if all were well. */
    ENDING,
    /** Answers 429. */
    REFUSING
  }

  private EndpointPicker(List<String> endpoints) {
    this.endpoints = new LeastOutstanding(endpoints);
    this.told = calls::add;
  }

  private EndpointPicker(List<String> endpoints, Consumer<PickerCall> told) {
    this.endpoints = new LeastOutstanding(endpoints);
    this.told = told;
  }

  /**
   * Starts one in this process, over TLS, with its health on the same port; it ends with {@code shutdownNow()}.
   *
   * @param told of each call when its stream has ended
   */
  public static Server start(
      HostPort at,
      Authority.Issued certificate,
      List<String> endpoints,
      Mood mood,
      Consumer<PickerCall> told)
      throws IOException {
    EndpointPicker picker = new EndpointPicker(endpoints, told);
    picker.mood = mood;
    return NettyServerBuilder.forAddress(at.socketAddress(), certificate.credentials())
        .addService(picker)
        .addService(new HealthStatusManager().getHealthService())
        .build()
        .start();
  }

  /** Runs until its input ends; says {@link Stub#READY} once it listens. */
  public static void main(String[] args) throws IOException {
    Stub.begin();
    Map<String, String> options = parse(String.join("&", args));
    EndpointPicker picker = new EndpointPicker(list(options.getOrDefault("endpoints", "")));
    picker.serveControl(HostPort.parse(options.getOrDefault("control", "")));
    ServerCredentials credentials = options.containsKey("certificate")
        ? Authority.Issued.readFrom(Path.of(options.getOrDefault("certificate", "")))
            .credentials()
        : InsecureServerCredentials.create();
    listen(
        HostPort.parse(options.getOrDefault("listen", "")),
        credentials,
        picker,
        options.containsKey("pings"));
    if (options.containsKey("health")) {
      listen(
          HostPort.parse(options.getOrDefault("health", "")),
          InsecureServerCredentials.create(),
          new HealthStatusManager().getHealthService(),
          false);
    }
    Stub.ready();
  }

  private static void listen(
      HostPort at, ServerCredentials credentials, BindableService service, boolean takesPings)
      throws IOException {
    NettyServerBuilder server =
        NettyServerBuilder.forAddress(at.socketAddress(), credentials).addService(service);
    if (takesPings) {
      server.permitKeepAliveTime(1, TimeUnit.MILLISECONDS);
    }
    server.build().start();
  }

  @Override
  public StreamObserver<ProcessingRequest> process(StreamObserver<ProcessingResponse> answers) {
    return switch (mood) {
      case HONEST -> new PickerStream(endpoints, answers, told);
      case HANGING -> new Hanging();
      case ENDING -> new Ending(answers, List.of());
      case REFUSING -> new Ending(answers, List.of(PickerAnswers.overloaded()));
    };
  }

  private void serveControl(HostPort at) throws IOException {
    HttpServer control = HttpServer.create(at.socketAddress(), 0);
    control.createContext("/", this::control);
    control.start();
  }

  private void control(HttpExchange exchange) throws IOException {
    String query = exchange.getRequestURI().getRawQuery();
    Map<String, String> options = parse(query == null ? "" : query);
    switch (exchange.getRequestURI().getPath()) {
      case "/calls" -> {}
      case "/endpoints" -> endpoints.replace(list(options.getOrDefault("list", "")));
      case "/name" -> endpoints.tell(options.getOrDefault("endpoint", ""));
      case "/mood" -> mood = Mood.valueOf(options.getOrDefault("is", ""));
      default -> {
        exchange.sendResponseHeaders(404, -1);
        exchange.close();
        return;
      }
    }
    byte[] answer = JsonMapper.shared().writeValueAsBytes(new ArrayList<>(calls));
    exchange.sendResponseHeaders(200, answer.length);
    exchange.getResponseBody().write(answer);
    exchange.close();
  }

  private static Map<String, String> parse(String query) {
    Map<String, String> options = new HashMap<>();
    for (String pair : query.split("&")) {
      int equals = pair.indexOf('=');
      if (equals > 0) {
        options.put(
            pair.substring(0, equals),
            URLDecoder.decode(pair.substring(equals + 1), StandardCharsets.UTF_8));
      }
    }
    return options;
  }

  private static List<String> list(String commaSeparated) {
    return commaSeparated.isEmpty() ? List.of() : List.of(commaSeparated.split(","));
  }

  /** A picker that accepts and never answers. */
  private static final class Hanging implements StreamObserver<ProcessingRequest> {
    @Override
    public void onNext(ProcessingRequest message) {}

    @Override
    public void onError(Throwable cause) {}

    @Override
    public void onCompleted() {}
  }

  /** A picker that gives its last answers once the request is there. */
  private record Ending(StreamObserver<ProcessingResponse> answers, List<ProcessingResponse> last)
      implements StreamObserver<ProcessingRequest> {
    @Override
    public void onNext(ProcessingRequest message) {
      boolean ends = switch (message.getRequestCase()) {
        case REQUEST_HEADERS -> message.getRequestHeaders().getEndOfStream();
        case REQUEST_BODY -> message.getRequestBody().getEndOfStream();
        case REQUEST_TRAILERS -> true; // the body before them does not say that it ends
        default -> false;
      };
      if (ends) {
        last.forEach(answers::onNext);
        answers.onCompleted();
      }
    }

    @Override
    public void onError(Throwable cause) {}

    @Override
    public void onCompleted() {}
  }
}
