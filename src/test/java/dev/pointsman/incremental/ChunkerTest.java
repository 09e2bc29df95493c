package dev.pointsman.incremental;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.pointsman.incremental.Chunker.SplitMessage;
import dev.pointsman.shallow.ShallowVirtualHost;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Chunks of a virtual host's routes: found again around an edit, and the same however the host has grown. */
class ChunkerTest {
  private static final int ROUTES = 1_000;

  @Test
  void anEditChangesTheChunksAroundItAlone() throws InvalidProtocolBufferException {
    List<String> routes = routes(ROUTES);
    SplitMessage<List<ByteString>> before = split(routes, List.of());
    for (int at : List.of(0, 500, ROUTES - 1)) {
      List<String> edited = new ArrayList<>(routes);
      edited.set(at, "changed");
      SplitMessage<List<ByteString>> after = split(edited, before.chunks());
      Set<Chunk<List<ByteString>>> read = new HashSet<>(after.chunks());
      read.removeAll(before.chunks());
      assertThat(read).as("read anew for an edit at %d", at).hasSizeBetween(1, 2);
      assertThat(values(after)).isEqualTo(bytes(edited));
    }
  }

  @Test
  void routesThatAreAppendedOneByOneMakeNoMoreChunks() throws InvalidProtocolBufferException {
    SplitMessage<List<ByteString>> grown = split(List.of(), List.of());
    for (int i = 1; i <= ROUTES; i++) {
      grown = split(routes(i), grown.chunks());
    }
    SplitMessage<List<ByteString>> atOnce = split(routes(ROUTES), List.of());
    assertThat(atOnce.chunks()).hasSizeBetween(8, 32);
    assertThat(grown.chunks()).hasSameSizeAs(atOnce.chunks());
    assertThat(values(grown)).isEqualTo(values(atOnce));
  }

  @Test
  void chunksAreTheSameHoweverTheHostCameAbout() throws InvalidProtocolBufferException {
    Random random = new Random(1);
    List<String> routes = routes(300);
    SplitMessage<List<ByteString>> warm = split(routes, List.of());
    for (int i = 0; i < 500; i++) {
      int at = random.nextInt(routes.size());
      switch (random.nextInt(3)) {
        case 0 -> routes.add(at, "new-" + i);
        case 1 -> routes.remove(at);
        default -> routes.set(at, "other-" + i);
      }
      warm = split(routes, warm.chunks());
      SplitMessage<List<ByteString>> cold = split(routes, List.of());
      assertThat(contents(warm)).as("edit %d", i).isEqualTo(contents(cold));
      assertThat(warm.others()).isEqualTo(cold.others());
    }
  }

  private static List<String> routes(int count) {
    return new ArrayList<>(IntStream.range(0, count).mapToObj(i -> "route-" + i).toList());
  }

  private static List<ByteString> bytes(List<String> routes) {
    return routes.stream().map(ByteString::copyFromUtf8).toList();
  }

  private static List<ByteString> values(SplitMessage<List<ByteString>> split) {
    return split.chunks().stream().flatMap(chunk -> chunk.content().stream()).toList();
  }

  private static List<List<ByteString>> contents(SplitMessage<List<ByteString>> split) {
    return split.chunks().stream().map(Chunk::content).toList();
  }

  private static SplitMessage<List<ByteString>> split(
      List<String> routes, List<Chunk<List<ByteString>>> last)
      throws InvalidProtocolBufferException {
    ByteString host = ShallowVirtualHost.newBuilder()
        .setName("host")
        .addDomains("*")
        .addAllRoutes(bytes(routes))
        .build()
        .toByteString();
    return Chunker.split(
        host,
        ShallowVirtualHost.ROUTES_FIELD_NUMBER,
        last,
        (bytes, values, _) -> values.stream()
            .map(range -> bytes.substring(range.value(), range.to()))
            .toList());
  }
}
