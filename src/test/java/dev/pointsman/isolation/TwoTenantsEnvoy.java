package dev.pointsman.isolation;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.awaitility.Awaitility.await;

import com.google.common.io.MoreFiles;
import com.google.common.io.RecursiveDeleteOption;
import dev.pointsman.config.HostPort;
import dev.pointsman.e2e.Client;
import dev.pointsman.model.FailureMode;
import dev.pointsman.rig.Authority;
import dev.pointsman.rig.KeepAlive;
import dev.pointsman.rig.RealEnvoy;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;

/**
 * A real Envoy with what we make of a recorded translation: two pools on one listener, each with a picker. The pool
 * "qwen" belongs to a hostile tenant, "deepseek-r1" to another one.
 */
final class TwoTenantsEnvoy implements AutoCloseable {
  static final String EVIL = "qwen";
  static final String GOOD = "deepseek-r1";

  private static final Path RECORDED =
      Path.of("testdata", "translate", "model-routes-two-pools-standalone");

  private final Network network = new Network();
  private final Path folder;
  private final Path accessLog;
  final ScriptedPicker evilPicker;
  final RawPod evilPod;
  private final ScriptedPicker goodPicker;
  private final RawPod goodPod;
  final RealEnvoy envoy;
  final int port;

  TwoTenantsEnvoy(String envoyVersion) throws IOException, InterruptedException {
    this(envoyVersion, FailureMode.FAIL_CLOSE);
  }

  /** With a hostile picker that fails as its pool says. */
  TwoTenantsEnvoy(String envoyVersion, FailureMode failureMode)
      throws IOException, InterruptedException {
    folder = Files.createTempDirectory("two-tenants-");
    accessLog = folder.resolve("access.log");
    Authority.Issued certificate = Authority.selfSigned();
    evilPod = new RawPod(network.at(11, 8000), request -> ok("evil", request));
    goodPod = new RawPod(network.at(13, 8000), request -> ok("good", request));
    evilPicker = new ScriptedPicker(network.at(21, 9002), certificate, this::evilEndpoint);
    goodPicker = new ScriptedPicker(network.at(22, 9002), certificate, this::goodEndpoint);
    envoy = RealEnvoy.start(envoyVersion, bootstrap(failureMode));
    port = envoy.listenerPort("default/inference-gateway/llm-gw");
  }

  /** Waits until the hostile tenant's pool answers. */
  void awaitEvil() {
    await("the pool to answer").atMost(Duration.ofSeconds(60)).until(() -> {
      try (KeepAlive connection = new KeepAlive(port)) {
        return connection.post("any", Client.body(EVIL, 100)).servedBy().equals("evil");
      } catch (IOException | UncheckedIOException e) {
        return false; // it does not listen yet
      }
    });
  }

  String evilEndpoint() {
    return network.at(11, 8000).toString();
  }

  String goodEndpoint() {
    return network.at(13, 8000).toString();
  }

  HostPort evilPickerAddress() {
    return network.at(21, 9002);
  }

  /** Both pods answer honestly from now on, and each request that they get is told. */
  void tell(Consumer<RawPod.RawRequest> listener) {
    evilPod.answer(request -> told("evil", request, listener));
    goodPod.answer(request -> told("good", request, listener));
  }

  private static byte[] told(
      String pod, RawPod.RawRequest request, Consumer<RawPod.RawRequest> listener) {
    listener.accept(request);
    return ok(pod, request);
  }

  /** Envoy's access log, metadata of requests included; Envoy writes it some seconds late. */
  String accessLog() {
    try {
      return Files.readString(accessLog);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** An honest answer that sends the nonce of the request back. */
  static byte[] ok(String pod, RawPod.RawRequest request) {
    String body = request.header("x-nonce");
    return ("HTTP/1.1 200 OK\r\nx-served-by: " + pod + "\r\ncontent-length: " + body.length()
            + "\r\n\r\n" + body)
        .getBytes(ISO_8859_1);
  }

  private String bootstrap(FailureMode failureMode) throws IOException {
    Path resources = Files.createDirectory(folder.resolve("resources"));
    StringBuilder yaml = new StringBuilder(
        Files.readString(Path.of("testdata", "demo", "gateway", "inference-pool.yaml")));
    if (failureMode == FailureMode.FAIL_OPEN) {
      String picker = "name: qwen-ext-proc\n";
      yaml.insert(yaml.indexOf(picker) + picker.length(), "    failureMode: FailOpen\n");
    }
    for (String object : List.of(
        network.pod("qwen", 11),
        network.pod("deepseek-r1", 13),
        network.picker("qwen-ext-proc", 21),
        network.picker("deepseek-ext-proc", 22))) {
      yaml.append("\n---\n").append(object);
    }
    Files.writeString(resources.resolve("all.yaml"), yaml);
    return network
        .bootstrap(RECORDED, resources)
        .replace("/dev/stdout", accessLog.toString())
        .replaceAll(
            "(?m)^( +)route_name: .*$",
            "$0\n$1metadata: '%DYNAMIC_METADATA(envoy.lb)% %DYNAMIC_METADATA(pointsman.model)%"
                + " %DYNAMIC_METADATA(envoy.filters.http.jwt_authn)%'");
  }

  @Override
  public void close() throws IOException {
    envoy.close();
    evilPicker.close();
    goodPicker.close();
    evilPod.close();
    goodPod.close();
    MoreFiles.deleteRecursively(folder, RecursiveDeleteOption.ALLOW_INSECURE);
  }
}
