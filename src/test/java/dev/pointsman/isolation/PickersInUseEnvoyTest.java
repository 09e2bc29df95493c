package dev.pointsman.isolation;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pointsman.isolation.LedPickers.Answers;
import dev.pointsman.isolation.LedPickers.Replica;
import dev.pointsman.rig.KeepAlive.Answer;
import dev.pointsman.rig.RealEnvoy;
import dev.pointsman.rig.TestedEnvoys;
import io.envoyproxy.envoy.service.ext_proc.v3.ImmediateResponse;
import io.envoyproxy.envoy.service.ext_proc.v3.ProcessingResponse;
import io.envoyproxy.envoy.type.v3.HttpStatus;
import io.envoyproxy.envoy.type.v3.StatusCode;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Pickers as they are in use: they end their streams early, evict requests and queue them for minutes. */
@Tag("envoy")
class PickersInUseEnvoyTest {
  private static final int LARGE = 5_000_000;

  /** Longer than a minute, which several of Envoy's timeouts are by default. */
  private static final int QUEUED_SECONDS = 70;

  private static final List<ProcessingResponse> TOO_MANY = List.of(ProcessingResponse.newBuilder()
      .setImmediateResponse(ImmediateResponse.newBuilder()
          .setStatus(HttpStatus.newBuilder().setCode(StatusCode.TooManyRequests)))
      .build());

  static Stream<String> versions() {
    return TestedEnvoys.versions();
  }

  /**
   * Pickers do so for APIs whose responses they do not read. It looks like a picker that dies, and Envoy cannot fail open behind
   * a body: nobody gets half a message.
   */
  @ParameterizedTest
  @MethodSource("versions")
  void aPickerThatEndsItsStreamAfterTheRequestCountsAsFailed(String version, @TempDir Path folder)
      throws Exception {
    try (LedPickers pickers = new LedPickers(version, folder)) {
      for (String pool : LedPickers.POOLS) {
        pickers.lead(pool, pickers.replica(pool, 0), pickers.replica(pool, 1));
        pickers.replica(pool, 0).play(new Answers() {
          @Override
          public End end() {
            return End.AFTER_ANSWERING_THE_REQUEST;
          }
        });
        for (int bytes : List.of(100, 300_000, LARGE)) {
          assertThat(pickers.ask(pool, bytes).status())
              .as("%s, %d bytes", pool, bytes)
              .isEqualTo(503);
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("versions")
  void aPickerThatRefusesOrEvicts(String version, @TempDir Path folder) throws Exception {
    try (LedPickers pickers = new LedPickers(version, folder)) {
      for (String pool : LedPickers.POOLS) {
        Replica leader = pickers.replica(pool, 0);
        pickers.lead(pool, leader, pickers.replica(pool, 1));
        List<String> arrived = new CopyOnWriteArrayList<>();
        pickers.pool(pool).pod().answer(request -> {
          arrived.add(request.body());
          return answer(request);
        });
        leader.play(new Answers() {
          @Override
          public List<ProcessingResponse> insteadOfRequest() {
            return TOO_MANY;
          }
        });
        for (int bytes : List.of(100, LARGE)) {
          assertThat(pickers.ask(pool, bytes).status()).isEqualTo(429);
        }
        assertThat(arrived).isEmpty();
        leader.play(new Answers() {
          @Override
          public List<ProcessingResponse> insteadOfResponse() {
            return TOO_MANY;
          }
        });
        assertThat(pickers.ask(pool, 100).status()).isEqualTo(429);
        leader.play(new Answers() {
          @Override
          public List<ProcessingResponse> insteadOfResponseBody() {
            return TOO_MANY;
          }
        });
        assertThat(cutOff(pickers, pool))
            .as("no half a response for a whole one")
            .isTrue();
        leader.play(new Answers() {});
        assertThat(pickers.ask(pool, 100).status()).isEqualTo(200);
      }
    }
  }

  /** Flow control holds requests until a pod has room, or until the first pod has started. All Envoys wait at the same time. */
  @Test
  void aPickerThatQueuesForMoreThanAMinute(@TempDir Path folder) throws Exception {
    List<LedPickers> gateways = new ArrayList<>();
    Map<String, CompletableFuture<Answer>> queued = new TreeMap<>();
    try (ExecutorService users = Executors.newVirtualThreadPerTaskExecutor()) {
      for (String version : RealEnvoy.VERSIONS) {
        LedPickers pickers = new LedPickers(version, folder.resolve(version));
        gateways.add(pickers);
        for (String pool : LedPickers.POOLS) {
          Replica leader = pickers.replica(pool, 0);
          pickers.lead(pool, leader, pickers.replica(pool, 1));
          leader.play(new Answers() {
            @Override
            public void beforeTheRequest() {
              sleep();
            }
          });
          for (int bytes : List.of(100, LARGE)) {
            queued.put(
                "Envoy %s, pool %s, %d bytes".formatted(version, pool, bytes),
                CompletableFuture.supplyAsync(() -> pickers.ask(pool, bytes), users));
          }
        }
      }
      for (Map.Entry<String, CompletableFuture<Answer>> one : queued.entrySet()) {
        Answer answer = one.getValue().get(QUEUED_SECONDS + 20, TimeUnit.SECONDS);
        assertThat(answer.status()).as(one.getKey()).isEqualTo(200);
      }
    } finally {
      for (LedPickers pickers : gateways) {
        pickers.close();
      }
    }
  }

  private static boolean cutOff(LedPickers pickers, String pool) {
    try {
      return pickers.ask(pool, 100).status() == 429;
    } catch (UncheckedIOException cut) {
      return true;
    }
  }

  private static void sleep() {
    try {
      TimeUnit.SECONDS.sleep(QUEUED_SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static byte[] answer(RawPod.RawRequest request) {
    String body = "x".repeat(request.body().length());
    return ("HTTP/1.1 200 OK\r\ncontent-length: " + body.length() + "\r\n\r\n" + body)
        .getBytes(ISO_8859_1);
  }
}
