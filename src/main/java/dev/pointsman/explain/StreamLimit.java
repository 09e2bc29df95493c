package dev.pointsman.explain;

import com.google.protobuf.Duration;
import com.google.protobuf.util.Durations;
import dev.pointsman.explain.ListenerSearch.Entrance;
import io.envoyproxy.envoy.config.route.v3.RouteAction;
import java.util.Optional;

/** The limit of a request and its response together: the shortest of the listeners that it passes, loops included. */
record StreamLimit(Optional<Duration> shortest) {
  static final StreamLimit NONE = new StreamLimit(Optional.empty());

  /** The limit behind one listener more: a route's own limit is in place of the listener's, and zero is none. */
  StreamLimit behind(Entrance entrance, RouteAction action) {
    Duration own = action.getMaxStreamDuration().hasMaxStreamDuration()
        ? action.getMaxStreamDuration().getMaxStreamDuration()
        : entrance.manager().getCommonHttpProtocolOptions().getMaxStreamDuration();
    boolean isShorter = Durations.isPositive(own)
        && shortest.map(other -> Durations.compare(own, other) < 0).orElse(true);
    return isShorter ? new StreamLimit(Optional.of(own)) : this;
  }
}
