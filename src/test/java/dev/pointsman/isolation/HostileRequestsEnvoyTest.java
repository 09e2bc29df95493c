package dev.pointsman.isolation;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pointsman.rig.KeepAlive;
import dev.pointsman.rig.KeepAlive.Answer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Requests of clients that want to be read in two ways: by the gateway in one, by the server behind it in the other. */
@Tag("envoy")
class HostileRequestsEnvoyTest extends HostilePickerFixture {
  private static final int SLOW = 40;

  /** Headers that the gateway, pickers or pods trust, because no client can set them. */
  private static final List<String> TRUSTED = List.of(
      "x-gateway-model-name",
      "x-gateway-base-model-name",
      "x-gateway-destination-endpoint",
      "x-gateway-inference-fairness-id",
      "x-gateway-inference-objective");

  private final Queue<String> heads = new ConcurrentLinkedQueue<>();

  private TwoTenantsEnvoy tenants(String version) {
    TwoTenantsEnvoy tenants = playing(version, Attack.named(""));
    tenants.tell(request -> heads.add(request.head()));
    return tenants;
  }

  /** A pod gets no body in which Python reads the model of another pool. */
  @ParameterizedTest
  @MethodSource("versions")
  void gatewayAndServerReadTheSameModel(String version) throws Exception {
    TwoTenantsEnvoy tenants = tenants(version);
    Map<String, byte[]> bodies = HostileBodies.all();
    Iterator<String> read = HostileBodies.readByPython(bodies.values()).iterator();
    Map<String, String> pods =
        Map.of(TwoTenantsEnvoy.EVIL, "evil", TwoTenantsEnvoy.GOOD, "good", "-", "nobody");
    int served = 0;
    for (Map.Entry<String, byte[]> body : bodies.entrySet()) {
      String model = read.next();
      String pod = post(tenants.port, body.getValue());
      if (!pod.isEmpty() && !model.equals("-")) {
        assertThat(pod).as(body.getKey()).isEqualTo(pods.get(model));
        served++;
      }
      assertOthersGoOn(tenants);
    }
    assertThat(served).as("bodies that both can read").isGreaterThan(10);
  }

  /** The pod that answered; empty if the gateway refused the request. */
  private static String post(int port, byte[] body) {
    try (KeepAlive connection = new KeepAlive(port)) {
      return connection.post("any", body).servedBy();
    } catch (IOException closed) {
      return "";
    }
  }

  @ParameterizedTest
  @MethodSource("versions")
  void noClientSetsATrustedHeader(String version) throws Exception {
    TwoTenantsEnvoy tenants = tenants(version);
    int answered = 0;
    for (String header : TRUSTED) {
      String upper = header.toUpperCase(Locale.ROOT);
      for (String lines : List.of(
          header + ": forged",
          upper + ": forged",
          header + ": forged\r\n" + header + ": forged",
          header + ":\r\n forged",
          "x-a:\r\n" + header + ": forged",
          header + " : forged",
          header.replace('-', '_') + ": forged",
          header + ": forged\r\nconnection: keep-alive, " + header,
          "connection: keep-alive, " + header)) {
        String answer = RawRequests.post(
            tenants.port,
            "any",
            "/v1/chat/completions",
            "content-type: application/json\r\n" + lines,
            "{\"model\":\"qwen\"}");
        answered += answer.startsWith("HTTP/1.1 200") ? 1 : 0;
      }
      try (KeepAlive connection = new KeepAlive(tenants.port)) {
        Answer _ = connection.postChunked(
            "any", body(TwoTenantsEnvoy.EVIL, 100), List.of(), List.of(header + ": forged"));
      }
    }
    assertThat(answered).as("requests that reached a pod").isGreaterThan(TRUSTED.size());
    assertThat(heads).isNotEmpty().noneSatisfy(head -> assertThat(head).contains("forged"));
    assertOthersGoOn(tenants);
  }

