package dev.pointsman.hook;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.WireFormat;
import dev.pointsman.hook.Stretch.Entry;
import dev.pointsman.twins.VirtualHostTwin;
import dev.pointsman.xds.InBand;
import dev.pointsman.xds.Mention;
import dev.pointsman.xds.RouteFacts;
import dev.pointsman.xds.XdsNames;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Takes a virtual host apart into stretches of routes, and finds among them those that it had the last time. Where a
 * stretch ends depends on its last route alone, so that behind a change the same stretches follow as before.
 */
final class Stretches {
  /** What may concern us mentions one of these. */
  static final Mention OURS =
      new Mention(InBand.NAMESPACE, XdsNames.MODEL_HEADER, XdsNames.BASE_MODEL_HEADER);

  private static final int ROUTE =
      VirtualHostTwin.ROUTES_FIELD_NUMBER << 3 | WireFormat.WIRETYPE_LENGTH_DELIMITED;

  /** One route in so many ends a stretch. */
  private static final int MEAN_LENGTH = 64;

  private final ByteString host;
  private final List<Stretch> known;
  private final Map<RouteBytes, Integer> byFirstRoute = new HashMap<>();
  private final Pieces others = new Pieces();
  private final List<Stretch> stretches = new ArrayList<>();
  private final List<Span> open = new ArrayList<>();
  private int expected; // of those that are known

  /** A route of the stretch that is being read: where its field begins, its value begins, and both end. */
  private record Span(int from, int value, int to) {}

  private Stretches(ByteString host, List<Stretch> known) {
    this.host = host;
    this.known = known;
  }

  /**
   * A virtual host apart.
   *
   * @param others all fields but the routes, as they came
   */
  record Apart(ByteString others, List<Stretch> stretches) {}

  /**
   * Takes a virtual host apart.
   *
   * @param known the stretches that it had the last time
   * @throws InvalidProtocolBufferException when the bytes are no message
   */
  static Apart of(ByteString host, List<Stretch> known) throws InvalidProtocolBufferException {
    Stretches stretches = new Stretches(host, known);
    try {
      stretches.read(host.newCodedInput());
    } catch (InvalidProtocolBufferException malformed) {
      throw malformed;
    } catch (IOException impossible) {
      throw new InvalidProtocolBufferException(impossible);
    }
    return new Apart(stretches.others.together(), stretches.stretches);
  }

  private void read(CodedInputStream input) throws IOException {
    while (true) {
      int start = input.getTotalBytesRead();
      // Where a change took the end of a stretch away, it is the one after that.
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
      others.addRun(host, start, input.getTotalBytesRead());
    }
  }

  /** Takes over a stretch that is known, if it stands there. */
  private boolean take(int start, int index) {
    if (index >= known.size()) {
      return false;
    }
    ByteString bytes = known.get(index).bytes();
    int end = start + bytes.size();
    if (end > host.size() || !Bytes.same(host.substring(start, end), bytes)) {
      return false;
    }
    stretches.add(known.get(index));
    expected = index + 1;
    return true;
  }

  private ByteString latest() {
    return stretches.getLast().bytes();
  }

  /** The known stretch that begins with the route; beyond all of them when there is none. */
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

  /** Ends the stretch that is being read. */
  private void close() {
    if (open.isEmpty()) {
      return;
    }
    int start = open.getFirst().from;
    ByteString bytes = Bytes.copy(host.substring(start, open.getLast().to));
    stretches.add(OURS.in(bytes) ? stretch(bytes, start) : new Stretch(bytes, lengths()));
    open.clear();
  }

  private List<Integer> lengths() {
    return open.stream().map(route -> route.to - route.value).toList();
  }

  private Stretch stretch(ByteString bytes, int start) {
    Map<RouteBytes, KnownRoute> displaced = displaced();
    Diagnostics unreadable = new Diagnostics();
    List<Entry> entries = new ArrayList<>(open.size());
    for (Span route : open) {
      ByteString value = bytes.substring(route.value - start, route.to - start);
      entries.add(new Entry(
          value, route.from - start, route.to - start, known(value, displaced, unreadable)));
    }
    return new Stretch(bytes, entries, unreadable.sorted());
  }

  /** What is known of the routes in whose place the stretch stands, most likely. */
  private Map<RouteBytes, KnownRoute> displaced() {
    Map<RouteBytes, KnownRoute> displaced = new HashMap<>();
    for (int i = expected; i < Math.min(expected + 2, known.size()); i++) {
      if (known.get(i).concernsUs()) {
        for (Entry entry : known.get(i).entries()) {
          entry.known().ifPresent(route -> displaced.put(new RouteBytes(entry.bytes()), route));
        }
      }
    }
    return displaced;
  }

  private static Optional<KnownRoute> known(
      ByteString bytes, Map<RouteBytes, KnownRoute> displaced, Diagnostics unreadable) {
    if (!OURS.in(bytes)) {
      return Optional.empty();
    }
    KnownRoute route = displaced.get(new RouteBytes(bytes));
    if (route != null) {
      return Optional.of(route);
    }
    try {
      RouteFacts facts = RouteFacts.of(bytes);
      return facts.concernUs() ? Optional.of(new KnownRoute(facts)) : Optional.empty();
    } catch (InvalidProtocolBufferException | IllegalArgumentException malformed) {
      unreadable.unreadable("Route", "", malformed);
      return Optional.empty();
    }
  }
}
