package dev.pointsman.wire;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.ListValue;
import com.google.protobuf.StringValue;
import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import io.envoyproxy.envoy.config.route.v3.Route;
import io.envoyproxy.envoy.config.route.v3.WeightedCluster.ClusterWeight;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;

/** Envoy Gateway writes the entries of a map in another order each time. */
class MapOrderTest {
  private static final MapOrder ROUTES = MapOrder.of(Route.getDescriptor());

  private static Value text(String text) {
    return Value.newBuilder().setStringValue(text).build();
  }

  private static List<String> shuffled(Random random, String... keys) {
    List<String> order = new ArrayList<>(List.of(keys));
    Collections.shuffle(order, random);
    return order;
  }

  /** A struct with lists of structs; messages of Java keep the order in which entries are put. */
  private static Struct struct(Random random, int depth) {
    Struct.Builder struct = Struct.newBuilder();
    for (String key : shuffled(random, "kind", "name", "namespace", "sectionName")) {
      Value value = depth == 0
          ? text(key + "'s value")
          : Value.newBuilder()
              .setListValue(ListValue.newBuilder()
                  .addValues(text("first"))
                  .addValues(Value.newBuilder().setStructValue(struct(random, depth - 1))))
              .build();
      struct.putFields(key, value);
    }
    return struct.build();
  }

  private static Route route(Random random) {
    Route.Builder route = Route.newBuilder().setName("httproute/default/a/rule/0");
    route.getMatchBuilder().setPrefix("/");
    for (String filter : shuffled(random, "a b c d e f g h i j k l m n o p q r s t".split(" "))) {
      route.putTypedPerFilterConfig(filter, Any.pack(StringValue.of(filter)));
    }
    for (String name : shuffled(random, "envoy-gateway", "pointsman")) {
      route.getMetadataBuilder().putFilterMetadata(name, struct(random, 2));
    }
    ClusterWeight.Builder weight =
        route.getRouteBuilder().getWeightedClustersBuilder().addClustersBuilder();
    for (String filter : shuffled(random, "x", "y", "z")) {
      weight.putTypedPerFilterConfig(filter, Any.pack(StringValue.of(filter)));
    }
    return route.build();
  }

  @RepeatedTest(20)
  void equalMessagesHaveEqualBytes(RepetitionInfo repetition) throws Exception {
    Random random = new Random(repetition.getCurrentRepetition());
    ByteString one = route(random).toByteString();
    ByteString other = route(random).toByteString();
    assertThat(other).isNotEqualTo(one);
    ByteString sorted = ROUTES.sorted(one);
    assertThat(ROUTES.sorted(other)).isEqualTo(sorted);
    assertThat(Route.parseFrom(sorted)).isEqualTo(Route.parseFrom(one));
    assertThat(ROUTES.sorted(sorted)).isEqualTo(sorted);
  }

  @Test
  void theLastEntryOfAKeyStaysTheLast() throws Exception {
    ByteString twice = struct("a", "1").concat(struct("b", "2")).concat(struct("a", "3"));
    ByteString sorted = MapOrder.of(Struct.getDescriptor()).sorted(twice);
    assertThat(sorted)
        .isEqualTo(struct("a", "1").concat(struct("a", "3")).concat(struct("b", "2")));
    assertThat(Struct.parseFrom(sorted)).isEqualTo(Struct.parseFrom(twice));
  }

  private static ByteString struct(String key, String value) {
    return Struct.newBuilder().putFields(key, text(value)).build().toByteString();
  }

  @Test
  void damagedBytesStayAsTheyAre() {
    Random random = new Random(7);
    byte[] valid = route(random).toByteArray();
    for (int i = 0; i < 20_000; i++) {
      byte[] damaged = valid.clone();
      for (int changes = random.nextInt(4); changes >= 0; changes--) {
        damaged[random.nextInt(damaged.length)] = (byte) random.nextInt(256);
      }
      ByteString given = ByteString.copyFrom(damaged, 0, random.nextInt(damaged.length + 1));
      ByteString sorted = ROUTES.sorted(given);
      assertThat(sorted.size()).isEqualTo(given.size());
      assertThat(parsed(sorted)).isEqualTo(parsed(given));
    }
  }

  /** The message, or nothing if the bytes are none. */
  private static List<Route> parsed(ByteString bytes) {
    try {
      return List.of(Route.parseFrom(bytes));
    } catch (InvalidProtocolBufferException malformed) {
      return List.of();
    }
  }
}
