package dev.pointsman.eds;

import static dev.pointsman.eds.CacheServer.receive;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pointsman.model.ClusterSnapshot;
import dev.pointsman.model.PoolRef;
import dev.pointsman.xds.EdsNames;
import io.envoyproxy.controlplane.cache.Response;
import io.envoyproxy.controlplane.cache.Watch;
import io.envoyproxy.controlplane.cache.XdsRequest;
import io.envoyproxy.envoy.service.discovery.v3.DiscoveryRequest;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A stream that breaks while it is answered costs nobody else a change. */
class BrokenStreamTest {
  private static final PoolRef LLAMA = new PoolRef(PoolRef.V1, "default", "llama");
  private static final PoolRef QWEN = new PoolRef(PoolRef.V1, "default", "qwen");

  private final CacheServer server = CacheServer.of(new EndpointCache(
      new VersionPrefix("test"),
      new AskedEndpoints(10, Duration.ZERO, System::nanoTime),
      new MissingObjects(_ -> true),
      new CacheDelays(Duration.ofMillis(100), Duration.ofMinutes(1), Duration.ofMinutes(1))));

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void othersGetTheChangeOfItsNameAndOfFurtherNames() throws Exception {
    watch(LLAMA, _ -> {
      throw new IllegalStateException("call is closed");
    });
    TestStream llama = server.asks(EdsNames.of(LLAMA));
    TestStream qwen = server.asks(EdsNames.of(QWEN));
    server.serve(pods(1));
    receive(llama, 1);
    receive(qwen, 1);
    watch(LLAMA, _ -> {
      throw new IllegalStateException("call is closed");
    });
    server.serve(pods(2));
    receive(llama, 2);
    receive(qwen, 2);
    server.gets(EdsNames.of(QWEN), 2);
  }

  @Test
  void itIsAnsweredOnceThatWorks() throws Exception {
    AtomicInteger failures = new AtomicInteger(2);
    CountDownLatch answered = new CountDownLatch(1);
    watch(LLAMA, _ -> {
      if (failures.getAndDecrement() > 0) {
        throw new IllegalStateException("not now");
      }
      answered.countDown();
    });
    server.serve(pods(1));
    assertThat(answered.await(30, TimeUnit.SECONDS)).isTrue();
  }

  private void watch(PoolRef pool, Consumer<Response> consumer) {
    XdsRequest request = XdsRequest.create(DiscoveryRequest.newBuilder()
        .setTypeUrl(TestStream.AnswerObserver.TYPE)
        .addResourceNames(EdsNames.of(pool))
        .build());
    Watch _ = server.cache().createWatch(false, request, Set.of(), consumer, false, false);
  }

  private static ClusterSnapshot pods(int count) {
    return EdsServer.snapshot(Map.of(LLAMA, count, QWEN, count));
  }
}
