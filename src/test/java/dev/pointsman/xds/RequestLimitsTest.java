package dev.pointsman.xds;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Any;
import com.google.protobuf.UInt32Value;
import io.envoyproxy.envoy.config.route.v3.FilterConfig;
import io.envoyproxy.envoy.config.route.v3.Route;
import io.envoyproxy.envoy.extensions.filters.http.buffer.v3.Buffer;
import io.envoyproxy.envoy.extensions.filters.http.buffer.v3.BufferPerRoute;
import java.util.Random;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RequestLimitsTest {
  private static final long BODY_LIMIT = 20L << 20;

  @ParameterizedTest
  @ValueSource(
      longs = {0, 1, 8, 9, 10, 99, 100, 1_000, 100_000, 104_857, 999_999, 16 << 20, 4_294_967_295L})
  void greaterNumbersMatch(long limit) {
    Pattern above = Pattern.compile(RequestLimits.above(limit));
    Random draw = new Random(limit);
    for (int i = 0; i < 2_000; i++) {
      long near = Math.max(0, limit + draw.nextInt(-20, 20));
      long any = draw.nextLong(10 * limit + 10);
      for (long number : new long[] {near, any}) {
        assertThat(above.matcher(Long.toString(number)).matches())
            .as("%d above %d", number, limit)
            .isEqualTo(number > limit);
      }
    }
    assertThat(above.matcher("-").matches()).as("a body that was not read").isFalse();
  }

  @Test
  void copyRefusesWhatTheRouteWouldTake() {
    Route copy = RequestLimits.of(limited(100_000), BODY_LIMIT).orElseThrow();
    assertThat(copy.getDirectResponse().getStatus()).isEqualTo(413);
    assertThat(copy.getMatch().getPrefix()).isEqualTo("/team");
    assertThat(copy.getMatch().getFilterState(0).getKey()).isEqualTo(XdsNames.BODY_BYTES);
    assertThat(copy.getTypedPerFilterConfigMap())
        .as("who may pass is asked first")
        .containsKey("auth")
        .doesNotContainKey(XdsNames.PICKER_FILTER);
  }

  @Test
  void nothingAboveTheBodyLimitIsRead() {
    assertThat(RequestLimits.of(limited((int) BODY_LIMIT), BODY_LIMIT)).isEmpty();
  }

  @Test
  void routeWithoutALimitHasNoCopy() {
    Route.Builder route = limited(1).toBuilder();
    Route without =
        route.removeTypedPerFilterConfig("envoy.filters.http.buffer").build();
    Route off = route
        .putTypedPerFilterConfig(
            "envoy.filters.http.buffer",
            Any.pack(FilterConfig.newBuilder().setDisabled(true).build()))
        .build();
    assertThat(RequestLimits.of(without, BODY_LIMIT)).isEmpty();
    assertThat(RequestLimits.of(off, BODY_LIMIT)).isEmpty();
  }

  private static Route limited(int bytes) {
    Route.Builder route = Route.newBuilder().setName("route");
    route.getMatchBuilder().setPrefix("/team");
    route.getRouteBuilder().setCluster("pool");
    return route
        .putTypedPerFilterConfig("auth", Any.getDefaultInstance())
        .putTypedPerFilterConfig(XdsNames.PICKER_FILTER, Any.getDefaultInstance())
        .putTypedPerFilterConfig(
            "envoy.filters.http.buffer",
            Any.pack(BufferPerRoute.newBuilder()
                .setBuffer(Buffer.newBuilder().setMaxRequestBytes(UInt32Value.of(bytes)))
                .build()))
        .build();
  }
}
