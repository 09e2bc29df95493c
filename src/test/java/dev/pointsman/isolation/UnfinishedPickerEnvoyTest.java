package dev.pointsman.isolation;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pointsman.e2e.Client;
import dev.pointsman.isolation.ScriptedPicker.Script;
import dev.pointsman.model.FailureMode;
import dev.pointsman.rig.KeepAlive;
import dev.pointsman.rig.KeepAlive.Answer;
import dev.pointsman.rig.RealEnvoy;
import io.envoyproxy.envoy.service.ext_proc.v3.ImmediateResponse;
import io.envoyproxy.envoy.service.ext_proc.v3.ProcessingResponse;
import io.envoyproxy.envoy.type.v3.HttpStatus;
import io.envoyproxy.envoy.type.v3.StatusCode;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A picker that ends its stream with OK, which ext_proc takes for "go on", before all that went into it has come out:
 * neither the pod nor the client gets a part of a message for the whole.
 */
@Tag("envoy")
class UnfinishedPickerEnvoyTest {
  private static final String ANSWER = "y".repeat(200_000);
  private static final int SMALL = 100;
  private static final int CHUNKS = 300_000;

  /** Takes the loop. */
  private static final int LARGE = 5_000_000;

  private static final Set<End> REFUSED =
      Set.of(End.AT_THE_REQUEST, End.AFTER_THE_REQUEST, End.AFTER_ANSWERING_HEADERS);
  private static final Set<End> WHOLE = Set.of(End.LAST, End.AFTER_ANSWERING_THE_RESPONSE);

  private record Proxy(String version, FailureMode failureMode) {}

  private static final Map<Proxy, TwoTenantsEnvoy> RUNNING = new ConcurrentHashMap<>();

  @AfterAll
  static void stop() throws IOException {
    for (TwoTenantsEnvoy tenants : RUNNING.values()) {
      tenants.close();
    }
  }

  static Stream<Arguments> proxies() {
    return Stream.of(RealEnvoy.VERSIONS.getFirst(), RealEnvoy.VERSIONS.getLast())
        .flatMap(version ->
            Stream.of(FailureMode.values()).map(failureMode -> Arguments.of(version, failureMode)));
  }

  static Stream<Arguments> ends() {
    return proxies()
        .flatMap(proxy -> Stream.of(End.values())
            .map(end -> Arguments.of(proxy.get()[0], proxy.get()[1], end)));
  }

  @ParameterizedTest
  @MethodSource("ends")
  void messagesArriveWholeOrNotAtAll(String version, FailureMode failureMode, End end)
      throws Exception {
    TwoTenantsEnvoy tenants = running(version, failureMode);
    tenants.evilPicker.play(new Script() {
      @Override
      public String endpoint() {
        return tenants.evilEndpoint();
      }

      @Override
      public End end() {
        return end;
      }
    });
    List<Integer> arrived = new CopyOnWriteArrayList<>();
    tenants.evilPod.answer(request -> {
      arrived.add(request.body().length());
      return ("HTTP/1.1 200 OK\r\ncontent-length: " + ANSWER.length() + "\r\n\r\n" + ANSWER)
          .getBytes(ISO_8859_1);
    });
    for (Framing framing : Framing.values()) {
      assertWholeAnswer(tenants, end, framing);
    }
    assertThat(arrived).as("whole bodies").isSubsetOf(SMALL, CHUNKS, LARGE);
    assertThat(tenants.envoy.process().isAlive()).as("Envoy goes on").isTrue();
  }

  /** The framing of a request. A picker sees its end in a part of the body, or in trailers. */
  private enum Framing {
    SMALL,
    CHUNKS,
    TRAILERS,
    LARGE
  }

  private static Answer post(KeepAlive connection, Framing framing) throws IOException {
    return switch (framing) {
      case SMALL -> connection.post("any", body(SMALL));
      case CHUNKS -> connection.postChunked("any", body(CHUNKS));
      case TRAILERS ->
        connection.postChunked("any", body(CHUNKS), List.of(), List.of("x-trailer: any"));
      case LARGE -> connection.post("any", body(LARGE));
    };
  }

  private static void assertWholeAnswer(TwoTenantsEnvoy tenants, End end, Framing framing) {
    try (KeepAlive connection = new KeepAlive(tenants.port)) {
      Answer answer = post(connection, framing);
      assertThat(answer.status()).isIn(WHOLE.contains(end) ? Set.of(200) : Set.of(200, 503));
      if (answer.status() == 200) {
        assertThat(answer.body()).hasSameSizeAs(ANSWER);
        assertThat(REFUSED).doesNotContain(end);
      }
    } catch (IOException cut) {
      assertThat(cut)
          .as("seen by the client")
          .hasMessageMatching("the connection was closed.*|the answer ended early");
      assertThat(end)
          .as("only an answer under way is cut")
          .isIn(End.AFTER_ANSWERING_RESPONSE_HEADERS, End.WITHIN_THE_RESPONSE_BODY);
    }
  }

  /** As stock pickers do with requests that they refuse. */
  @ParameterizedTest
  @MethodSource("proxies")
  void refusalOfAPickerThatEndsBehindIt(String version, FailureMode failureMode) throws Exception {
    TwoTenantsEnvoy tenants = running(version, failureMode);
    tenants.evilPicker.play(new Script() {
      @Override
      public String endpoint() {
        return tenants.evilEndpoint();
      }

      @Override
      public List<ProcessingResponse> insteadOfRequest() {
        return List.of(ProcessingResponse.newBuilder()
            .setImmediateResponse(ImmediateResponse.newBuilder()
                .setStatus(HttpStatus.newBuilder().setCode(StatusCode.TooManyRequests)))
            .build());
      }

      @Override
      public End end() {
        return End.AFTER_ANSWERING_THE_REQUEST;
      }
    });
    try (KeepAlive connection = new KeepAlive(tenants.port)) {
      for (int size : List.of(SMALL, LARGE)) {
        assertThat(connection.post("any", body(size)).status()).isEqualTo(429);
      }
    }
  }

  private static TwoTenantsEnvoy running(String version, FailureMode failureMode) {
    return RUNNING.computeIfAbsent(
        new Proxy(version, failureMode), UnfinishedPickerEnvoyTest::start);
  }

  private static TwoTenantsEnvoy start(Proxy proxy) {
    try {
      TwoTenantsEnvoy tenants = new TwoTenantsEnvoy(proxy.version(), proxy.failureMode());
      tenants.awaitEvil();
      return tenants;
    } catch (IOException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static byte[] body(int bytes) {
    return Client.body(TwoTenantsEnvoy.EVIL, bytes);
  }
}
