package dev.pointsman.isolation;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.awaitility.Awaitility.await;

import dev.pointsman.e2e.Client;
import dev.pointsman.rig.Authority;
import dev.pointsman.rig.RealEnvoy;
import io.envoyproxy.envoy.service.ext_proc.v3.CommonResponse;
import io.envoyproxy.envoy.service.ext_proc.v3.ImmediateResponse;
import io.envoyproxy.envoy.service.ext_proc.v3.ProcessingResponse;
import io.envoyproxy.envoy.type.v3.HttpStatus;
import io.envoyproxy.envoy.type.v3.StatusCode;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/** A gateway whose pools stand in for each other, with a pod and a picker for each pool and one Service. */
final class StagesGateway implements AutoCloseable {
  private static final Path RECORDED = Path.of("testdata", "translate", "policy-fallback");
  private static final int OUTSIDE = 31;

  private final Network network = new Network();
  private final RealEnvoy envoy;
  final Stage qwen;
  final Stage small;
  final Stage reserve;
  final RawPod outside;
  final int port;

  StagesGateway(String version, Path folder) throws IOException {
    Authority.Issued certificate = Authority.selfSigned();
    qwen = new Stage("qwen", 11, certificate);
    small = new Stage("small", 12, certificate);
    reserve = new Stage("reserve", 13, certificate);
    outside = new RawPod(
        network.at(OUTSIDE, 8081), request -> response(200, described("outside", request)));
    envoy = RealEnvoy.start(
        version,
        OwnAnswers.bootstrap(
            network,
            RECORDED,
            folder,
            network.pod("qwen", 11),
            network.pod("small", 12),
            network.pod("reserve", 13),
            network.picker("qwen-epp", 21),
            network.picker("small-epp", 22),
            network.picker("reserve-epp", 23),
            network
                .picker("outside", OUTSIDE)
                .replace("port: 9002, target", "port: 8080, target")
                .replace("9002", "8081")
                .replace("name: grpc, ", "")));
    port = envoy.listenerPort("default/inference/llm");
    await("the pools").atMost(Duration.ofSeconds(30)).until(this::isUp);
    List.of(qwen, small, reserve).forEach(Stage::forget);
  }

  private boolean isUp() {
    try {
      return List.of("qwen", "small", "reserve").stream()
              .allMatch(pool -> envoy.stat(
                      "cluster.pointsman/picker/default/" + pool + "-epp/9002.membership_healthy")
                  == 1)
          && OwnAnswers.post(port, Client.body("qwen"), OwnAnswers.JSON).statusCode() == 200;
    } catch (java.io.UncheckedIOException e) {
      return false; // it does not listen yet
    }
  }

  long stat(String name) {
    return envoy.stat(name);
  }

  /** A response whose body says who received what. */
  static String described(String name, RawPod.RawRequest request) {
    String model = JsonMapper.shared()
        .readTree("{\"m\":" + (request.body().isEmpty() ? "{}" : request.body()) + "}")
        .at("/m/model")
        .asString("");
    return name + "|" + model + "|" + request.body().length() + "|"
        + request.header("content-length") + "|" + request.header("x-pointsman-stage");
  }

  static byte[] response(int status, String body) {
    return ("HTTP/1.1 " + status + " x\r\ncontent-length: " + body.length() + "\r\n\r\n" + body)
        .getBytes(ISO_8859_1);
  }

  @Override
  public void close() throws IOException {
    envoy.close();
    outside.close();
    for (Stage stage : List.of(qwen, small, reserve)) {
      stage.close();
    }
  }

  /** A pool's only pod and its picker, which count their requests. */
  final class Stage implements AutoCloseable {
    private final String name;
    private final int host;
    final AtomicInteger arrivals = new AtomicInteger();
    final AtomicInteger picks = new AtomicInteger();
    final ScriptedPicker picker;
    private @Nullable RawPod pod;

    private Stage(String name, int host, Authority.Issued certificate) throws IOException {
      this.name = name;
      this.host = host;
      picker = new ScriptedPicker(network.at(host + 10, 9002), certificate, new Counting(null, 0));
      start();
    }

    void forget() {
      arrivals.set(0);
      picks.set(0);
    }

    void start() throws IOException {
      pod = new RawPod(network.at(host, 8000), request -> {
        arrivals.incrementAndGet();
        return response(200, described(name, request));
      });
    }

    /** Sets the pod's answers. */
    void answer(Function<RawPod.RawRequest, byte[]> answers) {
      if (pod != null) {
        pod.answer(request -> {
          arrivals.incrementAndGet();
          return answers.apply(request);
        });
      }
    }

    void fail(int status) {
      answer(_ -> response(status, name));
    }

    void serve() {
      answer(request -> response(200, described(name, request)));
    }

    /** From now on its picker refuses requests with a status; null: no more. */
    void refuse(@Nullable StatusCode status) {
      picker.play(new Counting(status, 0));
    }

    /** From now on its picker takes so many requests, and refuses the others with 429. */
    void refuseAbove(int capacity) {
      forget();
      picker.play(new Counting(StatusCode.TooManyRequests, capacity));
    }

    /** Nothing listens any more. */
    void stop() throws IOException {
      if (pod != null) {
        // The connections that are open would serve on.
        pod.answer(_ -> "HTTP/1.1 503 x\r\nconnection: close\r\ncontent-length: 0\r\n\r\n"
            .getBytes(ISO_8859_1));
        pod.close();
        pod = null;
      }
    }

    @Override
    public void close() throws IOException {
      stop();
      picker.close();
    }

    private final class Counting implements ScriptedPicker.Script {
      private final @Nullable StatusCode refusal;

      private final int capacity;

      Counting(@Nullable StatusCode refusal, int capacity) {
        this.refusal = refusal;
        this.capacity = capacity;
      }

      @Override
      public String endpoint() {
        return network.at(host, 8000).toString();
      }

      @Override
      public CommonResponse.Builder request(Map<String, String> headers) {
        return CommonResponse.newBuilder();
      }

      @Override
      public List<ProcessingResponse> insteadOfRequest() {
        if (picks.incrementAndGet() <= capacity || refusal == null) {
          return List.of();
        }
        return List.of(ProcessingResponse.newBuilder()
            .setImmediateResponse(
                ImmediateResponse.newBuilder().setStatus(HttpStatus.newBuilder().setCode(refusal)))
            .build());
      }
    }
  }
}
