package dev.pointsman.hook;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.WireFormat;
import dev.pointsman.hook.RouteChunk.Entry;
import dev.pointsman.shallow.ShallowVirtualHost;
import dev.pointsman.xds.InBand;
import dev.pointsman.xds.MultiPatternSearch;
import dev.pointsman.xds.RouteFacts;
import dev.pointsman.xds.XdsNames;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Takes a virtual host split into chunks of routes, and finds among them those that it had the last time. Where a
 * chunk ends depends on its last route alone, so that behind a change the same chunks follow as before.
 */
final class RouteChunker {
  /** What may isRelevant us mentions one of these. */
  static final MultiPatternSearch OURS =
      new MultiPatternSearch(InBand.NAMESPACE, XdsNames.MODEL_HEADER, XdsNames.BASE_MODEL_HEADER);

  private static final int ROUTE =
      ShallowVirtualHost.ROUTES_FIELD_NUMBER << 3 | WireFormat.WIRETYPE_LENGTH_DELIMITED;

  /** One route in so many ends a chunk. */
  private static final int MEAN_LENGTH = 64;

  private final ByteString host;
  private final List<RouteChunk> known;
  private final Map<RouteBytes, Integer> byFirstRoute = new HashMap<>();
  private final MessageSplicer others = new MessageSplicer();
  private final List<RouteChunk> chunks = new ArrayList<>();
  private final List<Span> open = new ArrayList<>();
  private int expected; // of those that are known

  /** A route of the chunk that is being read: where its field begins, its value begins, and both end. */
  private record Span(int from, int value, int to) {}

  private RouteChunker(ByteString host, List<RouteChunk> known) {
    this.host = host;
    this.known = known;
  }

  /**
   * A virtual host split.
   *
   * @param others all fields but the routes, as they came
   */
  record SplitHost(ByteString others, List<RouteChunk> chunks) {}

  /**
   * Takes a virtual host split.
   *
   * @param known the chunks that it had the last time
   * @throws InvalidProtocolBufferException when the bytes are no message
   */
  static SplitHost of(ByteString host, List<RouteChunk> known)
      throws InvalidProtocolBufferException {
    RouteChunker chunks = new RouteChunker(host, known);
    try {
      chunks.read(host.newCodedInput());
    } catch (InvalidProtocolBufferException malformed) {
      throw malformed;
    } catch (IOException impossible) {
      throw new InvalidProtocolBufferException(impossible);
    }
    return new SplitHost(chunks.others.toByteString(), chunks.chunks);
  }

  private void read(CodedInputStream input) throws IOException {
    while (true) {
      int start = input.getTotalBytesRead();
      // Where a change took the end of a chunk away, it is the one after that.
      if (open.isEmpty() && (take(start, expected) || take(start, expected + 1))) {
        input.skipRawBytes(latest().size());
        continue;
      }
      int tag = input.readTag();
      if (tag == ROUTE) {
        int length = input.readRawVarint32();
        int value = input.getTotalBytesRead();
        input.skipRawBytes(length);
        Span route = new Span(start, value, input.getTotalBytesRead());
        if (open.isEmpty() && take(start, startingWith(route))) {
          input.skipRawBytes(latest().size() - (route.to - start));
        } else {
          add(route);
        }
        continue;
      }
      close();
      if (tag == 0) {
        return;
      }
      if (!input.skipField(tag)) {
        throw new InvalidProtocolBufferException("unexpected end of group");
      }
      others.addRange(host, start, input.getTotalBytesRead());
    }
  }

  /** Takes over a chunk that is known, if it stands there. */
  private boolean take(int start, int index) {
    if (index >= known.size()) {
      return false;
    }
    ByteString bytes = known.get(index).bytes();
    int end = start + bytes.size();
    if (end > host.size() || !Bytes.same(host.substring(start, end), bytes)) {
      return false;
    }
    chunks.add(known.get(index));
    expected = index + 1;
    return true;
  }

  private ByteString latest() {
    return chunks.getLast().bytes();
  }

  /** The known chunk that begins with the route; beyond all of them when there is none. */
  private int startingWith(Span route) {
    if (byFirstRoute.isEmpty()) {
      for (int i = 0; i < known.size(); i++) {
        byFirstRoute.put(new RouteBytes(known.get(i).entries().getFirst().bytes()), i);
      }
    }
    return byFirstRoute.getOrDefault(
        new RouteBytes(host.substring(route.value, route.to)), known.size());
  }

  private void add(Span route) {
    open.add(route);
    int mixed = new RouteBytes(host.substring(route.value, route.to)).hashCode() * 0x9E3779B9;
    if (Integer.remainderUnsigned(mixed >>> 16, MEAN_LENGTH) == 0) {
      close();
    }
  }

  /** Ends the chunk that is being read. */
  private void close() {
    if (open.isEmpty()) {
      return;
    }
    int start = open.getFirst().from;
    ByteString bytes = Bytes.copy(host.substring(start, open.getLast().to));
    chunks.add(OURS.in(bytes) ? chunk(bytes, start) : new RouteChunk(bytes, lengths()));
    open.clear();
  }

  private List<Integer> lengths() {
    return open.stream().map(route -> route.to - route.value).toList();
  }

  private RouteChunk chunk(ByteString bytes, int start) {
    Map<RouteBytes, CachedRoute> displaced = displaced();
    Diagnostics unreadable = new Diagnostics();
    List<Entry> entries = new ArrayList<>(open.size());
    for (Span route : open) {
      ByteString value = bytes.substring(route.value - start, route.to - start);
      entries.add(new Entry(
          value, route.from - start, route.to - start, known(value, displaced, unreadable)));
    }
    return new RouteChunk(bytes, entries, unreadable.sorted());
  }

  /** What is known of the routes in whose place the chunk stands, most likely. */
  private Map<RouteBytes, CachedRoute> displaced() {
    Map<RouteBytes, CachedRoute> displaced = new HashMap<>();
    for (int i = expected; i < Math.min(expected + 2, known.size()); i++) {
      if (known.get(i).isRelevant()) {
        for (Entry entry : known.get(i).entries()) {
          entry.known().ifPresent(route -> displaced.put(new RouteBytes(entry.bytes()), route));
        }
      }
    }
    return displaced;
  }

  private static Optional<CachedRoute> known(
      ByteString bytes, Map<RouteBytes, CachedRoute> displaced, Diagnostics unreadable) {
    if (!OURS.in(bytes)) {
      return Optional.empty();
    }
    CachedRoute route = displaced.get(new RouteBytes(bytes));
    if (route != null) {
      return Optional.of(route);
    }
    try {
      RouteFacts facts = RouteFacts.of(bytes);
      return facts.isRelevant() ? Optional.of(new CachedRoute(facts)) : Optional.empty();
    } catch (InvalidProtocolBufferException | IllegalArgumentException malformed) {
      unreadable.unreadable("Route", "", malformed);
      return Optional.empty();
    }
  }
}