  /** Of two framings one is chosen by all, or the request is refused: nothing of it is left for the next client. */
  @ParameterizedTest
  @MethodSource("versions")
  void noRequestHasAnotherInside(String version) throws Exception {
    TwoTenantsEnvoy tenants = tenants(version);
    String inner = "POST /smuggled HTTP/1.1\r\nhost: any\r\nx-gateway-model-name: forged\r\n"
        + "x-nonce: smuggled\r\ncontent-length: 0\r\n\r\n";
    String json = "{\"model\":\"qwen\"}";
    String chunked = Integer.toHexString(json.length()) + "\r\n" + json + "\r\n0\r\n\r\n";
    int whole = chunked.length() + inner.length();
    for (String framing : List.of(
        "content-length: " + whole + "\r\ntransfer-encoding: chunked",
        "transfer-encoding: chunked\r\ncontent-length: " + chunked.length(),
        "content-length: " + chunked.length() + "\r\ncontent-length: " + whole,
        "content-length: " + whole + ", " + chunked.length(),
        "content-length: +" + whole,
        "content-length: 0x10",
        "transfer-encoding: xchunked\r\ncontent-length: " + whole,
        "transfer-encoding: identity, chunked\r\ncontent-length: " + whole,
        "transfer-encoding: chunked, identity\r\ncontent-length: " + whole,
        "transfer-encoding:\tchunked\r\ncontent-length: " + whole,
        "transfer-encoding : chunked\r\ncontent-length: " + whole,
        "transfer-encoding: chunked\r\ntransfer-encoding: x\r\ncontent-length: " + whole,
        "x: y\rtransfer-encoding: chunked\r\ncontent-length: " + whole,
        "x: y\ntransfer-encoding: chunked\r\ncontent-length: " + whole,
        "transfer_encoding: chunked\r\ncontent-length: " + whole)) {
      String _ = RawRequests.send(
          tenants.port,
          "POST /v1/chat/completions HTTP/1.1\r\nhost: any\r\nconnection: close\r\n"
              + "content-type: application/json\r\n" + framing + "\r\n\r\n" + chunked + inner);
      assertOthersGoOn(tenants);
    }
    assertThat(heads).noneSatisfy(head -> assertThat(head).contains("/smuggled"));
  }

  /** Clients that send a byte now and then hold up nobody else. */
  @ParameterizedTest
  @MethodSource("versions")
  void slowBodiesHoldNobodyUp(String version) throws Exception {
    TwoTenantsEnvoy tenants = tenants(version);
    List<Socket> slow = new ArrayList<>();
    try {
      for (int i = 0; i < SLOW; i++) {
        Socket socket = new Socket("127.0.0.1", tenants.port);
        OutputStream out = socket.getOutputStream();
        out.write(("POST /v1/chat/completions HTTP/1.1\r\nhost: any\r\ncontent-length: 1000\r\n"
                + "content-type: application/json\r\n\r\n{\"model\":")
            .getBytes(ISO_8859_1));
        out.flush();
        slow.add(socket);
      }
      for (int i = 0; i < 10; i++) {
        for (Socket socket : slow) {
          socket.getOutputStream().write(' ');
        }
        assertOthersGoOn(tenants);
      }
    } finally {
      for (Socket socket : slow) {
        socket.close();
      }
    }
  }

  /** A client of each pool gets the answer to its own request. */
  private static void assertOthersGoOn(TwoTenantsEnvoy tenants) throws IOException {
    for (String model : List.of(TwoTenantsEnvoy.GOOD, TwoTenantsEnvoy.EVIL)) {
      String nonce = UUID.randomUUID().toString();
      byte[] body = body(model, 100);
      try (KeepAlive connection = new KeepAlive(tenants.port)) {
        connection.send(
            "POST", "any", List.of("x-nonce: " + nonce, "content-length: " + body.length), body);
        Answer answer = connection.read("POST");
        assertThat(answer.servedBy())
            .as(answer.toString())
            .isEqualTo(model.equals(TwoTenantsEnvoy.GOOD) ? "good" : "evil");
        assertThat(answer.body()).isEqualTo(nonce);
      }
    }
  }
}
