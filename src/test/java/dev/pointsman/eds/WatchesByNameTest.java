package dev.pointsman.eds;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pointsman.model.PoolRef;
import dev.pointsman.xds.EdsNames;
import io.envoyproxy.controlplane.cache.DeltaXdsRequest;
import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryRequest;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class WatchesByNameTest {
  private static final Duration MOST = Duration.ofMillis(500);

  /** All others wait meanwhile. The time is that of this thread on a processor, whatever else is running. */
  @Test
  void aWatchOfAllNamesThatAStreamMayHaveCostsLittle() {
    Set<String> names = IntStream.range(0, MemoryShare.DEFAULT.names())
        .mapToObj(i -> EdsNames.of(new PoolRef(PoolRef.V1, "default", "pool-" + i)))
        .collect(Collectors.toSet());
    PendingWatch watch = PendingWatch.Delta.of(
        DeltaXdsRequest.create(DeltaDiscoveryRequest.getDefaultInstance()),
        Map.of(),
        names,
        _ -> {});
    WatchesByName watches =
        new WatchesByName(new AskedEndpoints(1, Duration.ZERO, System::nanoTime));
    long start = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    watches.add(watch);
    assertThat(watches.has(watch)).isTrue();
    watches.remove(watch);
    long nanos = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - start;
    assertThat(watches.names()).isEmpty();
    assertThat(Duration.ofNanos(nanos)).isLessThan(MOST);
  }
}
